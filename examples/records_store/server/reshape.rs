//! What vendors do to resources, one small function each. A row of `vendors.json` names those it uses.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Reshape {
    /// No `meta.lastUpdated`.
    StripLastUpdated,
    /// A `meta.lastUpdated` on all.
    StampLastUpdated,
    /// Units only as words, without system and code.
    StripUnitCodes,
    /// Ranges only as words.
    TextRanges,
    /// Flags only as words.
    TextFlags,
    /// Values of labs as strings, without ranges and flags.
    ValuesAsStrings,
    /// One lab in nine has no LOINC code.
    SomeWithoutLoinc,
    /// Every second allergy, medicine and observation only in words.
    SomeOnlyWords,
    /// One lab in seven has a reason instead of its value.
    SomeAbsent,
    /// The system of LOINC misspelt.
    MisspeltLoinc,
    /// The vendor's own codes stand before the others.
    OwnCodesFirst,
    /// Notes are at `Binary/ID` and not in the document.
    NotesByAddress,
    /// Notes are at an absolute address and not in the document.
    NotesByAbsoluteAddress,
}

/// Reshapes the resource in `resources`, the `nth` of the record, and adds what it is split into.
pub fn apply(shapes: &[Reshape], resources: &mut Vec<Value>, base: &str, nth: usize) {
    for shape in shapes {
        let resource = &mut resources[0];
        match shape {
            Reshape::StripLastUpdated => strip_last_updated(resource),
            Reshape::StampLastUpdated => stamp_last_updated(resource),
            Reshape::StripUnitCodes => strip_unit_codes(resource),
            Reshape::TextRanges => text_ranges(resource),
            Reshape::TextFlags => text_flags(resource),
            Reshape::ValuesAsStrings => values_as_strings(resource),
            Reshape::SomeWithoutLoinc if nth.is_multiple_of(9) => without_loinc(resource),
            Reshape::SomeOnlyWords if nth.is_multiple_of(2) => only_words(resource),
            Reshape::SomeAbsent if nth.is_multiple_of(7) => absent(resource),
            Reshape::SomeWithoutLoinc | Reshape::SomeOnlyWords | Reshape::SomeAbsent => {}
            Reshape::MisspeltLoinc => misspelt_loinc(resource),
            Reshape::OwnCodesFirst => own_codes_first(resource),
            Reshape::NotesByAddress => notes_by_address(resources, ""),
            Reshape::NotesByAbsoluteAddress => notes_by_address(resources, base),
        }
    }
}

fn strip_last_updated(resource: &mut Value) {
    if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
        meta.remove("lastUpdated");
    }
}

fn stamp_last_updated(resource: &mut Value) {
    let Some(fields) = resource.as_object_mut() else { return };
    if let Some(meta) = fields.entry("meta").or_insert(json!({})).as_object_mut() {
        meta.insert("lastUpdated".to_owned(), "2026-11-02T09:00:00Z".into());
    }
}

fn strip_unit_codes(resource: &mut Value) {
    each_object(resource, &mut |object| {
        if object.contains_key("unit") && object.contains_key("value") {
            object.remove("system");
            object.remove("code");
        }
    });
}

fn text_ranges(resource: &mut Value) {
    each_object(resource, &mut |object| {
        for range in object.get_mut("referenceRange").and_then(Value::as_array_mut).into_iter().flatten() {
            let side = |side: &str| range[side]["value"].as_number().map(ToString::to_string);
            let unit = range["high"]["unit"].as_str().or(range["low"]["unit"].as_str()).unwrap_or_default();
            let text = match (side("low"), side("high")) {
                (Some(low), Some(high)) => format!("{low} - {high} {unit}"),
                (Some(low), None) => format!(">= {low} {unit}"),
                (None, Some(high)) => format!("<= {high} {unit}"),
                (None, None) => continue,
            };
            *range = json!({ "text": text.trim_end() });
        }
    });
}

fn text_flags(resource: &mut Value) {
    let words = |code: &str| match code {
        "H" => "above high normal",
        "L" => "below low normal",
        "HH" => "above upper panic limits",
        "LL" => "below lower panic limits",
        "N" => "normal",
        _ => "abnormal",
    };
    each_object(resource, &mut |object| {
        for flag in object.get_mut("interpretation").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(code) = flag["coding"][0]["code"].as_str() {
                *flag = json!({ "text": words(code) });
            }
        }
    });
}

