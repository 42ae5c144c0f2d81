//! What is taken from an assistant at one process holds at the other with the very next call.

use super::hosted::{At, Hosted};
use super::person::Person;

/// What the tool shows of the person's vaccines.
const TOOL: &str = "get_immunizations";

#[test]
fn what_is_narrowed_or_ended_at_one_process_is_refused_by_the_other_at_its_next_call() {
    let hosted = Hosted::on(&super::database());
    let anna = Person::joins(&hosted, "anna@example.org");
    for at in At::BOTH {
        let given_back = anna.connects("Gives back");
        let narrowed = anna.connects("Is narrowed");
        let call = |token: &str, name: &str| hosted.call(at.other(), token, TOOL, name).unwrap();
        let total = |token: &str| {
            let answer = call(token, "a-call");
            answer.json()["result"]["structuredContent"]["total"]
                .as_u64()
                .unwrap_or_else(|| panic!("{answer:?}"))
        };
        assert!(total(&given_back.access) > 0 && total(&narrowed.access) > 0);

        assert_eq!(given_back.gives_back(&hosted, at).unwrap().status, 200);
        let refused = call(&given_back.access, "after-the-end");
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(refused.header("WWW-Authenticate").unwrap().contains("invalid_token"));
        assert_eq!(given_back.refreshes(&hosted, at.other()).unwrap().status, 400);

        assert_eq!(anna.narrows(at, &narrowed.grant, &["labs"]).unwrap().status, 303);
        assert_eq!(total(&narrowed.access), 0);
        let refreshed = narrowed.refreshes(&hosted, at.other()).unwrap();
        let narrowed = narrowed.renewed(&refreshed);
        assert_eq!(total(&narrowed.access), 0);

        assert_eq!(anna.disconnects(at, &narrowed.grant, true).unwrap().status, 303);
        assert_eq!(call(&narrowed.access, "after-the-end").status, 401);
        assert_eq!(narrowed.refreshes(&hosted, at.other()).unwrap().status, 400);
    }
    let lines = plainchart::access::audit::read(&anna.rows, 1_000).unwrap();
    assert_eq!(plainchart::access::audit::verify(&anna.rows).unwrap(), lines.len() as u64);
    // What was refused was not answered, and so it left no line.
    assert!(lines.iter().all(|line| !line.event.who.contains("after-the-end")));
}
