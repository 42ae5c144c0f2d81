//! `connect_source`: the address at which the person connects a clinic's portal. A note could have suggested an
//! address to the assistant, so only names are taken: of portals that the operator listed, or of the directory.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Run, Tool};
use crate::ingest::portal::Named;
use crate::insight::{Answer, Context, Coverage, Pages, Refusal, Ways, Whose, plain};
use crate::mcp::desk::{NotBegun, SIGN_IN_S};
use crate::mcp::parameter::{Form, required};
use crate::mcp::{Arguments, Opening, schema};

pub const TOOL: Tool = Tool {
    name: NAME,
    title: "Connect a clinic's portal",
    description: "Gives the address at which the person signs in at a clinic's portal, so that its record comes in. By name and town; addresses are not taken.",
    parameters: &[required("name", "Clinic, hospital or insurer, with the town", Form::Words)],
    output: schema::of::<Connecting>,
    run: Run::OfPortals(run),
};

/// Its name: the address can be shown by the client itself.
pub const NAME: &str = "connect_source";

/// A sign-in that waits for the person, or what to choose from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Connecting {
    /// Whose record it is.
    whose: Whose,
    /// What the portal is called, where one is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<String>,
    /// The host that is signed in to.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// The address that the person opens, on the machine on which plainchart runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<String>,
    /// Portals to choose from, where several may be meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<String>,
    /// What the answer covers.
    coverage: Coverage,
}

fn run(context: &Context<'_>, arguments: &Arguments, opening: &Opening<'_>) -> Result<Answer, Refusal> {
    // On a server the person connects on its page, after they have signed in there: nothing is begun for the assistant.
    if let Ways::Pages(pages) = context.ways {
        return Ok(on_page(context, pages));
    }
    let (name, portals) = (arguments.text("name").unwrap_or_default(), opening()?);
    if name.contains("://") {
        return Err(Refusal::BadArgument(
            "an address is not taken from an assistant; the person gives it: plainchart connect URL".into(),
        ));
    }
    match portals.setting.named(name).map_err(|error| unavailable(&error.to_string()))? {
        Named::One(one) => {
            let (address, wanted) = *one;
            let called = wanted.name.clone().unwrap_or_else(|| crate::http::host(&address));
            let start = portals.desk(context)?.sign_in(&portals.setting, &address, wanted);
            let start = start.map_err(|error| not_begun(&called, &error))?;
            let told = Connecting {
                portal: Some(plain(&called)),
                host: Some(crate::http::host(&address)),
                open: Some(start.to_string()),
                ..nothing(context)
            };
            Ok(answer(&told))
        }
        Named::Several { lines, total } => {
            let mut told = nothing(context);
            told.choices = lines.iter().map(|line| plain(line)).collect();
            let more = total.saturating_sub(told.choices.len());
            if more > 0 {
                told.coverage.notices.push(format!("{more} more have such a name: add the town"));
            }
            Ok(answer(&told))
        }
        Named::Unreachable(lines) => Err(unavailable(&lines.join("; "))),
        Named::Nothing => {
            let mut told = nothing(context);
            told.coverage.notices.push(format!("no portal is known as \"{}\"", plain(name)));
            Ok(answer(&told))
        }
    }
}

fn not_begun(called: &str, error: &NotBegun) -> Refusal {
    let next = match error {
        NotBegun::Portal(_) => "the person may try at the command line: plainchart connect",
        NotBegun::Slow => "ask again in a minute",
        NotBegun::TooMany => "end one of them first, or wait ten minutes",
    };
    unavailable(&format!("{}: {error}; {next}", plain(called)))
}

fn unavailable(why: &str) -> Refusal {
    Refusal::BadArgument(why.to_owned())
}

fn nothing(context: &Context<'_>) -> Connecting {
    let (whose, coverage) = (Whose::of(context.view), Coverage::of(context, &[]));
    Connecting { whose, portal: None, host: None, open: None, choices: Vec::new(), coverage }
}

fn on_page(context: &Context<'_>, pages: &Pages) -> Answer {
    let open = pages.sources();
    let told = Connecting { open: Some(open.clone()), ..nothing(context) };
    let text = format!(
        "{} — Connect a portal\n\nThe person opens this page of plainchart in a browser, signs in there, searches for the \
         clinic, and signs in at its portal:\n{open}\nWhen they have done so the record is fetched; check_records_status \
         says what is there. No password passes through here.\n\n{}",
        told.whose.line(),
        told.coverage.line(None)
    );
    Answer { text, structured: serde_json::to_value(&told).unwrap_or_default(), cited: Vec::new() }
}

fn answer(told: &Connecting) -> Answer {
    let mut text = format!("{} — Connect a portal\n\n", told.whose.line());
    if let (Some(portal), Some(host), Some(open)) = (&told.portal, &told.host, &told.open) {
        text.push_str(&format!(
            "To connect {portal} ({host}), the person opens this address in a browser on the machine on which \
             plainchart runs, and signs in there:\n{open}\nIt is good for {} minutes. When they have signed in, \
             the record is fetched; update_records says how far it is. No password passes through here.\n",
            SIGN_IN_S / 60
        ));
    } else if told.choices.is_empty() {
        text.push_str(
            "No portal of this name is known here. The person loads a list of portals (plainchart directory \
             list), lists one by hand (plainchart portals add), or gives its address (plainchart connect URL).\n",
        );
    } else {
        text.push_str("Several may be meant. With more words of the right one, connect_source finds it:\n");
        told.choices.iter().for_each(|choice| text.push_str(&format!("- {choice}\n")));
    }
    text.push_str(&format!("\n{}", told.coverage.line(None)));
    Answer { text, structured: serde_json::to_value(told).unwrap_or_default(), cited: Vec::new() }
}
