//! A document that came as it is, made a resource.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A Binary of these bytes. Its id is the one in `Binary/id`, or the address at which the document lies.
pub fn wrapped(named: &str, content_type: Option<&str>, bytes: &[u8]) -> String {
    let id = named.strip_prefix("Binary/").unwrap_or(named);
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = format!(r#"{{"resourceType":"Binary","id":{}"#, json(id));
    if let Some(content_type) = content_type {
        text.push_str(&format!(r#","contentType":{}"#, json(content_type)));
    }
    text.push_str(r#","data":""#);
    STANDARD.encode_string(bytes, &mut text);
    text.push_str("\"}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_a_binary_with_their_type_and_the_id_they_were_asked_by() {
        let text = wrapped("Binary/7", Some("text/html; charset=\"utf-8\""), b"<p>");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&read["id"], &read["contentType"]),
            (&"7".into(), &"text/html; charset=\"utf-8\"".into())
        );
        assert_eq!(read["data"], "PHA+");
        assert!(
            wrapped("https://x.org/a.pdf", None, b"").contains(r#""id":"https://x.org/a.pdf","data":"""#)
        );
    }
}
