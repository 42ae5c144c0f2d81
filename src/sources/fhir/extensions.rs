//! Extensions in words: a plain value, or the parts that it is made of.

use super::node::Node;
use crate::record::Text;

/// The value of an extension in words. One that is made of parts (race) says it in its text, and in
/// its categories and details where they say more; any other in all of its parts.
pub(super) fn extension_words(node: Node) -> Option<Text> {
    let own = node.choices("value").find_map(|(key, kind, _)| match kind {
        "Address" => super::patient::address(node.node(key)?, false),
        // A bare yes says nothing without the question.
        "Boolean" => {
            let question = node.word("url").filter(|url| !url.contains('/'));
            let answer = node.words(key).next()?;
            Some(question.map_or(answer.clone(), |question| format!("{question}: {answer}").into()))
        }
        _ => node.words(key).next(),
    });
    if own.is_some() {
        return own;
    }
    let mut parts: Vec<Text> = Vec::new();
    let texts = node.extensions("text");
    let others = node.nodes("extension").filter(|part| part.word("url") != Some("text"));
    for words in texts.chain(others).filter_map(extension_words) {
        if !parts.iter().any(|part| part.contains(words.as_str())) {
            parts.push(words);
        }
    }
    Text::trimmed(&parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_node;
    use super::*;

    #[test]
    fn the_parts_of_an_extension_are_told_once() {
        let json = r#"{"extension":[
            {"url":"ombCategory","valueCoding":{"code":"2106-3","display":"White"}},
            {"url":"detailed","valueCoding":{"display":"Irish"}},
            {"url":"text","valueString":"White"}]}"#;
        with_node(json, |node| assert_eq!(extension_words(node).as_deref(), Some("White, Irish")));
    }
}
