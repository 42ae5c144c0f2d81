//! `plainchart status` and `plainchart people`.

use std::process::ExitCode;

use anyhow::Result;

use super::place::Place;
use crate::access::audit;
use crate::ingest::portal;
use crate::record::{Kind, Source, SourceKind, View};
use crate::store::{self, people, records};

/// What is in the record, from where, and whether the store and the audit are whole.
pub fn status(place: &Place) -> Result<ExitCode> {
    let opening = place.open()?;
    println!("Store: {}", store::shown(place.config.store_url().expose()));
    println!("Key:   {}", opening.keychain.source());
    for person in people::list(&opening.vault)? {
        if place.person.as_ref().is_some_and(|name| !name.eq_ignore_ascii_case(&person.label)) {
            continue;
        }
        let rows = place.rows(&opening.vault, &person)?;
        let view = View::everything(records::open(&rows)?.record);
        println!("\n{}: record version {}", person.label, view.version());
        let connected = portal::list(&rows)?;
        let status_of = |source: &Source| connected.iter().find(|status| source.id == status.id.as_str());
        for source in view.sources() {
            if source.kind == SourceKind::Portal {
                println!("  portal {}: {}", source.name, freshness(source, status_of(source)));
                continue;
            }
            let files: Vec<&str> = source.imports.iter().map(|import| import.file.as_str()).collect();
            println!("  source {}: {} import(s) of {}", source.name, files.len(), files.join(", "));
        }
        let is_read = |status: &portal::Status| view.sources().any(|source| source.id == status.id.as_str());
        for status in connected.iter().filter(|status| !is_read(status)) {
            println!("  portal {}: connected, never fetched", status.name);
        }
        for kind in Kind::ALL {
            let (entries, groups) = (view.entries(kind).count(), view.groups(kind).len());
            if entries > 0 {
                println!("  {:<16} {groups:>6}  (from {entries} entries)", kind.plural());
            }
        }
        println!("  activity: {} lines, the chain holds", audit::verify(&rows)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// How fresh a portal is, and what is wrong with it, in one line.
fn freshness(source: &Source, status: Option<&portal::Status>) -> String {
    let fetched = source.fetched.as_ref().filter(|fetched| fetched.at > 0);
    let mut parts = vec![match fetched {
        Some(fetched) => format!("fetched {}", day(fetched.at)),
        None => "never fetched".into(),
    }];
    let gaps = fetched.map_or(0, |fetched| fetched.not_whole().count());
    if gaps > 0 {
        parts.push(format!(
            "{gaps} queries did not end well (plainchart sources show {:?})",
            source.name.as_str()
        ));
    }
    let trouble = source.fetched.as_ref().and_then(|fetched| fetched.trouble.as_ref());
    parts.extend(trouble.map(|trouble| format!("since {}: {}", day(trouble.at), trouble.why)));
    if status.is_some_and(|status| status.is_cut_off) {
        parts.push("a fetch was cut off (plainchart refresh goes on)".into());
    }
    // The connection knows first: a kill between two rows leaves the record without the word of it.
    let is_ended = status.is_some_and(|status| status.needs_sign_in.is_some());
    if is_ended || trouble.is_some_and(|trouble| trouble.needs_sign_in) {
        parts.push(format!("sign in again: plainchart connect {:?}", source.name.as_str()));
    }
    parts.join("; ")
}

fn day(at: i64) -> String {
    jiff::Timestamp::from_second(at)
        .map_or_else(|_| "?".into(), |at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// Who has a record in this store.
pub fn people(place: &Place) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let everyone = people::list(&vault)?;
    for person in &everyone {
        println!("{}", person.label);
    }
    if everyone.is_empty() {
        eprintln!("Nobody has a record here yet: plainchart import PATH makes one.");
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Fetched, Queried, QueryState, Trouble};

    fn lakeside(fetched: Option<Fetched>) -> Source {
        Source {
            id: "p1".into(),
            name: "Lakeside Portal".into(),
            kind: SourceKind::Portal,
            patient_keys: Vec::new(),
            imports: Vec::new(),
            fetched,
        }
    }

    #[test]
    fn a_portal_is_told_in_one_line_with_what_is_wrong_and_what_helps() {
        let query = |state| Queried {
            id: "labs".into(),
            asks_for: "Observation".into(),
            name: "laboratory results".into(),
            state,
            why: "".into(),
            read: 0,
            has_brought: false,
        };
        let queries = vec![query(QueryState::Empty), query(QueryState::Failed)];
        let mut fetched = Fetched { at: 1_738_584_000, queries, ..Fetched::default() };
        assert_eq!(
            freshness(&lakeside(Some(fetched.clone())), None),
            "fetched 2025-02-03; 1 queries did not end well (plainchart sources show \"Lakeside Portal\")"
        );
        fetched.queries.clear();
        let why = "the sign-in at this portal has ended".into();
        fetched.trouble = Some(Trouble { at: 1_740_000_000, why, needs_sign_in: true });
        assert_eq!(
            freshness(&lakeside(Some(fetched)), None),
            "fetched 2025-02-03; since 2025-02-19: the sign-in at this portal has ended; sign in again: plainchart connect \"Lakeside Portal\""
        );
        assert_eq!(freshness(&lakeside(None), None), "never fetched");
    }
}
