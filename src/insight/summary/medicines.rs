//! The medicines for home that stand as active.

use super::part::select;
use crate::insight::sheet::Part;
use crate::insight::{Asked, Context, Coverage, Refusal, medications};
use crate::record::Kind;

pub(super) fn medicines(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let always = Asked { period: Default::default(), ..asked.clone() };
    let shown = select(context, Kind::Medication, &always, coverage)?;
    let lines = medications::home_lines(context, shown)?;
    let says = medications::statements(context).join(" ");
    let tool = "get_medications {\"status\":\"active\"}";
    Ok(Part { least: 12, says, ..Part::of("Medicines active per the record", tool, 20, lines) })
}
