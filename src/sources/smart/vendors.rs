//! What is known of the makers of servers, one row each; a server of no known maker is as the first row says.

use std::sync::LazyLock;

use super::cells;
use super::rules::{
    AudRule, AuthorizeExtra, ClientKind, KnownBy, NoticeMeaning, PatientRule, Registration, Scopes, TokenAuth,
};
use crate::knowledge::folding::fold;
use crate::knowledge::table::rows;

const VENDORS: &str = include_str!("tables/vendors.tsv");

/// The maker of a server, and where its servers leave SMART on FHIR.
#[derive(Debug)]
pub struct Vendor {
    /// Stable name, as in `blue-button`.
    pub name: &'static str,
    /// The name that a person reads.
    pub title: &'static str,
    /// How its servers are known.
    pub known_by: Vec<KnownBy>,
    /// What is sent as `aud`.
    pub aud: AudRule,
    /// The ways to the patient's id, in the order in which they are tried.
    pub patient: Vec<PatientRule>,
    /// The clients that it registers.
    pub client: ClientKind,
    /// How the client names itself, the first that fits what it holds; empty where the server's word counts.
    pub auth: Vec<TokenAuth>,
    /// How its scopes differ.
    pub scopes: Scopes,
    /// What the address for signing in needs beyond the usual.
    pub authorize_extra: Vec<AuthorizeExtra>,
    /// How an app is registered without a person at a page.
    pub registration: Registration,
    /// The page at which an app is registered by hand.
    pub registration_page: Option<&'static str>,
    /// Requests that may be made in a minute.
    pub per_minute: Option<u32>,
    /// What is asked for as `_count`.
    pub page_size: u32,
    /// A refresh token is lost when it is not used within so many hours.
    pub refresh_within_h: Option<u32>,
    /// Codes of an OperationOutcome and what they say.
    pub notices: Vec<(&'static str, NoticeMeaning)>,
    /// HTTP statuses that say here that a query was refused, not that the server failed.
    pub refused_status: Vec<u16>,
    /// Where all of this was read.
    pub source: &'static str,
    /// The year in which it was read.
    pub year: &'static str,
}

impl Vendor {
    /// What a code in an OperationOutcome says, where it is known.
    pub fn meaning(&self, code: &str) -> Option<NoticeMeaning> {
        self.notices.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
    }

    fn read(row: [&'static str; 18], usual_page_size: u32) -> Option<Self> {
        let [name, title, known_by, aud, patient, client, auth, scopes, extra, registration, page, rest @ ..] =
            row;
        let [per_minute, page_size, refresh_within_h, notices, refused_status, source, year] = rest;
        Some(Self {
            name,
            title,
            known_by: cells::each(known_by, cells::known_by)?,
            aud: cells::aud(aud)?,
            patient: cells::each(patient, cells::patient)?,
            client: cells::client(client)?,
            auth: cells::each(auth, cells::auth)?,
            scopes: cells::scopes(scopes)?,
            authorize_extra: cells::each(extra, cells::authorize_extra)?,
            registration: cells::registration(registration)?,
            registration_page: cells::text(page),
            per_minute: cells::number(per_minute)?,
            page_size: cells::text(page_size).map_or(Some(usual_page_size), |cell| cell.parse().ok())?,
            refresh_within_h: cells::number(refresh_within_h)?,
            notices: cells::each(notices, cells::notice)?,
            refused_status: cells::each(refused_status, |entry| entry.parse().ok())?,
            source,
            year,
        })
    }
}

static VENDOR_LIST: LazyLock<Vec<Vendor>> = LazyLock::new(|| {
    let usual_page_size = rows::<18>(VENDORS).next().and_then(|row| row[12].parse().ok()).unwrap_or_default();
    let vendors: Vec<_> = rows(VENDORS).filter_map(|row| Vendor::read(row, usual_page_size)).collect();
    assert!(!vendors.is_empty(), "the table of vendors, which is compiled in, has a first row");
    vendors
});

/// All rows, the one for servers of no known maker first.
pub fn vendors() -> &'static [Vendor] {
    &VENDOR_LIST
}

/// The vendor of a name that was kept; one that the table no longer has is as any.
pub fn of_name(name: &str) -> &'static Vendor {
    named(name).unwrap_or(&vendors()[0])
}

/// The vendor of that name.
pub fn named(name: &str) -> Option<&'static Vendor> {
    vendors().iter().find(|vendor| vendor.name == name)
}

/// Whose server it is that has this FHIR base and names this software and publisher.
///
/// A host says more than a name, and a name more than a path: many makers' paths look alike.
pub fn of(base: &str, software: Option<&str>, publisher: Option<&str>) -> &'static Vendor {
    let (host, path) = host_and_path(base);
    let named: Vec<String> = [software, publisher].into_iter().flatten().map(fold).collect();
    let by =
        |is_it: &dyn Fn(&KnownBy) -> bool| vendors().iter().find(|vendor| vendor.known_by.iter().any(is_it));
    by(&|known| matches!(known, KnownBy::Host(own) if is_below(&host, own)))
        .or_else(|| by(&|known| matches!(known, KnownBy::Software(own) if named.contains(own))))
        .or_else(|| by(&|known| matches!(known, KnownBy::Path(own) if path.contains(own))))
        .unwrap_or(&vendors()[0])
}

fn host_and_path(base: &str) -> (String, &str) {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    (host.split(':').next().unwrap_or(host).to_ascii_lowercase(), path)
}

fn is_below(host: &str, own: &str) -> bool {
    host.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests;
