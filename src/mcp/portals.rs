//! What a tool that works on portals is given: the rows, the installation, and the desk at which work goes on.

use super::desk::Desk;
use crate::access::{OwnerId, Work};
use crate::ingest::portal::{self, Setting, Status};
use crate::insight::{Context, Refusal, Ways};

/// The portals of one person.
pub struct Portals<'a> {
    /// Where work goes on; `None` where nothing goes out.
    pub desk: Option<&'a Desk>,
    /// The person's rows, and what work needs.
    pub setting: Setting,
    /// Seconds since 1970.
    pub now_s: i64,
}

/// The way to them, or why the caller may have nothing done with them.
pub type Opening<'a> = dyn Fn() -> Result<Portals<'a>, Refusal> + 'a;

impl<'a> Portals<'a> {
    /// Of this person.
    pub fn new(desk: Option<&'a Desk>, work: Work) -> Portals<'a> {
        let setting = setting(desk, work);
        let now_s = setting.now();
        Portals { desk, setting, now_s }
    }

    /// Whose they are.
    pub fn owner(&self) -> &OwnerId {
        self.setting.rows.owner()
    }

    /// The desk, or why there is none.
    pub fn desk(&self, context: &Context<'_>) -> Result<&'a Desk, Refusal> {
        self.desk.ok_or_else(|| {
            let why = match context.ways {
                Ways::Commands => {
                    "this server asks nobody outside; portals are connected at the command line: plainchart connect"
                }
                Ways::Pages(_) => "this server asks nobody outside",
            };
            Refusal::BadArgument(why.into())
        })
    }

    /// The connected portals that the caller may know of: those whose source is in the view, and new ones where
    /// no source is withheld.
    pub fn connected(&self, context: &Context<'_>) -> Result<Vec<Status>, Refusal> {
        let listed = portal::list(&self.setting.rows);
        let listed = listed.map_err(|error| Refusal::BadArgument(error.to_string()))?;
        let sees_all = context.view.scope().sources.is_none();
        let is_seen = |status: &Status| context.view.sources().any(|source| source.id == status.id.as_str());
        Ok(listed.into_iter().filter(|status| sees_all || is_seen(status)).collect())
    }
}

/// What work on a person's portals needs.
pub fn setting(desk: Option<&Desk>, work: Work) -> Setting {
    let outgoing = desk.map(Desk::outgoing).cloned().unwrap_or_default();
    Setting {
        rows: work.sealed,
        vault: work.vault,
        clock: work.clock,
        random: outgoing.random,
        private_hosts: outgoing.private_hosts,
    }
}
