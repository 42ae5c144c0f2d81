//! What is asked for at `/authorize`, and the person's answer.

use super::*;
use crate::record::Kind;

#[test]
fn a_person_says_yes_and_the_assistant_gets_a_code_with_its_state_and_who_answers() {
    let desk = desk();
    let asked = desk.ask(&desk.client(), &[]).unwrap();
    assert_eq!((asked.assistant.name.as_str(), asked.assistant.place.as_str()), ("Claude", "claude.ai"));
    assert!(!asked.assistant.is_local && !asked.is_document && asked.is_lasting());
    let answer = desk.yes(&asked);
    assert!(answer.as_str().starts_with("https://claude.ai/api/mcp/auth_callback?code=pc_code_"));
    assert_eq!(field(&answer, "state").as_deref(), Some("a state"));
    assert_eq!(field(&answer, "iss").as_deref(), Some("https://chart.example.org"));
}

#[test]
fn a_person_says_no_and_the_assistant_hears_it() {
    let desk = desk();
    let answer = desk.server.deny(&desk.ask(&desk.client(), &[]).unwrap());
    assert_eq!(
        answer.as_str(),
        "https://claude.ai/api/mcp/auth_callback?error=access_denied&state=a+state&iss=https%3A%2F%2Fchart.example.org"
    );
    assert_eq!(desk.told(), [""; 0]);
}

#[test]
fn what_is_wrong_with_who_asks_is_told_to_the_person_and_sent_nowhere() {
    let desk = desk();
    let client = desk.client();
    for id in [None, Some("pc_client_unheard"), Some("local"), Some("../x"), Some("home")] {
        assert_eq!(told(desk.ask(&client, &[("client_id", id)])), Told::UnknownClient, "{id:?}");
    }
    for redirect in [
        "https://evil.example/",
        "https://claude.ai/api/mcp/auth_callback/",
        "https://claude.ai/api/mcp/auth_callback?x=1",
        "https://claude.ai:8443/api/mcp/auth_callback",
        "javascript:alert(1)",
    ] {
        assert_eq!(told(desk.ask(&client, &[("redirect_uri", Some(redirect))])), Told::BadRedirect);
    }
    let mut twice = pairs(&[("client_id", &client), ("redirect_uri", CALLBACK)], &[]);
    twice.push(("redirect_uri".into(), "https://evil.example/".into()));
    assert_eq!(told(desk.server.begin(&twice)), Told::Repeated);
}

#[test]
fn what_is_wrong_with_a_request_is_sent_back() {
    let desk = desk();
    let client = desk.client();
    let long = "x".repeat(5000);
    let wrong = [
        (("response_type", Some("token")), "unsupported_response_type"),
        (("response_type", None), "unsupported_response_type"),
        (("response_mode", Some("fragment")), "invalid_request"),
        (("request_uri", Some("https://a.example/r")), "invalid_request"),
        (("code_challenge_method", Some("plain")), "invalid_request"),
        (("code_challenge_method", None), "invalid_request"),
        (("code_challenge", None), "invalid_request"),
        (("code_challenge", Some("short")), "invalid_request"),
        (("resource", None), "invalid_target"),
        (("resource", Some("https://other.example/mcp")), "invalid_target"),
        (("resource", Some("https://chart.example.org")), "invalid_target"),
        (("scope", Some("openid profile")), "invalid_scope"),
        (("state", None), "invalid_request"),
        (("state", Some(long.as_str())), "invalid_request"),
    ];
    for (change, code) in wrong {
        assert_eq!(sent_back(desk.ask(&client, &[change])), code, "{change:?}");
    }
}

#[test]
fn a_request_without_a_state_is_refused() {
    let desk = desk();
    assert_eq!(sent_back(desk.ask(&desk.client(), &[("state", None)])), "invalid_request");
}

#[test]
fn a_request_of_many_pairs_or_a_long_id_is_refused() {
    let desk = desk();
    let many: Pairs = (0..100).map(|number| (format!("p{number}"), "x".into())).collect();
    assert_eq!(told(desk.server.begin(&many)), Told::Repeated);
    let long = format!("https://a.example/{}", "x".repeat(2000));
    assert_eq!(told(desk.ask(&long, &[])), Told::UnknownClient);
}

