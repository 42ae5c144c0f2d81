//! Scopes: what is asked of a server in the dialect that it speaks, and what of it was granted.
//!
//! SMART App Launch 2.2.0, "Scopes and Launch Context": v1 `patient/Observation.read` says what v2
//! `patient/Observation.rs` says.

use super::rules::Dialect;
use super::server::Server;
use super::vendors::Vendor;

/// After a type of which a part was granted.
const IN_PART: &str = " (in part)";

/// Scopes that are about the sign-in, not about the record.
const SIGN_IN: [&str; 4] = ["launch/patient", "openid", "fhirUser", "offline_access"];

/// The scopes to ask for; `types` are those of the fetch.
pub fn asked(server: &Server, vendor: &Vendor, types: &[&str]) -> Vec<String> {
    let rule = &vendor.scopes;
    let lists = |scope: &str| server.scopes.iter().any(|own| own == scope);
    let listed_by_type = |type_name: &str| server.scopes.iter().any(|own| reads(own, type_name));
    let action = match dialect(server, vendor) {
        Dialect::V1 => "read",
        Dialect::V2 => "rs",
    };
    let wildcard = format!("patient/*.{action}");
    let one_by_one: Vec<String> = match rule.types.is_empty() {
        false => rule.types.iter().map(|own| format!("patient/{own}.{action}")).collect(),
        // A server that lists types and no wildcard is asked for those that it lists.
        true if server.scopes.iter().any(|own| own.starts_with("patient/")) && !listed_by_type("*") => {
            let listed = types.iter().filter(|own| listed_by_type(own));
            listed.map(|own| format!("patient/{own}.{action}")).collect()
        }
        true => Vec::new(),
    };
    let record = if one_by_one.is_empty() { vec![wildcard] } else { one_by_one };
    let sign_in = SIGN_IN.iter().filter(|scope| !rule.without.contains(scope));
    let lists_sign_in = SIGN_IN.iter().any(|scope| lists(scope));
    let sign_in = sign_in.filter(|scope| !lists_sign_in || lists(scope));
    let extra = rule.extra.iter().map(|scope| (*scope).to_owned());
    sign_in.map(|scope| (*scope).to_owned()).chain(record).chain(extra).collect()
}

fn dialect(server: &Server, vendor: &Vendor) -> Dialect {
    let advertised = || match (server.can("permission-v2"), server.can("permission-v1")) {
        (true, _) => Dialect::V2,
        (false, true) => Dialect::V1,
        // What is listed speaks for a server that does not say.
        (false, false) if server.scopes.iter().any(|own| own.ends_with(".rs") || own.contains(".rs?")) => {
            Dialect::V2
        }
        (false, false) => Dialect::V1,
    };
    vendor.scopes.dialect.unwrap_or_else(advertised)
}

/// What was asked for and not granted: sign-in scopes by their names, the record by its types. A server that
/// does not say what it granted has granted what was asked (RFC 6749, 5.1).
pub fn not_granted(asked: &[String], granted: Option<&[String]>, types: &[&str]) -> Vec<String> {
    let Some(granted) = granted else { return Vec::new() };
    let has = |scope: &str| granted.iter().any(|own| own == scope);
    let may_read = |type_name: &str| granted.iter().any(|own| reads(own, type_name));
    let is_narrowed = |own: &&str| {
        let mut scopes = granted.iter().filter(|scope| reads(scope, own)).peekable();
        scopes.peek().is_some() && scopes.all(|scope| scope.contains('?'))
    };
    let mut missing = Vec::new();
    for scope in asked {
        match scope.strip_prefix("patient/").and_then(|rest| rest.split_once('.')) {
            Some(("*", _)) => {
                missing.extend(types.iter().filter(|own| !may_read(own)).map(|own| (*own).to_owned()));
                missing.extend(types.iter().filter(|own| is_narrowed(own)).map(|own| in_part(own)));
            }
            Some((own, _)) if !may_read(own) => missing.push(own.to_owned()),
            Some((own, _)) if is_narrowed(&own) => missing.push(in_part(own)),
            Some(_) => {}
            // Servers leave out the scopes that only steered the sign-in.
            None if scope == "offline_access" && !has(scope) => missing.push(scope.clone()),
            None => {}
        }
    }
    missing.dedup();
    missing
}

