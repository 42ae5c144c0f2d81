//! What must not be done through the pages: by other sites, by other accounts, by odd requests.

use super::*;

#[test]
fn csrf_a_form_of_another_site_or_without_its_mark_changes_nothing() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let page = browser.get("/settings");
    let mark = page.mark("/settings/people");
    let person = [("label", "Eve"), ("relation", "own")];
    let with = |mark: &str| {
        [person[0], person[1], ("csrf", mark)].map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let mut send = |origin: &str, mark: &str| {
        let fields = with(mark);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/settings/people", origin, &fields).status
    };
    assert_eq!(send("https://evil.example", &mark), 403);
    assert_eq!(send("null", &mark), 403);
    assert_eq!(send("http://chart.example.org", &mark), 403);
    assert_eq!(send(HTTPS, ""), 403);
    assert_eq!(send(HTTPS, &page.mark("/settings/sessions")), 403, "the mark of another form");
    let foreign = served.signed_up("eve@example.org").get("/settings").mark("/settings/people");
    assert_eq!(send(HTTPS, &foreign), 403, "the mark of another session");
    assert_eq!(send(HTTPS, &mark), 303);
}

#[test]
fn a_form_that_does_not_say_where_it_comes_from_is_refused() {
    let served = Served::new(Policy::Open);
    let request = |more: Option<(&'static str, &'static str)>| {
        let request = Request::post("/sign-in").header(CONTENT_TYPE, FORM);
        let request = more.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        served.send(request.body(Body::from("csrf=00")).unwrap())
    };
    assert_eq!(request(None).status, 403);
    assert_eq!(request(Some(("sec-fetch-site", "cross-site"))).status, 403);
}

#[test]
fn cross_site_framing_every_page_forbids_it_and_names_no_other_site() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    for path in
        ["/", "/sign-in", "/settings", "/nowhere", "/authorize", "/sources/upload", "/activity/activity.csv"]
    {
        let shown = browser.get(path);
        if shown.status == 405 {
            continue;
        }
        let policy = shown.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{path}");
        assert!(policy.contains("base-uri 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(shown.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(shown.header("cache-control"), "no-store", "{path}");
        assert_eq!(shown.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(shown.header("strict-transport-security"), "max-age=63072000", "{path}");
        assert!(!shown.html.contains("://") || !shown.html.contains("src=\"http"), "{path}");
    }
}

#[test]
fn injected_html_in_names_is_text() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("<img src=x onerror=alert(1)>", "own", "");
    for path in ["/", "/sources", "/assistants", "/activity", "/settings"] {
        assert!(!browser.get(path).html.contains("<img"), "{path}");
    }
}

#[test]
fn injected_html_in_the_name_of_an_assistant_is_text() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    // What could be markup is cut from a name when it registers; a quote would end an attribute.
    let name = "\" autofocus onfocus=alert(1) x=\"<img src=x>";
    let page = browser.get(&consent::address(&served, name, consent::CALLBACK, ""));
    let answered = consent::answer(&mut browser, &page, &consent::PLAIN);
    for shown in [page, answered, browser.get("/assistants"), browser.get("/activity")] {
        assert!(!shown.html.contains("<img") && !shown.html.contains("\" autofocus"), "{}", shown.html);
    }
    assert!(browser.get("/activity").html.contains("autofocus onfocus"), "it is shown, as text");
}

#[test]
fn path_traversal_leads_nowhere_and_other_methods_are_refused() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    for path in
        ["/../Cargo.toml", "/activity/..%2F..%2Fetc%2Fpasswd", "/assistants/%2e%2e", "/style.css/x", "/%00"]
    {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
    for (method, path) in [("PUT", "/settings"), ("DELETE", "/"), ("POST", "/activity"), ("GET", "/sign-out")]
    {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        assert_eq!(served.send(request).status, 405, "{method} {path}");
    }
}

#[test]
fn oversized_bodies_are_refused() {
    let served = Served::new(Policy::Open);
    let mut browser = served.browser();
    browser.get("/sign-in");
    let long = "x".repeat(65 << 10);
    assert_eq!(browser.post("/sign-in", HTTPS, &[("name", &long)]).status, 413);
}

#[test]
fn nobody_reaches_the_people_of_another_account() {
    let served = Served::new(Policy::Open);
    let theirs = served.signed_up("eve@example.org").add_person("Eve", "own", "");
    let mut browser = served.signed_up("anna@example.org");
    let own = browser.add_person("Anna", "own", "");
    for path in ["/", "/sources", "/assistants", "/activity", "/activity/activity.csv", "/settings/export"] {
        assert_eq!(browser.get(&format!("{path}?person={theirs}")).status, 404, "{path}");
        assert_eq!(browser.get(&format!("{path}?person=%2e%2e%2fhome")).status, 404, "{path}");
    }
    assert_eq!(browser.get(&format!("/settings/people/{theirs}")).status, 404);
    assert_eq!(browser.get(&format!("/settings/people/{own}")).status, 200);
    assert_eq!(browser.get("/settings/accounts").status, 404, "only an administrator sees the accounts");
}

#[test]
fn an_account_is_deleted_with_its_records_only_when_that_was_typed() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    let page = browser.get("/settings/delete");
    assert!(page.html.contains("<strong>Anna</strong>"));
    assert_eq!(browser.send(&page, "/settings/delete", &[("typed", "yes")]).status, 400);
    browser.send(&page, "/settings/delete", &[("typed", "Delete")]).leads_to("/sign-in?done=deleted");
    assert_eq!(browser.get("/").status, 303);
    assert!(served.site.accounts().list().unwrap().is_empty());
    assert!(served.server.vault().owners().unwrap().is_empty(), "rows and keys are gone");
}
