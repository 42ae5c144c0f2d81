//! Claims in rows: those decided, those only sent, and those that no longer stand.

use std::collections::HashSet;

use super::asked::{Wanted, claim_of};
use super::money::{self, Money};
use super::versions::{Stand, Versions};
use super::{InsuranceRow, Rows, beside};
use crate::insight::rows::{self, Shown, date_cell};
use crate::insight::{Context, Refusal, Section, naming, plain};
use crate::record::{AmountKind, Claim, Entry, Standing};

/// Claims in rows, and what those say that is owed which stand.
pub(super) struct Claims {
    /// The rows under their headings.
    pub sections: Vec<Rows>,
    /// Of each claim that stands, what it says that the person owes.
    pub counted: Vec<Option<Money>>,
}

/// The claims in rows.
pub(super) fn told(context: &Context<'_>, shown: &[Shown<'_>], wanted: &Wanted) -> Result<Claims, Refusal> {
    let versions = Versions::of(context)?;
    let shown: Vec<Shown<'_>> =
        shown.iter().copied().filter(|shown| !versions.is_answered(shown.face)).collect();
    let insurers: HashSet<&str> = shown.iter().filter_map(|shown| shown.face.actor("insurer")).collect();
    let around = if wanted.is_narrowed() { Some(beside::Around::of(context)?) } else { None };
    let stand = |shown: &Shown<'_>| versions.stand(shown.face);
    let mut sections = Vec::new();
    for (heading, wanted_stand) in [
        ("Claims", Stand::Decided),
        ("Sent or asked beforehand, with no decision here", Stand::Sent),
        ("Cancelled, withdrawn, or replaced by a later version", Stand::Past),
    ] {
        let mut items = Vec::new();
        for one in shown.iter().filter(|one| stand(one) == wanted_stand) {
            context.check()?;
            let mut row = row(context, *one, wanted, insurers.len() > 1);
            row.beneath.extend(around.iter().flat_map(|around| around.at(context, one.face)));
            row.beneath.extend(rows::comments(context, one.group));
            row.beneath.extend(rows::own_notes(context, one.group));
            items.push(row);
        }
        let columns = &[
            "date",
            "claim",
            "by",
            "insurer",
            "service",
            "billed",
            "insurer pays",
            "person owes (claim says)",
            "status",
        ];
        sections.push(Section { heading: heading.into(), columns, items });
    }
    let standing = shown.iter().filter(|shown| stand(shown) == Stand::Decided);
    let counted =
        standing.map(|shown| money::of_kind(claim_of(shown.face)?, AmountKind::Owed)?.money).collect();
    Ok(Claims { sections, counted })
}

fn row(context: &Context<'_>, shown: Shown<'_>, wanted: &Wanted, with_insurer: bool) -> InsuranceRow {
    let entry = shown.face;
    let nothing = Claim::default();
    let claim = claim_of(entry).unwrap_or(&nothing);
    let amount = |kind: AmountKind| money::of_kind(claim, kind).map(|told| told.words);
    let (billed, owes) = (amount(AmountKind::Billed), amount(AmountKind::Owed));
    let paid = money::paid(claim).map(|told| told.words);
    let by = provider(entry).map(plain);
    let insurer = entry.actor("insurer").map(plain);
    let (date, end) = (entry.date.map(|when| when.date_text()), entry.end.map(|when| when.date_text()));
    let end = end.filter(|end| Some(end) != date.as_ref());
    let (name, service, status) = (name(entry, claim), service(claim), status(entry, claim));
    let mut beneath = beside::matches(claim, wanted);
    beneath.extend(beside::parts(claim));
    beneath.extend(beside::denials(claim));
    beneath.extend(beside::fill(claim));
    if claim_of(entry).is_none() {
        beneath.extend(beside::of_earlier(entry));
    }
    if wanted.is_narrowed() {
        beneath.extend(beside::diagnoses(claim));
    }
    beneath.extend(rows::disagreements(context, shown, "what the person owes", |entry| {
        money::of_kind(claim_of(entry)?, AmountKind::Owed).map(|told| told.words)
    }));
    let when = date.clone().unwrap_or_else(|| date_cell(None));
    let when = end.as_ref().map_or_else(|| when.clone(), |end| format!("{when} to {end}"));
    let cells = vec![
        when,
        name.clone(),
        by.clone().unwrap_or_default(),
        insurer.clone().filter(|_| with_insurer).unwrap_or_default(),
        service.clone().unwrap_or_default(),
        billed.clone().unwrap_or_default(),
        paid.clone().unwrap_or_default(),
        owes.clone().unwrap_or_default(),
        status.clone().unwrap_or_default(),
    ];
    let (id, sources) = (entry.id.to_string(), rows::several(rows::sources(context, shown.group)));
    let entry = Some(entry.id);
    InsuranceRow {
        id,
        part: "claim",
        date,
        end,
        name,
        by,
        insurer,
        service,
        billed,
        paid,
        owes,
        status,
        relation: None,
        sources,
        beneath,
        cells,
        entry,
    }
}

/// A claim in a few words.
pub(super) fn in_few_words(entry: &Entry) -> String {
    let Some(claim) = claim_of(entry) else { return format!("claim: {}", naming::name(&entry.concept)) };
    let service = service(claim).map_or_else(String::new, |service| format!(", {service}"));
    let owes = money::of_kind(claim, AmountKind::Owed);
    let owes = owes.map_or_else(String::new, |told| format!(", claim says the person owes {}", told.words));
    let status = status(entry, claim).map_or_else(String::new, |status| format!(" ({status})"));
    format!("{} claim{service}{owes}{status}", name(entry, claim))
}

/// Whoever gave the care: by a name where one was sent, else by a number.
fn provider(entry: &Entry) -> Option<&str> {
    const ROLES: [&str; 5] =
        ["provider", "performing provider", "location", "organization", "prescribing provider"];
    let named = || ROLES.iter().filter_map(|role| entry.actor(role));
    let is_number = |name: &&str| name.starts_with("NPI ") || name.starts_with("identifier ");
    named().find(|name| !is_number(name)).or_else(|| named().next())
}

/// The form it was billed on, else its type as recorded.
fn name(entry: &Entry, claim: &Claim) -> String {
    match claim.form.words() {
        "" => naming::name(&entry.concept),
        form => form.to_owned(),
    }
}

/// The first line, and how many more there are.
fn service(claim: &Claim) -> Option<String> {
    let first = claim.items.iter().find(|item| !item.concept.is_empty())?;
    let more = claim.items.len() - 1;
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(format!("{}{more}", beside::named(&first.concept)))
}

/// What is not as one expects of a claim: another status than active, not complete, denied.
fn status(entry: &Entry, claim: &Claim) -> Option<String> {
    let standing = (entry.standing != Standing::Stated).then(|| entry.standing.words().to_owned());
    let recorded = entry.status.as_deref().filter(|status| *status != "active" && standing.is_none());
    let usage = claim.usage.as_deref().filter(|usage| *usage != "claim");
    let outcome = claim.outcome.as_deref().filter(|outcome| !matches!(*outcome, "complete" | "Complete"));
    let has_denial = claim.every_denial().next().is_some();
    let denied = has_denial.then_some("denied or reduced in part: see beneath");
    let told = [recorded, usage, outcome, denied].into_iter().flatten().map(plain);
    let told: Vec<String> = standing.into_iter().chain(told).collect();
    (!told.is_empty()).then(|| told.join(", "))
}
