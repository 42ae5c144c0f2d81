//! Vaccines: what was given, and apart from it what was not, with the reason.

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::rows::{self, Shown};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain, shortened};
use crate::knowledge::vaccines;
use crate::record::{Detail, Entry, EntryId, Immunization, Kind, Standing, System};

/// One dose, given or not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ImmunizationRow {
    /// The entry to cite.
    pub id: String,
    /// False where it is recorded that it was not given.
    pub given: bool,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The vaccine as recorded.
    pub vaccine: String,
    /// The number of the dose in its series, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// The series, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// Why it was not given; a status that is not the expected one; a dose that does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
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

const STATUS: [(&str, &[Standing]); 6] = [
    ("given", &[Standing::Stated, Standing::Unconfirmed]),
    ("completed", &[Standing::Stated, Standing::Unconfirmed]),
    ("not-given", &[Standing::NotDone, Standing::Refuted]),
    ("not-done", &[Standing::NotDone, Standing::Refuted]),
    ("entered-in-error", &[Standing::EnteredInError]),
    ("all", &ALL),
];

const ALL: [Standing; 5] =
    [Standing::Stated, Standing::Unconfirmed, Standing::NotDone, Standing::Refuted, Standing::EnteredInError];

/// The list of vaccines, newest first.
pub fn immunizations(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let wanted = asked.query.as_deref().map(Wanted::of);
    // What a source has withdrawn is shown to those only who ask for it.
    let usual = &ALL[..ALL.len() - 1];
    let kept = asked.status.as_deref().map_or(Ok(usual), |status| rows::one_of("status", status, &STATUS))?;
    let mut coverage = Coverage::of(context, &[Kind::Immunization]);
    let keep = |entry: &Entry| {
        kept.contains(&entry.standing) && wanted.as_ref().is_none_or(|wanted| wanted.holds(entry))
    };
    let shown = rows::select(context, Kind::Immunization, asked, &mut coverage, keep)?;
    coverage.period = rows::period(&shown);
    let section = |heading: &str, columns, standings: &[Standing]| Section {
        heading: heading.into(),
        columns,
        items: shown
            .iter()
            .filter(|shown| standings.contains(&shown.face.standing))
            .map(|&shown| row(context, shown))
            .collect(),
    };
    let first = rows::absences(context, Kind::Immunization);
    // A statement above says which kind of nothing it is; to say another beneath would contradict it.
    let nothing = match first.is_empty() {
        true => rows::nothing(context, asked, &[Kind::Immunization], "vaccine"),
        false => "Nothing else that fits what was asked.".into(),
    };
    let page = Page {
        title: asked.title("Vaccines"),
        first,
        sections: vec![
            section("", &["date", "vaccine", "details"], STATUS[0].1),
            section("Not given", &["date", "vaccine", "reason"], STATUS[2].1),
            section(
                "Entered in error (withdrawn by the source)",
                &["date", "vaccine", "details"],
                STATUS[4].1,
            ),
        ],
        nothing,
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

/// The vaccines that somebody asks for: by their words, or by the diseases that the words name.
struct Wanted {
    words: Words,
    diseases: Vec<&'static str>,
    /// Some one vaccine is against all the diseases (`MMR`), so that is what is meant.
    together: bool,
}

impl Wanted {
    fn of(query: &str) -> Wanted {
        let diseases = vaccines::groups_named(query);
        let is_against_all =
            |vaccine: &vaccines::Vaccine| diseases.iter().all(|disease| vaccine.groups.contains(disease));
        let together = vaccines::vaccines().iter().any(is_against_all);
        Wanted { words: Words::of(query), together, diseases }
    }

    /// Whether a vaccine bears the words, or protects against the disease that they name.
    fn holds(&self, entry: &Entry) -> bool {
        let targets = entry.more.iter().filter(|(label, _)| label == "protects against");
        let targets: Vec<&str> = targets.map(|(_, disease)| disease.as_str()).collect();
        if self.words.name(entry, &targets) {
            return true;
        }
        let against = diseases(entry);
        let is_against = |disease: &&str| against.contains(disease);
        match self.together {
            true => !self.diseases.is_empty() && self.diseases.iter().all(is_against),
            false => self.diseases.iter().any(is_against),
        }
    }
}

/// The diseases that a vaccine protects from: by its CVX codes, else by its recorded name.
pub(super) fn diseases(entry: &Entry) -> Vec<&'static str> {
    let by_code = entry.concept.codes_in(&System::Cvx).flat_map(vaccines::groups);
    let by_code: Vec<&str> = by_code.copied().collect();
    match (by_code.is_empty(), entry.concept.name()) {
        (true, Some(name)) => vaccines::groups_named(name),
        _ => by_code,
    }
}

/// What only a vaccine has.
pub fn immunization(entry: &Entry) -> Option<&Immunization> {
    match &entry.detail {
        Detail::Immunization(vaccine) => Some(vaccine),
        _ => None,
    }
}

fn row(context: &Context<'_>, shown: Shown<'_>) -> ImmunizationRow {
    let entry = shown.face;
    let told = immunization(entry);
    let text = |text: Option<&crate::record::Text>| text.map(|text| shortened(text, 120));
    let dose = text(told.and_then(|vaccine| vaccine.dose.as_ref()));
    let series = text(told.and_then(|vaccine| vaccine.series.as_ref()));
    let details = details(entry);
    // Sources that name other products of one dose: each is told, for the product matters.
    let products = rows::disagreements(context, shown, "the vaccine", |member| {
        let is_same =
            codes(member).is_empty() || codes(member).iter().any(|code| codes(entry).contains(code));
        Some(product(if is_same { entry } else { member }))
    });
    let mut beneath: Vec<String> = products.into_iter().collect();
    beneath.extend(rows::comments(context, shown.group));
    beneath.extend(rows::own_notes(context, shown.group));
    let sources = rows::several(rows::sources(context, shown.group));
    let date = entry.date.map(|when| when.date_text());
    let recorded = || entry.recorded.map(|when| format!("recorded {}", when.date_text()));
    let in_series = [dose.as_ref().map(|dose| format!("dose {dose}")), series.clone()];
    let in_series: Vec<String> = in_series.into_iter().flatten().collect();
    let vaccine = rows::name_cell(entry);
    let name = match in_series.is_empty() {
        true => vaccine.clone(),
        false => format!("{vaccine} ({})", in_series.join(", ")),
    };
    let cells = vec![
        date.clone().or_else(recorded).unwrap_or_else(|| rows::date_cell(None)),
        name,
        details.join("; "),
    ];
    ImmunizationRow {
        id: entry.id.to_string(),
        given: entry.standing.is_fact(),
        date,
        vaccine,
        dose,
        series,
        lot: text(told.and_then(|vaccine| vaccine.lot.as_ref())),
        details,
        sources,
        beneath,
        cells,
        entry: entry.id,
    }
}

/// CVX codes, without the zeros that some senders leave off.
fn codes(entry: &Entry) -> Vec<&str> {
    entry.concept.codes_in(&System::Cvx).map(|code| code.trim().trim_start_matches('0')).collect()
}

fn product(entry: &Entry) -> String {
    let dose = immunization(entry).and_then(|told| told.dose.as_deref());
    let dose = dose.map_or_else(String::new, |dose| format!(" (dose {})", plain(dose)));
    let lot = immunization(entry).and_then(|told| told.lot.as_deref());
    let lot = lot.map_or_else(String::new, |lot| format!(", lot {}", plain(lot)));
    format!("{}{dose}{lot}", rows::name_cell(entry))
}

fn details(entry: &Entry) -> Vec<String> {
    let told = immunization(entry);
    let reason = told.and_then(|vaccine| vaccine.reason.as_deref()).map(|reason| shortened(reason, 200));
    let reason = match entry.standing {
        Standing::NotDone => Some(reason.unwrap_or_else(|| "reason not recorded".into())),
        _ => reason,
    };
    let status = entry.status.as_deref().filter(|word| !matches!(*word, "completed" | "not-done")).map(plain);
    // A subpotent dose does not count as one: whoever counts doses must see it.
    let subpotent = entry.extra("subpotent").filter(|word| *word == "true").map(|_| {
        let because =
            entry.extra("subpotent because").map_or_else(String::new, |why| format!(": {}", plain(why)));
        format!("SUBPOTENT{because}")
    });
    subpotent.into_iter().chain(status).chain(reason).collect()
}

impl Item for ImmunizationRow {
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
