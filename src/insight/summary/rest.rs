//! What a page only points at, and what no source has sent.

use super::part::select;
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::date_cell;
use crate::insight::sheet::Part;
use crate::insight::telling::in_few_words;
use crate::insight::{Asked, Context, Coverage, Refusal, portals, shortened};
use crate::record::{Detail, EntryId, Kind, Standing};

/// What a page only points at: how much there is of the rest. Where a call for more shows it, it is counted among
/// what is not shown; where only the lists do, in a line of its own.
pub(super) fn others(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
    kinds: &[Kind],
    is_full: bool,
) -> Result<Vec<Part>, Refusal> {
    let mut counts = Vec::new();
    for kind in kinds {
        let count = select(context, *kind, asked, coverage)?.len();
        if count > 0 {
            counts.push((kind.plural(), count));
        }
    }
    if is_full {
        let told: Vec<String> = counts.into_iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        return Ok(vec![Part::of("Also in the record", "", 0, Vec::new()).saying(told.join(", "))]);
    }
    let counted = counts.into_iter().map(|(kind, count)| Part::of(kind, "", 0, vec![String::new(); count]));
    Ok(counted.collect())
}

/// What the person wrote without naming an entry, the newest first.
pub(super) fn own_notes(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Note, asked, coverage)?;
    let lines = shown.iter().filter_map(|shown| match &shown.face.detail {
        Detail::Note { text, about: None } => {
            let date = date_cell(shown.face.date.or(shown.face.recorded));
            Some(format!("{date} \"{}\" [{}]", shortened(text, NOTE_CHARS), shown.face.id))
        }
        _ => None,
    });
    Ok(Part::of("The person's own notes", "search_records", 6, lines.collect()))
}

/// Characters of an own note that a page has room for.
const NOTE_CHARS: usize = 200;

/// What the dates of the whole record say, looked at once.
struct Dates {
    /// The first and the last year of what visits, results, problems, medicines and documents are dated with.
    years: Option<(i16, i16)>,
    /// What is dated when it cannot have been, and why.
    impossible: Vec<(EntryId, &'static str)>,
}

/// The kinds whose dates say how far back the sources reach.
const DATED: [Kind; 5] = [Kind::Visit, Kind::Lab, Kind::Condition, Kind::Medication, Kind::Document];

fn dates(context: &Context<'_>) -> Result<Dates, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut dates = Dates { years: None, impossible: Vec::new() };
    for kind in Kind::ALL {
        let counts = DATED.contains(&kind);
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            if let Some(why) = lifetime.objection(entry) {
                let is_told = entry.standing != Standing::EnteredInError;
                dates.impossible.extend(is_told.then_some((entry.id, why)));
                continue;
            }
            let year =
                entry.date.map(|date| date.year()).filter(|year| counts && *year <= context.today.year());
            let Some(year) = year else { continue };
            let (first, last) = dates.years.unwrap_or((year, year));
            dates.years = Some((first.min(year), last.max(year)));
        }
    }
    Ok(dates)
}

/// What is left out of the page because of its date: told, since nothing is dropped without a word.
pub(super) fn impossible(context: &Context<'_>) -> Result<Part, Refusal> {
    let dates = context.derived(|| dates(context))?;
    let entries = dates.impossible.iter().filter_map(|(id, why)| Some((context.view.entry(*id)?, why)));
    let lines = entries.map(|(entry, why)| {
        let told = shortened(&in_few_words(context, entry), NOTE_CHARS);
        format!("{told}, {}, {why} [{}]", date_cell(entry.date), entry.id)
    });
    Ok(Part::of("Left out above: dated when it cannot have been", "the lists", 4, lines.collect()))
}

/// The kinds of which no source has sent anything: said, so that silence is not read as "none".
pub(super) fn missing(context: &Context<'_>) -> Option<String> {
    portals::missing_kinds(context, &EXPECTED)
}

/// The kinds whose absence a page tells.
const EXPECTED: [Kind; 9] = [
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

/// What portals did not give of what a page tells, and which could not be fetched from.
pub(super) fn gaps(context: &Context<'_>) -> Vec<String> {
    let vitals_too: Vec<Kind> = EXPECTED.into_iter().chain([Kind::Vital]).collect();
    portals::notices(context, &vitals_too)
}

/// The first and the last year of what is dated: a page cannot show what lies before the sources begin.
pub(super) fn years(context: &Context<'_>) -> Result<Option<String>, Refusal> {
    let years = context.derived(|| dates(context))?.years;
    Ok(years.map(|(first, last)| match first == last {
        true => format!("dated {first}"),
        false => format!("dated {first} to {last}"),
    }))
}
