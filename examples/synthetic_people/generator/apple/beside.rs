//! What else lies beside the export: a recording of the heart, a route, and the same samples once more as CDA.

/// The files.
pub fn files() -> Vec<(String, String)> {
    let files = [
        ("electrocardiograms/ecg_2026-10-11.csv", ecg()),
        ("export_cda.xml", CDA.to_owned()),
        ("workout-routes/route_2026-10-09.gpx", GPX.to_owned()),
        ("workout-routes/route_2026-10-12.gpx", GPX.to_owned()),
    ];
    files.map(|(name, text)| (name.to_owned(), text)).into()
}

/// Two seconds of a curve.
fn ecg() -> String {
    let head = "Name,Maria Elena Alvarez\nDate of Birth,\"Apr 17, 1961\"\nRecorded Date,2026-10-11 21:04:10 -0500\n\
        Classification,Sinus Rhythm\nAverage Heart Rate,71 beats per minute\nSymptoms,\nSoftware Version,2.0\n\
        Device,\"Watch7,1\"\nSample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n";
    let curve = (0..1024_i64).map(|place| {
        let beat = if place % 430 < 12 { 620 } else { 0 };
        format!("{}.{:03}\n", beat + place % 17 - 8, place * 37 % 1000)
    });
    std::iter::once(head.to_owned()).chain(curve).collect()
}

const CDA: &str = "<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\n <realmCode code=\"US\"/>\n\
    <title>Health Data Export</title>\n</ClinicalDocument>\n";

const GPX: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <gpx version=\"1.1\" creator=\"Apple Health Export\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n\
    <trk><trkseg><trkpt lon=\"-88.000000\" lat=\"41.000000\"><ele>200.0</ele></trkpt></trkseg></trk>\n</gpx>\n";
