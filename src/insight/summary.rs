//! The whole record on one page: what a new doctor would ask for first, each line with its citation.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::allergies::stance;
use super::answer::{cited_in, tokens};
use super::ask::budget_tokens;
use super::measurements::measurement;
use super::rows::{self, Shown, date_cell};
use super::series::{self, Series};
use super::telling::in_few_words;
use super::{
    Answer, Asked, Context, Coverage, ListAsk, Refusal, Whose, measured, medications, plain, shortened,
    visits,
};
use crate::knowledge::vaccines;
use crate::record::{Abnormality, ConditionList, Detail, DocumentKind, Entry, Kind, Standing, System};

/// What a summary takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SummaryAsk {
    /// Only what is dated since this date.
    pub since: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// The size of a summary that nobody asked another size of: one page.
const TOKENS_DEFAULT: usize = 1_250;

/// The typed form of a summary.
#[derive(Serialize, JsonSchema)]
pub struct Summary {
    /// Whose record it is.
    pub whose: Whose,
    /// Its sections.
    pub sections: Vec<Told>,
    /// What it covers.
    pub coverage: Coverage,
}

/// A section of a summary.
#[derive(Serialize, JsonSchema)]
pub struct Told {
    /// What it is about.
    pub name: String,
    /// What is said of the whole of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says: String,
    /// One fact a line, with its citation.
    pub lines: Vec<String>,
    /// How many facts there are.
    pub total: usize,
}

/// A part of the summary.
struct Part {
    name: &'static str,
    /// What is said before the lines, or instead of them.
    says: String,
    /// One fact a line, what matters most first.
    lines: Vec<String>,
    /// How many lines are shown now; lowered until the page fits.
    shown: usize,
    /// How many lines stay as long as other parts have more than they need.
    least: usize,
    /// No budget cuts a part that is dangerous to lose.
    is_fixed: bool,
    /// The tool that shows all.
    tool: &'static str,
}

impl Part {
    fn of(name: &'static str, tool: &'static str, most: usize, lines: Vec<String>) -> Part {
        let shown = lines.len().min(most);
        Part { name, says: String::new(), shown, least: 2, lines, is_fixed: false, tool }
    }

    fn told(&self) -> Told {
        let (name, says) = (self.name.to_owned(), self.says.clone());
        Told { name, says, lines: self.lines[..self.shown].to_vec(), total: self.lines.len() }
    }

    fn text(&self) -> String {
        if self.lines.is_empty() && self.says.is_empty() {
            return String::new();
        }
        let mut text = format!("\n**{}** {}\n", self.name, self.says).replace("** \n", "**\n");
        for line in &self.lines[..self.shown] {
            text.push_str(line);
            text.push('\n');
        }
        let more = self.lines.len() - self.shown;
        if more > 0 {
            text.push_str(&format!("and {more} more: {}\n", self.tool));
        }
        text
    }
}

/// The summary.
pub fn summary(context: &Context<'_>, ask: &SummaryAsk) -> Result<Answer, Refusal> {
    let list = ListAsk { since: ask.since.clone(), ..ListAsk::default() };
    let asked = list.understood()?;
    let mut coverage = Coverage::of(context);
    let mut parts = vec![
        allergies(context, &asked, &mut coverage)?,
        problems(context, &asked, &mut coverage, true)?,
        medicines(context, &asked, &mut coverage)?,
        results(context, &asked, &mut coverage)?,
        vitals(context, &asked, &mut coverage)?,
        vaccines_given(context, &asked, &mut coverage)?,
        procedures(context, &asked, &mut coverage)?,
        last_visits(context, &asked, &mut coverage)?,
        problems(context, &asked, &mut coverage, false)?,
        reports(context, &asked, &mut coverage)?,
        others(context, &asked, &mut coverage)?,
    ];
    // The parts count undated entries each for itself; a page needs no such list.
    coverage.notices.clear();
    coverage.notices.extend(missing(context));
    let whose = Whose::of(context.view);
    let head = format!("{} — summary as of {}\n", whose.line(), context.today);
    let room = ask.max_tokens.map_or(Ok(TOKENS_DEFAULT), |tokens| budget_tokens(Some(tokens)))?;
    let fixed = tokens(&head) + tokens(&coverage.line(None));
    fit(context, &mut parts, room.saturating_sub(fixed))?;
    let body: String = parts.iter().map(Part::text).collect();
    let text = format!("{head}{body}\n{}", coverage.line(None));
    let sections = parts.iter().filter(|part| !part.lines.is_empty() || !part.says.is_empty());
    let sections = sections.map(Part::told);
    let structured =
        serde_json::to_value(Summary { whose, sections: sections.collect(), coverage }).unwrap_or_default();
    let cited = cited_in(&text);
    Ok(Answer { text, structured, cited })
}

