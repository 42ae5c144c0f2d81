//! Reads the files of the synthetic people.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde_json::Value;

use super::reshape;

/// The files of the synthetic people of this repository.
pub fn synthetic() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people")
}

/// Reads bundles and NDJSON: a file, or all files of a folder and those below it.
pub fn load(path: &Path) -> io::Result<Vec<Value>> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        inside.sort();
        let loaded: Vec<Vec<Value>> = inside.iter().map(|path| load(path)).collect::<io::Result<_>>()?;
        return Ok(loaded.concat());
    }
    let text = || fs::read_to_string(path);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(bundled(&serde_json::from_str(&text()?)?)),
        // Lines that are no resources are in the files of the awkward person on purpose.
        Some("ndjson") => Ok(text()?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        _ => Ok(Vec::new()),
    }
}

/// The resources of a bundle, with references by `urn:uuid:` made into references by id.
fn bundled(bundle: &Value) -> Vec<Value> {
    let mut ids = BTreeMap::new();
    let mut resources = Vec::new();
    for entry in bundle["entry"].as_array().into_iter().flatten() {
        let mut resource = entry["resource"].clone();
        let address = entry["fullUrl"].as_str().unwrap_or_default();
        let Some(kind) = resource["resourceType"].as_str().map(str::to_owned) else { continue };
        if resource["id"].is_null() {
            resource["id"] = address.trim_start_matches("urn:uuid:").into();
        }
        if address.starts_with("urn:uuid:") {
            let id = resource["id"].as_str().unwrap_or_default();
            ids.insert(address.to_owned(), format!("{kind}/{id}"));
        }
        // An outcome in a bundle is about that answer, not of the record.
        if kind != "OperationOutcome" {
            resources.push(resource);
        }
    }
    for resource in &mut resources {
        reshape::each_reference(resource, &mut |reference| {
            if let Some(known) = ids.get(reference.as_str()) {
                *reference = known.clone();
            }
        });
    }
    resources
}