#[test]
fn nothing_asked_for_means_everything_and_what_is_asked_for_is_the_ceiling() {
    let desk = desk();
    let client = desk.client();
    assert_eq!(desk.ask(&client, &[("scope", None)]).unwrap().kinds().len(), Kind::ALL.len());
    let labs = desk.ask(&client, &[("scope", Some("patient/Observation.rs?category=laboratory"))]).unwrap();
    let code = field(&desk.yes(&labs), "code").unwrap();
    let tokens = desk.exchange(&client, &code, &[]).unwrap();
    let inside = desk.server.bearer(access(&tokens)).unwrap();
    assert_eq!(inside.scope.kinds.iter().copied().collect::<Vec<_>>(), [Kind::Lab]);
}

#[test]
fn what_the_person_withholds_stays_withheld_whatever_the_scopes_say() {
    let desk = desk();
    let client = desk.client();
    let mut allowed = desk.everything();
    allowed.scope.kinds.remove(&Kind::Document);
    allowed.scope.classes = 0;
    let asked = desk.ask(&client, &[]).unwrap();
    let Answer::SentOn(url) = desk.server.grant(&asked, &desk.person, own(), &allowed).unwrap() else {
        panic!()
    };
    let tokens = desk.exchange(&client, &field(&url, "code").unwrap(), &[]).unwrap();
    let inside = desk.server.bearer(access(&tokens)).unwrap();
    assert!(!inside.scope.kinds.contains(&Kind::Document) && inside.scope.classes == 0);
    // Asking again would change nothing: no step-up for it.
    assert_eq!(inside.bearer.scopes.missing(&[Kind::Document]), None);
    assert_eq!(tokens["scope"], "patient/*.rs offline_access");
}

#[test]
fn a_row_from_before_updates_could_be_allowed_allows_none() {
    let desk = desk();
    let _ = desk.connected();
    let grant = desk.only().grant;
    let mut row: serde_json::Value = serde_json::from_slice(&grant.bytes().unwrap()).unwrap();
    assert_eq!((&row["format"], &row["may_update"]), (&2.into(), &false.into()));
    row["format"] = 1.into();
    row.as_object_mut().unwrap().remove("may_update");
    assert_eq!(crate::access::authorization::Grant::read(row.to_string().as_bytes()).unwrap(), grant);
    row["format"] = 3.into();
    let newer = crate::access::authorization::Grant::read(row.to_string().as_bytes());
    assert!(matches!(newer, Err(crate::store::Error::Newer { found: 3, known: 2, .. })), "{newer:?}");
}

#[test]
fn a_grant_lasts_a_year_at_the_most() {
    let desk = desk();
    let client = desk.client();
    let allowed = Allowed { expires_at: desk.now() + LASTS_MAX * 3, ..desk.everything() };
    desk.server.grant(&desk.ask(&client, &[]).unwrap(), &desk.person, own(), &allowed).unwrap();
    // It stands in the row, though not yet in the list.
    let (id, _) = desk.person.list(crate::store::Kind::Grant).unwrap().remove(0);
    let given = desk.server.given(&desk.person, &id).unwrap().unwrap();
    assert_eq!(given.grant.expires_at, desk.now() + LASTS_MAX);
    assert_eq!(desk.server.grants(&desk.person).unwrap(), []);
}

#[test]
fn a_request_is_carried_through_the_page_in_one_session_for_an_hour() {
    let desk = desk();
    let asked = desk.ask(&desk.client(), &[]).unwrap();
    let text = desk.server.carry(&asked, b"this session").unwrap();
    assert_eq!(desk.server.carried(&text, b"this session").unwrap(), Some(asked.clone()));
    assert_eq!(desk.server.carried(&text, b"another").unwrap(), None);
    // Another process over the same store has the same key.
    let other = server(desk.server.vault().clone());
    assert_eq!(other.carried(&text, b"this session").unwrap(), Some(asked));
    for place in [0, 20, 43, 60, text.len() - 1] {
        let mut bad = text.clone().into_bytes();
        bad[place] = if bad[place] == b'A' { b'B' } else { b'A' };
        let bad = String::from_utf8(bad).unwrap();
        assert_eq!(desk.server.carried(&bad, b"this session").unwrap(), None, "{place}");
    }
    for bad in ["", "x", "AAAA"] {
        assert_eq!(desk.server.carried(bad, b"this session").unwrap(), None);
    }
    desk.later(SignedDuration::from_mins(61));
    assert_eq!(desk.server.carried(&text, b"this session").unwrap(), None);
}

#[test]
fn a_person_has_so_many_grants_and_no_more() {
    let desk = desk();
    let asked = desk.ask(&desk.client(), &[]).unwrap();
    let answers =
        (0..60).map(|_| desk.server.grant(&asked, &desk.person, own(), &desk.everything()).unwrap());
    let given = answers.filter(|answer| matches!(answer, Answer::SentOn(_))).count();
    assert_eq!(given, 50);
}
