//! Registration: the hosts that are known, secrets, and what is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// Registers, asks, says yes and exchanges, as a host with this callback would.
fn connects(desk: &Desk, metadata: &Value, redirect: &str) -> Value {
    let registered = desk.register(metadata).unwrap();
    let client = registered["client_id"].as_str().unwrap();
    let redirect = ("redirect_uri", Some(redirect));
    let asked = desk.ask(client, &[redirect]).unwrap();
    let answer = desk.yes(&asked);
    assert!(answer.as_str().starts_with(redirect.1.unwrap()), "{answer}");
    let secret = registered.get("client_secret").and_then(Value::as_str);
    let code = field(&answer, "code").unwrap();
    desk.exchange(client, &code, &[redirect, ("client_secret", secret)]).unwrap()
}

#[test]
fn known_hosts_register_and_connect() {
    let desk = desk();
    let hosts = [
        ("Claude", "none", vec![CALLBACK, "https://claude.com/api/mcp/auth_callback"]),
        ("Claude Code", "none", vec!["http://localhost:3118/callback"]),
        (
            "Microsoft 365 Copilot",
            "client_secret_post",
            vec![
                "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
                "https://vscode.dev/redirect",
            ],
        ),
        (
            "Copilot Studio",
            "client_secret_post",
            vec!["https://global.consent.azure-apim.net/redirect/cr0ab-5fchart-20mcp-5f0123456789abcdef"],
        ),
        (
            "Visual Studio Code",
            "none",
            vec![
                "https://insiders.vscode.dev/redirect",
                "https://vscode.dev/redirect",
                "http://127.0.0.1/",
                "http://127.0.0.1:33418/",
            ],
        ),
        (
            "Cursor",
            "none",
            vec!["cursor://anysphere.cursor-mcp/oauth/callback", "http://localhost:8787/callback"],
        ),
        ("MCP Inspector", "none", vec!["http://127.0.0.1:6276/oauth/callback"]),
    ];
    for (name, method, redirects) in hosts {
        let metadata = json!({
            "client_name": name,
            "redirect_uris": redirects,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": method,
            "application_type": "native",
        });
        for redirect in redirects {
            let tokens = connects(&desk, &metadata, redirect);
            assert!(desk.is_let_in(&tokens), "{name} at {redirect}");
        }
    }
}

#[test]
fn a_program_on_this_machine_takes_the_port_that_is_free_and_is_shown_as_local() {
    let desk = desk();
    let metadata = json!({"redirect_uris": ["http://127.0.0.1:33418"], "token_endpoint_auth_method": "none"});
    let registered = desk.register(&metadata).unwrap();
    let client = registered["client_id"].as_str().unwrap();
    for redirect in ["http://127.0.0.1:33418", "http://127.0.0.1:50123", "http://127.0.0.1:50123/"] {
        let asked = desk.ask(client, &[("redirect_uri", Some(redirect))]).unwrap();
        assert!(asked.assistant.is_local, "{redirect}");
    }
    for redirect in ["http://127.0.0.1:33418/other", "http://localhost:33418", "http://127.0.0.2:33418"] {
        let answer = desk.ask(client, &[("redirect_uri", Some(redirect))]);
        assert_eq!(told(answer), Told::BadRedirect, "{redirect}");
    }
}

#[test]
fn who_has_one_redirect_need_not_name_it() {
    let desk = desk();
    let client = desk.client();
    let asked = desk.ask(&client, &[("redirect_uri", None)]).unwrap();
    let code = field(&desk.yes(&asked), "code").unwrap();
    assert!(desk.exchange(&client, &code, &[("redirect_uri", None)]).is_ok());
    let two =
        json!({"redirect_uris": [CALLBACK, "https://a.example/"], "token_endpoint_auth_method": "none"});
    let registered = desk.register(&two).unwrap();
    let answer = desk.ask(registered["client_id"].as_str().unwrap(), &[("redirect_uri", None)]);
    assert_eq!(told(answer), Told::BadRedirect);
}

#[test]
fn a_client_that_asks_for_a_secret_gets_one_and_must_show_it() {
    let desk = desk();
    for method in [Some("client_secret_post"), Some("client_secret_basic"), None] {
        let mut metadata = json!({"client_name": "Microsoft 365", "redirect_uris": [CALLBACK]});
        if let Some(method) = method {
            metadata["token_endpoint_auth_method"] = method.into();
        }
        let registered = desk.register(&metadata).unwrap();
        let secret = registered["client_secret"].as_str().unwrap();
        assert_eq!(registered["client_secret_expires_at"], 0);
        assert_eq!(registered["token_endpoint_auth_method"], method.unwrap_or("client_secret_basic"));
        let client = registered["client_id"].as_str().unwrap();
        let code = desk.code(client);
        for wrong in [None, Some("pc_cs_wrong"), Some("")] {
            let answer = desk.exchange(client, &code, &[("client_secret", wrong)]);
            assert_eq!(refused(answer), Code::InvalidClient, "{method:?} {wrong:?}");
        }
        let form = |changes: &[(&str, Option<&str>)]| {
            let usual = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            pairs(&usual, changes)
        };
        let header = |secret: &str| format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
        assert_eq!(refused(desk.server.token(&form(&[]), Some(&header("wrong")))), Code::InvalidClient);
        assert_eq!(refused(desk.server.token(&form(&[]), Some("Bearer x"))), Code::InvalidClient);
        let both = form(&[("client_secret", Some(secret))]);
        assert_eq!(refused(desk.server.token(&both, Some(&header(secret)))), Code::InvalidRequest);
        let tokens = if method == Some("client_secret_post") {
            desk.exchange(client, &code, &[("client_secret", Some(secret))]).unwrap()
        } else {
            desk.server.token(&form(&[]), Some(&header(secret))).unwrap()
        };
        assert!(desk.is_let_in(&tokens));
    }
}

