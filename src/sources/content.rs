//! The content of a resource, apart from how its JSON is laid out: white space and the order of members
//! mean nothing, the digits of numbers do.

use sha2::{Digest, Sha256};

use super::json::{Json, Object};

/// The first half of the SHA-256 of the content.
pub fn content_hash(resource: &Object<'_>) -> [u8; 16] {
    let mut content = Vec::with_capacity(2 << 10);
    write_object(resource, &mut content);
    let digest = Sha256::digest(&content);
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

fn write_object(object: &Object<'_>, content: &mut Vec<u8>) {
    content.push(b'{');
    let member = |(name, value): (&str, &Json<'_>)| {
        write_text(name, content);
        write(value, content);
    };
    // Many write them in order; only others are sorted, each in a list of its own.
    match object.each().is_sorted_by(|(one, _), (other, _)| one < other) {
        true => object.each().for_each(member),
        false => object.members("").into_iter().for_each(member),
    }
    content.push(b'}');
}

fn write(value: &Json<'_>, content: &mut Vec<u8>) {
    match value {
        Json::Null => content.push(b'n'),
        Json::Bool(true) => content.push(b't'),
        Json::Bool(false) => content.push(b'f'),
        Json::Number(digits) => {
            content.push(b'#');
            write_text(digits, content);
        }
        Json::String(text) => {
            content.push(b'"');
            write_text(text, content);
        }
        Json::Array(items) => {
            content.push(b'[');
            items.iter().for_each(|item| write(item, content));
            content.push(b']');
        }
        Json::Object(object) => write_object(object, content),
    }
}

/// The length comes first, so that no two contents write alike.
fn write_text(text: &str, content: &mut Vec<u8>) {
    content.extend_from_slice(&(text.len() as u32).to_le_bytes());
    content.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> [u8; 16] {
        content_hash(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn the_layout_means_nothing_and_the_digits_do() {
        let one = hash(r#"{"a":{"x":4.10,"y":[1,"é",null]},"b":true}"#);
        assert_eq!(one, hash("{ \"b\" : true,\n\t\"a\": {\"y\": [1, \"\\u00e9\", null], \"x\": 4.10}}"));
        for other in [
            r#"{"a":{"x":4.1,"y":[1,"é",null]},"b":true}"#,
            r#"{"a":{"x":"4.10","y":[1,"é",null]},"b":true}"#,
            r#"{"a":{"x":4.10,"y":["é",1,null]},"b":true}"#,
            r#"{"a":{"x":4.10},"y":[1,"é",null],"b":true}"#,
        ] {
            assert_ne!(one, hash(other), "{other}");
        }
    }
}
