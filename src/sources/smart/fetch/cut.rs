//! Cuts a page into the slices of its resources, in one pass and without reading what is in them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::ask::Answer;
use super::words;

/// What an answer holds.
#[derive(Debug)]
pub enum Held<'a> {
    /// A list of entries.
    Bundle(Bundle<'a>),
    /// A single resource.
    Resource {
        /// Its type.
        kind: Cow<'a, str>,
        /// Its text.
        text: &'a str,
    },
}

/// The parts of a bundle.
#[derive(Debug, Default)]
pub struct Bundle<'a> {
    /// What is to be kept.
    pub entries: Vec<Member<'a>>,
    /// What the server says about its answer: OperationOutcomes.
    pub outcomes: Vec<&'a str>,
    /// Where the next page is.
    pub next: Option<String>,
}

/// An entry that is to be kept.
#[derive(Debug)]
pub struct Member<'a> {
    /// Its address, as JSON.
    pub full_url: Option<&'a str>,
    /// The type of its resource; empty where it has none.
    pub kind: Cow<'a, str>,
    /// The resource; where there is none, the entry as a whole.
    pub text: &'a str,
    /// Whether there is a resource.
    pub is_resource: bool,
}

#[derive(Deserialize)]
struct Strict<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: &'a RawValue,
    #[serde(borrow, default)]
    entry: Vec<StrictEntry<'a>>,
    #[serde(borrow, default)]
    link: Vec<Link<'a>>,
}

#[derive(Deserialize)]
struct StrictEntry<'a> {
    #[serde(borrow, rename = "fullUrl")]
    full_url: Option<&'a RawValue>,
    #[serde(borrow)]
    resource: &'a RawValue,
}

/// The same where one of its parts is not as it should be: the others count all the same.
#[derive(Deserialize)]
struct Loose<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Option<&'a RawValue>,
    #[serde(borrow)]
    url: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

/// The text of an answer that may be JSON; else what it is, in words for the person.
pub fn text_of(answer: &Answer) -> Result<&str, &'static str> {
    let bytes = answer.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.bytes).trim_ascii();
    match bytes.first() {
        Some(b'{') => str::from_utf8(bytes).map_err(|_| words::NOT_JSON),
        Some(b'<') => {
            let beginning = bytes[..bytes.len().min(16)].to_ascii_lowercase();
            let is_page = answer.media_type.contains("html")
                || [&b"<!doctype"[..], b"<html"].iter().any(|begin| beginning.starts_with(begin));
            Err(if is_page { words::WEB_PAGE } else { words::XML })
        }
        _ => Err(words::NOT_JSON),
    }
}

/// What a text holds.
pub fn cut(text: &str) -> Result<Held<'_>, &'static str> {
    let (kind, mut bundle) = match serde_json::from_str::<Strict<'_>>(text) {
        Ok(strict) => {
            let kind = string(Some(strict.kind)).ok_or(words::NO_BUNDLE)?;
            let mut bundle = Bundle { next: next(&strict.link), ..Bundle::default() };
            bundle.entries.reserve(strict.entry.len());
            for entry in strict.entry {
                bundle.take(entry.full_url, entry.resource);
            }
            (kind, bundle)
        }
        Err(error) if error.is_data() => loose(text)?,
        Err(_) => return Err(words::NOT_JSON),
    };
    if kind != "Bundle" {
        return Ok(Held::Resource { kind, text });
    }
    bundle.next = bundle.next.filter(|next| !next.trim().is_empty());
    Ok(Held::Bundle(bundle))
}

fn loose<'a>(text: &'a str) -> Result<(Cow<'a, str>, Bundle<'a>), &'static str> {
    let loose: Loose<'a> = serde_json::from_str(text).map_err(|_| words::NO_BUNDLE)?;
    let kind = string(loose.kind).ok_or(words::NO_BUNDLE)?;
    let mut bundle = Bundle::default();
    if kind != "Bundle" {
        return Ok((kind, bundle));
    }
    let list = |raw: Option<&'a RawValue>| raw.map_or("[]", RawValue::get);
    let links: Vec<&RawValue> = serde_json::from_str(list(loose.link)).unwrap_or_default();
    let links: Vec<Link<'_>> =
        links.iter().filter_map(|link| serde_json::from_str(link.get()).ok()).collect();
    bundle.next = next(&links);
    let entries: Vec<&RawValue> = serde_json::from_str(list(loose.entry)).map_err(|_| words::NO_BUNDLE)?;
    for entry in entries {
        match serde_json::from_str::<StrictEntry<'_>>(entry.get()) {
            Ok(entry) => bundle.take(entry.full_url, entry.resource),
            Err(_) => bundle.entries.push(Member {
                full_url: None,
                kind: Cow::Borrowed(""),
                text: entry.get(),
                is_resource: false,
            }),
        }
    }
    Ok((kind, bundle))
}

impl<'a> Bundle<'a> {
    fn take(&mut self, full_url: Option<&'a RawValue>, resource: &'a RawValue) {
        let text = resource.get();
        let kind = kind_of(text).unwrap_or_default();
        if kind == "OperationOutcome" {
            return self.outcomes.push(text);
        }
        let full_url = full_url.map(RawValue::get);
        self.entries.push(Member { full_url, kind, text, is_resource: true });
    }
}

