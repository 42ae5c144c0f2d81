//! Scopes of SMART, v1 (`patient/Observation.read`) and v2 (`patient/Observation.rs?category=…`).

use super::call::pairs;
use super::people::Resource;
use super::quirks::Dialect;

/// What was granted.
#[derive(Clone, Debug)]
pub struct Scopes(String);

impl Scopes {
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn has(&self, scope: &str) -> bool {
        self.0.split_whitespace().any(|granted| granted == scope)
    }

    /// Whether anything of that type may be read.
    pub fn cover_type(&self, kind: &str) -> bool {
        self.of_type(kind).next().is_some()
    }

    /// Whether that resource may be read.
    pub fn cover(&self, resource: &Resource) -> bool {
        self.of_type(&resource.kind).any(|narrowed| {
            pairs(narrowed).iter().all(|(parameter, value)| {
                let code = value.rsplit('|').next().unwrap_or(value);
                resource.tokens.iter().any(|(name, token)| name == parameter && token == code)
            })
        })
    }

    /// The narrowing queries of those scopes that allow reading the type.
    fn of_type(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0.split_whitespace().filter_map(move |scope| {
            let (named, letters) = scope.strip_prefix("patient/")?.split_once('.')?;
            let (letters, narrowed) = letters.split_once('?').unwrap_or((letters, ""));
            let is_read =
                matches!(letters, "read" | "*") || letters != "write" && letters.contains(['r', 's']);
            (is_read && (named == "*" || named == kind)).then_some(narrowed)
        })
    }
}

/// Whether a server with these dialects understands the scope. Those about the sign-in have no dialect.
pub fn is_understood(scope: &str, dialects: &[Dialect]) -> bool {
    let Some((_, letters)) = scope.strip_prefix("patient/").and_then(|rest| rest.split_once('.')) else {
        return true;
    };
    let is_v1 = matches!(letters, "read" | "write" | "*");
    dialects.contains(if is_v1 { &Dialect::V1 } else { &Dialect::V2 })
}
