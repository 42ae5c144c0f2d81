//! Writes resources as they came in into one Bundle, for the readable copy.

use std::io::{self, Write};

/// A FHIR R4 Bundle of type `collection`, written resource by resource.
pub struct BundleWriter<W> {
    to: W,
    has_entries: bool,
}

impl<W: Write> BundleWriter<W> {
    /// Begins a Bundle that was put together at this instant.
    pub fn new(mut to: W, at: jiff::Timestamp) -> io::Result<BundleWriter<W>> {
        write!(to, r#"{{"resourceType":"Bundle","type":"collection","timestamp":"{at}","entry":["#)?;
        Ok(BundleWriter { to, has_entries: false })
    }

    /// Adds a resource, byte for byte.
    pub fn add(&mut self, resource: &[u8]) -> io::Result<()> {
        let gap: &[u8] = if self.has_entries { b",\n{\"resource\":" } else { b"\n{\"resource\":" };
        self.has_entries = true;
        [gap, resource, b"}"].iter().try_for_each(|part| self.to.write_all(part))
    }

    /// Ends the Bundle.
    pub fn finish(mut self) -> io::Result<()> {
        self.to.write_all(b"\n]}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_a_bundle_with_the_bytes_as_they_came() {
        let mut bytes = Vec::new();
        let mut bundle = BundleWriter::new(&mut bytes, jiff::Timestamp::UNIX_EPOCH).unwrap();
        bundle.add(br#"{"resourceType":"Observation","valueQuantity":{"value":4.10}}"#).unwrap();
        bundle.add(br#"{"resourceType":"Patient"}"#).unwrap();
        bundle.finish().unwrap();
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["entry"][0]["resource"]["valueQuantity"]["value"].to_string(), "4.10");
        assert_eq!(read["entry"].as_array().unwrap().len(), 2);
    }
}