#[test]
fn a_public_client_shows_no_secret() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    let answer = desk.exchange(&client, &code, &[("client_secret", Some("pc_cs_x"))]);
    assert_eq!(refused(answer), Code::InvalidClient);
}

#[test]
fn a_secret_does_not_lie_in_the_store() {
    let desk = desk();
    let registered = desk.register(&json!({"redirect_uris": [CALLBACK]})).unwrap();
    let found =
        client::find(desk.server.vault(), registered["client_id"].as_str().unwrap()).unwrap().unwrap();
    let secret = registered["client_secret"].as_str().unwrap();
    assert!(!format!("{found:?}").contains(secret));
    assert_eq!(found.proof, client::Proof::Secret(token::Hash::of(secret)));
}

#[test]
fn a_registration_with_a_dangerous_redirect_is_refused_whole() {
    let desk = desk();
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///x",
        "http://evil.example/",
        "https://a.example/#x",
    ] {
        let answer = desk.register(&json!({"redirect_uris": [CALLBACK, bad]}));
        assert_eq!(refused(answer), Code::InvalidRedirectUri, "{bad}");
    }
    let many: Vec<String> = (0..17).map(|number| format!("https://a.example/{number}")).collect();
    for bad in [json!([]), json!(CALLBACK), json!([7]), Value::Null, json!(many)] {
        assert_eq!(refused(desk.register(&json!({"redirect_uris": bad}))), Code::InvalidRedirectUri);
    }
    assert_eq!(client::count(desk.server.vault()).unwrap(), 0);
}

#[test]
fn what_cannot_be_served_is_refused() {
    let desk = desk();
    let with = |name: &str, value: Value| json!({"redirect_uris": [CALLBACK], name: value});
    let wrong = [
        with("token_endpoint_auth_method", "private_key_jwt".into()),
        with("token_endpoint_auth_method", 7.into()),
        with("grant_types", json!(["client_credentials"])),
        with("response_types", json!(["token"])),
        json!([]),
        with("client_name", "x".repeat(20_000).into()),
    ];
    for metadata in wrong {
        assert_eq!(refused(desk.register(&metadata)), Code::InvalidClientMetadata);
    }
    assert_eq!(refused(desk.server.register(b"{")), Code::InvalidClientMetadata);
    assert_eq!(refused(desk.server.register(&[b'['; 10_000])), Code::InvalidClientMetadata);
}

#[test]
fn a_name_is_one_plain_line_or_the_host_of_the_answer() {
    let desk = desk();
    let name = |name: Value| {
        let metadata = json!({"redirect_uris": [CALLBACK], "client_name": name});
        desk.register(&metadata).unwrap()["client_name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name("Claude <b>\n\u{202e}x\u{200b}</b>".into()), "Claude b x/b");
    assert_eq!(name("\u{202e}\n".into()), "claude.ai");
    assert_eq!(name(7.into()), "claude.ai");
    assert_eq!(name("ä".repeat(500).into()).chars().count(), 80);
}

#[test]
fn registrations_are_limited_in_time() {
    let desk = desk();
    let register = || desk.register(&json!({"redirect_uris": [CALLBACK]}));
    let registered = (0..80).filter(|_| register().is_ok()).count();
    assert_eq!(registered, 60);
    assert!(matches!(register(), Err(OAuthError::TooMany { .. })));
    desk.later(SignedDuration::from_secs(10));
    assert!(register().is_ok());
}

#[test]
fn a_client_that_nobody_uses_goes_and_one_with_a_grant_stays() {
    let desk = desk();
    let unused = desk.client();
    let (used, tokens) = desk.connected();
    desk.later(SignedDuration::from_hours(25));
    assert!(tidy(desk.server.vault()).unwrap() >= 1);
    assert_eq!(told(desk.ask(&unused, &[])), Told::UnknownClient);
    assert_eq!(client::count(desk.server.vault()).unwrap(), 1);
    assert!(desk.refresh(&used, refresh(&tokens), &[]).is_ok());
    // Only once its grants are over for good does it go as well.
    desk.later(SignedDuration::from_hours(24 * 401));
    tidy(desk.server.vault()).unwrap();
    assert_eq!(client::count(desk.server.vault()).unwrap(), 0);
    assert!(desk.server.vault().owner(desk.person.owner()).unwrap().is_some());
}

#[test]
fn the_metadata_says_what_clients_look_for() {
    let metadata = desk().server.metadata();
    assert_eq!(metadata["issuer"], "https://chart.example.org");
    assert_eq!(metadata["authorization_endpoint"], "https://chart.example.org/authorize");
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["scopes_supported"], json!(["patient/*.rs", "offline_access", "records.update"]));
    for yes in ["authorization_response_iss_parameter_supported", "client_id_metadata_document_supported"] {
        assert_eq!(metadata[yes], true);
    }
    let methods = metadata["token_endpoint_auth_methods_supported"].as_array().unwrap();
    assert!(
        methods.contains(&json!("client_secret_post")) && methods.contains(&json!("client_secret_basic"))
    );
}
