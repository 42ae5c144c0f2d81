//! One JSON object of a resource, read tolerantly: what has the wrong type is noted, never a failure.

use std::cell::{Cell, RefCell};

use crate::sources::json::{Json, Object};

use super::Context;
use crate::record::{Number, Text, When};

/// What is known while one resource is read.
pub(super) struct Reading<'a> {
    /// The resource itself, where contained resources are looked up.
    pub resource: &'a Object<'a>,
    /// Its type.
    pub kind: &'a str,
    /// Its identity at the source (`Observation/123`).
    pub key: Text,
    /// What the caller knows.
    pub context: &'a Context<'a>,
    /// What could not be read: path and reason.
    pub notices: RefCell<Vec<(String, String)>>,
    /// What could not be read, as it was sent: label and value, so that nothing is lost.
    pub unread: RefCell<Vec<(Text, Text)>>,
    /// The members of the resource itself that its reader has looked at, a bit for each by its place: the others are
    /// told in words.
    pub seen: Cell<u128>,
}

/// What a database writes for no date: 1899-12-30 is day 0 of office databases, 1900-01-01 and 1753-01-01
/// are those of others. Nothing of a person's record happened before 1901.
pub(super) fn is_placeholder(when: When) -> bool {
    matches!(
        when.date_text().as_str(),
        "1899-12-30" | "1899-12-31" | "1900-01-01" | "1753-01-01" | "0001-01-01"
    )
}

/// A JSON object with its name in the resource.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    object: &'a Object<'a>,
    name: &'a str,
    reading: &'a Reading<'a>,
}