fn values_as_strings(resource: &mut Value) {
    if !is_lab(resource) {
        return;
    }
    let Some(fields) = resource.as_object_mut() else { return };
    fields.remove("referenceRange");
    fields.remove("interpretation");
    if let Some(quantity) = fields.remove("valueQuantity") {
        let part = |name: &str| quantity[name].as_str().unwrap_or_default().to_owned();
        let text = format!("{}{} {}", part("comparator"), quantity["value"], part("unit"));
        fields.insert("valueString".to_owned(), text.trim_end().into());
    }
}

fn without_loinc(resource: &mut Value) {
    if is_lab(resource) {
        let coded = resource["code"].clone();
        let text = coded["text"].as_str().or(coded["coding"][0]["display"].as_str());
        if let Some(text) = text {
            resource["code"] = json!({ "text": text });
        }
    }
}

fn only_words(resource: &mut Value) {
    let kinds = ["AllergyIntolerance", "MedicationRequest", "MedicationStatement", "Observation"];
    if !kinds.iter().any(|kind| resource["resourceType"] == *kind) {
        return;
    }
    for field in ["code", "medicationCodeableConcept"] {
        let Some(concept) = resource.get_mut(field) else { continue };
        let text = concept["text"].as_str().or(concept["coding"][0]["display"].as_str()).map(str::to_owned);
        if let Some(text) = text {
            *concept = json!({ "text": text });
        }
    }
}

fn absent(resource: &mut Value) {
    if is_lab(resource) && resource["valueQuantity"].is_object() {
        resource.as_object_mut().and_then(|fields| fields.remove("valueQuantity"));
        let system = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
        resource["dataAbsentReason"] = json!({ "coding": [{ "system": system, "code": "unknown" }] });
    }
}

fn misspelt_loinc(resource: &mut Value) {
    each_object(resource, &mut |object| {
        if object.get("system").is_some_and(|system| system == "http://loinc.org") {
            object.insert("system".to_owned(), "http://loinc".into());
        }
    });
}

fn own_codes_first(resource: &mut Value) {
    if let Some(codings) = resource.pointer_mut("/code/coding").and_then(Value::as_array_mut) {
        let own = "http://codes.vendor.example/terms";
        let code = codings.first().map(|first| first["code"].clone()).unwrap_or_default();
        codings.insert(0, json!({ "system": own, "code": code, "display": "own term" }));
        codings.insert(1, json!({ "system": format!("{own}-group"), "code": "G1" }));
    }
}

/// Moves the content of each attachment into a Binary. An address is absolute when there is a base.
fn notes_by_address(resources: &mut Vec<Value>, base: &str) {
    if resources[0]["resourceType"] != "DocumentReference" {
        return;
    }
    let id = resources[0]["id"].as_str().unwrap_or_default().to_owned();
    let subject = resources[0]["subject"].clone();
    let mut moved = Vec::new();
    let contents = resources[0].get_mut("content").and_then(Value::as_array_mut);
    for (nth, content) in contents.into_iter().flatten().enumerate() {
        let Some(attachment) = content.get_mut("attachment") else { continue };
        let Some(text) = attachment.as_object_mut().and_then(|fields| fields.remove("data")) else {
            continue;
        };
        let binary = format!("{id}-{nth}");
        let size = text.as_str().and_then(|text| STANDARD.decode(text).ok()).map_or(0, |bytes| bytes.len());
        let slash = if base.is_empty() || base.ends_with('/') { "" } else { "/" };
        attachment["url"] = format!("{base}{slash}Binary/{binary}").into();
        attachment["size"] = size.into();
        moved.push(json!({
            "resourceType": "Binary", "id": binary, "contentType": attachment["contentType"], "data": text,
            "securityContext": subject,
        }));
    }
    resources.append(&mut moved);
}

fn is_lab(resource: &Value) -> bool {
    let categories = resource["category"].as_array();
    let mut codes = categories.into_iter().flatten().map(|category| &category["coding"][0]["code"]);
    resource["resourceType"] == "Observation" && codes.any(|code| code == "laboratory")
}

/// Shows each reference of a resource, at any depth.
pub fn each_reference(resource: &mut Value, see: &mut dyn FnMut(&mut String)) {
    each_object(resource, &mut |object| {
        if let Some(Value::String(reference)) = object.get_mut("reference") {
            see(reference);
        }
    });
}

fn each_object(value: &mut Value, see: &mut dyn FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            see(object);
            object.values_mut().for_each(|inner| each_object(inner, see));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| each_object(inner, see)),
        _ => {}
    }
}
