//! `plainchart serve --http … --demo`: a made-up person, for whoever has the token that was printed at the start.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::access::account::{Accounts, Acting, Handed, Invitation, Joiner, Relation, Role};
use crate::access::authorization::{Bearer, Inside, PublicUrl, Scopes, Unauthorized};
use crate::clock::Randomness;
use crate::mcp::callers::Authorize;
use crate::record::Scope;
use crate::secret::Secret;
use crate::store::Sealed;

const TOKEN_BYTES: usize = 24;
const PASSWORD_BYTES: usize = 8;
/// With what one signs in, and what the made-up person is called there.
const NAME: &str = "demo";
const PERSON: &str = "Maria (made up)";

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
        Ok(Inside { bearer, sealed: sealed.clone(), scope, by: Acting::OWN, version })
    })
}

/// Lets in whoever has either token.
pub fn either(first: Authorize, second: Authorize) -> Authorize {
    Arc::new(move |given| first(given).or_else(|_| second(given)))
}

/// A password for this run of the demo.
pub fn password(random: &Randomness) -> Secret<String> {
    Secret::new(random.hex(PASSWORD_BYTES))
}

/// Puts the made-up person into the care of an account.
pub fn sign_up(accounts: &Accounts, rows: &Sealed, password: &Secret<String>) -> Result<()> {
    let owner = rows.owner().clone();
    let person = Handed { owner, label: PERSON.into(), relation: Relation::Own, born: None };
    let invitation = accounts.invite_as_operator(&Invitation::to(Role::Administrator).with(person))?;
    let joiner = Joiner { name: NAME, password, invitation: Some(invitation.expose()) };
    accounts.sign_up(joiner, IpAddr::V4(Ipv4Addr::LOCALHOST))?;
    Ok(())
}

/// What is printed: how to connect.
pub fn greeting(token: &str, password: &Secret<String>, public: &PublicUrl) -> String {
    let (pages, password) = (public.issuer(), password.expose());
    let endpoint = public.resource();
    format!(
        "A made-up person, held in memory, is served at {endpoint}\n\n\
         The pages:\n  {pages}  name: {NAME}  password: {password}\n\n\
         Claude Code:\n  claude mcp add --transport http plainchart {endpoint} \\\n    \
         --header \"Authorization: Bearer {token}\"\n\n\
         MCP Inspector:\n  npx @modelcontextprotocol/inspector --cli {endpoint} --transport http \\\n    \
         --header \"Authorization: Bearer {token}\" --method tools/list\n\n\
         The token is good until this program ends: Ctrl-C."
    )
}
