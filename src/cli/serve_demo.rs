//! `plainchart serve --http … --demo`: a made-up person, for whoever has the token that was printed at the start.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::access::authorization::{Bearer, Inside, PublicUrl, Scopes, Unauthorized};
use crate::clock::Randomness;
use crate::mcp::callers::Authorize;
use crate::record::Scope;
use crate::store::Sealed;

const TOKEN_BYTES: usize = 24;

/// A token for this run of the demo.
pub fn token(random: &Randomness) -> String {
    format!("pc_demo_{}", random.hex(TOKEN_BYTES))
}

/// Lets in whoever has the token, to the whole of the made-up record.
pub fn authorize(token: &str, sealed: Sealed) -> Authorize {
    // Hashes are compared, so that the time it takes says nothing about the token.
    let expected = Sha256::digest(token);
    Arc::new(move |given| {
        if Sha256::digest(given) != expected {
            return Err(Unauthorized::BadToken);
        }
        let bearer = Bearer {
            owner: sealed.owner().clone(),
            grant: "demo".into(),
            client: "whoever tries the demo".into(),
            scopes: Scopes::everything(),
        };
        let (version, scope) = (sealed.saved()?, Scope::everything());
        Ok(Inside { bearer, sealed: sealed.clone(), scope, version, until: Timestamp::MAX })
    })
}

/// What is printed: how to connect.
pub fn greeting(token: &str, public: &PublicUrl) -> String {
    let endpoint = public.resource();
    format!(
        "A made-up person, held in memory, is served at {endpoint}\n\n\
         Claude Code:\n  claude mcp add --transport http plainchart {endpoint} \\\n    \
         --header \"Authorization: Bearer {token}\"\n\n\
         MCP Inspector:\n  npx @modelcontextprotocol/inspector --cli {endpoint} --transport http \\\n    \
         --header \"Authorization: Bearer {token}\" --method tools/list\n\n\
         The token is good until this program ends: Ctrl-C."
    )
}
