//! The consent: what a person chooses is what an assistant is given, within what the person may give.

use super::*;
use plainchart::access::OwnerId;
use plainchart::access::audit;
use plainchart::access::authorization::Given;
use plainchart::record::Kind;

pub const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const PLAIN: [(&str, &str); 5] =
    [("category", "labs"), ("sources", "all"), ("reach", "all"), ("term", "year"), ("answer", "allow")];

/// The address at which an assistant of this name asks.
pub fn address(served: &Served, name: &str, callback: &str, scope: &str) -> String {
    let metadata = serde_json::json!({
        "client_name": name,
        "redirect_uris": [callback],
        "token_endpoint_auth_method": "none",
    });
    let registered = served.server.register(metadata.to_string().as_bytes()).unwrap();
    let query = [
        ("response_type", "code"),
        ("client_id", registered["client_id"].as_str().unwrap()),
        ("redirect_uri", callback),
        ("state", "s"),
        ("scope", scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", "https://chart.example.org/mcp"),
    ];
    let query = query.into_iter().filter(|(_, value)| !value.is_empty());
    format!(
        "/authorize?{}",
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish()
    )
}

/// Answers the form of a page.
pub fn answer(browser: &mut Browser<'_>, page: &Shown, more: &[(&str, &str)]) -> Shown {
    let (request, person) = (page.field("request"), page.field("person"));
    let fields = [("request", request.as_str()), ("person", person.as_str())];
    let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
    browser.send(page, "/authorize", &fields)
}

/// The grants of a person, those too whose code was not exchanged yet.
fn grants(served: &Served, person: &str) -> Vec<Given> {
    let rows = served.server.vault().owner(&OwnerId::parse(person).unwrap()).unwrap().unwrap();
    let ids = audit::read(&rows, 100).unwrap().into_iter().filter_map(|line| {
        let (act, id) = line.event.tool.rsplit_once(' ')?;
        act.starts_with("access_given").then(|| id.to_owned())
    });
    ids.filter_map(|id| served.server.given(&rows, &id).unwrap()).collect()
}

#[test]
fn the_page_says_who_asks_and_where_the_answer_goes() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    assert!(page.html.contains("Let <bdi>Claude</bdi> read your record?"));
    assert!(page.html.contains("<strong>claude.ai</strong>"));
    assert!(page.html.contains("(what it calls itself)"));
    assert!(!page.html.contains("program on your own device"));
    let local = browser.get(&address(&served, "Code", "http://127.0.0.1:7777/callback", ""));
    assert!(local.html.contains("program on your own device"));
}

#[test]
fn what_is_chosen_becomes_the_grant_and_comes_back_through_a_page_of_ours() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    let answered = answer(&mut browser, &page, &[PLAIN.as_slice(), &[("class", "hiv")]].concat());
    assert_eq!(answered.status, 200, "no redirect, which form-action would block");
    assert!(
        answered.html.contains(
            "http-equiv=\"refresh\" content=\"0; url=https://claude.ai/api/mcp/auth_callback?code="
        )
    );
    let [given] = grants(&served, &person).try_into().unwrap();
    assert_eq!(given.grant.scope.kinds, [Kind::Lab].into());
    assert_eq!(given.grant.scope.classes.count_ones(), 1);
    assert_eq!(given.grant.by.relation, "own");
}

#[test]
fn who_says_no_gives_nothing_and_the_assistant_hears_it() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    let answered = answer(&mut browser, &page, &[("answer", "deny")]);
    assert!(answered.html.contains("error=access_denied"));
    assert!(grants(&served, &person).is_empty());
}

#[test]
fn scopes_are_the_ceiling_whatever_the_form_says() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", CALLBACK, "patient/Immunization.rs"));
    assert!(page.html.contains("It did not ask for this"));
    assert_eq!(answer(&mut browser, &page, &PLAIN).status, 400, "nothing of what it asked for was chosen");
    let both = [("category", "immunizations"), PLAIN[0], PLAIN[1], PLAIN[2], PLAIN[3], PLAIN[4]];
    assert_eq!(answer(&mut browser, &page, &both).status, 200);
    assert_eq!(grants(&served, &person)[0].grant.scope.kinds, [Kind::Immunization].into());
}

