//! Allergies and intolerances, and which kind of nothing there is where there are none.

mod part;
mod stance;

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::rows::{self, Shown};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain, shortened};
use crate::record::{Allergy, Detail, Entry, EntryId, Kind, Reaction};

use part::{ALL, PARTS, STATUS, part_of};

pub use part::is_present;
pub use stance::{Stance, short_stance, stance};

/// One allergy or intolerance.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AllergyRow {
    /// The entry to cite.
    pub id: String,
    /// The part of the list it stands in: what is refuted, unconfirmed or resolved is no present allergy.
    pub part: &'static str,
    /// The substance as recorded.
    pub substance: String,
    /// What happened, with its severity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<String>,
    /// How dangerous it could be, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criticality: Option<String>,
    /// When it began, or `recorded DATE` where only that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it last happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_on: Option<String>,
    /// The clinical status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The verification as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Comments, disagreements, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The list of allergies: the most dangerous first.
pub fn allergies(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    // What a source has withdrawn is shown to those only who ask for it.
    let usual = &ALL[..ALL.len() - 1];
    let parts =
        asked.status.as_deref().map_or(Ok(usual), |status| rows::one_of("status", status, &STATUS))?;
    let mut coverage = Coverage::of(context, &[Kind::Allergy]);
    let is_named = |entry: &Entry| words.as_ref().is_none_or(|words| words.name(entry, &[]));
    let keep = |entry: &Entry| parts.contains(&part_of(entry)) && is_named(entry);
    let mut shown = rows::select(context, Kind::Allergy, asked, &mut coverage, keep)?;
    // Stable: within the same danger the newest stays first.
    shown.sort_by_key(|shown| std::cmp::Reverse(danger(shown.face)));
    coverage.period = rows::period(&shown);
    let stance = stance(context);
    let unnamed = context.view.groups(Kind::Allergy).iter().map(|group| context.view.face(group));
    let unnamed = unnamed.filter(|entry| is_present(entry) && !is_named(entry)).count();
    if unnamed > 0 {
        coverage.notices.push(format!(
            "{unnamed} other recorded allergies do not bear the words asked for (names only are compared, not drug classes)"
        ));
    }
    let sections = PARTS.iter().map(|&(part, word, heading)| {
        let here = shown.iter().filter(|shown| part_of(shown.face) == part);
        Section {
            heading: heading.into(),
            columns: &["substance", "reaction", "criticality", "since", "details", "sources"],
            items: here.map(|&shown| row(context, shown, word)).collect(),
        }
    });
    let first = stance.lines.clone();
    // A statement above says which kind of nothing it is; to say another beneath would contradict it.
    let nothing = match first.is_empty() {
        true => rows::nothing(context, asked, &[Kind::Allergy], "allergy entry"),
        false => "Nothing else that fits what was asked.".into(),
    };
    let page = Page {
        title: asked.title("Allergies"),
        first,
        sections: sections.collect(),
        nothing,
        coverage,
        cursor_begins: "",
    };
    let mut answer = page.answer(context, asked.cursor, asked.budget)?;
    answer.cited.extend(stance.cited);
    Ok(answer)
}

/// What only an allergy has.
pub fn allergy(entry: &Entry) -> Option<&Allergy> {
    match &entry.detail {
        Detail::Allergy(allergy) => Some(allergy),
        _ => None,
    }
}

/// How dangerous it could be, as recorded: the greater, the more.
pub fn danger(entry: &Entry) -> u8 {
    let Some(allergy) = allergy(entry) else { return 0 };
    let is_severe = allergy.reactions.iter().any(|reaction| reaction.severity.as_deref() == Some("severe"));
    u8::from(allergy.criticality.as_deref() == Some("high")) * 2 + u8::from(is_severe)
}

fn row(context: &Context<'_>, shown: Shown<'_>, word: &'static str) -> AllergyRow {
    let entry = shown.face;
    let told = allergy(entry);
    let reactions = reactions(entry);
    let recorded = || entry.recorded.map(|when| format!("recorded {}", when.date_text()));
    let since = entry.date.map(|when| when.date_text()).or_else(recorded);
    let last_on = told.and_then(|allergy| allergy.last_on).map(|when| when.date_text());
    let status = entry.status.as_deref().map(plain);
    let verification = told.and_then(|allergy| allergy.verification.as_deref().map(plain));
    let criticality = told.and_then(|allergy| allergy.criticality.as_deref().map(plain));
    let says_reactions =
        |entry: &Entry| Some(self::reactions(entry).join("; ")).filter(|all| !all.is_empty());
    let says_criticality = |entry: &Entry| allergy(entry)?.criticality.as_deref().map(plain);
    let says_status = |entry: &Entry| entry.status.as_deref().map(plain);
    let mut beneath: Vec<String> = [
        rows::disagreements(context, shown, "the reaction", says_reactions),
        rows::disagreements(context, shown, "the criticality", says_criticality),
        rows::disagreements(context, shown, "the status", says_status),
    ]
    .into_iter()
    .flatten()
    .collect();
    beneath.extend(rows::comments(context, shown.group));
    beneath.extend(rows::own_notes(context, shown.group));
    let sources = rows::several(rows::sources(context, shown.group));
    let marks = status.clone().filter(|word| word != "active" && word != "resolved").into_iter();
    let marks = marks.chain(verification.clone().filter(|word| word != "confirmed" && word != "refuted"));
    let marks = marks.chain(last_on.as_ref().map(|day| format!("last {day}")));
    let cells = vec![
        rows::name_cell(entry),
        match reactions.is_empty() {
            true => "not recorded".into(),
            false => reactions.join("; "),
        },
        criticality.clone().unwrap_or_default(),
        since.clone().unwrap_or_default(),
        marks.collect::<Vec<_>>().join("; "),
        rows::sources_cell(context, &sources),
    ];
    AllergyRow {
        id: entry.id.to_string(),
        part: word,
        substance: rows::name_cell(entry),
        reactions,
        criticality,
        since,
        last_on,
        status,
        verification,
        sources,
        beneath,
        cells,
        entry: entry.id,
    }
}

/// What happened, each reaction in a line: `hives, swelling (severe)`.
pub fn reactions(entry: &Entry) -> Vec<String> {
    allergy(entry).map_or_else(Vec::new, |allergy| allergy.reactions.iter().filter_map(reaction).collect())
}

fn reaction(reaction: &Reaction) -> Option<String> {
    const CHARACTERS_MAX: usize = 200;
    let seen: Vec<String> = reaction.manifestations.iter().map(|seen| plain(seen)).collect();
    let severity = reaction.severity.as_deref().map(|severity| format!(" ({})", plain(severity)));
    let text = reaction.text.as_deref().map(|text| shortened(text, CHARACTERS_MAX));
    let text = text.filter(|text| !seen.contains(text));
    let words: Vec<String> =
        Some(seen.join(", ")).filter(|seen| !seen.is_empty()).into_iter().chain(text).collect();
    let line = format!("{}{}", words.join(": "), severity.unwrap_or_default());
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

impl Item for AllergyRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        self.cells.clone()
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}

#[cfg(test)]
mod tests;
