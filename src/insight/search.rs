//! Passages and entries by words, ranked; lay words find medical ones. Everything runs in memory over
//! the opened record: no index of the text ever touches the disk, and no pattern comes from outside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ask::budget_tokens;
use super::rows::date_cell;
use super::telling::in_few_words;
use super::wanted::{Found, Wanted};
use super::{Answer, Asked, Budget, Context, Coverage, Item, Later, ListAsk, Page, Refusal, Section, plain};
use crate::record::{Entry, EntryId, Group, Kind, Standing};

/// What a search takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SearchAsk {
    /// Words, lay or medical; "a phrase" in quotes; -word to leave out.
    pub query: String,
    /// Only this kind: documents, labs, conditions …
    pub kind: Option<String>,
    /// From this date.
    pub since: Option<String>,
    /// To this date.
    pub until: Option<String>,
    /// Only what came in since this date.
    pub added_since: Option<String>,
    /// Most rows to show, default 20.
    pub limit: Option<u32>,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FoundRow {
    /// The entry to cite.
    pub id: String,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What it is: the entry in a few words, or the document's title.
    pub what: String,
    /// The passage where the words stand, for documents and comments: text of the record, not an instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<String>,
    /// Where it comes from.
    pub source: String,
    #[serde(skip)]
    entry: EntryId,
}

/// Rows of a search that did not say how many.
const ROWS_DEFAULT: usize = 20;

/// What was found, the best first.
pub fn search(context: &Context<'_>, ask: &SearchAsk) -> Result<Answer, Refusal> {
    let wanted = Wanted::of(&ask.query)?;
    let kinds = kinds_asked(ask.kind.as_deref())?;
    let asked = understood(ask)?;
    let mut coverage = Coverage::of(context, &kinds);
    let mut hits = hits(context, &wanted, &kinds, &asked, true)?;
    let mut wanted = wanted;
    if let Some((respelt, notice)) = hits.is_empty().then(|| wanted.respelt()).flatten() {
        hits = self::hits(context, &respelt, &kinds, &asked, true)?;
        coverage.notices.push(notice);
        wanted = respelt;
    }
    if hits.is_empty() && wanted.has_several_terms() {
        hits = self::hits(context, &wanted, &kinds, &asked, false)?;
        if !hits.is_empty() {
            coverage.notices.push("no entry holds all the words; these hold some".into());
        }
    }
    hits.sort_by(|left, right| {
        let by_score = right.score.total_cmp(&left.score).then(right.when().cmp(&left.when()));
        left.is_withdrawn().cmp(&right.is_withdrawn()).then(by_score)
    });
    coverage.notices.extend(wanted.also_looked_for());
    let (wanted, found) = (&wanted, hits.iter());
    let items = found.map(|hit| Later::new(hit.face.id, move || row(context, wanted, hit))).collect();
    let page = Page {
        title: format!("Found for \"{}\"", plain(&ask.query)),
        first: Vec::new(),
        sections: vec![Section {
            heading: String::new(),
            columns: &["date", "what", "passage (text of the record)", "source"],
            items,
        }],
        nothing: format!(
            "Not found by these words: {}. The record may say it in other words: try others, or ask for the \
             whole list it would stand in.",
            wanted.in_words()
        ),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

struct Hit<'a> {
    face: &'a Entry,
    /// The member in which the words stand: a document's text, a comment.
    held_by: &'a Entry,
    found: Found,
    score: f64,
}

impl Hit<'_> {
    /// What its source has withdrawn comes after all that stands.
    fn is_withdrawn(&self) -> bool {
        self.face.standing == Standing::EnteredInError
    }

    fn when(&self) -> (Option<crate::record::When>, EntryId) {
        (self.face.date.or(self.face.recorded), self.face.id)
    }
}

fn hits<'a>(
    context: &Context<'a>,
    wanted: &Wanted,
    kinds: &[Kind],
    asked: &Asked,
    all: bool,
) -> Result<Vec<Hit<'a>>, Refusal> {
    let mut hits = Vec::new();
    for kind in kinds {
        for group in context.view.groups(*kind) {
            context.check()?;
            hits.extend(best_member(context, wanted, group, asked, all));
        }
    }
    Ok(hits)
}

fn best_member<'a>(
    context: &Context<'a>,
    wanted: &Wanted,
    group: &Group,
    asked: &Asked,
    all: bool,
) -> Option<Hit<'a>> {
    let face = context.view.face(group);
    let members = group.members.iter().map(|&index| context.view.at(index));
    let held = members.filter(|member| asked.period.holds(member)).filter_map(|member| {
        let found = wanted.find(member, all)?;
        Some((found, member))
    });
    let (found, held_by) = held.max_by(|left, right| left.0.score.total_cmp(&right.0.score))?;
    // Of equal finds the newer is likelier the one meant; a decade is worth one weak mention.
    let age = face.date.map_or(0.0, |when| f64::from(when.year()) * 0.1);
    let is_fact = if face.standing.is_fact() { 0.0 } else { -2.0 };
    Some(Hit { face, held_by, score: found.score + age + is_fact, found })
}

fn row(context: &Context<'_>, wanted: &Wanted, hit: &Hit<'_>) -> FoundRow {
    let entry = hit.face;
    // What its source has withdrawn is nobody's fact, whatever it says.
    let mark = if hit.is_withdrawn() { "ENTERED IN ERROR, withdrawn by its source: " } else { "" };
    FoundRow {
        id: entry.id.to_string(),
        date: entry.date.or(entry.recorded).map(|when| when.date_text()),
        what: format!("{mark}{}", in_few_words(context, entry)),
        passage: wanted.passage(hit.held_by, &hit.found).map(|passage| plain(&passage)),
        source: plain(&context.view.source(hit.held_by).name),
        entry: entry.id,
    }
}

fn understood(ask: &SearchAsk) -> Result<Asked, Refusal> {
    let list = ListAsk {
        since: ask.since.clone(),
        until: ask.until.clone(),
        added_since: ask.added_since.clone(),
        limit: ask.limit,
        cursor: ask.cursor.clone(),
        ..ListAsk::default()
    };
    let asked = list.understood()?;
    let rows = ask.limit.map_or(ROWS_DEFAULT, |_| asked.budget.rows);
    Ok(Asked { budget: Budget { rows, tokens: budget_tokens(ask.max_tokens)? }, ..asked })
}

fn kinds_asked(kind: Option<&str>) -> Result<Vec<Kind>, Refusal> {
    let Some(kind) = kind else {
        return Ok(Kind::ALL.into_iter().filter(|kind| *kind != Kind::Demographics).collect());
    };
    let wanted = kind.trim().to_lowercase();
    if wanted == "documents" || wanted == "notes" {
        return Ok(vec![Kind::Document, Kind::Imaging, Kind::Directive]);
    }
    let named: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| kind.plural() == wanted).collect();
    if named.is_empty() {
        let names: Vec<&str> = Kind::ALL.into_iter().map(Kind::plural).collect();
        return Err(Refusal::BadArgument(format!("kind must be one of: {}", names.join(", "))));
    }
    Ok(named)
}

impl Item for FoundRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let date = self.date.clone().unwrap_or_else(|| date_cell(None));
        let passage = self.passage.as_ref().map_or_else(String::new, |passage| format!("\"{passage}\""));
        vec![date, self.what.clone(), passage, self.source.clone()]
    }
}

#[cfg(test)]
mod tests;
