//! What became of the last fetch from a portal, query by query: so that nothing that failed looks like nothing
//! that is there.

use serde::{Deserialize, Serialize};

use super::Text;

/// The last fetch from a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// When it ended (seconds since 1970).
    pub at: i64,
    /// Every query of its plan, in the order of the plan.
    pub queries: Vec<Queried>,
    /// What was asked for at the sign-in and not granted, in the portal's own words.
    pub not_granted: Vec<Text>,
    /// As who the person signed in, where that is somebody else than the patient: a parent, a carer.
    pub acts_as: Option<Text>,
    /// What has gone wrong since: gone with the next fetch that ends.
    pub trouble: Option<Trouble>,
}

/// Why a source could not be fetched from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When (seconds since 1970).
    pub at: i64,
    /// Why, in words for the person.
    pub why: Text,
    /// Whether only a new sign-in helps.
    pub needs_sign_in: bool,
}

/// What became of one query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queried {
    /// Its id in the plan: the same from fetch to fetch.
    pub id: Text,
    /// The type of resource that it asks for, as the source calls it.
    pub asks_for: Text,
    /// What a person calls what it asks for: "laboratory results".
    pub name: Text,
    /// How it ended.
    pub state: QueryState,
    /// Why it did not end well, in words for the person; empty where it did.
    pub why: Text,
    /// How many resources it brought.
    pub read: u32,
    /// Whether it ever brought something: one that never did cannot hide that something has vanished.
    pub has_brought: bool,
}

/// How a query ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QueryState {
    /// All of it came.
    Whole,
    /// The source has nothing of it.
    Empty,
    /// The source does not answer it, or not to us.
    Refused,
    /// Some of it came; the source or a limit held back the rest.
    Partial,
    /// It could not be had this time.
    Failed,
}

impl QueryState {
    /// True where what is missing in the answer is missing at the source.
    pub fn is_complete(self) -> bool {
        matches!(self, QueryState::Whole | QueryState::Empty)
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            QueryState::Whole => "ok",
            QueryState::Empty => "empty",
            QueryState::Refused => "refused",
            QueryState::Partial => "partial",
            QueryState::Failed => "failed",
        }
    }
}

impl Fetched {
    /// True where everything that the source has of this type was seen: an entry of it that was not sent is
    /// gone there. A query that was always refused never brought anything that could be missed. What was not
    /// granted may be answered with nothing where not to us is meant.
    pub fn is_complete(&self, asks_for: &str) -> bool {
        let mut of_type = self.queries.iter().filter(|query| query.asks_for == asks_for).peekable();
        let unheard = |query: &Queried| query.state == QueryState::Refused && !query.has_brought;
        !self.not_granted.iter().any(|own| own == asks_for)
            && of_type.peek().is_some()
            && of_type.clone().any(|query| query.state.is_complete())
            && of_type.all(|query| query.state.is_complete() || unheard(query))
    }

    /// True where anything at all was answered.
    pub fn was_answered(&self) -> bool {
        let is_answer = |state| matches!(state, QueryState::Whole | QueryState::Empty | QueryState::Partial);
        self.queries.iter().any(|query| is_answer(query.state))
    }

    /// The queries that did not end well.
    pub fn not_whole(&self) -> impl Iterator<Item = &Queried> {
        self.queries.iter().filter(|query| !query.state.is_complete())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(asks_for: &str, state: QueryState, has_brought: bool) -> Queried {
        let (id, name) = (asks_for.into(), asks_for.into());
        Queried { id, asks_for: asks_for.into(), name, state, why: "".into(), read: 0, has_brought }
    }

    #[test]
    fn a_type_is_complete_only_where_no_query_may_hide_something() {
        use QueryState::{Empty, Failed, Partial, Refused, Whole};
        let complete = |states: &[(QueryState, bool)]| {
            let queries = states.iter().map(|(state, brought)| query("Observation", *state, *brought));
            Fetched { queries: queries.collect(), ..Fetched::default() }.is_complete("Observation")
        };
        assert!(complete(&[(Whole, true), (Empty, false)]));
        assert!(complete(&[(Whole, true), (Refused, false)]));
        assert!(!complete(&[(Whole, true), (Refused, true)]));
        assert!(!complete(&[(Whole, true), (Partial, false)]));
        assert!(!complete(&[(Whole, true), (Failed, false)]));
        assert!(!complete(&[(Refused, false)]));
        assert!(!complete(&[]));
    }

    #[test]
    fn an_empty_answer_to_what_was_not_granted_says_nothing_of_what_is_there() {
        let queries =
            vec![query("Goal", QueryState::Empty, true), query("CareTeam", QueryState::Empty, true)];
        let fetched = Fetched { queries, not_granted: vec!["Goal".into()], ..Fetched::default() };
        assert!(!fetched.is_complete("Goal") && fetched.is_complete("CareTeam"));
    }
}
