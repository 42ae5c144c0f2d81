//! The elements that many resources share: concepts, quantities, ranges, dates, and their words.

use crate::sources::json::Json;

use super::node::{Node, first, number_of, scalar};
use super::systems::system;
use crate::record::{Code, Concept, Number, Quantity, Text, When};

/// A choice of date: a moment, a period, or words such as an age.
#[derive(Default)]
pub(super) struct Moment {
    /// When, or when it began.
    pub start: Option<When>,
    /// When it ended.
    pub end: Option<When>,
    /// What was said instead of a date.
    pub words: Option<Text>,
}

impl<'a> Node<'a> {
    /// A member that is a concept; nothing where it is empty. Of a list, the first.
    pub fn concept(self, key: &str) -> Option<Concept> {
        self.items(key).iter().find_map(|item| self.concept_of(item))
    }

    /// The concepts of a member.
    pub fn concepts(self, key: &'a str) -> impl Iterator<Item = Concept> {
        self.items(key).iter().filter_map(move |item| self.concept_of(item))
    }

    /// The names of the concepts of a member.
    pub fn labels(self, key: &'a str) -> impl Iterator<Item = Text> {
        self.concepts(key).filter_map(|concept| label(&concept))
    }

    /// The name of the first concept of a member.
    pub fn label(self, key: &str) -> Option<Text> {
        self.concept(key).and_then(|concept| label(&concept))
    }

    /// A concept in the shapes that are sent: a CodeableConcept, a lone Coding, a CodeableReference
    /// of R5, or only a word.
    pub fn concept_of(self, value: &'a Json<'a>) -> Option<Concept> {
        let Json::Object(object) = value else {
            return scalar(value).map(|text| Concept { text: Some(text), codes: Vec::new() });
        };
        let node = self.beside(object, "");
        if let Some(inner) = node.get("concept") {
            return self.concept_of(inner);
        }
        let codes: Vec<Code> = if node.has("coding") {
            node.nodes("coding").filter_map(code).collect()
        } else {
            code(node).into_iter().collect()
        };
        let display = || codes.iter().find_map(|code| code.display.clone());
        let lone = || node.nodes("coding").chain([node]).find_map(|node| node.text("display"));
        let text = node.text("text").or_else(display).or_else(lone);
        let concept = Concept { text, codes };
        (!concept.is_empty()).then_some(concept)
    }

    /// A member that is a quantity.
    pub fn quantity(self, key: &str) -> Option<Quantity> {
        self.node(key).and_then(Node::as_quantity)
    }

    /// This node as a quantity; nothing where its value is no number.
    pub fn as_quantity(self) -> Option<Quantity> {
        let value = first(self.get("value")?);
        let (comparator, number) = match value {
            Json::String(text) => split_comparator(text),
            value => (None, number_of(value)),
        };
        let comparator = self.text("comparator").or(comparator.map(Text::from));
        let is_ucum = self.word("system").is_some_and(|system| {
            system.trim_end_matches('/').ends_with("unitsofmeasure.org")
                || system.ends_with("2.16.840.1.113883.6.8")
        });
        let code = self.text("code");
        let unit = self.text("unit").or_else(|| code.clone().filter(|_| !is_ucum));
        Some(Quantity { comparator, number: number?, unit, ucum: code.filter(|_| is_ucum) })
    }

    /// A member that is a period: its start and end.
    pub fn period(self, key: &str) -> Moment {
        let Some(node) = self.node(key) else { return Moment::default() };
        Moment { start: node.when("start"), end: node.when("end"), words: None }
    }

    /// A choice of dates: of `effective`, `effectiveDateTime`, `effectivePeriod` and the like.
    pub fn moment(self, stem: &str) -> Moment {
        let mut moment = Moment::default();
        for (key, kind, _) in self.choices(stem) {
            match kind {
                "DateTime" | "Date" | "Instant" => moment.start = moment.start.or(self.when(key)),
                "Period" => {
                    let period = self.period(key);
                    moment.start = moment.start.or(period.start);
                    moment.end = period.end;
                }
                "Timing" => {
                    let timing = self.node(key);
                    moment.start = moment.start.or_else(|| timing.and_then(|node| node.when("event")));
                    let bounds = timing.and_then(|node| node.node("repeat"));
                    if let Some(period) = bounds.map(|node| node.period("boundsPeriod")) {
                        moment.start = moment.start.or(period.start);
                        moment.end = moment.end.or(period.end);
                    }
                    moment.words = super::timing::words(timing);
                }
                // DSTU2 has the age at onset as a quantity.
                "Age" | "Quantity" => moment.words = self.quantity(key).map(|age| age_words(&age)),
                "Boolean" => {}
                _ => moment.words = self.words(key).next(),
            }
        }
        moment
    }