impl<'a> Node<'a> {
    /// The resource as a node.
    pub fn root(reading: &'a Reading<'a>) -> Node<'a> {
        Node { object: reading.resource, name: "", reading }
    }

    /// Another object of the same reading, such as a contained resource.
    pub fn beside(self, object: &'a Object<'a>, name: &'a str) -> Node<'a> {
        Node { object, name, reading: self.reading }
    }

    /// An object inside this one, whose values are read without a notice of their own.
    pub fn within(self, object: &'a Object<'a>) -> Node<'a> {
        self.beside(object, "")
    }

    /// All members, as they stand.
    pub fn members(self) -> impl Iterator<Item = (&'a str, &'a Json<'a>)> {
        self.object.each()
    }

    /// What is known about the whole resource.
    pub fn reading(self) -> &'a Reading<'a> {
        self.reading
    }

    /// The members whose name is `stem` and a type, such as `valueQuantity`: the type and the node's value.
    pub fn choices(self, stem: &str) -> impl Iterator<Item = (&'a str, &'a str, &'a Json<'a>)> {
        self.object.members(stem).into_iter().filter(|(_, value)| **value != Json::Null).filter_map(
            move |(key, value)| {
                let kind = key.strip_prefix(stem)?;
                let is_typed = kind.starts_with(|first: char| first.is_ascii_uppercase());
                is_typed.then(|| self.has_seen(key)).map(|()| (key, kind, value))
            },
        )
    }

    /// A member with its name, which is then known to have been looked at.
    fn member(self, key: &str) -> Option<(&'a str, &'a Json<'a>)> {
        let member = self.object.member(key)?;
        self.has_seen(member.0);
        Some(member)
    }

    fn has_seen(self, name: &str) {
        if !std::ptr::eq(self.object, self.reading.resource) {
            return;
        }
        let places = self.object.each().zip(0..u128::BITS).filter(|((own, _), _)| *own == name);
        let seen = places.fold(self.reading.seen.get(), |seen, (_, place)| seen | 1 << place);
        self.reading.seen.set(seen);
    }

    /// A member; `null` is none.
    pub fn get(self, key: &str) -> Option<&'a Json<'a>> {
        self.member(key).map(|(_, value)| value).filter(|value| **value != Json::Null)
    }

    /// True where the member was sent.
    pub fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// A member that is a code or another short string.
    pub fn word(self, key: &str) -> Option<&'a str> {
        first(self.get(key)?).as_str().map(str::trim).filter(|word| !word.is_empty())
    }

    /// A member as text: a string, or the digits of a number.
    pub fn text(self, key: &str) -> Option<Text> {
        let value = first(self.get(key)?);
        let text = scalar(value);
        if text.is_none() && (matches!(value, Json::Object(_) | Json::Array(_))) {
            self.notice(key, "is no text");
        }
        text
    }

    /// A member as texts: a list of strings, or one string.
    pub fn texts(self, key: &str) -> impl Iterator<Item = Text> {
        self.items(key).iter().filter_map(scalar)
    }

    /// A member that is yes or no.
    pub fn flag(self, key: &str) -> Option<bool> {
        match first(self.get(key)?) {
            Json::Bool(flag) => Some(*flag),
            Json::String(word) if word == "true" => Some(true),
            Json::String(word) if word == "false" => Some(false),
            _ => {
                self.notice(key, "is neither true nor false");
                None
            }
        }
    }

    /// A member that is a date or an instant.
    pub fn when(self, key: &str) -> Option<When> {
        let value = first(self.get(key)?);
        let when = value.as_str().and_then(When::parse);
        match when {
            None => self.unread(key, value, "is no date that can be read"),
            Some(when) if is_placeholder(when) => {
                self.unread(key, value, "is a placeholder of a database, not a date");
                return None;
            }
            Some(_) => {}
        }
        when
    }

    /// A member that is a whole number.
    pub fn count(self, key: &str) -> Option<u32> {
        let value = first(self.get(key)?);
        let count = number_of(value).and_then(|number| number.as_written().parse().ok());
        if count.is_none() {
            self.unread(key, value, "is no whole number");
        }
        count
    }

    /// A member that is an object; of a list, its first.
    pub fn node(self, key: &str) -> Option<Node<'a>> {
        self.nodes(key).next()
    }

    /// The objects of a member: a list, or one object where a list is due.
    pub fn nodes(self, key: &str) -> impl Iterator<Item = Node<'a>> {
        let name = self.object.member(key).map_or("", |(name, _)| name);
        self.items(key).iter().filter_map(move |item| {
            match item {
                Json::Object(object) => return Some(Node { object, name, reading: self.reading }),
                Json::Null => {}
                _ => self.notice(name, "is no object"),
            }
            None
        })
    }

    /// The objects of a member that another version of FHIR has as words: those are no slip.
    pub fn objects(self, key: &str) -> impl Iterator<Item = Node<'a>> {
        let objects = self.items(key).iter().filter_map(Json::as_object);
        objects.map(move |object| self.beside(object, ""))
    }

    /// The values of a member: a list, or one value where a list is due.
    pub fn items(self, key: &str) -> &'a [Json<'a>] {
        match self.member(key) {
            None | Some((_, Json::Null)) => &[],
            Some((_, Json::Array(items))) => items,
            Some((_, value)) => std::slice::from_ref(value),
        }
    }

    /// The extension whose address ends like this.
    pub fn extension(self, ending: &'a str) -> Option<Node<'a>> {
        self.extensions(ending).next()
    }

    /// The extensions whose address ends like this.
    pub fn extensions(self, ending: &'a str) -> impl Iterator<Item = Node<'a>> {
        self.nodes("extension")
            .filter(move |node| node.word("url").is_some_and(|address| address.ends_with(ending)))
    }

    /// Notes that a member could not be read.
    pub fn notice(self, key: &str, reason: &str) {
        let dot = if self.name.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{}.{key}", self.reading.kind, self.name);
        self.reading.notices.borrow_mut().push((path, reason.to_owned()));
    }

    /// Notes that a member could not be read, and keeps it as it was sent.
    pub fn unread(self, key: &str, value: &Json<'_>, reason: &str) {
        self.notice(key, reason);
        if let Some(text) = scalar(value) {
            let label = format!("{key} as sent").into();
            self.reading.unread.borrow_mut().push((label, text));
        }
    }
}

/// The value, or the first of a list where one value is due.
pub(super) fn first<'a, 'b>(value: &'b Json<'a>) -> &'b Json<'a> {
    match value {
        Json::Array(items) => items.first().unwrap_or(&Json::Null),
        value => value,
    }
}

/// A string, the digits of a number, or yes and no.
pub(super) fn scalar(value: &Json<'_>) -> Option<Text> {
    match value {
        Json::String(text) => Text::trimmed(text),
        Json::Number(digits) => Some(digits.as_ref().into()),
        Json::Bool(true) => Some("yes".into()),
        Json::Bool(false) => Some("no".into()),
        _ => None,
    }
}

/// A number with its digits as written, also where it was sent as a string.
pub(super) fn number_of(value: &Json<'_>) -> Option<Number> {
    match value {
        Json::Number(digits) => Number::parse(digits),
        Json::String(text) => Number::parse(text),
        _ => None,
    }
}
