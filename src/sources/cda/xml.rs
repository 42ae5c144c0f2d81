//! An element of a document, by local names: senders bind the namespaces of HL7 to any prefix, or to none.

use roxmltree::Node;

/// An element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a>(Node<'a, 'a>);

impl<'a> Element<'a> {
    /// The element at a node of the tree.
    pub fn of(node: Node<'a, 'a>) -> Option<Element<'a>> {
        node.is_element().then_some(Element(node))
    }

    /// The local name.
    pub fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    /// The bytes of the text that it stands at.
    pub fn range(self) -> std::ops::Range<usize> {
        self.0.range()
    }

    /// The elements inside, in their order.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Element<'a>> {
        self.0.children().filter_map(Element::of)
    }

    /// Everything inside, text too.
    pub fn nodes(self) -> impl Iterator<Item = Node<'a, 'a>> {
        self.0.children()
    }

    /// The element around this one.
    pub fn parent(self) -> Option<Element<'a>> {
        self.0.parent_element().map(Element)
    }

    /// The elements inside with this name.
    pub fn all(self, name: &str) -> impl Iterator<Item = Element<'a>> {
        self.children().filter(move |element| element.name() == name)
    }

    /// The first element inside with this name.
    pub fn child(self, name: &str) -> Option<Element<'a>> {
        self.children().find(|element| element.name() == name)
    }

    /// The first element at the end of these names, down any branch.
    pub fn at(self, path: &[&str]) -> Option<Element<'a>> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.children().filter(|element| element.name() == *first).find_map(|element| element.at(rest))
    }

    /// This element and every one below it.
    pub fn descendants(self) -> impl Iterator<Item = Element<'a>> {
        self.0.descendants().filter_map(Element::of)
    }

    /// An attribute that says something.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        let own = self.0.attributes().find(|attribute| attribute.name() == name);
        own.map(|attribute| attribute.value().trim()).filter(|value| !value.is_empty())
    }

    /// Its code.
    pub fn code(self) -> Option<&'a str> {
        self.attribute("code")
    }

    /// Its value as an attribute.
    pub fn value(self) -> Option<&'a str> {
        self.attribute("value")
    }

    /// Why it says nothing (HL7 v3 NullFlavor).
    pub fn null_flavor(self) -> Option<&'a str> {
        self.attribute("nullFlavor")
    }

    /// True for `true` and `1`.
    pub fn flag(self, name: &str) -> bool {
        matches!(self.attribute(name), Some("true" | "1"))
    }

    /// True where it says that it follows this template, in whatever version.
    pub fn follows(self, template: &str) -> bool {
        self.all("templateId").any(|own| own.attribute("root") == Some(template))
    }

    /// All text below it, white space collapsed.
    pub fn words(self) -> String {
        self.first_words(usize::MAX)
    }

    /// The text below it, up to the word with which it becomes longer than so many bytes.
    pub fn first_words(self, bytes_max: usize) -> String {
        let texts = self.0.descendants().filter(Node::is_text).filter_map(|node| node.text());
        let mut words = String::new();
        for word in texts.flat_map(str::split_whitespace) {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
            if words.len() > bytes_max {
                break;
            }
        }
        words
    }
}