    /// A member in words, whatever its type: every item of a list on its own.
    pub fn words(self, key: &str) -> impl Iterator<Item = Text> {
        self.items(key).iter().filter_map(move |item| match item {
            Json::Object(object) => self.beside(object, "").in_words(),
            value => scalar(value),
        })
    }

    /// This node in words: a concept, quantity, period, range, ratio, reference or attachment.
    pub fn in_words(self) -> Option<Text> {
        // R5 has a concept or a reference in one element.
        if let Some(concept) = self.label("concept") {
            return Some(concept);
        }
        if let Some(referred) = self.objects("reference").next() {
            return referred.in_words();
        }
        if self.has("coding") || self.has("text") {
            return self.concept_of_self().and_then(|concept| label(&concept));
        }
        if self.has("start") || self.has("end") {
            return match (self.text("start"), self.text("end")) {
                (Some(start), Some(end)) => Some(format!("{start} to {end}").into()),
                (Some(start), None) => Some(format!("from {start}").into()),
                (None, end) => end.map(|end| format!("until {end}").into()),
            };
        }
        if self.has("low") || self.has("high") {
            return range_words(self);
        }
        if let Some(numerator) = self.node("numerator") {
            let denominator = self.node("denominator").and_then(Node::in_words);
            let numerator = numerator.in_words().unwrap_or_default();
            return Some(match denominator {
                Some(denominator) => format!("{numerator}:{denominator}").into(),
                None => numerator,
            });
        }
        if let Some(quantity) = self.as_quantity() {
            let money = self.text("currency");
            let words = quantity_words(&quantity);
            return Some(money.map_or(words.clone(), |currency| format!("{words} {currency}").into()));
        }
        self.text("display").or_else(|| self.text("title")).or_else(|| self.text("value")).or_else(|| {
            let concept = self.concept_of_self().and_then(|concept| label(&concept));
            let reference = || self.text("reference").filter(|written| !written.starts_with('#'));
            concept.or_else(reference).or_else(|| self.text("url"))
        })
    }

    fn concept_of_self(self) -> Option<Concept> {
        let codes: Vec<Code> = self.nodes("coding").chain([self]).filter_map(code).collect();
        let text = self.text("text").or_else(|| codes.iter().find_map(|code| code.display.clone()));
        Some(Concept { text, codes }).filter(|concept| !concept.is_empty())
    }
}

/// A code with its system, from a Coding.
fn code(node: Node) -> Option<Code> {
    let code = node.text("code")?;
    Some(Code { system: system(node.word("system")), code, display: node.text("display") })
}

/// What a concept is called: its name, else its first code.
pub(super) fn label(concept: &Concept) -> Option<Text> {
    let code = || concept.codes.first().map(|code| code.code.clone());
    concept.text.clone().or_else(code)
}

/// A quantity as it was recorded (`<5 mg`).
pub(super) fn quantity_words(quantity: &Quantity) -> Text {
    let comparator = quantity.comparator.as_deref().unwrap_or("");
    let number = quantity.number.as_written();
    // UCUM's unit `1` says that there is none.
    match quantity.unit().filter(|unit| *unit != "1") {
        Some(unit) => format!("{comparator}{number} {unit}").into(),
        None => format!("{comparator}{number}").into(),
    }
}

/// An age as words (`age 40 years`).
pub(super) fn age_words(age: &Quantity) -> Text {
    let unit = match age.ucum.as_deref().or(age.unit.as_deref()) {
        Some("a" | "y" | "yr" | "year") => "years",
        Some("mo" | "month") => "months",
        Some("wk" | "week") => "weeks",
        Some("d" | "day") => "days",
        Some("h" | "hour") => "hours",
        other => other.unwrap_or("years"),
    };
    format!("age {}{} {unit}", age.comparator.as_deref().unwrap_or(""), age.number.as_written()).into()
}

/// A range as words (`15–30 mL`, `≥ 18 years`).
pub(super) fn range_words(node: Node) -> Option<Text> {
    let (low, high) = (node.quantity("low"), node.quantity("high"));
    Some(match (low, high) {
        (Some(low), Some(high)) => format!("{}–{}", low.number.as_written(), quantity_words(&high)).into(),
        (Some(low), None) => format!("≥ {}", quantity_words(&low)).into(),
        (None, Some(high)) => format!("≤ {}", quantity_words(&high)).into(),
        (None, None) => return node.text("text"),
    })
}

/// A number with the comparator before it, in a string (`<5`, `>= 60`).
pub(super) fn split_comparator(text: &str) -> (Option<&'static str>, Option<Number>) {
    let text = text.trim();
    for (written, comparator) in
        [("<=", "<="), (">=", ">="), ("≤", "<="), ("≥", ">="), ("<", "<"), (">", ">"), ("~", "~")]
    {
        if let Some(rest) = text.strip_prefix(written) {
            return (Some(comparator), Number::parse(rest));
        }
    }
    (None, Number::parse(text))
}
