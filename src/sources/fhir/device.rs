//! Device: an implant or another device of the person, or one that took part in a measurement.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::references::add_actors;
use crate::record::{Detail, Entry, Kind, Text};

/// Reads a device.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Device, Detail::Plain);
    let named = node.nodes("deviceName").filter_map(|name| name.text("name"));
    // R5 has its names elsewhere.
    let names = named.chain(node.objects("name").filter_map(|name| name.text("value")));
    let names: Vec<Text> = names.chain(node.text("displayName")).collect();
    entry.concept = node.concept("type").unwrap_or_default();
    if entry.concept.text.is_none() {
        entry.concept.text = names.first().cloned().or_else(|| node.text("modelNumber"));
    }
    for name in names {
        add_one(&mut entry, "device name", Some(name));
    }
    // DSTU2 has the UDI as one text.
    add_one(&mut entry, "UDI as printed", node.texts("udi").next());
    for carrier in node.nodes("udiCarrier").chain(node.objects("udi")) {
        let elements = [
            ("deviceIdentifier", "device identifier (UDI)"),
            ("carrierHRF", "UDI as printed"),
            ("issuer", "UDI issuer"),
            ("jurisdiction", "UDI jurisdiction"),
            ("entryType", "UDI entered by"),
            ("name", "device name"),
        ];
        add_more(&mut entry, carrier, &elements);
    }
    add_more(
        &mut entry,
        node,
        &[
            ("statusReason", "status reason"),
            ("manufacturer", "manufacturer"),
            ("modelNumber", "model"),
            ("partNumber", "part number"),
            ("lotNumber", "lot"),
            ("serialNumber", "serial number"),
            ("distinctIdentifier", "distinct identifier"),
            ("manufactureDate", "made on"),
            ("expirationDate", "expires on"),
            ("expiry", "expires on"),
            ("model", "model"),
            ("safety", "safety"),
            ("url", "address"),
        ],
    );
    for version in node.objects("version").chain(node.nodes("deviceVersion")) {
        add_one(&mut entry, "version", version.text("value"));
    }
    for version in node.texts("version") {
        add_one(&mut entry, "version", Some(version));
    }
    add_actors(&mut entry, node, "owner", "owner");
    add_actors(&mut entry, node, "location", "location");
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn a_device_keeps_its_identifier() {
        let entry = read(
            r#"{"resourceType":"Device","id":"1","patient":{"reference":"Patient/1"},
            "udiCarrier":[{"deviceIdentifier":"09504000059118","carrierHRF":"(01)09504000059118"}],
            "deviceName":[{"name":"Pacer"}],"lotNumber":"7"}"#,
        )
        .entry;
        assert_eq!(entry.concept.label(), "Pacer");
        assert_eq!(entry.extra("device identifier (UDI)"), Some("09504000059118"));
        assert_eq!(entry.extra("UDI as printed"), Some("(01)09504000059118"));
    }
}
