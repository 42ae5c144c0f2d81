//! What a page only points at, and what no source has sent.

use super::part::{Part, select};
use crate::insight::{Asked, Context, Coverage, Refusal};
use crate::record::Kind;

/// What a page only points at: how much there is of the rest.
pub(super) fn others(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
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
pub(super) fn missing(context: &Context<'_>) -> Option<String> {
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