fn next(links: &[Link<'_>]) -> Option<String> {
    let link = links.iter().find(|link| string(link.relation).as_deref() == Some("next"))?;
    string(link.url).map(Cow::into_owned)
}

/// The type of a resource. Most say it first.
pub fn kind_of(resource: &str) -> Option<Cow<'_, str>> {
    let first = resource.strip_prefix('{').map(str::trim_start);
    let value = first.and_then(|rest| rest.strip_prefix("\"resourceType\"")).map(str::trim_start);
    let value = value.and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
    let begun = value.and_then(|rest| rest.strip_prefix('"'));
    if let Some((kind, _)) = begun.and_then(|rest| rest.split_once('"'))
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return Some(Cow::Borrowed(kind));
    }
    the_only_kind(resource).or_else(|| string(serde_json::from_str::<Head<'_>>(resource).ok()?.kind))
}

/// The type in a resource that names one only, wherever it stands: with resources inside of it, or with the word
/// in a text, it has to be read.
fn the_only_kind(resource: &str) -> Option<Cow<'_, str>> {
    const NAME: &str = "\"resourceType\"";
    let mut found = memchr::memmem::find_iter(resource.as_bytes(), NAME);
    let (first, None) = (found.next()?, found.next()) else { return None };
    let value = resource.get(first + NAME.len()..)?.trim_start().strip_prefix(':')?.trim_start();
    let (kind, _) = value.strip_prefix('"')?.split_once('"')?;
    let is_plain = kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) && kind != "OperationOutcome";
    (is_plain && !resource[..first].ends_with('\\')).then_some(Cow::Borrowed(kind))
}

/// The id of a resource.
pub fn id_of(resource: &str) -> Option<String> {
    string(serde_json::from_str::<Head<'_>>(resource).ok()?.id).map(Cow::into_owned)
}

/// The text of a JSON string.
pub fn string(raw: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let text = raw?.get();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        false => Some(Cow::Borrowed(inner)),
        true => serde_json::from_str::<String>(text).ok().map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(text: &str) -> Bundle<'_> {
        match cut(text).unwrap() {
            Held::Bundle(bundle) => bundle,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_is_cut_into_resources_as_they_came_notices_and_the_next_link() {
        let first = r#"{ "resourceType" : "Observation","id":"1","value":4.10, "x":"é\/" }"#;
        let last = r#"{"id":"2","resourceType":"Condition"}"#;
        let text = format!(
            r#"{{"resourceType":"Bundle","link":[{{"relation":"self","url":"a"}},{{"relation":"next","url":"b?c=1\/2"}}],
            "entry":[{{"fullUrl":"urn:a","resource":{first}}},
            {{"resource":{{"resourceType":"OperationOutcome"}},"search":{{"mode":"outcome"}}}},{{"resource":{last}}}]}}"#
        );
        let page = bundle(&text);
        assert_eq!(page.next.as_deref(), Some("b?c=1/2"));
        assert_eq!(page.outcomes.len(), 1);
        let kinds: Vec<&str> = page.entries.iter().map(|entry| &*entry.kind).collect();
        assert_eq!(kinds, ["Observation", "Condition"]);
        let texts: Vec<_> = page.entries.iter().map(|entry| (entry.full_url, entry.text)).collect();
        assert_eq!(texts, [(Some("\"urn:a\""), first), (None, last)]);
    }

    #[test]
    fn the_type_is_found_wherever_it_stands_and_is_never_that_of_a_text_or_a_resource_inside() {
        let kind = |text: &'static str| kind_of(text).map(Cow::into_owned);
        assert_eq!(kind(r#"{"id":"1","resourceType" : "Goal"}"#).as_deref(), Some("Goal"));
        let inside = r#"{"contained":[{"resourceType":"Medication"}],"resourceType":"MedicationRequest"}"#;
        assert_eq!(kind(inside).as_deref(), Some("MedicationRequest"));
        let text = r#"{"note":"\"resourceType\":\"Goal\"","resourceType":"Condition"}"#;
        assert_eq!(kind(text).as_deref(), Some("Condition"));
        assert_eq!(kind(r#"{"note":"\"resourceType\":\"Goal\""}"#), None);
        assert_eq!(kind(r#"{"resourceType":7}"#), None);
    }

    #[test]
    fn one_odd_entry_costs_no_other() {
        let page = bundle(
            r#"{"resourceType":"Bundle","link":"none","entry":[7,{"response":{"status":"404"}},{"resource":{"resourceType":"Goal"}}]}"#,
        );
        let found: Vec<_> = page.entries.iter().map(|entry| (&*entry.kind, entry.is_resource)).collect();
        assert_eq!(found, [("", false), ("", false), ("Goal", true)]);
        let none = bundle(r#"{"resourceType":"Bundle","entry":null,"link":[{"relation":"next","url":""}]}"#);
        assert!(none.entries.is_empty() && none.next.is_none());
    }

    #[test]
    fn what_is_no_bundle_is_told_as_what_it_is() {
        assert!(matches!(cut(r#"{"resourceType":"List","entry":[{"item":1}]}"#), Ok(Held::Resource { .. })));
        assert_eq!(cut(r#"{"a":1}"#).unwrap_err(), words::NO_BUNDLE);
        assert_eq!(cut(r#"{"resourceType":"Bundle","entry":7}"#).unwrap_err(), words::NO_BUNDLE);
        assert_eq!(cut(r#"{"resourceType":"Bundle","entry":["#).unwrap_err(), words::NOT_JSON);
    }

    #[test]
    fn a_page_nested_too_deep_for_a_value_is_cut_all_the_same() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{{"a":{deep}}}}}]}}"#);
        assert_eq!(bundle(&text).entries.len(), 1);
    }
}
