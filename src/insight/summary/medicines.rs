//! The medicines for home that stand as active.

use std::collections::HashSet;

use super::part::{Part, select};
use crate::insight::{Asked, Context, Coverage, Refusal, medications, plain};
use crate::record::Kind;

pub(super) fn medicines(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let always = Asked { period: Default::default(), ..asked.clone() };
    let shown = select(context, Kind::Medication, &always, coverage)?;
    let mut named = HashSet::new();
    let active =
        shown.iter().map(|shown| shown.face).filter(|entry| medications::is_home_active(entry, context));
    let lines = active.filter(|entry| named.insert(entry.concept.label().to_lowercase())).map(|entry| {
        let dosage = medications::dosage(entry).map_or_else(String::new, |dosage| format!(": {dosage}"));
        format!(
            "{}{dosage}; {} [{}]",
            plain(&entry.concept.label()),
            medications::told(entry, context),
            entry.id
        )
    });
    let tool = "get_medications {\"status\":\"active\"}";
    Ok(Part { least: 12, ..Part::of("Medicines active per the record", tool, 20, lines.collect()) })
}
