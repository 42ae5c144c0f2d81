//! What somebody is told of their own account, and of who else cares for a record.

use jiff::SignedDuration;

use super::*;

const OTHER: &str = "a second long password";

#[test]
fn a_recovery_by_the_operators_link_is_told_until_its_owner_says_they_know() {
    let served = Served::new(Policy::Open);
    served.signed_up("anna@example.org");
    let accounts = served.site.accounts();
    let account = accounts.find("anna@example.org").unwrap().unwrap();
    let link = accounts.recovery_link(&account).unwrap();
    let mut stranger = served.browser();
    let page = stranger.get(&format!("/recover?link={}", link.expose()));
    let fields = [("link", link.expose().as_str()), ("password", OTHER)];
    stranger.send(&page, "/recover", &fields).leads_to("/settings?done=password");
    assert!(!stranger.get("/").html.contains("Your account was recovered"));

    served.clock.advance(SignedDuration::from_secs(1));
    let mut owner = served.browser();
    let page = owner.get("/sign-in");
    owner.send(&page, "/sign-in", &[("name", "anna@example.org"), ("password", OTHER)]).leads_to("/");
    assert!(owner.get("/").html.contains("Your account was recovered on "));
    let page = owner.get("/settings");
    assert!(
        page.html.contains("Made a link to recover the account") && page.html.contains("An administrator")
    );
    owner.send(&page, "/settings/recovery-known", &[]).leads_to("/settings");
    assert!(!owner.get("/settings").html.contains("Your account was recovered"));
}

#[test]
fn who_cares_for_a_record_is_seen_by_the_others_and_ended_by_the_person() {
    let served = Served::new(Policy::Open);
    let mut daughter = served.signed_up("anna@example.org");
    let person = daughter.add_person("Walter", "for_adult", "");
    let path = format!("/settings/people/{person}");
    let page = daughter.get(&path);
    assert!(!page.html.contains("Who else cares"));
    let page = daughter.send(&page, &path, &[("act", "invite"), ("relation", "own")]);
    let link = page.html.split("invitation=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut walter = served.browser();
    let page = walter.get(&format!("/sign-up?invitation={link}"));
    let fields = [("name", "walter@example.org"), ("password", PASSWORD), ("invitation", &*link)];
    walter.send(&page, "/sign-up", &fields).leads_to("/");

    let page = daughter.get(&path);
    assert!(page.html.contains("walter@example.org") && !page.html.contains("value=\"end\""));
    let page = walter.get(&path);
    assert!(page.html.contains("anna@example.org") && page.html.contains("value=\"end\""));
    let (account, mark) = (page.field("account"), page.mark(&path));
    let fields = [("act", "end"), ("account", &*account), ("csrf", &*mark)];
    let page = walter.post(&path, HTTPS, &fields);
    assert!(page.status == 200 && !page.html.contains("Who else cares"), "{}", page.status);
    assert_eq!(daughter.get(&path).status, 404);
    assert!(walter.get(&format!("/activity?person={person}")).html.contains("Ended the care of"));
}

#[test]
fn the_page_says_what_an_invitation_for_an_older_child_opens() {
    let served = Served::new(Policy::Open);
    let mut parent = served.signed_up("anna@example.org");
    let (older, small) = (
        parent.add_person("Theo", "parent", "2011-03-01"),
        parent.add_person("Lena", "parent", "2023-03-01"),
    );
    let older = parent.get(&format!("/settings/people/{older}")).html;
    assert!(older.contains("also what is withheld from you") && !older.contains("for_adult"));
    let small = parent.get(&format!("/settings/people/{small}")).html;
    assert!(!small.contains("also what is withheld from you"));
}
