//! Insurance, and what claims say: what was billed, what the insurer decided, what the person owes.
//!
//! A claim is no bill and no clinical fact: its diagnoses are there to be paid for, so nothing of it joins
//! a list of illnesses, medicines or procedures.

mod asked;
mod beside;
mod claims;
mod money;
mod plans;
mod versions;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::asked::Wanted;
use super::rows::{self, Shown};
use super::{Answer, Asked, Context, Coverage, Item, ListAsk, Page, Refusal, Section};
use crate::record::{Entry, EntryId, Kind, Standing};

/// What get_coverage takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InsuranceAsk {
    /// insurance or claims.
    pub kind: Option<String>,
    /// Words, a code, or an amount such as $340.
    pub query: Option<String>,
    /// From this date (YYYY, YYYY-MM or YYYY-MM-DD).
    pub since: Option<String>,
    /// To this date.
    pub until: Option<String>,
    /// Only what came into the record since this date.
    pub added_since: Option<String>,
    /// active, cancelled, draft, denied, entered-in-error or all.
    pub status: Option<String>,
    /// Most rows to show.
    pub limit: Option<u32>,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// An insurance or a claim.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct InsuranceRow {
    /// The entry to cite.
    pub id: String,
    /// insurance, or claim.
    pub part: &'static str,
    /// When the service was, or the insurance began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// The plan, or the kind of claim.
    pub name: String,
    /// The provider of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The insurer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer: Option<String>,
    /// The main service or medicine of a claim, as the claim says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What the provider asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billed: Option<String>,
    /// What the insurer pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<String>,
    /// What the claim says that the person owes: no bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owes: Option<String>,
    /// The status as recorded, and what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The subscriber of an insurance: self, child, spouse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Amounts asked for, parts of what is owed, denials, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: Option<EntryId>,
}

const KINDS: [Kind; 2] = [Kind::Coverage, Kind::Claim];

/// What no budget cuts above a list of claims.
const NO_BILL: &str = "What a claim says is the insurer's or the provider's word about payment. It is no bill (a bill comes \
                       from the provider and may differ), and its diagnoses are for payment, no clinical fact.";

/// What can be done about a bill that no claim explains.
const NEXT_STEP: &str = "A bill comes from whoever gave the care: they can be asked for an itemized bill, and the insurer for \
                         the explanation of benefits of that day.";

/// Insurance and claims.
pub fn insurance(context: &Context<'_>, ask: &InsuranceAsk) -> Result<Answer, Refusal> {
    let asked = ask.list().understood()?;
    let only = ask.kind.as_deref();
    let only = only
        .map(|kind| rows::one_of("kind", kind, &[("insurance", Kind::Coverage), ("claims", Kind::Claim)]));
    let only = only.transpose()?;
    let kinds: &[Kind] = match only {
        Some(Kind::Coverage) => &KINDS[..1],
        Some(_) => &KINDS[1..],
        None => &KINDS,
    };
    let wanted = Wanted::of(context, &asked)?;
    let mut coverage = Coverage::of(context, kinds);
    let mut select = |kind: Kind| -> Result<Vec<Shown<'_>>, Refusal> {
        if !kinds.contains(&kind) {
            return Ok(Vec::new());
        }
        rows::select(context, kind, &asked, &mut coverage, |entry| wanted.fits(entry))
    };
    let (plans, claims) = (select(Kind::Coverage)?, select(Kind::Claim)?);
    coverage.period = rows::period(&claims);
    let told = claims::told(context, &claims, &wanted)?;
    let what = match only {
        Some(Kind::Coverage) => "Insurance",
        Some(_) => "Claims",
        None => "Insurance and claims",
    };
    let nothing = nothing(context, &asked, kinds, &wanted);
    let mut first = Vec::new();
    if !claims.is_empty() {
        first.push(NO_BILL.to_owned());
    }
    if !plans.is_empty() && claims.is_empty() && kinds.contains(&Kind::Claim) {
        first.push(rows::nothing(context, &asked, &[Kind::Claim], "claim"));
    }
    first.extend(wanted.told_amount());
    first.extend(money::sum_of_owed(&told.counted));
    let mut sections = plans::sections(context, &plans);
    sections.extend(told.sections);
    let page = Page { title: asked.title(what), first, sections, nothing, coverage, cursor_begins: "" };
    page.answer(context, asked.cursor, asked.budget)
}

fn nothing(context: &Context<'_>, asked: &Asked, kinds: &[Kind], wanted: &Wanted) -> String {
    let what = match kinds {
        [Kind::Coverage] => "insurance",
        [_] => "claim",
        _ => "insurance or claim",
    };
    let said = rows::nothing(context, asked, kinds, what);
    if wanted.is_narrowed() && kinds.contains(&Kind::Claim) { format!("{said} {NEXT_STEP}") } else { said }
}

/// A claim in a few words: what kind, for what, and what it says that the person owes.
pub fn in_few_words(entry: &Entry) -> String {
    claims::in_few_words(entry)
}

/// True of what its source has withdrawn.
fn is_withdrawn(standing: Standing) -> bool {
    standing == Standing::EnteredInError
}

impl InsuranceAsk {
    fn list(&self) -> ListAsk {
        ListAsk {
            query: self.query.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            added_since: self.added_since.clone(),
            status: self.status.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
            max_tokens: self.max_tokens,
        }
    }
}

impl Item for InsuranceRow {
    fn id(&self) -> EntryId {
        self.entry.unwrap_or(EntryId::new(Kind::Claim, 0))
    }

    fn cells(&self) -> Vec<String> {
        self.cells.clone()
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}

/// Rows under a heading.
type Rows = Section<InsuranceRow>;

#[cfg(test)]
mod tests;
