//! Tools that panic or never end, over HTTP: each call is answered, and a server that is worn out says so.

use serde_json::json;

use crate::serving::Served;

#[test]
fn a_tool_that_panics_or_hangs_is_answered_and_two_that_hang_make_the_server_unready() {
    let served = Served::demo();
    insta::assert_snapshot!(
        served.call("misbehave_panic", json!({})).text(),
        @"Something in plainchart failed, and this call with it. Other tools still answer."
    );
    assert_eq!(served.get("/readyz", &[]).status, 200);
    std::thread::scope(|scope| {
        let hanging = [0, 1].map(|_| scope.spawn(|| served.call("misbehave_hang", json!({})).text()));
        // Others are answered meanwhile.
        assert!(served.call("get_immunizations", json!({})).text().contains("Coverage"));
        for hung in hanging {
            assert!(hung.join().unwrap().starts_with("The answer took too long"));
        }
    });
    let unready = served.get("/readyz", &[]);
    assert_eq!((unready.status, unready.body.as_str()), (503, "worn out: start this server anew"));
    assert_eq!(served.get("/healthz", &[]).status, 200);
    assert!(served.call("get_immunizations", json!({})).text().starts_with("Too many calls did not end"));
}
