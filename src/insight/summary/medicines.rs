//! The medicines for home that stand as active.

use std::collections::HashSet;

use super::part::name_of;
use crate::insight::answer::cited_in;
use crate::insight::medications::{self, HomeMedicine};
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal};
use crate::record::EntryId;

/// The medicines for home; on a brief page a row of those that do not stand first.
pub(super) fn medicines(
    context: &Context<'_>,
    home: &[HomeMedicine<'_>],
    is_brief: bool,
) -> Result<Part, Refusal> {
    let tool = "get_medications {\"status\":\"active\"}";
    if is_brief {
        return Ok(brief(context, home, tool));
    }
    let mut lines = medications::home_lines(context)?;
    // Those of high risk first: they are the last to be cut.
    let risky: HashSet<EntryId> =
        home.iter().filter(|one| is_high_risk(one)).map(|medicine| medicine.entry.id).collect();
    lines.sort_by_key(|line| !cited_in(line).iter().any(|id| risky.contains(id)));
    let says = statements(context);
    Ok(Part::of("Medicines active per the record", tool, 20, lines).keeping(12).saying(says))
}

fn brief(context: &Context<'_>, home: &[HomeMedicine<'_>], tool: &str) -> Part {
    let others = home.iter().filter(|one| !is_high_risk(one));
    let names: Vec<String> = others
        .map(|one| {
            let how = if one.is_as_needed { " (as needed)" } else { "" };
            let mark = if one.is_unconfirmed { " (NOT CONFIRMED lately)" } else { "" };
            format!("{}{how}{mark} [{}]", name_of(one.entry), one.entry.id)
        })
        .collect();
    let name = if names.len() < home.len() {
        "Other medicines active per the record"
    } else {
        "Medicines active per the record"
    };
    Part::of(name, tool, names.len(), names.clone()).as_row(names).keeping(12).saying(statements(context))
}

fn is_high_risk(medicine: &HomeMedicine<'_>) -> bool {
    medicine.high_risk.is_some()
}

/// Which kind of nothing is recorded; a conflict stands among the conflicts above.
fn statements(context: &Context<'_>) -> String {
    let says = medications::statements(context).into_iter().filter(|line| !line.contains("CONFLICT"));
    says.collect::<Vec<_>>().join(" ")
}
