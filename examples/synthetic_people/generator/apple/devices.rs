//! Her devices, and how the export writes them.

/// A device or an app: its name, and the attributes that go with it.
#[derive(Clone, Copy)]
pub struct Device {
    /// What she calls it.
    pub name: &'static str,
    version: &'static str,
    /// What the phone knows of it; empty for an app.
    hardware: &'static str,
}

/// On her wrist; she has given it a name.
pub const WATCH: Device = Device {
    name: "Elena",
    version: "12.5",
    hardware: "name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1, software:12.5",
};

/// In her pocket.
pub const PHONE: Device = Device {
    name: "Maria’s iPhone",
    version: "19.6",
    hardware: "name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone16,1, software:19.6",
};

/// An app that reads her scales and her blood pressure cuff.
pub const HOME: Device = Device { name: "Home & Heart", version: "88", hardware: "" };

impl Device {
    /// The attributes of an element that name it.
    pub fn attributes(self) -> String {
        let name = self.name.replace('&', "&amp;");
        let hardware = match self.hardware {
            "" => String::new(),
            known => format!(" device=\"&lt;&lt;HKDevice: 0x3031c8e10&gt;, {known}&gt;\""),
        };
        format!("sourceName=\"{name}\" sourceVersion=\"{}\"{hardware}", self.version)
    }
}
