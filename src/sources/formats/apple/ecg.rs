//! Recordings of the heart by a watch (`electrocardiograms/*.csv`): a head of lines with what was found, then
//! thousands of numbers. The head becomes a document; the numbers stay in the original.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fhir::{Object, concept, exporter};
use super::moment::{Moment, utc_id, utc_text};
use crate::sources::error::Fault;
use crate::sources::formats::sink::{Place, Sink};
use crate::sources::formats::{Format, without_mark};
use crate::sources::json;
use crate::sources::references::References;

/// A recording of the heart.
pub const FORMAT: Format = Format { name: "Apple Health electrocardiogram", begins, read };

/// Lines of the head at the most.
const HEAD_LINES_MAX: usize = 24;
/// Bytes of a recording; thirty seconds have some hundred thousand.
const BYTES_MAX: u64 = 4 << 20;

/// A line of the head: what, and what is said of it.
type Line = (String, String);

fn begins(beginning: &[u8]) -> bool {
    let start = without_mark(beginning);
    let end = start.len().min(4096);
    let text = String::from_utf8_lossy(&start[..end]);
    recorded(&head(&text)).is_some()
}

/// The lines before the numbers. What they are called depends on the language of the phone.
fn head(text: &str) -> Vec<Line> {
    let lines = text.lines().take(HEAD_LINES_MAX).map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.take_while(|line| line.parse::<f64>().is_err());
    let split = |line: &str| {
        let (name, value) = line.split_once(',')?;
        Some((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
    };
    lines.map_while(split).collect()
}

/// When it was recorded and which line says so; `None` for what is no recording of a watch.
fn recorded(head: &[Line]) -> Option<(usize, Moment)> {
    let is_of_watch = head.iter().any(|(_, value)| value.starts_with("Watch"));
    let dated = head.iter().enumerate().find_map(|(at, (_, value))| Some((at, Moment::parse(value)?)));
    dated.filter(|_| is_of_watch)
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    let mut bytes = Vec::new();
    input.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Fault::TooLarge(BYTES_MAX >> 20));
    }
    let text = String::from_utf8_lossy(without_mark(&bytes));
    let head = head(&text);
    let Some((at, moment)) = recorded(&head) else { return Err(Fault::Broken) };
    // Before the date stand the name and the birth date of the person, which are no finding.
    let told = head.iter().skip(at).filter(|(_, value)| !value.is_empty());
    let words: String = told.map(|(name, value)| format!("{name}: {value}\n")).collect();
    let mut document = Object::resource("DocumentReference", &format!("ecg-{}", utc_id(moment.utc)));
    document.text("status", "current");
    document.object("type", concept("Electrocardiogram by a watch (one lead)", Some("11524-6"), None));
    document.object("subject", exporter());
    document.text("date", &utc_text(moment.utc));
    let (mut period, mut context) = (Object::new(), Object::new());
    period.text("start", &moment.text());
    context.object("period", period);
    document.object("context", context);
    let (mut attachment, mut content) = (Object::new(), Object::new());
    attachment.text("contentType", "text/plain");
    attachment.text("data", &STANDARD.encode(words));
    attachment.text("title", "What the watch found; the recorded curve is in the original");
    content.object("attachment", attachment);
    document.list("content", [content]);
    let resource = document.end();
    let read: json::Object<'_> = serde_json::from_str(&resource)?;
    let references = References::default();
    sink.resource(&text, &read, &Place { path: "", full_url: None, references: &references });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDING: &str = "Name,Maria Alvarez\nDate of Birth,\"Mar 14, 1961\"\nRecorded Date,2026-04-02 10:11:12 -0400\n\
        Classification,Sinus Rhythm\nSymptoms,\nSoftware Version,1.90\nDevice,\"Watch6,1\"\nSample Rate,512 hertz\n\n\
        Lead,Lead I\nUnit,µV\n\n-12.3\n-11.8\n";

    #[test]
    fn a_recording_is_known_in_any_language() {
        assert!(begins(RECORDING.as_bytes()));
        let other =
            RECORDING.replace("Recorded Date", "Aufnahmedatum").replace("Classification", "Klassifizierung");
        assert!(begins(other.as_bytes()));
        for other in ["", "a,b\n1,2\n", "Name,Maria\nRecorded Date,2026-04-02 10:11:12 -0400\n"] {
            assert!(!begins(other.as_bytes()), "{other}");
        }
    }
}
