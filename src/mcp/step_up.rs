//! Where an assistant never asked for what a tool is about, it is told what to ask for (RFC 6750: `insufficient_scope`).
//! What the person withholds is not that: no scope opens it, and it is answered as withheld.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use rmcp::RoleServer;
use rmcp::service::RequestContext;

use super::tools;
use crate::access::Caller;
use crate::access::authorization::Scopes;

/// What a request was found to lack: set while it is answered, and read when the answer is to be sent. The protocol
/// has no way of its own from a tool to the status of a response.
#[derive(Clone, Default)]
pub struct Lacking(Arc<Mutex<Option<String>>>);

impl Lacking {
    /// The scopes to ask for in addition.
    pub fn scopes(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, scopes: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(scopes);
    }
}

/// Notes what a caller never asked for, where a tool is about nothing else.
pub fn ask_for_what_is_missing(caller: &Caller, tool: &str, context: &RequestContext<RoleServer>) {
    let Caller::Assistant(inside) = caller else { return };
    let lacking = context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Lacking>());
    if let (Some(lacking), Some(missing)) = (lacking, missing(&inside.bearer.scopes, tool)) {
        lacking.set(missing);
    }
}

fn missing(scopes: &Scopes, tool: &str) -> Option<String> {
    if tool == tools::UPDATE {
        return scopes.missing_update();
    }
    let kinds = tools::kinds(tool);
    let is_about_some = kinds.iter().any(|kind| scopes.kinds().contains(kind));
    scopes.missing(kinds).filter(|_| !is_about_some)
}
