//! The keys under which two entries are the same fact.
//!
//! A wrong key hides a fact behind another one, so what is in doubt is not joined: never by display
//! names where there are codes, never across different values, standings or kinds.

mod bucket;
mod findings;

use self::bucket::{Bucket, is_placeholder, join};
use super::folding::fold;
use super::medicines::ingredients_of;
use super::vaccines::groups;
use crate::record::{
    Allergy, Code, Concept, Condition, Contact, Dates, Detail, Document, Entry, Family, Key, Kind,
    Medication, Standing, System, Visit,
};

/// RxNorm's address, as the table of medicines knows it.
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// Every key of an entry. Entered in error, the person itself and own notes have none.
pub fn keys(entry: &Entry) -> Vec<Key> {
    let is_apart = matches!(entry.kind(), Kind::Demographics | Kind::Note);
    if is_apart || entry.standing == Standing::EnteredInError {
        // By this one it is known when it comes again; it joins nothing.
        return content_of(entry).into_iter().collect();
    }
    let mut keys = of_kind(entry);
    keys.extend(by_identifier(entry));
    keys.extend(by_content(entry));
    keys.sort_unstable_by_key(|key| (key.bucket, key.dates as u8));
    keys.dedup();
    keys
}

/// The key of a report by its results: two reports with the same set of results are the same report.
/// `None` where it names none, or one of them has no key of its own.
pub fn key_of_results(report: &Entry, results: &[&Entry]) -> Option<Key> {
    let first = |result: &&Entry| findings::keys(result).into_iter().map(|key| key.bucket).min();
    let mut buckets = results.iter().map(first).collect::<Option<Vec<u64>>>()?;
    buckets.sort_unstable();
    buckets.dedup();
    let mut bucket = Bucket::of(report, "results");
    buckets.iter().for_each(|result| bucket = std::mem::take(&mut bucket).and(&result.to_le_bytes()));
    (!buckets.is_empty()).then(|| bucket.key(Dates::SameDay))
}

fn of_kind(entry: &Entry) -> Vec<Key> {
    match &entry.detail {
        Detail::Measurement(_) => findings::keys(entry),
        Detail::Condition(condition) => conditions(entry, condition),
        Detail::Medication(medicine) => medicines(entry, medicine),
        Detail::Allergy(allergy) => allergies(entry, allergy),
        Detail::Immunization(_) => vaccines(entry),
        Detail::Visit(visit) => visits(entry, visit),
        Detail::Document(document) => documents(entry, document),
        Detail::Family(family) => relatives(entry, family),
        Detail::Contact(contact) => contacts(entry, contact),
        Detail::Plain if entry.kind() == Kind::Procedure => procedures(entry),
        Detail::Plain if entry.kind() == Kind::Coverage => coverages(entry),
        _ => Vec::new(),
    }
}

/// One key for each code that `word` accepts.
fn by_codes(entry: &Entry, word: fn(&Code) -> Option<String>, dates: Dates) -> Vec<Key> {
    let words = entry.concept.codes.iter().filter_map(word);
    words.map(|word| Bucket::of(entry, "code").and(word.as_bytes()).key(dates)).collect()
}

fn any_code(code: &Code) -> Option<String> {
    let given = !matches!(code.system, System::Other(None)) && !code.code.trim().is_empty();
    given.then(|| format!("{}|{}", code.system.name(), code.code.trim()))
}

/// By code; of what nobody has coded, by its name.
fn procedures(entry: &Entry) -> Vec<Key> {
    let coded = by_codes(entry, any_code, Dates::SameDay);
    let name = folded_name(&entry.concept).filter(|_| entry.concept.codes.is_empty());
    let named = name.map(|name| Bucket::of(entry, "name").and(name.as_bytes()).key(Dates::SameDay));
    coded.into_iter().chain(named).collect()
}

/// CVX without the leading zeros that some vendors drop.
fn vaccine_code(code: &Code) -> Option<String> {
    match code.system {
        System::Cvx => Some(format!("CVX|{}", code.code.trim().trim_start_matches('0'))),
        _ => None,
    }
}

/// The same product of one day; and of different sources whatever is against the same diseases, within a
/// day: one writes the product and another its kind, and each writes the day of its own time zone.
fn vaccines(entry: &Entry) -> Vec<Key> {
    let mut keys = by_codes(entry, vaccine_code, Dates::SameDay);
    for code in entry.concept.codes_in(&System::Cvx) {
        let against = join(groups(code).iter().map(|disease| (*disease).to_owned()));
        let against = if against.is_empty() { code.trim().trim_start_matches('0') } else { &against };
        keys.push(Bucket::of(entry, "against").and(against.as_bytes()).key(Dates::AcrossSources));
    }
    keys
}

