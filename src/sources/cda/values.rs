//! The data types of HL7 v3 as elements of FHIR: concepts, quantities, values, names, addresses.

use std::borrow::Cow;

use super::json::{list, object, text};
use super::narrative::Narratives;
use super::times;
use super::xml::Element;
use crate::record::{Code, Concept, Kind, Number, System, Text};
use crate::sources::fhir::states_absence;
use crate::sources::json::Json;

/// Why something is not said, in words (HL7 v3 NullFlavor, THO, CC0).
pub fn nothing(flavor: &str) -> &'static str {
    match flavor {
        "UNK" => "unknown",
        "ASKU" => "asked but unknown",
        "NAV" => "not available for now",
        "NASK" => "not asked",
        "NA" => "not applicable",
        "MSK" => "withheld by the source",
        "OTH" => "other",
        "PINF" => "without an upper end",
        "NINF" => "without a lower end",
        "TRC" => "a trace",
        _ => "no information",
    }
}

/// Why an element says nothing, where it says why.
pub fn absence(element: Element<'_>) -> Option<&'static str> {
    element.null_flavor().map(nothing)
}

/// A concept: its code, the same in other systems, and the words of the document for it.
pub fn concept<'a>(coded: Element<'a>, narratives: &Narratives<'a>) -> Option<Json<'a>> {
    let mut codings = Vec::new();
    add_codings(coded, &mut codings);
    let original = coded.child("originalText").and_then(|original| narratives.words(original));
    let name = || coded.attribute("displayName").map(Cow::Borrowed);
    let said = original.map(Cow::Owned).or_else(name);
    object([("coding", list(codings)), ("text", said.map(text))])
}

fn add_codings<'a>(coded: Element<'a>, codings: &mut Vec<Json<'a>>) {
    if let Some(code) = coded.code() {
        let system = coded.attribute("codeSystem").map(|oid| text(format!("urn:oid:{oid}")));
        let display = coded.attribute("displayName").map(text);
        codings.extend(object([("system", system), ("code", Some(text(code))), ("display", display)]));
    }
    coded.all("translation").for_each(|other| add_codings(other, codings));
}

/// What a concept is called: the document's words, a name, its code, else why there is none.
pub fn label<'a>(coded: Element<'a>, narratives: &Narratives<'a>) -> Option<String> {
    said_label(coded, narratives).or_else(|| absence(coded).map(str::to_owned))
}

/// What a concept is called, where it says something.
pub fn said_label<'a>(coded: Element<'a>, narratives: &Narratives<'a>) -> Option<String> {
    let original = coded.child("originalText").and_then(|original| narratives.words(original));
    let named = |element: Element<'a>| element.attribute("displayName").map(str::to_owned);
    original
        .or_else(|| named(coded))
        .or_else(|| coded.all("translation").find_map(named))
        .or_else(|| coded.code().map(str::to_owned))
}

/// True where it names something in particular.
pub fn says_what(coded: Element<'_>) -> bool {
    let is_coded = coded.code().is_some() || coded.child("originalText").is_some();
    is_coded || coded.all("translation").any(says_what)
}

/// What names nothing in particular: a drug or medication, a vaccine, a procedure, an implant (SNOMED CT; HL7's C-CDA
/// examples deny them to say that there are no medications, immunizations, procedures and implants at all).
const ANYTHING: [&str; 5] = ["410942007", "71181003", "787859002", "71388002", "40388003"];

/// True where a statement denies anything of its kind, and nothing in particular.
pub fn denies_any(statement: Element<'_>, coded: Option<Element<'_>>) -> bool {
    let is_anything = |coded: Element<'_>| {
        let mut codes =
            std::iter::once(coded).chain(coded.all("translation")).filter_map(Element::code).peekable();
        codes.peek().is_some() && codes.all(|code| ANYTHING.contains(&code))
    };
    statement.flag("negationInd") && coded.is_none_or(|coded| !says_what(coded) || is_anything(coded))
}

