//! Insurances in rows: payer, plan, period. The member's number stands in get_record, as other identifiers do.

use super::{InsuranceRow, Rows};
use crate::insight::rows::{self, Shown};
use crate::insight::{Context, Section, plain};
use crate::record::Entry;

/// The insurances that may hold today, and those that are over or cancelled.
pub(super) fn sections(context: &Context<'_>, plans: &[Shown<'_>]) -> Vec<Rows> {
    let (over, present): (Vec<Shown<'_>>, Vec<_>) =
        plans.iter().partition(|shown| is_over(context, shown.face));
    let section = |heading: &str, shown: Vec<Shown<'_>>| Section {
        heading: heading.into(),
        columns: &["plan", "insurer", "period", "status", "the person is", "sources"],
        items: shown.into_iter().map(|shown| row(context, shown)).collect(),
    };
    vec![section("Insurance", present), section("Insurance that is over or cancelled", over)]
}

fn is_over(context: &Context<'_>, entry: &Entry) -> bool {
    let has_ended = entry.end.is_some_and(|end| end.latest() < context.today);
    has_ended || matches!(entry.status.as_deref(), Some("cancelled" | "entered-in-error"))
}

fn row(context: &Context<'_>, shown: Shown<'_>) -> InsuranceRow {
    let entry = shown.face;
    let name = rows::name_cell(entry);
    let insurer = entry.actor("payor").map(plain).filter(|insurer| *insurer != name);
    let sources = rows::several(rows::sources(context, shown.group));
    let (date, end) = (entry.date.map(|when| when.date_text()), entry.end.map(|when| when.date_text()));
    let period = match (&date, &end) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "not recorded".into(),
    };
    let status = entry.status.as_deref().map(plain);
    let relation = entry.extra("relationship to subscriber").map(plain);
    let is_self = |relation: &String| relation.eq_ignore_ascii_case("self");
    let person_is = relation.clone().map(|word| if is_self(&word) { "the subscriber".into() } else { word });
    let mut beneath: Vec<String> = Vec::new();
    beneath.extend(costs(entry));
    beneath.extend(rows::disagreements(context, shown, "the status", |entry| {
        entry.status.as_deref().map(plain)
    }));
    beneath.extend(rows::own_notes(context, shown.group));
    let cells = vec![
        name.clone(),
        insurer.clone().unwrap_or_default(),
        period,
        status.clone().unwrap_or_default(),
        person_is.unwrap_or_default(),
        rows::sources_cell(context, &sources),
    ];
    let (id, part) = (entry.id.to_string(), "insurance");
    InsuranceRow {
        id,
        part,
        date,
        end,
        name,
        insurer,
        status,
        relation,
        sources,
        beneath,
        cells,
        entry: Some(entry.id),
        ..InsuranceRow::default()
    }
}

/// What a visit or a medicine costs the person by the plan, as the card says.
fn costs(entry: &Entry) -> Option<String> {
    let costs = entry.more.iter().filter_map(|(label, value)| {
        let what = label.strip_prefix("cost: ")?;
        Some(format!("{} {}", plain(what), plain(value)))
    });
    let costs: Vec<String> = costs.collect();
    (!costs.is_empty()).then(|| format!("↳ costs by the plan, as recorded: {}", costs.join("; ")))
}
