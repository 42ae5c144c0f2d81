//! How a vaccine is told: the doses on record with their days, and beside them what each body names.

use jiff::civil::Date;

use super::check::Check;
use super::state::State;
use super::told;
use super::vaccines::{self, Series};
use crate::insight::shortened;
use crate::knowledge::schedule;

/// Doses that are told with their days; of more the newest.
const DOSES_MAX: usize = 6;

/// Vaccines whose number of doses hangs on the product, so that it stands beside each dose.
const BY_PRODUCT: [&str; 7] =
    ["Shingles", "Pneumococcal", "Hib", "Rotavirus", "Meningococcal B", "HPV", "Hepatitis B"];

/// The check for other answers.
pub(super) fn check(series: &Series, today: Date) -> Check {
    let name = name(series);
    let mut bodies: Vec<String> = series.rows.iter().map(|row| body(row, today)).collect();
    bodies.dedup();
    Check {
        key: series.diseases.join("-").to_lowercase().replace(' ', "-"),
        body: bodies.join("; "),
        state: series.state.clone(),
        says: line(series, today),
        ask: told::ask(&name, &series.state),
        name,
    }
}

/// The diseases in words.
fn name(series: &Series) -> String {
    format!("{} vaccine", series.diseases.join(", "))
}

/// One vaccine in a line.
pub(super) fn line(series: &Series, today: Date) -> String {
    let bodies: Vec<String> = series.rows.iter().map(|row| named(row, today)).collect();
    let bodies = match (bodies.is_empty(), series.is_outgrown) {
        (true, _) => String::new(),
        (false, false) => format!(". {}", bodies.join(" ")),
        // The days within those ages help nobody any more.
        (false, true) => format!(". Past the ages it is for: {}.", counts(series, today)),
    };
    let since = series.since_11.filter(|count| *count != series.doses.dated.len());
    let since = since.map_or_else(String::new, |count| format!("; of these {count} from 11 years on"));
    format!("{}: {}{since}{bodies}", name(series), recorded(series))
}

/// Those for whom a vaccine is, where it is for some only.
pub(super) fn for_some(series: &Series, today: Date) -> String {
    let stale = |row| stale(row, today).map_or_else(String::new, |mark| format!(", {mark}"));
    let rows = series.rows.iter().map(|row| format!("{}{}: {}", row.body, stale(row), row.who));
    let rows: Vec<String> = rows.collect();
    format!("{} ({})", series.diseases.join(", "), rows.join("; "))
}

/// What each body names, without its days.
fn counts(series: &Series, today: Date) -> String {
    let counts = series.rows.iter().map(|row| format!("{} names {}", body(row, today), row.doses));
    counts.collect::<Vec<_>>().join("; ")
}

/// That a row may have been replaced, with its release where the body's name does not hold it.
fn stale(row: &schedule::Doses, today: Date) -> Option<String> {
    const MARK: &str = "may have been replaced";
    let mark = if row.body.ends_with(row.released) {
        MARK.to_owned()
    } else {
        format!("of {}; {MARK}", row.released)
    };
    row.is_stale_on(today).then_some(mark)
}

fn body(row: &schedule::Doses, today: Date) -> String {
    let stale = stale(row, today).map_or_else(String::new, |mark| format!(" ({mark})"));
    format!("{}{stale}", row.body)
}

fn named(row: &schedule::Doses, today: Date) -> String {
    let who = Some(row.who).filter(|who| !who.is_empty());
    let says = vaccines::says(row);
    // The row says itself what is no number.
    if row.doses.starts_with(|first: char| first.is_ascii_digit()) {
        let who = who.map_or_else(String::new, |who| format!(" ({who})"));
        return format!("{} names {}{who}: {says}", body(row, today), row.doses);
    }
    let notes: Vec<String> = stale(row, today).into_iter().chain(who.map(str::to_owned)).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
    format!("{}{notes}: {says}", row.body)
}

/// What is on record. No day makes a vaccine "up to date": the days stand beside the body's own time.
fn recorded(series: &Series) -> String {
    let first = match &series.state {
        State::Overdue { last, until } => {
            format!("overdue: last {}; 10 years ended {}. ", told::done(last), until.date_text())
        }
        State::UpToDate { by, again: Some(again) } => {
            format!("last {}; 10 years end {}. ", told::done(by), again.date_text())
        }
        State::UpToDate { by, again: None } => format!("this season {}. ", told::done(by)),
        State::Due { last, on } => {
            format!(
                "due: none recorded since the season began ({}), last {}. ",
                on.date_text(),
                told::done(last)
            )
        }
        _ => String::new(),
    };
    let doses = &series.doses.dated;
    let undated: Vec<String> = series.doses.undated.iter().map(|id| format!("[{id}]")).collect();
    let undated = match undated.len() {
        0 => String::new(),
        count => format!("; {count} more without a usable date {}", undated.join(" ")),
    };
    let hidden = doses.len().saturating_sub(DOSES_MAX);
    let has_brands = series.diseases.iter().any(|disease| BY_PRODUCT.contains(disease));
    let days = doses.iter().skip(hidden).map(|dose| {
        let product = if has_brands { format!(" {}", shortened(&dose.product, 40)) } else { String::new() };
        format!("{}{product} [{}]", dose.on.date_text(), dose.id)
    });
    let days = days.collect::<Vec<_>>().join(", ");
    let earlier = if hidden > 0 { format!("{hidden} earlier, then ") } else { String::new() };
    match doses.len() {
        0 if undated.is_empty() => format!("{first}no record here"),
        0 => format!("{first}no dose with a usable date{undated}"),
        // It stands before already.
        1 if !first.is_empty() => format!("{first}1 dose recorded{undated}"),
        1 => format!("1 dose recorded: {days}{undated}"),
        count => format!("{first}{count} doses recorded: {earlier}{days}{undated}"),
    }
}
