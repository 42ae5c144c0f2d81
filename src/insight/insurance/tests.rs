use serde_json::{Value, json};

use super::*;
use crate::insight::testing::{entry, run, same, view, view_without, walk, with};
use crate::record::{
    Actor, Amount, AmountKind, Claim, ClaimForm, ClaimItem, Code, Concept, Detail, Entry, Link, LinkRole,
    Number, System, View,
};

fn ask(view: &View, arguments: Value) -> Result<Answer, Refusal> {
    let ask: InsuranceAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| insurance(context, &ask))
}

fn text(view: &View, arguments: Value) -> String {
    ask(view, arguments).unwrap().text
}

fn amount(kind: AmountKind, digits: &str) -> Amount {
    Amount {
        kind,
        label: kind.words().into(),
        number: Number::parse(digits).unwrap(),
        currency: Some("USD".into()),
    }
}

fn claim(id: &str, date: &str, service: &str, amounts: &[(AmountKind, &str)]) -> Entry {
    let claim = Claim {
        form: ClaimForm::Professional,
        is_decided: true,
        items: vec![ClaimItem { concept: Concept::named(service), ..ClaimItem::default() }],
        amounts: amounts.iter().map(|(kind, digits)| amount(*kind, digits)).collect(),
        ..Claim::default()
    };
    with(entry(id, "Professional", date, Detail::Claim(Box::new(claim))), |entry| {
        entry.status = Some("active".into());
        entry.actors = vec![Actor { role: "provider".into(), name: Some("Lakeside".into()), key: None }];
    })
}

fn plan(id: &str, name: &str, from: &str) -> Entry {
    with(entry(id, name, from, Detail::Plain), |entry| {
        entry.status = Some("active".into());
        entry.actors = vec![Actor { role: "payor".into(), name: Some("Prairie".into()), key: None }];
        entry.more = vec![
            ("member id".into(), "M-4711".into()),
            ("relationship to subscriber".into(), "child".into()),
        ];
    })
}

#[test]
fn an_insurance_is_told_without_the_members_number() {
    let over = with(plan("U000002", "Old plan", "2019-01-01"), |entry| {
        entry.end = crate::record::When::parse("2020-12-31")
    });
    let text = text(&view(vec![plan("U000001", "Silver", "2021-01-01"), over]), json!({}));
    assert!(text.contains("Silver|Prairie|since 2021-01-01|active|child|[U000001]"), "{text}");
    let over = text.find("**Insurance that is over or cancelled**").unwrap();
    assert!(text.find("[U000002]").unwrap() > over, "{text}");
    assert!(!text.contains("M-4711"), "{text}");
    assert!(text.contains("No claim in these records"), "what was not sent is said: {text}");
}

#[test]
fn an_amount_is_found_with_what_it_is_and_no_bill_is_claimed() {
    let found = claim(
        "K000001",
        "2026-01-02",
        "MRI",
        &[(AmountKind::Billed, "2410.00"), (AmountKind::Deductible, "250.00"), (AmountKind::Owed, "340.00")],
    );
    let other = claim("K000002", "2026-01-03", "Visit", &[(AmountKind::Owed, "34.00")]);
    let visit = entry("E000001", "Imaging visit", "2026-01-02", Detail::Visit(Box::default()));
    let view = view(vec![found, other, visit]);
    for query in ["Why was I billed $340?", "340", "$340.00", "that bill of $340."] {
        let text = text(&view, json!({"query": query}));
        assert!(text.contains("↳ 340.00 USD is the person owes, of the whole claim"), "{query}: {text}");
        assert!(text.contains("↳ recorded beside it: deductible 250.00 USD"), "{text}");
        assert!(text.contains("It is no bill"), "{text}");
        assert!(text.contains("in these records on that day: Imaging visit [E000001]"), "{text}");
        assert!(!text.contains("K000002") && !text.to_lowercase().contains("you owe"), "{text}");
    }
    let none = text(&view, json!({"query": "$999"}));
    assert!(none.contains("No insurance or claim that fits") && none.contains("itemized bill"), "{none}");
    let by_words = text(&view, json!({"query": "visit", "kind": "claims"}));
    assert!(by_words.contains("[K000002]") && !by_words.contains("[K000001]"), "{by_words}");
}

