//! What the person can do, which language they speak, who helps, who treats them, and what runs in the family.

use super::part::{line, name_of, select_always};
use crate::insight::background::{is_function, value};
use crate::insight::rows::Shown;
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::knowledge::conditions::condition_by_words;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Kind};

/// Characters of an answer or a person's words.
const WORDS_CHARS: usize = 80;

/// Function and cognition as recorded, the language, who helps.
pub(super) fn function_and_help(context: &Context<'_>) -> Result<Part, Refusal> {
    let mut lines = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for entry in context.view.entries(Kind::Demographics) {
        let Detail::Person(person) = &entry.detail else { continue };
        let facts = person.facts.iter().filter(|(label, _)| is_of_daily_life(label));
        for (label, value) in facts {
            let fact = format!("{}: {}", plain(label), shortened(value, WORDS_CHARS));
            if !told.contains(&fact) {
                lines.push(format!("{fact} [{}]", entry.id));
                told.push(fact);
            }
        }
    }
    for entry in context.view.entries(Kind::Contact).take(CONTACTS_MOST) {
        let Detail::Contact(contact) = &entry.detail else { continue };
        let is_told = entry.concept.name().is_some_and(|name| told.iter().any(|fact| fact.contains(name)));
        if contact.what.to_lowercase().contains("related person") && !is_told {
            let roles: Vec<String> = contact.roles.iter().map(|role| shortened(role, WORDS_CHARS)).collect();
            lines.push(line(
                &format!("Related person: {} ({})", name_of(entry), roles.join(", ")),
                None,
                entry,
            ));
        }
    }
    let mut named = std::collections::HashSet::new();
    let background = select_always(context, Kind::Background)?;
    let found = background
        .iter()
        .map(|shown| shown.face)
        .filter(|entry| entry.standing.is_fact() && is_of_function(entry));
    let latest = found.filter(|entry| named.insert(entry.concept.label().to_lowercase()));
    lines.extend(latest.map(|entry| {
        let what = format!("{}: {}", name_of(entry), shortened(&value(entry), WORDS_CHARS));
        line(&what, entry.date.or(entry.recorded), entry)
    }));
    let call = "get_background {\"kind\":\"function\"}";
    Ok(Part::of("Function, language, who helps", call, 8, lines).keeping(2))
}

/// A record names many clinicians; who is related to the person are few.
const CONTACTS_MOST: usize = 2_000;

fn is_of_daily_life(label: &str) -> bool {
    let label = label.to_lowercase();
    ["language", "interpreter", "contact", "guardian", "caregiver", "disability"]
        .iter()
        .any(|word| label.contains(word))
}

/// By the source's category, or by the words of tests that are commonly sent without it.
fn is_of_function(entry: &Entry) -> bool {
    const TESTS: [&str; 9] = [
        "cognitive",
        "mini cog",
        "moca",
        "mmse",
        "activities of daily living",
        "karnofsky",
        "ecog",
        "fall risk",
        "caregiver",
    ];
    let name = fold(&entry.concept.label());
    is_function(entry) || TESTS.iter().any(|test| name.contains(test))
}

/// Relatives of the first degree.
const FIRST_DEGREE: [&str; 10] =
    ["mother", "father", "parent", "brother", "sister", "sibling", "son", "daughter", "child", "twin"];

/// Words of what changes the screening or the caution of relatives, told first.
const MATTERS: [&str; 24] = [
    "cancer",
    "carcinoma",
    "melanoma",
    "polyp",
    "lynch",
    "brca",
    "heart attack",
    "myocardial",
    "coronary",
    "heart disease",
    "sudden",
    "stroke",
    "aneurysm",
    "cardiomyopathy",
    "diabetes",
    "cholesterol",
    "glaucoma",
    "osteoporosis",
    "hip fracture",
    "clot",
    "thrombo",
    "polycystic",
    "hemochromatosis",
    "dementia",
];

/// The family history: what changes screening first, of the nearest relatives first.
pub(super) fn family(context: &Context<'_>) -> Result<Part, Refusal> {
    let shown = select_always(context, Kind::FamilyHistory)?;
    let mut told: Vec<(u8, String)> = Vec::new();
    for entry in shown.iter().map(|shown| shown.face).filter(|entry| entry.standing.is_fact()) {
        let Detail::Family(family) = &entry.detail else { continue };
        if family.conditions.is_empty() {
            continue;
        }
        let relation =
            family.relation.as_deref().map_or_else(|| name_of(entry), |relation| shortened(relation, 40));
        let is_near = FIRST_DEGREE.iter().any(|near| {
            let words = fold(&relation);
            // A grandmother and a stepfather are none, nor is a mother's sister.
            words.split(' ').any(|word| word == *near)
                && !["grand", "step", "half", "in law", "maternal", "paternal", "adopt", "foster"]
                    .iter()
                    .any(|far| words.contains(far))
        });
        let does_matter = family.conditions.iter().any(|one| {
            let name = one.concept.label();
            let plain = condition_by_words(&name).map_or("", |known| known.name);
            let words = format!("{} {plain}", fold(&name));
            MATTERS.iter().any(|word| words.contains(word))
        });
        let rank = match (does_matter, is_near) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        told.push((rank, format!("{relation}: {} [{}]", shortened(&value(entry), FAMILY_CHARS), entry.id)));
    }
    told.sort_by_key(|(rank, _)| *rank);
    let lines = told.into_iter().map(|(_, line)| line).collect();
    let call = "get_background {\"kind\":\"family-history\"}";
    Ok(Part::of("Family history", call, 6, lines).keeping(2))
}

/// Characters of what a relative had.
const FAMILY_CHARS: usize = 140;

/// The care team: who does what.
pub(super) fn team(context: &Context<'_>) -> Result<Part, Refusal> {
    let shown = select_always(context, Kind::CarePlan)?;
    let is_past =
        |entry: &Entry| matches!(entry.status.as_deref(), Some("inactive" | "suspended" | "proposed"));
    let teams = shown
        .iter()
        .map(|shown: &Shown<'_>| shown.face)
        .filter(|entry| entry.standing.is_fact() && !is_past(entry));
    let mut named = std::collections::HashSet::new();
    let lines = teams.filter_map(|entry| {
        let Detail::Team(members) = &entry.detail else { return None };
        let told: Vec<String> = members
            .iter()
            .filter_map(|member| {
                let name = shortened(member.name.as_deref()?, 50);
                let role = member.role.as_deref().map(|role| format!(" ({})", shortened(role, 50)));
                named.insert(name.to_lowercase()).then(|| format!("{name}{}", role.unwrap_or_default()))
            })
            .collect();
        let more = told.len().saturating_sub(MEMBERS_MOST);
        let rest = if more > 0 { format!("; {more} more") } else { String::new() };
        (!told.is_empty()).then(|| format!("{}{rest} [{}]", told[..told.len() - more].join("; "), entry.id))
    });
    Ok(Part::of("Care team", "get_care_plan", 3, lines.collect()).keeping(1))
}

/// Members of a team that a line names.
const MEMBERS_MOST: usize = 6;