/// Diagnosis codes, in one spelling. Others (interface terminologies) are too fine or too local.
fn diagnosis_code(code: &Code) -> Option<String> {
    match code.system {
        System::Icd10 | System::Snomed | System::Icd9 => {
            let plain = code.code.trim().replace('.', "").to_ascii_uppercase();
            Some(format!("{}|{plain}", code.system.name()))
        }
        _ => None,
    }
}

/// A visit's diagnosis never joins the problem list.
fn conditions(entry: &Entry, condition: &Condition) -> Vec<Key> {
    let list = [condition.list as u8];
    let key = |word: String| {
        Bucket::of(entry, "diagnosis").and(&list).and(word.as_bytes()).key(Dates::WithinOneDay)
    };
    let coded: Vec<Key> = entry.concept.codes.iter().filter_map(diagnosis_code).map(key).collect();
    match folded_name(&entry.concept) {
        Some(name) if coded.is_empty() && entry.concept.codes.is_empty() => vec![key(name)],
        _ => coded,
    }
}

fn medicines(entry: &Entry, medicine: &Medication) -> Vec<Key> {
    let role = [medicine.role as u8];
    let key =
        |what: &str, word: &str| Bucket::of(entry, what).and(&role).and(word.as_bytes()).key(Dates::SameDay);
    let name = entry.concept.name().unwrap_or_default();
    let mut keys: Vec<Key> =
        entry.concept.codes_in(&System::RxNorm).map(|code| key("rxnorm", code.trim())).collect();
    let ingredients = ingredients(&entry.concept);
    let strength = strength(name);
    if !ingredients.is_empty() && !strength.is_empty() {
        keys.push(key("ingredients", &format!("{}|{strength}", ingredients.join("+"))));
    }
    if keys.is_empty() {
        keys.extend(folded_name(&entry.concept).map(|name| key("name", &name)));
    }
    keys
}

/// "None known" has a standing of its own, which is part of every bucket.
fn allergies(entry: &Entry, _: &Allergy) -> Vec<Key> {
    let key = |what: &str, word: &str| Bucket::of(entry, what).and(word.as_bytes()).key(Dates::Any);
    let ingredients = ingredients(&entry.concept);
    let mut keys = by_codes(entry, any_code, Dates::Any);
    if !ingredients.is_empty() {
        keys.push(key("ingredients", &ingredients.join("+")));
    }
    keys.extend(folded_name(&entry.concept).map(|name| key("name", &name)));
    keys
}

/// The instant, not only the day: two visits of one day to one clinic are two visits.
fn visits(entry: &Entry, visit: &Visit) -> Vec<Key> {
    let organization = entry.actor("organization").map(fold).filter(|name| !name.is_empty());
    let key = |organization: String| {
        let bucket = Bucket::of(entry, "visit").and(&[visit.class as u8]);
        bucket.and(organization.as_bytes()).key(Dates::SameMinute)
    };
    organization.map(key).into_iter().collect()
}

fn documents(entry: &Entry, document: &Document) -> Vec<Key> {
    let sent = document.attachments.iter().filter(|attachment| attachment.size != Some(0));
    let hashes = sent.filter_map(|attachment| attachment.hash);
    hashes.map(|hash| Bucket::of(entry, "attachment").and(&hash).key(Dates::Any)).collect()
}

fn relatives(entry: &Entry, family: &Family) -> Vec<Key> {
    let Some(relation) = family.relation.as_deref().map(fold) else { return Vec::new() };
    let names = family.conditions.iter().filter_map(|condition| folded_name(&condition.concept));
    let names = join(names);
    let bucket = Bucket::of(entry, "relative").and(relation.as_bytes()).and(names.as_bytes());
    (!names.is_empty()).then(|| bucket.key(Dates::Any)).into_iter().collect()
}

fn contacts(entry: &Entry, contact: &Contact) -> Vec<Key> {
    let key = |what: &str, words: &[&str]| {
        let bucket = Bucket::of(entry, what).and(contact.what.as_bytes());
        words.iter().fold(bucket, |bucket, word| bucket.and(word.as_bytes())).key(Dates::Any)
    };
    if let Some(npi) = &contact.npi {
        return vec![key("npi", &[npi])];
    }
    let address = contact.addresses.first().map(|address| fold(address));
    match (folded_name(&entry.concept), address) {
        (Some(name), Some(address)) => vec![key("address", &[&name, &address])],
        _ => Vec::new(),
    }
}