#[test]
fn a_parent_lets_nothing_sensitive_of_an_older_child_be_seen_and_only_until_eighteen() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let teen = browser.add_person("Theo", "parent", "2009-03-01");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    assert!(
        page.html.contains("young person's own to share")
            || page.html.contains("young person&#39;s own to share")
    );
    assert!(!page.html.contains("name=\"class\""));
    // The form is forged: it asks for more than the page has offered.
    let answered = answer(&mut browser, &page, &[PLAIN.as_slice(), &[("class", "hiv")]].concat());
    assert_eq!(answered.status, 200);
    let grant = &grants(&served, &teen)[0].grant;
    assert_eq!((grant.scope.classes, grant.by.relation.as_str()), (0, "parent"));
    assert_eq!(grant.expires_at.to_string(), "2027-02-28T10:00:00Z");
}

#[test]
fn what_a_parent_lets_be_seen_of_a_small_child_ends_when_the_child_is_twelve() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let child = browser.add_person("Ada", "parent", "2015-03-01");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    answer(&mut browser, &page, &[PLAIN.as_slice(), &[("class", "hiv")]].concat());
    assert_eq!(grants(&served, &child)[0].grant.expires_at.to_string(), "2027-02-28T10:00:00Z");
}

#[test]
fn whose_record_it_is_is_asked_where_there_are_several() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let child = browser.add_person("Ada", "parent", "2020-03-01");
    let target = address(&served, "Claude", CALLBACK, "");
    assert!(browser.get(&target).html.contains("Whose record?"));
    let page = browser.get(&format!("{target}&plainchart_person={child}"));
    assert_eq!(page.field("person"), child);
    answer(&mut browser, &page, &PLAIN);
    assert_eq!(grants(&served, &child).len(), 1);
}

#[test]
fn somebody_else_is_asked_for_and_never_taken_for_granted() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let first = browser.add_person("Anna", "own", "");
    let second = browser.add_person("Ada", "parent", "2020-03-01");
    browser.add_person("Bea", "parent", "2021-03-01");
    let target = address(&served, "Claude", CALLBACK, "");
    let page = browser.get(&format!("{target}&plainchart_person={second}"));
    let link = page.html.split("<a href=\"").find(|link| link.contains(">someone else<")).unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(browser.get(&link).html.contains("Whose record?"));
    // A form that names nobody, or two, does nothing.
    let request = page.field("request");
    for people in [&[][..], &[("person", &*first), ("person", &*second)], &[("person", "")]] {
        let fields = [[("request", &*request)].as_slice(), people, &PLAIN].concat();
        assert_eq!(browser.send(&page, "/authorize", &fields).status, 404, "{people:?}");
    }
    assert!(grants(&served, &first).is_empty() && grants(&served, &second).is_empty());
}

#[test]
fn nobody_is_sent_on_by_a_request_that_fails() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let shown = browser.get(&address(&served, "Claude", CALLBACK, "nothing/known"));
    assert!(shown.html.contains("error=invalid_scope") && shown.html.contains("<strong>claude.ai</strong>"));
    assert!(!shown.html.contains("http-equiv"), "an open redirect: {}", shown.html);
}

#[test]
fn where_an_answer_goes_is_told_by_what_opens_it() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", "com.evil.app://claude.ai/cb", ""));
    let answered = answer(&mut browser, &page, &[("answer", "deny")]);
    assert!(answered.html.contains("a program on your own device (com.evil.app)"), "{}", answered.html);
    assert!(!answered.html.contains("<strong>claude.ai"));
}

#[test]
fn a_request_that_was_touched_or_comes_from_another_session_is_refused() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let target = address(&served, "Claude", CALLBACK, "");
    let page = browser.get(&target);
    let mut eve = served.signed_up("eve@example.org");
    let own = eve.add_person("Eve", "own", "");
    let theirs = eve.get(&target);
    let request = page.field("request");
    let fields = [("request", request.as_str()), ("person", own.as_str())];
    let fields: Vec<_> = fields.into_iter().chain(PLAIN).collect();
    assert_eq!(eve.send(&theirs, "/authorize", &fields).status, 403);
    let touched = format!("A{}", &request[1..]);
    let fields: Vec<_> = [("request", touched.as_str())].into_iter().chain(PLAIN).collect();
    assert_eq!(browser.send(&page, "/authorize", &fields).status, 403);
}

#[test]
fn an_unknown_assistant_or_another_address_is_told_to_the_person_alone() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let target = address(&served, "Claude", CALLBACK, "");
    for bad in [
        "/authorize?client_id=nobody".to_owned(),
        target.replace("claude.ai", "evil.example"),
        "/authorize".to_owned(),
    ] {
        let shown = browser.get(&bad);
        assert_eq!(shown.status, 400, "{bad}");
        assert!(!shown.html.contains("http-equiv") && !shown.html.contains("evil.example"), "{bad}");
    }
}