/// Takes lines away until the page fits: first where there are more than a part needs, then anywhere.
fn fit(context: &Context<'_>, parts: &mut [Part], room: usize) -> Result<(), Refusal> {
    let mut size: usize = parts.iter().map(|part| tokens(&part.text())).sum();
    while size > room {
        context.check()?;
        let spare = |part: &Part| part.shown.saturating_sub(part.least);
        let cuttable = || parts.iter().enumerate().filter(|(_, part)| !part.is_fixed && part.shown > 1);
        let longest = cuttable().max_by_key(|(_, part)| (spare(part), part.shown)).map(|(place, _)| place);
        let Some(longest) = longest.and_then(|place| parts.get_mut(place)) else { return Ok(()) };
        let before = tokens(&longest.text());
        longest.shown -= 1;
        size = size + tokens(&longest.text()) - before;
    }
    Ok(())
}

fn line(what: &str, date: Option<crate::record::When>, entry: &Entry) -> String {
    let date = date.map_or_else(String::new, |when| format!(", {}", when.date_text()));
    format!("{what}{date} [{}]", entry.id)
}

fn select<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Vec<Shown<'a>>, Refusal> {
    rows::select(context, kind, asked, coverage, |entry| entry.standing != Standing::EnteredInError)
}

fn allergies(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    // An allergy is told whatever period is asked for: it has no date after which it is harmless.
    let always = Asked { period: Default::default(), ..asked.clone() };
    let shown = select(context, Kind::Allergy, &always, coverage)?;
    let real = shown.iter().filter(|shown| shown.face.standing.is_fact());
    let lines: Vec<String> = real.map(|shown| allergy_line(shown.face)).collect();
    // Which kind of nothing, or a conflict: said in the same words as in the list.
    let says = stance(context).lines.join(" ");
    let most = lines.len();
    Ok(Part { says, is_fixed: true, ..Part::of("Allergies", "get_allergies", most, lines) })
}

fn allergy_line(entry: &Entry) -> String {
    let Detail::Allergy(allergy) = &entry.detail else {
        return line(&plain(&entry.concept.label()), None, entry);
    };
    let reactions =
        allergy.reactions.iter().flat_map(|reaction| reaction.manifestations.iter().map(|text| plain(text)));
    let reactions: Vec<String> = reactions.collect();
    let severity = allergy.reactions.iter().find_map(|reaction| reaction.severity.as_deref()).map(plain);
    let kind = allergy.kind.as_deref().filter(|kind| *kind == "intolerance").map(plain);
    let status = entry.status.as_deref().filter(|status| *status != "active").map(plain);
    let high = allergy
        .criticality
        .as_deref()
        .filter(|criticality| *criticality == "high")
        .map(|_| "high criticality".to_owned());
    let unconfirmed = rows::standing_word(entry);
    let marks: Vec<String> = [kind, severity, high, status, unconfirmed].into_iter().flatten().collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let reactions = if reactions.is_empty() { String::new() } else { format!(": {}", reactions.join(", ")) };
    line(&format!("{}{reactions}{marks}", plain(&entry.concept.label())), None, entry)
}