/// Payer, member and plan: the parts of Medicare have one payer and one member.
fn coverages(entry: &Entry) -> Vec<Key> {
    let member = entry.extra("member id").or(entry.extra("subscriber id")).filter(|id| !is_placeholder(id));
    let payer = entry.actor("payor").or(entry.concept.name()).map(fold);
    let plan = entry.extra("plan").map(fold).unwrap_or_default();
    let key = |(member, payer): (&str, String)| {
        let bucket = Bucket::of(entry, "member").and(payer.as_bytes()).and(fold(member).as_bytes());
        bucket.and(plan.as_bytes()).key(Dates::Any)
    };
    member.zip(payer).map(key).into_iter().collect()
}

/// The same identifier of the same thing with the same value. A laboratory gives one accession number to
/// all results of a sample, so code and value stand beside it.
fn by_identifier(entry: &Entry) -> Vec<Key> {
    let identifiers = entry.more.iter().filter(|(label, _)| label == "identifier");
    let mut usable = identifiers.filter(|(_, identifier)| !is_placeholder(identifier)).peekable();
    if usable.peek().is_none() {
        return Vec::new();
    }
    let dates = match entry.detail {
        Detail::Measurement(_) | Detail::Medication(_) | Detail::Claim(_) => Dates::SameDay,
        _ => Dates::Any,
    };
    let value = findings::value_of(entry);
    let codes = entry.concept.codes.iter().filter_map(any_code).chain(folded_name(&entry.concept));
    let codes: Vec<String> = match &entry.detail {
        // Each source titles and codes its documents in its own way.
        Detail::Document(_) => vec![String::new()],
        // A claim as it was sent and what was decided about it are named by different codes.
        Detail::Claim(claim) => vec![claim.form.words().to_owned()],
        _ => codes.collect(),
    };
    let mut keys = Vec::new();
    for (_, identifier) in usable {
        keys.extend(codes.iter().map(|code| {
            let bucket = Bucket::of(entry, "identifier").and(identifier.as_bytes());
            bucket.and(code.as_bytes()).and(value.as_bytes()).key(dates)
        }));
    }
    keys
}

/// The same content; of an entry of which it is not known, the same bytes.
fn by_content(entry: &Entry) -> Option<Key> {
    let bytes = || {
        let bucket = Bucket::of(entry, "content").and(&entry.original.hash).and(part(entry).as_bytes());
        (entry.original.hash != [0; 16]).then(|| bucket.key(Dates::Any))
    };
    content_of(entry).or_else(bytes)
}

/// The key of an entry by the hash of its content.
pub fn key_of_content(entry: &Entry, content: &[u8; 16]) -> Key {
    let part = part(entry);
    if !part.is_empty() {
        return Bucket::of(entry, "content").and(content).and(part.as_bytes()).key(Dates::SameContent);
    }
    // The content is hashed already, and an import makes many of these: only the kind and the standing,
    // which a later reader may judge otherwise, are mixed in.
    let mut half = [0; 8];
    half.copy_from_slice(&content[..8]);
    let kind = u64::from(u32::from(entry.kind().letter())) << 8 | entry.standing as u64;
    let bucket = u64::from_le_bytes(half) ^ kind.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Key { bucket, dates: Dates::SameContent }
}

/// The key by its content that was given to an entry.
pub fn content_of(entry: &Entry) -> Option<Key> {
    entry.keys.iter().find(|key| key.dates == Dates::SameContent).copied()
}

/// Results inside a report share its bytes and its content: their own id tells them apart.
fn part(entry: &Entry) -> &str {
    entry.key.split_once('#').map_or("", |(_, part)| part)
}

/// The generic names of the ingredients, in order.
fn ingredients(concept: &Concept) -> Vec<&'static str> {
    let codes: Vec<(&str, &str)> = concept.codes_in(&System::RxNorm).map(|code| (RXNORM, code)).collect();
    let found = ingredients_of(&codes, concept.name().unwrap_or_default());
    let mut names: Vec<&str> = found.into_iter().map(|ingredient| ingredient.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The numbers of a medicine's name with the words behind them: its strength (`10 mg`, `5 325 mg`).
pub fn strength(name: &str) -> String {
    let plain = name.to_lowercase().replace(',', "");
    let mut words = Vec::new();
    for word in plain.split(|letter: char| !letter.is_alphanumeric() && letter != '.') {
        let at = word.find(|letter: char| letter.is_alphabetic()).unwrap_or(word.len());
        let (digits, unit) = word.split_at(at);
        let digits = digits.trim_matches('.');
        if digits.bytes().any(|byte| byte.is_ascii_digit()) {
            words.push(bucket::digits(digits));
        }
        if matches!(unit, "mg" | "mcg" | "ug" | "g" | "ml" | "meq" | "unit" | "units" | "iu" | "hr") {
            words.push(if unit == "ug" { "mcg".into() } else { unit.trim_end_matches('s').to_owned() });
        }
    }
    words.join(" ")
}

fn folded_name(concept: &Concept) -> Option<String> {
    concept.name().map(fold).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