/// How it is told that of a type not all was granted.
fn in_part(type_name: &str) -> String {
    format!("{type_name}{IN_PART}")
}

/// Why nothing of this type may be no word about what is there: it was not granted, or not all of it.
pub fn not_covered(not_granted: &[String], type_name: &str) -> Option<&'static str> {
    not_granted.iter().find_map(|missing| match missing.strip_prefix(type_name)? {
        "" => Some("it was not granted at the sign-in"),
        IN_PART => Some("not all of this type was granted at the sign-in"),
        _ => None,
    })
}

/// Whether a scope lets a patient's resources of this type be read and searched, wholly or in part.
fn reads(scope: &str, type_name: &str) -> bool {
    let Some((level, rest)) = scope.split_once('/') else { return false };
    let Some((own, action)) = rest.split_once('.') else { return false };
    let action = action.split('?').next().unwrap_or(action);
    let is_read = matches!(action, "read" | "*")
        || (action.contains('r') && action.chars().all(|c| "cruds".contains(c)));
    matches!(level, "patient" | "user") && (own == type_name || own == "*") && is_read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::smart::vendors;

    fn server(capabilities: &[&str], scopes: &[&str]) -> Server {
        let own = |list: &[&str]| list.iter().map(|own| (*own).to_owned()).collect();
        let url: url::Url = "https://a.example/".parse().unwrap();
        Server {
            authorize: url.clone(),
            token: url,
            register: None,
            revoke: None,
            jwks: None,
            issuer: None,
            answers_with_issuer: false,
            scopes: own(scopes),
            capabilities: own(capabilities),
            auth_methods: Vec::new(),
            pkce_methods: Vec::new(),
            brands: None,
        }
    }

    const TYPES: [&str; 3] = ["Observation", "Condition", "Goal"];

    #[test]
    fn a_server_is_asked_in_its_own_dialect() {
        let any = vendors::named("any").unwrap();
        let v2 = asked(&server(&["permission-v1", "permission-v2"], &[]), any, &TYPES);
        assert_eq!(v2, ["launch/patient", "openid", "fhirUser", "offline_access", "patient/*.rs"]);
        let v1 = asked(&server(&["permission-v1"], &[]), any, &TYPES);
        assert_eq!(v1.last().unwrap(), "patient/*.read");
        let silent = asked(&server(&[], &[]), any, &TYPES);
        assert_eq!(silent.last().unwrap(), "patient/*.read");
    }

    #[test]
    fn a_server_that_lists_types_is_asked_for_those_it_lists() {
        let any = vendors::named("any").unwrap();
        let lists = ["openid", "offline_access", "patient/Observation.rs", "patient/Goal.cruds"];
        let asked = asked(&server(&["permission-v2"], &lists), any, &TYPES);
        assert_eq!(asked, ["openid", "offline_access", "patient/Observation.rs", "patient/Goal.rs"]);
    }

    #[test]
    fn what_was_not_granted_is_told_by_type() {
        let own = |list: &[&str]| list.iter().map(|own| (*own).to_owned()).collect::<Vec<_>>();
        let asked = own(&["launch/patient", "offline_access", "patient/*.rs"]);
        let granted = own(&["patient/Observation.rs?category=laboratory", "patient/Condition.read"]);
        let missing = not_granted(&asked, Some(&granted), &TYPES);
        assert_eq!(missing, ["offline_access", "Goal", "Observation (in part)"]);
        assert_eq!(not_covered(&missing, "Goal"), Some("it was not granted at the sign-in"));
        assert!(not_covered(&missing, "Observation").unwrap().starts_with("not all"));
        assert_eq!(not_covered(&missing, "Condition"), None);
        assert!(not_granted(&asked, None, &TYPES).is_empty());
        let all = own(&["offline_access", "patient/*.cruds"]);
        assert!(not_granted(&asked, Some(&all), &TYPES).is_empty());
        let write_only = own(&["offline_access", "patient/*.cud"]);
        assert_eq!(not_granted(&asked, Some(&write_only), &TYPES).len(), 3);
    }
}
