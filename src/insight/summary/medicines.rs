//! The medicines for home that stand as active.

use std::collections::HashSet;

use super::part::select_always;
use crate::insight::answer::cited_in;
use crate::insight::medications::{self, HomeMedicine};
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal};
use crate::record::{EntryId, Kind};

pub(super) fn medicines(context: &Context<'_>, home: &[HomeMedicine<'_>]) -> Result<Part, Refusal> {
    let shown = select_always(context, Kind::Medication)?;
    let mut lines = medications::home_lines(context, shown)?;
    // Those of high risk first: they are the last to be cut.
    let is_risky = |medicine: &&HomeMedicine<'_>| medicine.ingredients.iter().any(|known| known.high_risk.is_some());
    let risky: HashSet<EntryId> = home.iter().filter(is_risky).map(|medicine| medicine.entry.id).collect();
    lines.sort_by_key(|line| !cited_in(line).iter().any(|id| risky.contains(id)));
    // A conflict stands among the conflicts above.
    let says = medications::statements(context).into_iter().filter(|line| !line.contains("CONFLICT"));
    let says = says.collect::<Vec<_>>().join(" ");
    let tool = "get_medications {\"status\":\"active\"}";
    Ok(Part::of("Medicines active per the record", tool, 20, lines).keeping(12).saying(says))
}
