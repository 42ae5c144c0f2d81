//! Scopes of SMART App Launch 2.2 (`patient/Observation.rs?category=laboratory`) and those of version 1
//! (`patient/*.read`): the ceiling over what a grant may hold. Within it the person decides.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::record::Kind;

/// What is asked for where nothing is named, and all that is advertised of the record.
pub const EVERYTHING: &str = "patient/*.rs";
/// Lets the assistant have portals asked for what is new, where the person allows it. A scope of our own: it is asked for
/// by name, and never goes without saying.
pub const UPDATE: &str = "records.update";
/// Lets the access last beyond the hour by a refresh token (OpenID Connect Core, 11).
pub const OFFLINE: &str = "offline_access";
/// Scopes in one request, and their length.
const COUNT_MAX: usize = 64;
const LENGTH_MAX: usize = 4096;

static TABLE: &str = include_str!("tables/scopes.tsv");
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| TABLE.lines().filter_map(Row::read).collect());

/// One row of the table.
struct Row {
    type_name: &'static str,
    category: Option<&'static str>,
    kinds: Vec<Kind>,
}

/// Scopes that were asked for and are understood, in the order and the words of whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(Vec<String>);

/// None of the scopes that were asked for is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("none of these scopes is known here")]
pub struct NotUnderstood;

impl Scopes {
    /// Everything, and lasting: what is asked for where nothing is named.
    pub fn everything() -> Scopes {
        Scopes(vec![EVERYTHING.into(), OFFLINE.into()])
    }

    /// All that there are: for whoever could not come back to ask for more.
    pub fn all() -> Scopes {
        Scopes(vec![EVERYTHING.into(), OFFLINE.into(), UPDATE.into()])
    }

    /// Reads what was asked for. What is not understood is left out (RFC 6749, 3.3), and nothing at all means
    /// everything.
    pub fn parse(asked: &str) -> Result<Scopes, NotUnderstood> {
        if asked.len() > LENGTH_MAX {
            return Err(NotUnderstood);
        }
        if asked.trim().is_empty() {
            return Ok(Scopes::everything());
        }
        let mut scopes: Vec<String> = Vec::new();
        for one in asked.split_ascii_whitespace().take(COUNT_MAX) {
            let is_known = one == OFFLINE || one == UPDATE || kinds_of(one).is_some();
            if is_known && !scopes.iter().any(|scope| scope == one) {
                scopes.push(one.to_owned());
            }
        }
        let scopes = Scopes(scopes);
        if scopes.kinds().is_empty() { Err(NotUnderstood) } else { Ok(scopes) }
    }

    /// As text, for answers.
    pub fn text(&self) -> String {
        self.0.join(" ")
    }

    /// The kinds that may be seen at the most.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.0.iter().filter_map(|scope| kinds_of(scope)).flatten().collect()
    }

    /// Whether access beyond the hour was asked for.
    pub fn is_lasting(&self) -> bool {
        self.0.iter().any(|scope| scope == OFFLINE)
    }

    /// Whether it was asked that portals may be asked.
    pub fn may_update(&self) -> bool {
        self.0.iter().any(|scope| scope == UPDATE)
    }

    /// Whether these ask for nothing beyond `other`.
    pub fn are_within(&self, other: &Scopes) -> bool {
        self.kinds().is_subset(&other.kinds())
            && (other.is_lasting() || !self.is_lasting())
            && (other.may_update() || !self.may_update())
    }

    /// What would have to be asked for to have portals asked: that, and what there is already, since alone it opens
    /// nothing; `None` if it was asked for.
    pub fn missing_update(&self) -> Option<String> {
        let own = self.0.iter().map(String::as_str).filter(|scope| *scope != OFFLINE);
        (!self.may_update()).then(|| own.chain([UPDATE]).collect::<Vec<_>>().join(" "))
    }

    /// What would have to be asked for in addition to see these kinds, in one text; `None` if nothing. What
    /// the person withholds is not part of it: no scope opens that.
    pub fn missing(&self, kinds: &[Kind]) -> Option<String> {
        let own = self.kinds();
        let mut asked: Vec<String> = Vec::new();
        for kind in kinds.iter().filter(|kind| !own.contains(kind)) {
            let scope = for_kind(*kind);
            if !asked.contains(&scope) {
                asked.push(scope);
            }
        }
        (!asked.is_empty()).then(|| asked.join(" "))
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> String {
        scopes.text()
    }
}

impl TryFrom<String> for Scopes {
    type Error = NotUnderstood;

    fn try_from(text: String) -> Result<Scopes, NotUnderstood> {
        Scopes::parse(&text)
    }
}

/// The scope that is asked for to see a kind.
fn for_kind(kind: Kind) -> String {
    match ROWS.iter().find(|row| row.kinds == [kind]) {
        None => EVERYTHING.to_owned(),
        Some(Row { type_name, category: None, .. }) => format!("patient/{type_name}.rs"),
        Some(Row { type_name, category: Some(category), .. }) => {
            format!("patient/{type_name}.rs?category={category}")
        }
    }
}