#[test]
fn a_sum_is_told_as_what_it_is_and_leaves_out_what_does_not_stand() {
    let owed = |id: &str, digits: &str| claim(id, "2026-01-02", "Visit", &[(AmountKind::Owed, digits)]);
    let cancelled = with(owed("K000003", "1000"), |entry| entry.status = Some("cancelled".into()));
    let replaced =
        with(owed("K000004", "500"), |entry| entry.more.push(("identifier".into(), "urn:x|C-1".into())));
    let newer =
        with(owed("K000005", "20.5"), |entry| entry.more.push(("replaces claim".into(), "C-1".into())));
    let asked_before = with(owed("K000006", "70"), |entry| {
        let Detail::Claim(claim) = &mut entry.detail else { panic!("no claim") };
        claim.usage = Some("preauthorization".into());
    });
    let silent = claim("K000007", "2026-01-02", "Visit", &[]);
    let text = text(
        &view(vec![owed("K000001", "40.00"), cancelled, replaced, newer, asked_before, silent]),
        json!({}),
    );
    assert!(
        text.contains(
            "Sum of what 2 of these claims say the person owes: 60.50 USD; 1 more say no such amount"
        ),
        "{text}"
    );
    let past = text.find("**Cancelled, withdrawn, or replaced").unwrap();
    assert!(text.find("[K000003]").unwrap() > past && text.find("[K000004]").unwrap() > past, "{text}");
    assert!(text.contains("preauthorization"), "{text}");
}

#[test]
fn denials_are_told_beneath_and_can_be_asked_for() {
    let denied = with(claim("K000001", "2026-01-02", "Vitamin D test", &[]), |entry| {
        let Detail::Claim(claim) = &mut entry.detail else { panic!("no claim") };
        claim.items[0].denials = vec!["tested too often".into()];
    });
    let view = view(vec![denied, claim("K000002", "2026-01-03", "Visit", &[])]);
    let text = text(&view, json!({"status": "denied"}));
    assert!(text.contains("↳ line 1, Vitamin D test: denied or reduced: tested too often"), "{text}");
    assert!(!text.contains("K000002"), "{text}");
    let refused = ask(&view, json!({"status": "mine"})).unwrap_err();
    assert!(refused.to_string().contains("denied"), "{refused}");
}

#[test]
fn a_claim_as_it_was_sent_stands_behind_what_was_decided_about_it() {
    let sent = with(claim("K000001", "2026-01-02", "Visit", &[(AmountKind::Billed, "80")]), |entry| {
        let Detail::Claim(claim) = &mut entry.detail else { panic!("no claim") };
        claim.is_decided = false;
        entry.key = "Claim/1".into();
    });
    let decided = with(claim("K000002", "2026-01-02", "Visit", &[(AmountKind::Owed, "8")]), |entry| {
        entry.links.push(Link { role: LinkRole::Related, key: "Claim/1".into() });
    });
    let only = text(&view(vec![sent.clone()]), json!({}));
    assert!(only.contains("**Sent or asked beforehand, with no decision here**"), "{only}");
    let both = text(&view(vec![sent, decided]), json!({}));
    assert!(both.contains("[K000002]") && !both.contains("[K000001]"), "{both}");
}

#[test]
fn what_two_sources_say_differently_is_told() {
    let owed = |id: &str, digits: &str| claim(id, "2026-01-02", "Visit", &[(AmountKind::Owed, digits)]);
    let text = text(&view(same(owed("K000001", "40"), owed("K000002", "45")).into()), json!({}));
    assert!(text.contains("↳ another source records what the person owes: 4"), "{text}");
}

#[test]
fn a_code_without_a_name_is_told_without_the_address_of_its_list() {
    let coded = with(claim("K000001", "2026-01-02", "x", &[]), |entry| {
        let Detail::Claim(claim) = &mut entry.detail else { panic!("no claim") };
        let system = System::Other(Some("https://x.org/list".into()));
        claim.items[0].concept =
            Concept { text: None, codes: vec![Code { system, code: "M55".into(), display: None }] };
    });
    let text = text(&view(vec![coded]), json!({}));
    assert!(text.contains("|code M55|") && !text.contains("x.org"), "{text}");
}

#[test]
fn withheld_claims_are_told_as_withheld() {
    let entries = vec![claim("K000001", "2026-01-02", "Visit", &[(AmountKind::Owed, "340")])];
    let view = view_without(entries, |scope| scope.kinds.retain(|kind| !KINDS.contains(kind)));
    let text = text(&view, json!({"query": "340"}));
    assert!(text.contains("Withheld by the person's settings"), "{text}");
    assert!(!text.contains("340 USD"), "{text}");
}

#[test]
fn a_long_list_goes_on_from_its_cursor() {
    let claims = (1..=40)
        .map(|number| claim(&format!("K{number:06}"), "2026-01-02", "Visit", &[(AmountKind::Owed, "1")]));
    let view = view(claims.collect());
    assert_eq!(walk(&view, |arguments| ask(&view, arguments)).len(), 40);
}
