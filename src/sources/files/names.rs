//! What file names say, wherever they come from. They are only names: nothing is written under them.

/// Characters of a name that are shown.
const NAME_CHARS_MAX: usize = 200;

/// A name as it can be shown: without controls and marks that turn the line around.
pub fn clean(name: &str) -> String {
    let is_unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    name.chars().map(|c| if is_unseen(c) { '\u{fffd}' } else { c }).take(NAME_CHARS_MAX).collect()
}

/// Why a file or folder that a system leaves behind is passed over.
pub fn of_the_system(name: &str) -> Option<&'static str> {
    match name {
        "__MACOSX" => Some("a folder that macOS leaves in archives, not a record"),
        ".DS_Store" => Some("a file that macOS leaves in folders, not a record"),
        "Thumbs.db" | "desktop.ini" => Some("a file that Windows leaves in folders, not a record"),
        name if name.starts_with("._") => Some("a file that macOS leaves beside others, not a record"),
        _ => None,
    }
}

/// True for names that records have: where such a file is no JSON, something has gone wrong with it.
pub fn promises_a_record(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".json", ".ndjson", ".jsonl"].iter().any(|end| name.ends_with(end))
}