/// True where its own words or codes already say that there is none of this kind, or that nobody asked: to deny that
/// once more says nothing else.
pub fn says_none(kind: Kind, coded: Element<'_>, narratives: &Narratives<'_>) -> bool {
    let snomed = std::iter::once(coded).chain(coded.all("translation"));
    let snomed = snomed.filter(|code| code.attribute("codeSystem") == Some("2.16.840.1.113883.6.96"));
    let codes = snomed
        .filter_map(|code| Some(Code { system: System::Snomed, code: code.code()?.into(), display: None }));
    let text = said_label(coded, narratives).map(Text::from);
    states_absence(kind, &Concept { text, codes: codes.collect() }).is_some()
}

/// What refines a concept (`laterality: left`).
pub fn qualifiers<'a>(coded: Element<'a>, narratives: &Narratives<'a>) -> Vec<String> {
    let one = |qualifier: Element<'a>| {
        let name = qualifier.child("name").and_then(|name| label(name, narratives));
        let value = qualifier.child("value").and_then(|value| label(value, narratives))?;
        Some(name.map_or_else(|| value.clone(), |name| format!("{name}: {value}")))
    };
    let own = coded.all("qualifier").filter_map(one);
    own.chain(coded.all("translation").flat_map(|other| qualifiers(other, narratives))).collect()
}

/// An identifier: its root as the system, its extension as the value; a root alone is the value.
pub fn identifier<'a>(id: Element<'a>) -> Option<Json<'a>> {
    let (root, extension) = (id.attribute("root"), id.attribute("extension"));
    match (root, extension) {
        // HL7 Terminology, NamingSystem "npi".
        (Some("2.16.840.1.113883.4.6"), Some(npi)) => {
            object([("system", Some(text("http://hl7.org/fhir/sid/us-npi"))), ("value", Some(text(npi)))])
        }
        (Some(root), Some(extension)) => {
            object([("system", Some(text(format!("urn:oid:{root}")))), ("value", Some(text(extension)))])
        }
        (Some(root), None) => object([("value", Some(text(root)))]),
        _ => None,
    }
}

/// A number with its unit. Digits stay as written.
pub fn quantity<'a>(element: Element<'a>) -> Option<Json<'a>> {
    compared(element, None)
}

fn compared<'a>(element: Element<'a>, comparator: Option<&'static str>) -> Option<Json<'a>> {
    // A unit that is not of UCUM: the number stands in a translation, with the unit as the laboratory writes it.
    let other = || element.all("translation").find(|other| other.value().is_some());
    let numbered = Some(element).filter(|own| own.value().is_some()).or_else(other)?;
    let value = numbered.value()?;
    // `1` is the unit of what has none.
    let unit = numbered.attribute("unit").filter(|unit| *unit != "1");
    let written = numbered.child("originalText").map(Element::words).filter(|unit| !unit.is_empty());
    let named = numbered.attribute("displayName").or_else(|| numbered.code()).filter(|_| unit.is_none());
    let written = written.or_else(|| named.map(str::to_owned));
    object([
        ("value", Some(number(value))),
        ("comparator", comparator.map(text)),
        ("unit", written.map(text).or_else(|| unit.map(text))),
        ("system", unit.map(|_| text("http://unitsofmeasure.org"))),
        ("code", unit.map(text)),
    ])
}

