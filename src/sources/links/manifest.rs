//! What a link answers: a list of files.

use serde::Deserialize;

/// The list.
#[derive(Deserialize)]
pub struct Manifest {
    /// The files.
    pub files: Vec<File>,
}

/// A file of the list.
#[derive(Deserialize)]
pub struct File {
    /// What it is.
    #[serde(rename = "contentType")]
    pub content_type: Option<String>,
    /// Where it is, for an hour at the most.
    pub location: Option<String>,
    /// The file itself.
    pub embedded: Option<String>,
    /// Whether it still stands.
    pub status: Option<String>,
}

/// The answer to a wrong passcode.
#[derive(Deserialize)]
pub struct Refusal {
    /// Tries that are left.
    #[serde(rename = "remainingAttempts")]
    pub remaining: Option<u32>,
}

impl File {
    /// Why it is not fetched at all.
    pub fn left_out(&self) -> Option<String> {
        match self.status.as_deref() {
            Some("entered-in-error") => return Some("the sharer says that it was entered in error".into()),
            Some("no-longer-valid") => return Some("the sharer says that it is no longer valid".into()),
            Some("retracted") => return Some("the sharer has retracted it".into()),
            _ => {}
        }
        match self.media_type().as_str() {
            "application/smart-health-card" | "application/fhir+json" => None,
            "application/smart-api-access" => Some(
                "it is a way into a server, with a token that is not to be kept here; connect to that server instead (plainchart connect)"
                    .into(),
            ),
            "" => Some("it does not say what it is".into()),
            other => {
                let other: String = other.chars().filter(|sign| !sign.is_control()).take(60).collect();
                Some(format!("it is of a kind that is not read ({other})"))
            }
        }
    }

    fn media_type(&self) -> String {
        let named = self.content_type.as_deref().unwrap_or_default();
        named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}