/// The kinds that one scope opens; `None` where it is not understood. A restriction that is not understood
/// must not be taken for none.
fn kinds_of(scope: &str) -> Option<Vec<Kind>> {
    let (type_name, access) = scope.strip_prefix("patient/")?.split_once('.')?;
    let (access, query) = match access.split_once('?') {
        Some((access, query)) => (access, Some(query)),
        None => (access, None),
    };
    if !reads(access) {
        return None;
    }
    let category = match query.map(|query| query.strip_prefix("category=")) {
        None => None,
        // `system|code`, of which the code says it.
        Some(Some(value)) if !value.contains('&') => {
            Some(value.rsplit_once('|').map_or(value, |(_, code)| code))
        }
        Some(_) => return None,
    };
    if type_name == "*" {
        return category.is_none().then(|| Kind::ALL.to_vec());
    }
    let row = ROWS.iter().find(|row| row.type_name == type_name && row.category == category)?;
    Some(row.kinds.clone())
}

/// Whether the letters of version 2 or the word of version 1 let it be read and searched.
fn reads(access: &str) -> bool {
    let in_order = access.bytes().is_sorted_by_key(|letter| "cruds".bytes().position(|own| own == letter));
    let is_v2 = !access.is_empty() && access.bytes().all(|letter| b"cruds".contains(&letter)) && in_order;
    matches!(access, "read" | "*") || (is_v2 && access.contains('r'))
}

impl Row {
    fn read(line: &'static str) -> Option<Row> {
        let mut cells = line.split('\t').filter(|_| !line.starts_with('#'));
        let (type_name, category, kinds) = (cells.next()?, cells.next()?, cells.next()?);
        let kind = |word: &str| Kind::ALL.into_iter().find(|kind| kind.plural() == word);
        Some(Row {
            type_name,
            category: Some(category).filter(|category| *category != "-"),
            kinds: kinds.split(';').filter_map(kind).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(asked: &str) -> Vec<Kind> {
        Scopes::parse(asked).unwrap().kinds().into_iter().collect()
    }

    #[test]
    fn every_row_of_the_table_is_read_whole() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let row = Row::read(line).unwrap();
            let named = line.split('\t').nth(2).unwrap().split(';').count();
            assert_eq!(row.kinds.len(), named, "{line}");
            assert_eq!(line.split('\t').count(), 3, "{line}");
        }
    }

    #[test]
    fn scopes_of_both_versions_are_understood() {
        assert_eq!(kinds("patient/Observation.rs?category=laboratory"), [Kind::Lab]);
        let with_system =
            "patient/Observation.r?category=http://terminology.hl7.org/CodeSystem/x|vital-signs";
        assert_eq!(kinds(with_system), [Kind::Vital]);
        assert_eq!(
            kinds("patient/Condition.read patient/Immunization.cruds"),
            [Kind::Condition, Kind::Immunization]
        );
        for all in ["patient/*.read", "patient/*.rs", "patient/*.*", ""] {
            assert_eq!(kinds(all).len(), Kind::ALL.len(), "{all}");
        }
    }

    #[test]
    fn what_is_not_understood_opens_nothing() {
        let bad = [
            "openid",
            "user/*.rs",
            "system/*.read",
            "patient/*.write",
            "patient/*.cud",
            "patient/*.sr",
            "patient/Observation",
            "patient/Unheard.rs",
            "patient/*.rs?category=laboratory",
            "patient/Observation.rs?category=unheard",
            "patient/Observation.rs?code=123",
            "patient/Observation.rs?category=laboratory&status=final",
            "offline_access",
        ];
        for scope in bad {
            assert_eq!(Scopes::parse(scope), Err(NotUnderstood), "{scope}");
        }
        let some = Scopes::parse("openid patient/Condition.rs fhirUser patient/Condition.rs").unwrap();
        assert_eq!(some.text(), "patient/Condition.rs");
        assert!(Scopes::parse(&"patient/*.rs ".repeat(1000)).is_err());
    }

    #[test]
    fn what_is_missing_is_asked_for_in_one_text() {
        let scopes = Scopes::parse("patient/Condition.rs").unwrap();
        assert_eq!(scopes.missing(&[Kind::Condition]), None);
        let missing = scopes.missing(&[Kind::Condition, Kind::Lab, Kind::Allergy, Kind::Lab]).unwrap();
        assert_eq!(missing, "patient/Observation.rs?category=laboratory patient/AllergyIntolerance.rs");
        assert_eq!(Scopes::everything().missing(&Kind::ALL), None);
        assert_eq!(scopes.missing(&[Kind::Note]).as_deref(), Some(EVERYTHING));
    }

    #[test]
    fn what_a_challenge_asks_for_opens_what_it_is_asked_for() {
        for kind in Kind::ALL {
            assert!(kinds(&for_kind(kind)).contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn to_have_portals_asked_is_asked_for_by_name_alone() {
        assert!(!Scopes::everything().may_update() && !Scopes::parse("patient/*.*").unwrap().may_update());
        let asked = Scopes::parse("patient/Condition.rs offline_access").unwrap();
        let missing = asked.missing_update().unwrap();
        assert_eq!(missing, "patient/Condition.rs records.update");
        let more = Scopes::parse(&missing).unwrap();
        assert!(more.may_update() && more.missing_update().is_none());
        assert!(asked.kinds() == more.kinds() && !more.are_within(&asked));
        assert_eq!(Scopes::parse(UPDATE), Err(NotUnderstood), "alone it opens nothing");
    }

    #[test]
    fn narrower_is_within_and_wider_is_not() {
        let labs = Scopes::parse("patient/Observation.rs?category=laboratory").unwrap();
        let all = Scopes::parse("patient/*.read offline_access").unwrap();
        assert!(labs.are_within(&all) && !all.are_within(&labs));
        assert!(!Scopes::parse("patient/Condition.rs offline_access").unwrap().are_within(&labs));
    }
}