/// A value in the choice of FHIR: its name (`valueQuantity`) and what it is.
pub fn value<'a>(element: Element<'a>, narratives: &Narratives<'a>) -> Option<(&'static str, Json<'a>)> {
    let kind = element.attribute("type").map(|kind| kind.rsplit(':').next().unwrap_or(kind));
    let words = || narratives.words(element).map(|words| ("valueString", text(words)));
    match kind.unwrap_or_else(|| guessed(element)) {
        "PQ" | "REAL" | "MO" => quantity(element).map(|value| ("valueQuantity", value)).or_else(words),
        "INT" => element.value().map(|digits| ("valueInteger", number(digits))),
        "IVL_PQ" | "IVL_REAL" | "IVL_INT" => interval(element),
        "CD" | "CE" | "CV" | "CO" | "CS" => {
            concept(element, narratives).map(|value| ("valueCodeableConcept", value)).or_else(words)
        }
        "BL" => element.value().map(|value| ("valueBoolean", Json::Bool(matches!(value, "true" | "1")))),
        "TS" => times::of(element).map(|date| ("valueDateTime", text(date))),
        "IVL_TS" => times::period(element).map(|period| ("valuePeriod", period)),
        "RTO" | "RTO_PQ_PQ" | "RTO_INT_INT" => ratio(element),
        "II" => {
            element.attribute("extension").or(element.attribute("root")).map(|id| ("valueString", text(id)))
        }
        _ => words().or_else(|| element.value().map(|value| ("valueString", text(value)))),
    }
}

/// The type of a value that does not say it.
fn guessed(element: Element<'_>) -> &'static str {
    if element.code().is_some() {
        "CD"
    } else if element.child("low").is_some() || element.child("high").is_some() {
        "IVL_PQ"
    } else if element.value().is_some_and(|value| Number::parse(value).is_some()) {
        "PQ"
    } else {
        "ST"
    }
}

/// A number as it is written; in words, where it is none. A point without a digit before it gets its zero: `.5` is easily
/// read as 5, and JSON has no such number.
pub fn number(digits: &str) -> Json<'_> {
    if Number::parse(digits).is_none() {
        return text(digits);
    }
    match digits.strip_prefix('-').unwrap_or(digits).starts_with('.') {
        true => Json::Number(Cow::Owned(digits.replacen('.', "0.", 1))),
        false => Json::Number(Cow::Borrowed(digits)),
    }
}

/// An interval: with one end only, it is a number with a comparator.
fn interval<'a>(element: Element<'a>) -> Option<(&'static str, Json<'a>)> {
    let has_number = |end: &Element<'_>| end.descendants().any(|own| own.value().is_some());
    let end = |name: &str| element.child(name).filter(has_number);
    let is_open = |end: Element<'_>| end.attribute("inclusive") == Some("false");
    match (end("low"), end("high")) {
        (Some(low), Some(high)) => {
            object([("low", quantity(low)), ("high", quantity(high))]).map(|range| ("valueRange", range))
        }
        (Some(low), None) => {
            compared(low, Some(if is_open(low) { ">" } else { ">=" })).map(|value| ("valueQuantity", value))
        }
        (None, Some(high)) => {
            compared(high, Some(if is_open(high) { "<" } else { "<=" })).map(|value| ("valueQuantity", value))
        }
        (None, None) => quantity(element).map(|value| ("valueQuantity", value)),
    }
}

fn ratio<'a>(element: Element<'a>) -> Option<(&'static str, Json<'a>)> {
    let part = |name: &str| element.child(name).and_then(quantity);
    let ratio = object([("numerator", part("numerator")), ("denominator", part("denominator"))]);
    ratio.map(|ratio| ("valueRatio", ratio))
}

/// A range of reference, as words where it is written so.
pub fn range<'a>(observation_range: Element<'a>, narratives: &Narratives<'a>) -> Option<Json<'a>> {
    let value = observation_range.child("value");
    let end = |name: &str| value?.child(name).and_then(quantity);
    let words = observation_range.child("text").and_then(|words| narratives.words(words));
    let coded = || value.and_then(|value| label(value, narratives)).or_else(|| Some(value?.words()));
    let words = words.or_else(|| {
        coded().filter(|words| !words.is_empty() && end("low").is_none() && end("high").is_none())
    });
    let meaning = observation_range.child("interpretationCode").and_then(Element::code);
    // A range that says what it means for somebody to be in it, other than `normal`.
    let purpose = meaning.filter(|code| *code != "N").map(|code| {
        if code == "H" {
            "high"
        } else if code == "L" {
            "low"
        } else {
            code
        }
    });
    let kind = purpose.and_then(super::json::named);
    object([("low", end("low")), ("high", end("high")), ("text", words.map(text)), ("type", kind)])
}

