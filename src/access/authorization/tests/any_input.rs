//! Whatever comes in: nothing panics, and nothing is let through that must not be.

use proptest::prelude::*;

use super::redirect::{Place, Redirect};
use super::*;

/// Text that looks like what is read, and text that looks like nothing.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z]{1,12}:/{0,3}[a-z0-9.:@\\[\\]%\\\\ \\-]{0,20}[/?#a-z0-9=&.]{0,20}",
        "pc_(at|rt|code|client)_[0-9a-fé]{0,130}",
        "(patient|user)/[A-Za-z*]{1,12}\\.[a-z*]{1,6}(\\?category=[a-z|&=-]{0,12})?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_redirect_is_of_a_server_by_https_or_of_this_machine(text in text()) {
        if let Some(redirect) = Redirect::parse(&text) {
            let is_program = text.contains(':') && !text.starts_with("http");
            match redirect.place() {
                Place::Server(host) => prop_assert!(text.starts_with("https://") && !host.is_empty()),
                Place::Program(_) => prop_assert!(is_program || text.contains("localhost") || text.contains("127.") || text.contains("[::")),
            }
            prop_assert!(!text.contains(['#', '\\', ' ', '@']) || !text.starts_with("http"));
            let answer = redirect.answering(&[("code", &text)]);
            let last = answer.query_pairs().last().map(|pair| pair.1.into_owned());
            prop_assert_eq!(last, Some(text));
        }
    }

    #[test]
    fn scopes_open_only_what_they_name(text in text()) {
        if let Ok(scopes) = Scopes::parse(&text) {
            let again = Scopes::parse(&scopes.text()).unwrap();
            prop_assert_eq!(again.kinds(), scopes.kinds());
            prop_assert!(scopes.are_within(&Scopes::everything()));
            let is_all = scopes.kinds().len() == crate::record::Kind::ALL.len();
            prop_assert!(!is_all || text.trim().is_empty() || text.contains("patient/*."));
        }
    }
}

#[test]
fn no_bytes_are_taken_for_a_token_or_a_request() {
    let desk = desk();
    proptest!(|(text in text(), bytes in any::<Vec<u8>>())| {
        prop_assert!(Token::parse(&text).is_none());
        prop_assert!(desk.server.bearer(&text).is_err());
        prop_assert_eq!(desk.server.carried(&text, b"session").unwrap(), None);
        prop_assert!(desk.server.register(&bytes).is_err());
        prop_assert!(desk.server.begin(&[("client_id".into(), text.clone())]).is_err());
        let form = [("grant_type", "refresh_token"), ("client_id", &text), ("refresh_token", &text)];
        prop_assert!(desk.server.token(&pairs(&form, &[]), Some(&text)).is_err());
    });
}
