//! `plainchart grants`: what assistants on this machine may see.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::exit::Usage;
use super::place::Place;
use crate::access::{Grant, grant};
use crate::knowledge::sensitive::{Class, Classes};
use crate::record::{Kind, Scope};

/// What changes. Without any, the grant is shown.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Withhold a sensitive class or a kind of entry: mental-health, labs, … (may be repeated).
    #[arg(long, value_name = "WHAT")]
    withhold: Vec<String>,
    /// Allow it again.
    #[arg(long, value_name = "WHAT")]
    allow: Vec<String>,
    /// Withhold everything before this day.
    #[arg(long, value_name = "DATE")]
    since: Option<jiff::civil::Date>,
    /// Allow everything again.
    #[arg(long)]
    everything: bool,
}

/// Something that can be withheld.
enum What {
    Class(Class),
    Kind(Kind),
}

/// Shows the grant, after changing it where that was asked for.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let rows = place.rows(&vault, &place.whose(&vault)?)?;
    let (withheld, allowed) = (named(&arguments.withhold)?, named(&arguments.allow)?);
    let grant = grant::change_local(&rows, place.clock.now(), |before| {
        // A stored permission that cannot be read any more can still be set again, by allowing everything.
        let before = if arguments.everything { Grant::of_owner() } else { before? };
        let mut scope = before.scope();
        for what in &withheld {
            match what {
                What::Class(class) => scope.classes &= !Classes::from_iter([*class]).bits(),
                What::Kind(kind) => drop(scope.kinds.remove(kind)),
            }
        }
        for what in &allowed {
            match what {
                What::Class(class) => scope.classes |= Classes::from_iter([*class]).bits(),
                What::Kind(kind) => drop(scope.kinds.insert(*kind)),
            }
        }
        scope.since = arguments.since.or(scope.since);
        Ok(before.with_scope(scope))
    })?;
    let scope = grant.scope();
    show(&scope);
    Ok(ExitCode::SUCCESS)
}

fn show(scope: &Scope) {
    println!("Assistants on this machine may see:");
    for kind in Kind::ALL {
        let is_allowed = kind == Kind::Demographics || scope.kinds.contains(&kind);
        println!("  {:<16} {}", kind.plural(), yes(is_allowed));
    }
    println!("Sensitive classes:");
    for class in Class::ALL {
        println!(
            "  {:<34} {}  (--withhold {})",
            class.plain(),
            yes(scope.classes & Classes::from_iter([class]).bits() != 0),
            class.name()
        );
    }
    if let Some(since) = scope.since {
        println!("Only what is dated since {since}.");
    }
    println!("A changed grant holds from the next question on.");
    println!(
        "A withheld class takes out whole entries, and of notes and other long texts each passage whose words tell of it. Words can be missed: to be sure, withhold documents too."
    );
}

fn yes(is_allowed: bool) -> &'static str {
    if is_allowed { "yes" } else { "WITHHELD" }
}

fn named(names: &[String]) -> Result<Vec<What>> {
    names.iter().map(|name| what(name)).collect()
}

fn what(name: &str) -> Result<What> {
    let wanted = name.trim().to_lowercase().replace(['_', ' '], "-");
    let class = Class::ALL.into_iter().find(|class| class.name().replace(['_', ' '], "-") == wanted);
    let kind = Kind::ALL.into_iter().find(|kind| kind.plural().replace(' ', "-") == wanted);
    match (class, kind) {
        (Some(class), _) => Ok(What::Class(class)),
        (None, Some(kind)) => Ok(What::Kind(kind)),
        (None, None) => {
            let classes = Class::ALL.into_iter().map(Class::name);
            let kinds = Kind::ALL.into_iter().map(Kind::plural);
            let names: Vec<&str> = classes.chain(kinds).collect();
            Err(Usage(format!("{name} is nothing that can be withheld; choose from: {}", names.join(", ")))
                .into())
        }
    }
}
