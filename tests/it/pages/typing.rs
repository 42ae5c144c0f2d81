//! What was typed: it is not lost, and why it cannot be used is told where it was typed.

use super::*;

#[test]
fn a_child_without_a_day_of_birth_is_asked_for_again_with_what_was_typed() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let page = browser.get("/settings");
    for born in ["", "2030-01-01", "soon"] {
        let fields = [("label", "Theo \"T\""), ("relation", "parent"), ("born", born)];
        let shown = browser.send(&page, "/settings/people", &fields);
        assert_eq!(shown.status, 400, "{born}");
        assert!(
            shown.html.contains("id=\"born-error\"") && shown.html.contains("Theo &#34;T&#34;"),
            "{}",
            shown.html
        );
        assert!(shown.html.contains("value=\"parent\" checked"), "{}", shown.html);
    }
    let shown = browser.send(&page, "/settings/people", &[("label", "Theo"), ("born", "")]);
    assert!(shown.html.contains("id=\"relation-error\""), "{}", shown.html);
    let long = "x".repeat(101);
    let shown = browser.send(&page, "/settings/people", &[("label", &*long), ("relation", "own")]);
    assert!(shown.html.contains("id=\"label-error\""), "{}", shown.html);
    let fields = [("label", "Theo"), ("relation", "parent"), ("born", "2020-03-01")];
    assert_eq!(browser.send(&shown, "/settings/people", &fields).status, 303);
}

#[test]
fn a_bad_name_for_a_person_is_told_at_its_field() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let path = format!("/settings/people/{person}");
    let page = browser.get(&path);
    let shown = browser.send(&page, &path, &[("act", "rename"), ("label", " ")]);
    assert_eq!(shown.status, 400);
    assert!(
        shown.html.contains("id=\"label-error\"") && shown.html.contains("<h1>Anna</h1>"),
        "{}",
        shown.html
    );
}

#[test]
fn links_to_people_lead_to_a_page_wherever_they_are_shown() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna", "own", "");
    browser.add_person("Ada", "parent", "2020-03-01");
    for path in ["/", "/sources", "/assistants", "/activity"] {
        let page = browser.get(path).html;
        assert!(page.contains(&format!("<a href=\"{path}?person=")), "{page}");
    }
}

#[test]
fn a_page_at_another_name_of_this_machine_leads_to_the_address_that_everyone_knows() {
    let served = Served::new(Policy::Open);
    let request =
        |host: &str| Request::get("/sign-in?next=%2Fsources").header(HOST, host).body(Body::empty());
    let shown = served.send(request("localhost").unwrap());
    shown.leads_to("https://chart.example.org/sign-in?next=%2Fsources");
    assert_eq!(served.send(request("Chart.Example.org:443").unwrap()).status, 200);
}

#[test]
fn a_second_tab_at_the_sign_in_goes_on_where_it_wanted_to() {
    let served = Served::new(Policy::Open);
    served.signed_up("anna@example.org");
    let mut browser = served.browser();
    let (one, other) = (browser.get("/sign-in"), browser.get("/sign-in"));
    let fields = [("name", "anna@example.org"), ("password", PASSWORD), ("next", "/sources")];
    browser.send(&one, "/sign-in", &fields).leads_to("/sources");
    browser.send(&other, "/sign-in", &fields).leads_to("/sources");
}

#[test]
fn a_script_is_told_in_its_own_way_that_the_sign_in_was_too_long_ago() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let page = browser.get("/settings/passkeys");
    let mark = page.html.split("data-csrf=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    served.clock.advance(jiff::SignedDuration::from_mins(11));
    let shown = browser.post("/settings/passkeys/begin", HTTPS, &[("csrf", &*mark)]);
    assert_eq!((shown.status, shown.header("content-type")), (401, "application/json"));
    assert!(shown.html.contains("/sign-in/again?next="), "{}", shown.html);
}

#[test]
fn who_has_deleted_their_account_is_told_that_it_is_gone() {
    let served = Served::new(Policy::Open);
    assert!(served.browser().get("/sign-in?done=deleted").html.contains("The account is gone"));
}
