//! What her phone exports: the samples of a watch and a phone, what she measures at home, and the records
//! that two clinics have sent to it. Small for the fixtures, or as large as a measurement wants it.

mod beside;
mod clinical;
mod devices;
mod samples;

use std::io::{self, BufWriter, Seek, Write};

use super::bundle::File;
use super::when::When;
pub use samples::Plan;

/// The folder inside of the archive.
pub const FOLDER: &str = "apple_health_export";

/// The day of her export.
fn last_day() -> When {
    When::at(2026, 10, 20, 0, 0)
}

/// The export of two weeks, as a folder.
pub fn files() -> Vec<File> {
    let mut xml = Vec::new();
    // Writing to memory does not fail.
    let _ = write(&mut xml, Plan { days: 14, is_dense: false }, &clinical::index());
    let mut files = vec![("export.xml".to_owned(), String::from_utf8_lossy(&xml).into_owned())];
    files.extend(clinical::files());
    files.extend(beside::files());
    files
        .into_iter()
        .map(|(name, text)| File { path: format!("adult-apple/{FOLDER}/{name}"), text })
        .collect()
}

/// An export of so many days with as many samples as a watch takes, without the records of clinics.
pub fn write_bulk(out: &mut dyn Write, days: i64) -> io::Result<()> {
    write(out, Plan { days, is_dense: true }, "")
}

/// Writes an archive whose `export.xml` has about so many bytes.
pub fn write_zip(out: impl Write + Seek, bytes: usize) -> io::Result<()> {
    let mut day = Vec::new();
    write_bulk(&mut day, 1)?;
    let days = (bytes / (day.len() - PROLOGUE.len())).max(1);
    let mut archive = zip::ZipWriter::new(out);
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file(format!("{FOLDER}/export.xml"), options)?;
    let mut file = BufWriter::with_capacity(1 << 20, &mut archive);
    write_bulk(&mut file, i64::try_from(days).unwrap_or(i64::MAX))?;
    file.flush()?;
    drop(file);
    archive.finish()?.flush()
}

fn write(out: &mut dyn Write, plan: Plan, clinical: &str) -> io::Result<()> {
    out.write_all(PROLOGUE.as_bytes())?;
    out.write_all(b" <ExportDate value=\"2026-10-20 09:30:00 -0500\"/>\n")?;
    out.write_all(ME.as_bytes())?;
    samples::write(out, plan)?;
    out.write_all(clinical.as_bytes())?;
    out.write_all(b"</HealthData>\n")
}

const ME: &str = " <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1961-04-17\" \
HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexFemale\" \
HKCharacteristicTypeIdentifierBloodType=\"HKBloodTypeAPositive\" \
HKCharacteristicTypeIdentifierFitzpatrickSkinType=\"HKFitzpatrickSkinTypeNotSet\" \
HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse=\"None\"/>\n";

/// A declaration of the document's type, malformed in the way that exports had for years: a list of
/// attributes that is not closed, and one that stands twice.
const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT ExportDate EMPTY>
<!ATTLIST ExportDate
  value CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  unit          CDATA #IMPLIED
  value         CDATA #IMPLIED
  sourceName    CDATA #REQUIRED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
<!-- Note: Any Records that appear as children of a correlation also appear as top-level records in this document. -->
<!ELEMENT WorkoutEvent EMPTY>
<!ATTLIST WorkoutEvent
  type                 CDATA #REQUIRED
  <!ATTLIST WorkoutEvent
  duration             CDATA #IMPLIED
>
]>
<HealthData locale=\"en_US\">
";
