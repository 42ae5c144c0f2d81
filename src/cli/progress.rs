//! The progress bar of an import, on a terminal only.

use std::io::IsTerminal;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes of these paths; nothing where standard error is no terminal.
pub fn bar(paths: &[PathBuf]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(paths.iter().map(|path| size(path, 0)).sum());
    let style = ProgressStyle::with_template("Reading {bar:30} {bytes}/{total_bytes} {eta}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style))
}

/// A count of the bytes that come in, where nobody said how many there will be.
pub fn arriving() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("Fetching {spinner} {bytes} ({elapsed})");
    style.map_or_else(|_| ProgressBar::hidden(), |style| ProgressBar::no_length().with_style(style))
}

/// Bytes on the disk; links are not followed, as in the import itself.
fn size(path: &std::path::Path, depth: usize) -> u64 {
    const DEPTH_MAX: usize = 16;
    let Ok(found) = std::fs::symlink_metadata(path) else { return 0 };
    if !found.is_dir() || depth > DEPTH_MAX {
        return found.len();
    }
    let items = std::fs::read_dir(path).into_iter().flatten().flatten();
    items.map(|item| size(&item.path(), depth + 1)).sum()
}