#[test]
fn state_missing_audience_missing_or_wrong_and_no_challenge_go_back_as_errors() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let target = address(&served, "Claude", CALLBACK, "");
    let resource = "resource=https%3A%2F%2Fchart.example.org%2Fmcp";
    let challenge = format!("code_challenge={CHALLENGE}");
    for (from, to, error) in [
        ("state=s&", "", "invalid_request"),
        (resource, "", "invalid_target"),
        (resource, "resource=https%3A%2F%2Fother.example%2Fmcp", "invalid_target"),
        (challenge.as_str(), "", "invalid_request"),
        ("code_challenge_method=S256", "code_challenge_method=plain", "invalid_request"),
    ] {
        assert!(target.contains(from), "{from}");
        let shown = browser.get(&target.replace(from, to));
        let back = format!("href=\"{CALLBACK}?error={error}&#38;");
        assert!(shown.html.contains(&back), "{from}: {}", shown.html);
        assert!(!shown.html.contains("http-equiv"), "nobody is sent on: {from}");
        assert!(shown.html.contains("iss=https%3A%2F%2Fchart.example.org"), "it says who answers: {from}");
        assert!(!shown.html.contains("name=\"request\""), "nothing can be allowed: {from}");
    }
    assert!(grants(&served, &person).is_empty());
}

#[test]
fn a_metadata_document_on_a_private_address_is_not_fetched() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let inside = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let here = inside.local_addr().unwrap();
    for id in [
        format!("https://{here}/client.json"),
        format!("https://localhost:{}/client.json", here.port()),
        "https://10.0.0.1/client.json".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://[::1]/client.json".into(),
    ] {
        let id = url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>();
        let shown = browser.get(&format!("/authorize?client_id={id}"));
        assert_eq!(shown.status, 400, "{id}");
    }
    assert_eq!(inside.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody came");
}

#[test]
fn the_callbacks_of_known_hosts_are_led_back_to_through_a_page_of_ours() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    for (name, callback, says) in [
        ("Claude", CALLBACK, "<strong>claude.ai</strong>"),
        ("Claude", "https://claude.com/api/mcp/auth_callback", "<strong>claude.com</strong>"),
        (
            "Microsoft 365",
            "https://teams.microsoft.com/api/platform/v1.0/oAuthRedirect",
            "<strong>teams.microsoft.com</strong>",
        ),
        (
            "Copilot Studio",
            "https://global.consent.azure-apim.net/redirect/cr0ab-5fchart-20mcp-5f0123456789abcdef",
            "<strong>global.consent.azure-apim.net</strong>",
        ),
        ("Visual Studio Code", "https://vscode.dev/redirect", "<strong>vscode.dev</strong>"),
        ("Visual Studio Code", "http://127.0.0.1:33418/", "program on your own device"),
    ] {
        let page = browser.get(&address(&served, name, callback, ""));
        assert!(page.html.contains(says), "{callback}: {}", page.html);
        let answered = answer(&mut browser, &page, &PLAIN);
        assert_eq!(answered.status, 200, "{callback}");
        assert!(answered.html.contains(&format!("content=\"0; url={callback}?code=pc_code_")), "{callback}");
    }
}

#[test]
fn what_a_grant_shows_is_changed_by_the_person() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let page = browser.get(&address(&served, "Claude", CALLBACK, ""));
    answer(&mut browser, &page, &PLAIN);
    let id = grants(&served, &person)[0].id.clone();
    let path = format!("/assistants/{id}");
    let page = browser.get(&format!("{path}?person={person}"));
    let fields = [
        ("person", person.as_str()),
        ("category", "vitals"),
        ("sources", "all"),
        ("reach", "1"),
        ("term", "keep"),
    ];
    let done = format!("/assistants?person={person}&done=");
    browser.send(&page, &path, &fields).leads_to(&format!("{done}changed"));
    let grant = &grants(&served, &person)[0].grant;
    assert_eq!(
        (grant.scope.kinds.clone(), grant.scope.since),
        ([Kind::Vital].into(), Some(jiff::civil::date(2025, 11, 23)))
    );
    // An offered grant is not yet among the assistants: its page is the only way to it.
    assert_eq!(browser.get(&format!("/assistants/{id}?person={person}")).status, 200);
    assert_eq!(browser.get(&format!("/assistants/0000000000000000?person={person}")).status, 404);
}
