//! What a form has sent: fields by name, several of one name kept, bounded in number and length.

use std::collections::BTreeMap;

/// Fields of one form: more is not sent by any of ours. A consent has a box for each source.
const FIELDS_MAX: usize = 1_000;
/// Bytes of one form.
pub const BYTES_MAX: usize = 64 << 10;

/// The fields of a form.
#[derive(Debug, Default)]
pub struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`; `None` where it is more than any form of ours sends.
    pub fn parse(body: &[u8]) -> Option<Form> {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, (name, value)) in url::form_urlencoded::parse(body).enumerate() {
            if number >= FIELDS_MAX {
                return None;
            }
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Some(Form(fields))
    }

    /// The fields of a form that came with files.
    pub fn of(pairs: Vec<(String, String)>) -> Form {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Form(fields)
    }

    /// The value of a field that stands once. A field that stands twice says nothing.
    pub fn one(&self, name: &str) -> Option<&str> {
        match self.0.get(name).map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// The value of a field that stands once, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.one(name).unwrap_or_default()
    }

    /// All values of a field: the boxes that were ticked.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Whether a box was ticked.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_what_stands_twice_says_nothing_alone() {
        let form = Form::parse(b"name=Ann+Lee&box=a&box=b%26c&empty=").unwrap();
        assert_eq!(form.one("name"), Some("Ann Lee"));
        assert_eq!(form.one("box"), None);
        assert_eq!(form.all("box").collect::<Vec<_>>(), ["a", "b&c"]);
        assert_eq!((form.text("empty"), form.text("missing")), ("", ""));
        assert!(form.has("empty") && !form.has("missing"));
    }

    #[test]
    fn more_fields_than_any_form_has_are_refused() {
        assert!(Form::parse("a=1&".repeat(1_000).as_bytes()).is_some());
        assert!(Form::parse("a=1&".repeat(1_001).as_bytes()).is_none());
    }
}
