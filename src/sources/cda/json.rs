//! FHIR elements, put together.

use std::borrow::Cow;

use crate::sources::json::{Json, Object};

/// Text, as JSON.
pub fn text<'a>(text: impl Into<Cow<'a, str>>) -> Json<'a> {
    Json::String(text.into())
}

/// An object of the members that say something; nothing where none does.
pub fn object<'a>(members: impl IntoIterator<Item = (&'static str, Option<Json<'a>>)>) -> Option<Json<'a>> {
    let mut object = Object::default();
    let mut is_empty = true;
    for (name, value) in members {
        if let Some(value) = value {
            object.insert(name, value);
            is_empty = false;
        }
    }
    (!is_empty).then_some(Json::Object(object))
}

/// A list; nothing where it is empty.
pub fn list<'a>(items: impl IntoIterator<Item = Json<'a>>) -> Option<Json<'a>> {
    let items: Vec<Json<'a>> = items.into_iter().collect();
    (!items.is_empty()).then_some(Json::Array(items))
}

/// A concept that is only words.
pub fn named<'a>(words: impl Into<Cow<'a, str>>) -> Option<Json<'a>> {
    object([("text", Some(text(words)))])
}

/// A concept of one code of a system of FHIR.
pub fn coded<'a>(system: &'static str, code: &'a str) -> Option<Json<'a>> {
    let coding = object([("system", Some(text(system))), ("code", Some(text(code)))]);
    object([("coding", list(coding))])
}

/// A concept of one code without a system.
pub fn code<'a>(code: &'a str) -> Option<Json<'a>> {
    object([("coding", list(object([("code", Some(text(code)))])))])
}

/// A reference to an entry of the same source.
pub fn reference<'a>(key: String, name: Option<String>) -> Option<Json<'a>> {
    object([("reference", Some(text(key))), ("display", name.map(text))])
}

/// Somebody of whom only the name is known.
pub fn display<'a>(name: impl Into<Cow<'a, str>>) -> Option<Json<'a>> {
    object([("display", Some(text(name)))])
}
