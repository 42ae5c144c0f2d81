//! JSON as it lies in the text: strings without escapes are borrowed, numbers keep their digits.
//!
//! An import reads every resource once and forgets it; values that own their strings took a third of
//! its time.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The name under which serde_json hands over a number whose digits are kept (`arbitrary_precision`).
const NUMBER: &str = "$serde_json::private::Number";

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The digits of a number, as written.
    Number(Cow<'a, str>),
    /// A string.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A JSON object. Of two members with one name the later counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Json<'a> {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_array(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.as_object()?.get(name)
    }
}

impl<'a> Object<'a> {
    /// A member.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.member(name).map(|(_, value)| value)
    }

    /// A member with its name.
    pub fn member(&self, name: &str) -> Option<(&str, &Json<'a>)> {
        let (name, value) = self.0.iter().rev().find(|(own, _)| own == name)?;
        Some((name, value))
    }

    /// The members whose names begin with `stem`, by name, so that their order in the text does not matter.
    pub fn members(&self, stem: &str) -> Vec<(&str, &Json<'a>)> {
        let named = self.0.iter().filter(|(name, _)| name.starts_with(stem));
        let mut members: Vec<(&str, &Json<'a>)> = named.map(|(name, value)| (&**name, value)).collect();
        members.reverse();
        members.sort_by_key(|(name, _)| *name);
        members.dedup_by_key(|(name, _)| *name);
        members
    }

    /// All members, as they stand.
    pub fn each(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Takes a member away.
    pub fn take(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.0.iter().rposition(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes members away.
    pub fn remove(&mut self, names: &[&str]) {
        self.0.retain(|(own, _)| !names.contains(&&**own));
    }

    /// Adds a member.
    pub fn insert(&mut self, name: &'static str, value: Json<'a>) {
        self.0.push((Cow::Borrowed(name), value));
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_map(AnyObject)? {
            Json::Object(object) => Ok(object),
            _ => Err(D::Error::custom("a number where an object is due")),
        }
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    // Whole numbers come as such where none of their digits is lost by it.
    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Cow::Owned(number.to_string())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json<'de>, A::Error> {
        AnyObject.visit_map(map)
    }
}

/// An object, or a number in the shape in which it is handed over.
struct AnyObject;

impl<'de> Visitor<'de> for AnyObject {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut object = Object::default();
        while let Some(Name(name)) = map.next_key()? {
            if object.0.is_empty() && name == NUMBER {
                return Ok(Json::Number(Cow::Owned(map.next_value()?)));
            }
            object.0.push((name, map.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

/// The name of a member.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName)
    }
}

struct AnyName;

impl<'de> Visitor<'de> for AnyName {
    type Value = Name<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn values_come_as_they_were_written() {
        let json = read(
            r#"{"n":4.10,"e":-1E-7,"i":-20,"z":-0,"b":123456789012345678901234567890,"s":"plain","t":"a\n\u00e9","l":[null,true,{}]}"#,
        );
        assert_eq!(json.get("n"), Some(&Json::Number("4.10".into())));
        assert!(matches!(json.get("e"), Some(Json::Number(digits)) if digits.eq_ignore_ascii_case("-1e-7")));
        let digits = ["i", "z", "b"].map(|name| json.get(name).cloned());
        assert_eq!(
            digits,
            ["-20", "-0", "123456789012345678901234567890"].map(|all| Some(Json::Number(all.into())))
        );
        assert!(matches!(json.get("s"), Some(Json::String(Cow::Borrowed("plain")))));
        assert_eq!(json.get("t").and_then(Json::as_str), Some("a\né"));
        let list = json.get("l").and_then(Json::as_array).unwrap();
        assert_eq!(list, [Json::Null, Json::Bool(true), Json::Object(Object::default())]);
        assert_eq!(read("12"), Json::Number("12".into()));
    }

    #[test]
    fn of_members_with_one_name_the_later_counts_and_the_order_does_not_matter() {
        let json = read(r#"{"b":1,"a":2,"b":3}"#);
        let object = json.as_object().unwrap();
        assert_eq!(object.get("b"), Some(&Json::Number("3".into())));
        let members = object.members("");
        assert_eq!(members.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(members[1].1, &Json::Number("3".into()));
    }

    #[test]
    fn what_is_no_object_is_told_from_what_is_no_json() {
        let error = |text: &str| serde_json::from_str::<Object<'_>>(text).unwrap_err();
        for text in ["[]", "7", "\"x\"", "null"] {
            assert!(error(text).is_data(), "{text}");
        }
        assert!(error("{\"a\":").is_eof() && error("{a}").is_syntax());
    }
}
