//! The tools: one file each, and one line each in this list.

mod check_preventive_care;
mod check_records_status;
mod complete_argument;
mod connect_source;
mod explain_labs;
mod get_allergies;
mod get_background;
mod get_care_plan;
mod get_conditions;
mod get_coverage;
mod get_documents;
mod get_immunizations;
mod get_labs;
mod get_medications;
mod get_procedures;
mod get_record;
mod get_visits;
mod get_vitals;
mod plan_daily_routine;
mod prep_appointment_questions;
mod search_records;
mod summarize_history;
mod update_records;

#[cfg(feature = "misbehave")]
mod misbehave;

use serde_json::{Map, Value};

pub use complete_argument::{NAME as COMPLETE, asked as completing};
pub use connect_source::NAME as CONNECT;
pub use update_records::{NAME as UPDATE, is_under_way};

use super::{Arguments, Opening, Parameter};
use crate::access::Seen;
use crate::insight::{Answer, Context, Refusal};
use crate::record::Kind;

/// Every tool, in the order in which they are listed.
pub const TOOLS: &[Tool] = &[
    summarize_history::TOOL,
    explain_labs::TOOL,
    plan_daily_routine::TOOL,
    prep_appointment_questions::TOOL,
    check_preventive_care::TOOL,
    get_conditions::TOOL,
    get_medications::TOOL,
    get_allergies::TOOL,
    get_immunizations::TOOL,
    get_procedures::TOOL,
    get_visits::TOOL,
    get_labs::TOOL,
    get_vitals::TOOL,
    get_documents::TOOL,
    get_care_plan::TOOL,
    get_background::TOOL,
    get_coverage::TOOL,
    search_records::TOOL,
    get_record::TOOL,
    check_records_status::TOOL,
    update_records::TOOL,
    connect_source::TOOL,
];

/// What the server itself asks through the gate: answered and audited, and never listed.
const UNLISTED: &[Tool] = &[complete_argument::TOOL];

/// One tool: what it is called, what it can be asked, and how it is answered.
#[derive(Clone, Copy)]
pub struct Tool {
    /// `verb_noun`.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// What it answers, as facts: a description that commands is an injection.
    pub description: &'static str,
    /// What it can be asked.
    pub parameters: &'static [Parameter],
    /// The schema of the typed answer.
    pub output: fn() -> Map<String, Value>,
    /// The answer.
    pub run: Run,
}

/// How a tool answers.
#[derive(Clone, Copy)]
pub enum Run {
    /// From the view alone: a pure function.
    OfView(fn(&Context<'_>, &Arguments) -> Result<Answer, Refusal>),
    /// From the view and what came in for an entry that stands in it.
    OfOriginals(fn(&Context<'_>, &Arguments, &Seen) -> Result<Answer, Refusal>),
    /// From the view and the portals, where the caller may have anything done with them: it begins what goes out, so it
    /// is not read-only.
    OfPortals(fn(&Context<'_>, &Arguments, &Opening<'_>) -> Result<Answer, Refusal>),
}

impl Tool {
    /// Whether it changes nothing and reaches nobody outside.
    pub fn is_read_only(&self) -> bool {
        !matches!(self.run, Run::OfPortals(_))
    }
}

/// What a tool is about, where that is not all of the record: without any of these it has nothing to say.
pub fn kinds(name: &str) -> &'static [Kind] {
    match name {
        "explain_labs" | "get_labs" => &[Kind::Lab],
        "get_conditions" => &[Kind::Condition],
        "get_medications" => &[Kind::Medication],
        "get_allergies" => &[Kind::Allergy],
        "get_immunizations" => &[Kind::Immunization],
        "get_procedures" => &[Kind::Procedure],
        "get_visits" => &[Kind::Visit],
        "get_vitals" => &[Kind::Vital],
        "get_documents" => &[Kind::Document, Kind::Imaging],
        "get_care_plan" => &[Kind::CarePlan],
        "get_coverage" => &[Kind::Coverage, Kind::Claim],
        _ => &[],
    }
}

/// The tool of this name.
pub fn find(name: &str) -> Option<&'static Tool> {
    #[cfg(feature = "misbehave")]
    if let Some(tool) = misbehave::TOOLS.iter().find(|tool| tool.name == name) {
        return Some(tool);
    }
    TOOLS.iter().chain(UNLISTED).find(|tool| tool.name == name)
}
