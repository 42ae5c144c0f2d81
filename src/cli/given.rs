//! What was given to `plainchart import`: paths, the texts of health cards, or a health link.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::exit::Usage;
use crate::secret::Secret;
use crate::sources::links::{Link, is_link};
use crate::sources::{Limits, cards};

/// What an import reads.
#[derive(Debug)]
pub enum Given {
    /// Files and folders.
    Paths(Vec<PathBuf>),
    /// What was typed or came by standard input, with a name for it.
    Held(String, Vec<u8>),
    /// A link, and the passcode where that came with it.
    Link {
        /// The text of it: a secret.
        text: Secret<String>,
        /// The passcode.
        passcode: Option<Secret<String>>,
    },
}

/// A file that holds no more than a link is not longer.
const LINK_FILE_BYTES_MAX: u64 = 16 << 10;

/// Tells what was given.
pub fn of(inputs: &[PathBuf]) -> Result<Given> {
    let texts: Vec<Option<&str>> = inputs.iter().map(|input| text_of(input)).collect();
    match (inputs, texts.as_slice()) {
        ([only], _) if only.as_os_str() == "-" => standard_input(),
        (_, [Some(link)]) if is_link(link) => Ok(link_of(link)),
        ([only], [None]) => Ok(link_in(only).unwrap_or_else(|| Given::Paths(inputs.to_vec()))),
        (_, texts) if texts.iter().all(Option::is_none) => Ok(Given::Paths(inputs.to_vec())),
        (_, texts) => {
            let cards: Option<Vec<&str>> =
                texts.iter().map(|text| text.filter(|text| !is_link(text))).collect();
            let cards = cards.ok_or_else(|| {
                Usage("give a health link by itself, and health cards apart from files".into())
            })?;
            Ok(Given::Held("health card".into(), cards.join("\n").into_bytes()))
        }
    }
}

/// The text of a link or card, where an argument is one and no file has that name.
fn text_of(input: &Path) -> Option<&str> {
    let text = input.to_str()?.trim();
    let is_text = is_link(text) || cards::is_text(text);
    (is_text && !input.exists()).then_some(text)
}

fn link_in(file: &Path) -> Option<Given> {
    let found = std::fs::metadata(file).ok()?;
    if !found.is_file() || found.len() > LINK_FILE_BYTES_MAX {
        return None;
    }
    let text = Secret::new(std::fs::read_to_string(file).ok()?);
    is_link(text.expose()).then(|| link_of(text.expose()))
}

fn link_of(text: &str) -> Given {
    Given::Link { text: Secret::new(text.trim().to_owned()), passcode: None }
}

/// A link may have its passcode on the next line, for those who have no terminal.
fn standard_input() -> Result<Given> {
    let max = Limits::default().document_bytes_max;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(Usage(format!("standard input holds more than {} MB", max >> 20)).into());
    }
    if bytes.len() as u64 <= LINK_FILE_BYTES_MAX
        && let Ok(text) = str::from_utf8(&bytes)
        && let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty())
        && let Some(link) = lines.next().filter(|line| is_link(line))
    {
        let passcode = lines.next().map(|line| Secret::new(line.to_owned()));
        return Ok(Given::Link { text: Secret::new(link.to_owned()), passcode });
    }
    Ok(Given::Held("standard input".into(), bytes))
}

/// Asks for the passcode, unseen; `None` where nobody can be asked.
pub fn passcode(link: &Link) -> Option<Secret<String>> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let asked = format!("Passcode for what {} shares (a wrong one costs an attempt): ", link.host());
    let typed = Secret::new(rpassword::prompt_password(asked).ok()?);
    let is_empty = typed.expose().is_empty();
    (!is_empty).then_some(typed)
}