fn problems(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
    is_active: bool,
) -> Result<Part, Refusal> {
    // A long illness is still there though it began before the period asked for.
    let asked = if is_active { Asked { period: Default::default(), ..asked.clone() } } else { asked.clone() };
    let shown = select(context, Kind::Condition, &asked, coverage)?;
    // The diagnosis of a visit is no problem of the list. Some sources have no other list: then it is all
    // there is, and the status it was given decides.
    let is_listed = |entry: &Entry| {
        let list = match &entry.detail {
            Detail::Condition(condition) => condition.list,
            _ => ConditionList::Problem,
        };
        list != ConditionList::Visit || entry.status.is_some()
    };
    let wanted = shown.iter().filter(|shown| shown.face.standing.is_fact() && is_listed(shown.face));
    let wanted = wanted.filter(|shown| is_active_problem(shown.face) == is_active);
    let mut named = HashSet::new();
    let lines =
        wanted.map(|shown| shown.face).filter(|entry| named.insert(entry.concept.label())).map(|entry| {
            let mark = rows::standing_word(entry).map_or_else(String::new, |word| format!(" ({word})"));
            let name = format!("{}{mark}", plain(&entry.concept.label()));
            let since = entry.date.map_or_else(String::new, |when| format!(", since {}", when.date_text()));
            let until = entry.end.map_or_else(String::new, |when| format!(", to {}", when.date_text()));
            format!("{name}{since}{until} [{}]", entry.id)
        });
    let (name, most) = if is_active { ("Problems recorded as active", 15) } else { ("Past problems", 8) };
    let least = if is_active { 12 } else { 2 };
    Ok(Part { least, ..Part::of(name, "get_conditions", most, lines.collect()) })
}

fn is_active_problem(entry: &Entry) -> bool {
    let by_status = !matches!(entry.status.as_deref(), Some("resolved" | "inactive" | "remission"));
    by_status && entry.end.is_none()
}

fn medicines(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let always = Asked { period: Default::default(), ..asked.clone() };
    let shown = select(context, Kind::Medication, &always, coverage)?;
    let lines = medications::home_lines(context, shown)?;
    let says = medications::statements(context).join(" ");
    let tool = "get_medications {\"status\":\"active\"}";
    Ok(Part { least: 12, says, ..Part::of("Medicines active per the record", tool, 20, lines) })
}

/// The latest result of each test: what the report flags first, then the newest.
fn results(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Lab, asked, coverage)?;
    let mut tests = series::by_test(context, &shown)?;
    let is_flagged = |test: &Series<'_>| {
        let found = measurement(test.latest());
        found.is_some_and(|found| measured::abnormality(found) == Abnormality::Abnormal)
    };
    let flagged = tests.iter().filter(|test| is_flagged(test)).count();
    tests.sort_by_key(|test| (!is_flagged(test), std::cmp::Reverse(test.latest().date)));
    let lines = tests.iter().map(|test| latest_line(context, test)).collect();
    Ok(Part {
        least: flagged.clamp(4, 12),
        ..Part::of("Latest results (flagged first)", "get_labs", 14, lines)
    })
}

/// The latest of each, in the order in which they are asked for.
fn vitals(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Vital, asked, coverage)?;
    let mut tests = series::by_test(context, &shown)?;
    tests.sort_by_key(|test| {
        let name = test.latest().concept.label().to_lowercase();
        VITALS_FIRST.iter().position(|first| name.contains(first)).unwrap_or(VITALS_FIRST.len())
    });
    Ok(Part::of(
        "Latest vitals",
        "get_vitals",
        6,
        tests.iter().map(|test| latest_line(context, test)).collect(),
    ))
}

const VITALS_FIRST: &[&str] = &["blood pressure", "weight", "mass index", "heart rate", "oxygen", "height"];

/// The latest result of a test. Of several at that very instant none is the latest: all are told.
fn latest_line(context: &Context<'_>, test: &Series<'_>) -> String {
    let entry = test.latest();
    let told = line(&in_few_words(context, entry), entry.date, entry);
    let twins =
        test.shown.iter().map(|shown| shown.face).skip(1).take_while(|other| other.date == entry.date);
    let twins = twins.filter(|other| other.date.is_some() && !is_same_result(entry, other));
    let twins: Vec<String> =
        twins.map(|other| format!("{} [{}]", in_few_words(context, other), other.id)).collect();
    if twins.is_empty() { told } else { format!("{told}; at the same time: {}", twins.join(", ")) }
}

fn is_same_result(one: &Entry, other: &Entry) -> bool {
    let result = |entry: &Entry| measurement(entry).map(|found| measured::result(entry, found));
    result(one) == result(other)
}

