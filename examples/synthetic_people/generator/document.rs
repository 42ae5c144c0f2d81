//! Notes and other documents in a source's dialect.

use serde_json::{Value, json};

use super::{
    codes::Code,
    json::{Resource, attachment, concept, reference},
    source::Source,
    when::When,
};

impl Source {
    /// A clinical note in one or more formats. Its `date` is when the file was made, days later.
    pub fn note(&self, id: &str, code: Code, at: When, visit: &str, formats: &[Value]) -> Resource {
        let content: Vec<Value> = formats.iter().map(|format| json!({"attachment": format})).collect();
        let category = json!({"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note"}], "text": "Clinical Note"});
        self.about("DocumentReference", id)
            .with("identifier", self.identifier("727688", id))
            .with("status", "current")
            .with("docStatus", "final")
            .with("type", concept(code, code.display))
            .with("category", json!([category]))
            .with("date", self.instant(at.plus_days(2)))
            .with("author", json!([self.signer()]))
            .with("content", content)
            .with(
                "context",
                json!({"encounter": [reference("Encounter", visit)],
                "period": {"start": self.instant(at), "end": self.instant(at.plus_minutes(30))}}),
            )
    }

    /// Where an entry came from.
    pub fn provenance(&self, id: &str, target: (&str, &str), recorded: When) -> Resource {
        Resource::new("Provenance", id)
            .with("target", json!([reference(target.0, target.1)]))
            .with("recorded", self.instant(recorded))
            .with(
                "agent",
                json!([{"type": super::json::hl7("provenance-participant-type", "author"),
                "who": self.signer(), "onBehalfOf": self.place()}]),
            )
    }
}

/// A note as plain text.
pub fn plain(text: &str) -> Value {
    attachment("text/plain", text, "Note")
}

/// A note as an HTML page: a heading, its paragraphs, and lists where lines start with `- `.
pub fn html(title: &str, text: &str) -> Value {
    attachment("text/html", &format!("<html><body>{}</body></html>", body(title, text)), title)
}

/// A note as XHTML.
pub fn xhtml(title: &str, text: &str) -> Value {
    let page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\
         <head><title>{title}</title></head><body>{}</body></html>",
        body(title, text)
    );
    attachment("application/xhtml+xml", &page, title)
}

/// A note as RTF, one `\par` a line.
pub fn rtf(text: &str) -> Value {
    let lines = text.replace('\\', "\\\\").replace('\n', "\\par\n");
    attachment("text/rtf", &format!("{{\\rtf1\\ansi\\deff0 {lines}}}"), "Note")
}

fn body(title: &str, text: &str) -> String {
    let mut page = format!("<h2>{title}</h2>");
    let mut in_list = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        let item = line.strip_prefix("- ");
        if item.is_some() != in_list {
            page.push_str(if in_list { "</ul>" } else { "<ul>" });
            in_list = !in_list;
        }
        match item {
            Some(item) => page.push_str(&format!("<li>{item}</li>")),
            None => page.push_str(&format!("<p>{line}</p>")),
        }
    }
    if in_list {
        page.push_str("</ul>");
    }
    page
}
