//! A client that others have written, the one of rmcp, on its whole way to permission and over the network: discovery,
//! registration, PKCE, `resource`, `iss`, tokens, refresh.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::routing::{get, post};
use plainchart::access::authorization::{
    Allowed, Answer, By, LASTS_MAX, PublicUrl, Server, Unauthorized, challenge,
};
use plainchart::clock::{Clock, Randomness};
use plainchart::http::{Client, Reach};
use plainchart::record::Scope;
use plainchart::store::{OwnerId, Sealed, Vault};
use plainchart::web::endpoints;
use rmcp::transport::auth::{AuthorizationManager, AuthorizationRequest, OAuthState};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use url::Url;

const CALLBACK: &str = "http://localhost:3118/callback";

/// An installation that listens, and a person.
struct Installation {
    server: Arc<Server>,
    person: Sealed,
    runtime: Runtime,
}

impl Installation {
    fn new() -> Installation {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let public = PublicUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let vault = Vault::in_memory(Clock::system(), Randomness::system()).unwrap();
        let person = vault.create(&OwnerId::random(vault.random())).unwrap();
        let outgoing = Client::new(Reach { loopback: true, ..Reach::default() }).unwrap();
        let server = Arc::new(Server::new(vault, public.clone(), outgoing));
        let router = endpoints(Arc::clone(&server)).merge(resource(&public));
        runtime.spawn(async { axum::serve(listener, router).await });
        Installation { server, person, runtime }
    }

    /// What the person says to the address that the browser was sent to.
    fn says_yes(&self, address: &str) -> Url {
        let query: Vec<(String, String)> = Url::parse(address)
            .unwrap()
            .query_pairs()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let asked = self.server.begin(&query).unwrap();
        let by = By { account: OwnerId::parse("an-account").unwrap(), relation: "own".into() };
        let expires_at = self.server.vault().clock().now() + LASTS_MAX;
        let allowed = Allowed { scope: Scope::everything(), expires_at };
        match self.server.grant(&asked, &self.person, by, &allowed).unwrap() {
            Answer::SentOn(url) => url,
            Answer::TooMany => panic!("there are too many"),
        }
    }

    /// A client that has sent the browser off.
    fn asking(&self) -> (OAuthState, String) {
        self.runtime.block_on(async {
            let mut client = OAuthState::new(self.server.public().resource(), None).await.unwrap();
            let request = AuthorizationRequest::new(CALLBACK).with_client_name("An inspector");
            client.start_authorization(request).await.unwrap();
            let address = client.get_authorization_url().await.unwrap();
            (client, address)
        })
    }

    fn connected(&self) -> AuthorizationManager {
        let (mut client, address) = self.asking();
        let answer = self.says_yes(&address);
        self.runtime.block_on(client.handle_callback_url(answer.as_str())).unwrap();
        client.into_authorization_manager().unwrap()
    }
}

/// The protected resource as far as a client without permission sees it.
fn resource(public: &PublicUrl) -> Router {
    let challenge = challenge::unauthorized(public, false);
    let refused = move || async move { (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]) };
    let document = serde_json::json!({
        "resource": public.resource(),
        "authorization_servers": [public.issuer()],
        "scopes_supported": ["patient/*.rs"],
    });
    let document = move || async move { ([(CONTENT_TYPE, "application/json")], document.to_string()) };
    Router::new()
        .route("/mcp", post(refused.clone()).get(refused))
        .route(challenge::RESOURCE_METADATA, get(document))
}

#[test]
fn a_client_of_others_connects_refreshes_and_is_cut_off() {
    let installation = Installation::new();
    let client = installation.connected();
    let token =
        |client: &AuthorizationManager| installation.runtime.block_on(client.get_access_token()).unwrap();
    let first = token(&client);
    let inside = installation.server.bearer(&first).unwrap();
    assert_eq!(inside.bearer.client, "An inspector");
    // It has found the lasting access in the metadata, and asked for it by itself.
    assert_eq!(inside.bearer.scopes.text(), "patient/*.rs offline_access");
    installation.runtime.block_on(client.refresh_token()).unwrap();
    let second = token(&client);
    assert_ne!(first, second);
    assert!(installation.server.bearer(&second).is_ok());
    let given = installation.server.grants(&installation.person).unwrap().remove(0);
    installation.server.end(&installation.person, &given.id, "own").unwrap();
    assert!(matches!(installation.server.bearer(&second), Err(Unauthorized::BadToken)));
    assert!(installation.runtime.block_on(client.refresh_token()).is_err());
}

#[test]
fn a_client_of_others_takes_no_answer_of_another_issuer() {
    let installation = Installation::new();
    let (mut client, address) = installation.asking();
    let answer = installation.says_yes(&address);
    let pairs: Vec<(String, String)> = answer.query_pairs().into_owned().collect();
    let with_issuer = |issuer: Option<&str>| {
        let mut url = answer.clone();
        url.set_query(None);
        let others = pairs.iter().filter(|(name, _)| name != "iss");
        url.query_pairs_mut().extend_pairs(others).extend_pairs(issuer.map(|issuer| ("iss", issuer)));
        url
    };
    for wrong in [with_issuer(None), with_issuer(Some("https://evil.example"))] {
        assert!(installation.runtime.block_on(client.handle_callback_url(wrong.as_str())).is_err());
    }
    assert!(installation.server.grants(&installation.person).unwrap().is_empty());
}