/// Each vaccine once, by what it protects from where the code says it: the latest dose and how many.
fn vaccines_given(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Immunization, asked, coverage)?;
    let given: Vec<(String, &Entry)> = shown
        .iter()
        .filter(|shown| shown.face.standing.is_fact())
        .map(|shown| (vaccine_name(shown.face), shown.face))
        .collect();
    let mut named = HashSet::new();
    let latest = given.iter().filter(|(name, _)| named.insert(name.to_lowercase()));
    let lines = latest.map(|(name, entry)| {
        let doses = given.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)).count();
        let doses = if doses > 1 { format!(" ({doses} recorded)") } else { String::new() };
        line(&format!("{name}{doses}"), entry.date, entry)
    });
    Ok(Part::of("Vaccines", "get_immunizations", 8, lines.collect()))
}

fn vaccine_name(entry: &Entry) -> String {
    let groups = entry.concept.codes_in(&System::Cvx).map(vaccines::groups).find(|groups| !groups.is_empty());
    groups.map_or_else(|| plain(&entry.concept.label()), |groups| groups.join(", "))
}

fn procedures(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Procedure, asked, coverage)?;
    let mut named = HashSet::new();
    let done = shown.iter().map(|shown| shown.face).filter(|entry| entry.standing.is_fact());
    let lines = done
        .filter(|entry| named.insert(entry.concept.label()))
        .map(|entry| line(&in_few_words(context, entry), entry.date, entry));
    Ok(Part::of("Procedures (latest of each)", "get_procedures", 10, lines.collect()))
}

fn last_visits(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Visit, asked, coverage)?;
    let past = shown.iter().filter(|shown| !visits::is_planned(shown.face, context.today));
    let lines = past.map(|shown| {
        let entry = shown.face;
        let reasons =
            visits::visit(entry).map(|visit| visit.reasons.iter().map(|why| plain(why)).collect::<Vec<_>>());
        let reasons = reasons
            .filter(|reasons| !reasons.is_empty())
            .map_or_else(String::new, |reasons| format!(": {}", reasons.join(", ")));
        format!("{} {}{reasons} [{}]", date_cell(entry.date), visits::what(entry), entry.id)
    });
    let planned = shown.iter().rfind(|shown| visits::is_planned(shown.face, context.today));
    let says = planned
        .map_or_else(String::new, |shown| format!("next {} [{}]", date_cell(shown.face.date), shown.face.id));
    Ok(Part { says, ..Part::of("Visits", "get_visits", 3, lines.collect()) })
}

fn reports(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let mut shown = select(context, Kind::Imaging, asked, coverage)?;
    let documents = select(context, Kind::Document, asked, coverage)?;
    shown.extend(documents.into_iter().filter(|shown| matches!(&shown.face.detail, Detail::Document(document)
        if matches!(document.kind, DocumentKind::Pathology | DocumentKind::Genetics | DocumentKind::Discharge))));
    let lines = shown.iter().map(|shown| {
        let words = shortened(&in_few_words(context, shown.face), REPORT_CHARS);
        format!("{} {words} [{}]", date_cell(shown.face.date), shown.face.id)
    });
    Ok(Part::of("Reports", "get_documents", 4, lines.collect()))
}

/// Characters of a report's conclusion that a page has room for; an ellipsis marks what is cut.
const REPORT_CHARS: usize = 130;

/// What a page only points at: how much there is of the rest.
fn others(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let mut counts = Vec::new();
    let kinds = [
        Kind::Document,
        Kind::FamilyHistory,
        Kind::Background,
        Kind::CarePlan,
        Kind::Device,
        Kind::Directive,
        Kind::Note,
    ];
    for kind in kinds {
        let count = select(context, kind, asked, coverage)?.len();
        if count > 0 {
            counts.push(format!("{} {count}", kind.plural()));
        }
    }
    let part = Part::of("Also in the record", "", 0, Vec::new());
    Ok(Part { says: counts.join(", "), ..part })
}

/// The kinds of which no source has sent anything: said, so that silence is not read as "none".
fn missing(context: &Context<'_>) -> Option<String> {
    let kinds = [
        Kind::Condition,
        Kind::Medication,
        Kind::Allergy,
        Kind::Lab,
        Kind::Immunization,
        Kind::Procedure,
        Kind::Visit,
        Kind::Document,
        Kind::FamilyHistory,
    ];
    let missing: Vec<&str> =
        kinds.into_iter().filter(|kind| context.view.groups(*kind).is_empty()).map(Kind::plural).collect();
    (!missing.is_empty()).then(|| format!("not sent by any source: {}", missing.join(", ")))
}