/// A name of a person.
pub fn name<'a>(name: Element<'a>) -> Option<Json<'a>> {
    let usage = match name.attribute("use") {
        Some("L" | "C") => Some("official"),
        Some("P") => Some("nickname"),
        Some("ASGN") => Some("usual"),
        _ => None,
    };
    let part =
        |part: &'static str| name.all(part).map(Element::words).filter(|words| !words.is_empty()).map(text);
    let is_birth = name
        .all("family")
        .chain(name.all("given"))
        .any(|part| part.attribute("qualifier").is_some_and(|it| it.split(' ').any(|it| it == "BR")));
    let family: Vec<String> =
        name.all("family").map(Element::words).filter(|words| !words.is_empty()).collect();
    let whole = name.children().next().is_none().then(|| name.words()).filter(|words| !words.is_empty());
    object([
        ("use", (if is_birth { Some("maiden") } else { usage }).map(text)),
        ("family", Some(family.join(" ")).filter(|family| !family.is_empty()).map(text)),
        ("given", list(part("given"))),
        ("prefix", list(part("prefix"))),
        ("suffix", list(part("suffix"))),
        ("text", whole.map(text)),
    ])
    .filter(|_| name.null_flavor().is_none())
}

/// A name in one line.
pub fn name_line(name: Element<'_>) -> Option<String> {
    let order = ["prefix", "given", "family", "suffix"];
    let parts =
        order.iter().flat_map(|part| name.all(part)).map(Element::words).filter(|words| !words.is_empty());
    let line = parts.collect::<Vec<_>>().join(" ");
    Some(if line.is_empty() { name.words() } else { line }).filter(|line| !line.is_empty())
}

/// A way to reach somebody.
pub fn telecom<'a>(telecom: Element<'a>) -> Option<Json<'a>> {
    let value = telecom.value()?;
    let (system, value) = match value.split_once(':') {
        Some(("tel", rest)) => ("phone", rest),
        Some(("mailto", rest)) => ("email", rest),
        Some(("fax", rest)) => ("fax", rest),
        Some(("http" | "https", _)) => ("url", value),
        _ => ("phone", value),
    };
    let usage = match telecom.attribute("use") {
        Some("HP" | "H" | "HV") => Some("home"),
        Some("WP" | "DIR" | "PUB") => Some("work"),
        Some("MC") => Some("mobile"),
        _ => None,
    };
    object([("system", Some(text(system))), ("value", Some(text(value.trim()))), ("use", usage.map(text))])
}

/// An address.
pub fn address<'a>(address: Element<'a>) -> Option<Json<'a>> {
    let usage = match address.attribute("use") {
        Some("HP" | "H" | "HV") => Some("home"),
        Some("WP") => Some("work"),
        Some("TMP") => Some("temp"),
        Some("BAD" | "OLD") => Some("old"),
        _ => None,
    };
    let part =
        |name: &str| address.child(name).map(Element::words).filter(|words| !words.is_empty()).map(text);
    let lines = address.all("streetAddressLine").map(Element::words).filter(|words| !words.is_empty());
    let whole =
        address.children().next().is_none().then(|| address.words()).filter(|words| !words.is_empty());
    let parts = [
        ("line", list(lines.map(text))),
        ("city", part("city")),
        ("state", part("state")),
        ("postalCode", part("postalCode")),
        ("country", part("country")),
        ("text", whole.map(text)),
    ];
    let is_something = parts.iter().any(|(_, part)| part.is_some());
    is_something.then(|| object(parts.into_iter().chain([("use", usage.map(text))]))).flatten()
}
