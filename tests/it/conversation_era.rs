//! Stories of a conversation, in both eras of the protocol.

use plainchart::access::{Caller, Outcome, audit};
use rmcp::model::{
    ArgumentInfo, CacheScope, CompleteRequestParams, GetPromptRequestParams, ProtocolVersion, Reference,
};
use rmcp::service::ClientLifecycleMode;
use serde_json::json;

use crate::conversation::{Client, World, call, refusal, text};

fn eras() -> [ClientLifecycleMode; 2] {
    let modern = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    [ClientLifecycleMode::Initialize, modern]
}

#[tokio::test]
async fn both_eras_are_told_the_same_and_answered_the_same() {
    let world = World::new();
    let mut answers = Vec::new();
    for era in eras() {
        let client = world.client_of(era, Default::default()).await;
        let server = client.peer_info().unwrap();
        let name = server.server_info.clone().unwrap();
        assert_eq!(name.name, "plainchart");
        assert_eq!(name.version, env!("CARGO_PKG_VERSION"));
        let instructions = server.instructions.clone().unwrap();
        assert_eq!(instructions.lines().count(), 6, "{instructions}");
        let tools = client.list_tools(None).await.unwrap();
        assert_eq!(tools.tools, plainchart::mcp::server::listed_tools());
        assert_eq!(tools.next_cursor, None);
        let answer = call(&client, "get_procedures", json!({})).await;
        assert_ne!(answer.is_error, Some(true));
        answers.push((text(&answer).to_owned(), answer.structured_content.unwrap()));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].0.contains("Ada Quillfeather"), "{}", answers[0].0);
    assert!(answers[0].0.contains("[P100001]"), "{}", answers[0].0);
    assert_eq!(answers[0].1["items"][0]["id"], "P100001");
}

#[tokio::test]
async fn nothing_may_be_cached_by_anyone() {
    let client = World::new().client().await;
    let tools = client.list_tools(None).await.unwrap();
    assert_eq!((tools.ttl_ms, tools.cache_scope), (Some(0), Some(CacheScope::Private)));
    let resources = client.list_resources(None).await.unwrap();
    assert_eq!((resources.ttl_ms, resources.cache_scope), (Some(0), Some(CacheScope::Private)));
    let templates = client.list_resource_templates(None).await.unwrap();
    assert_eq!((templates.ttl_ms, templates.cache_scope), (Some(0), Some(CacheScope::Private)));
}

#[tokio::test]
async fn what_is_not_understood_is_answered_with_what_would_be() {
    let client = World::new().client().await;
    insta::assert_snapshot!(refusal(&client, "get_procedures", json!({ "since": "last year" })).await, @"since is no date: write YYYY, YYYY-MM or YYYY-MM-DD, such as 2024-03-01.");
    insta::assert_snapshot!(refusal(&client, "get_procedures", json!({ "limit": 0 })).await, @"limit must be from 1 to 1000.");
    insta::assert_snapshot!(refusal(&client, "get_procedures", json!({ "from": "2024" })).await, @r#"get_procedures has no argument "from". It takes: query, since, until, added_since, limit, cursor, max_tokens."#);
    let unknown = refusal(&client, "delete_everything", json!({})).await;
    assert!(unknown.starts_with("there is no tool \"delete_everything\". There are: "), "{unknown}");
    assert!(unknown.contains("get_procedures"));
    let long = refusal(&client, "get_procedures", json!({ "query": "x".repeat(40_000) })).await;
    assert!(long.starts_with("the arguments are too long"), "{long}");
}

#[tokio::test]
async fn arguments_as_assistants_send_them_are_taken() {
    let client = World::new().client().await;
    let asked = json!({ "limit": "10", "since": 2024, "until": null, "maxTokens": 500.0 });
    let answer = call(&client, "get_procedures", asked).await;
    assert!(text(&answer).contains("[P100001]"), "{}", text(&answer));
    let known_elsewhere = json!({ "years": 1 });
    let answer = call(&client, "get_procedures", known_elsewhere).await;
    assert!(!text(&answer).contains("[P100001]"), "{}", text(&answer));
}

#[tokio::test]
async fn every_call_is_audited_before_it_is_answered() {
    let world = World::new();
    let client = world.client().await;
    call(&client, "get_procedures", json!({})).await;
    refusal(&client, "get_procedures", json!({ "since": "Quillfeather" })).await;
    refusal(&client, "Quillfeather", json!({})).await;
    let lines = audit::read(&world.sealed, 10).unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.event.tool.as_str(), line.event.outcome)).collect();
    let expected = [
        ("get_procedures", Outcome::Answered),
        ("get_procedures", Outcome::Refused),
        ("unknown tool", Outcome::Refused),
    ];
    assert_eq!(told, expected);
    assert_eq!(lines[0].event.entries, ["P100001"]);
    assert!(lines[0].event.who.starts_with(Caller::LocalOwner.name()), "{}", lines[0].event.who);
    assert!(lines[0].event.who.contains("rmcp"), "{}", lines[0].event.who);
    assert!(!format!("{lines:?}").contains("Quillfeather"));
    assert_eq!(audit::verify(&world.sealed).unwrap(), 3);
}

#[tokio::test]
async fn prompts_are_listed_filled_in_and_completed_from_the_record() {
    let world = World::new();
    for era in eras() {
        let client = world.client_of(era, Default::default()).await;
        let listed = client.list_prompts(None).await.unwrap().prompts;
        let names: Vec<&str> = listed.iter().map(|prompt| prompt.name.as_str()).collect();
        let expected =
            ["understand_my_history", "explain_my_latest_labs", "prepare_my_appointment", "plan_my_day"];
        assert_eq!(names, expected);
        let arguments = json!({"specialty": "cardiology"}).as_object().unwrap().clone();
        let asked = GetPromptRequestParams::new("prepare_my_appointment").with_arguments(arguments);
        let got = client.get_prompt(asked).await.unwrap();
        let said = &got.messages[0].content.as_text().unwrap().text;
        assert!(
            said.contains("prep_appointment_questions") && said.contains("I will see: cardiology."),
            "{said}"
        );
        assert!(client.get_prompt(GetPromptRequestParams::new("no_such_prompt")).await.is_err());
        let completed = complete(&client, "prepare_my_appointment", "specialty", "card").await;
        assert!(completed.iter().any(|name| name.contains("cardiology")), "{completed:?}");
        assert!(complete(&client, "plan_my_day", "focus", "f").await.is_empty());
    }
    let lines = audit::read(&world.sealed, 10).unwrap();
    assert!(
        lines.iter().all(|line| line.event.tool == "complete_argument"),
        "a completion is audited like a call"
    );
    assert_eq!(lines.len(), 2);
}

async fn complete(client: &Client, prompt: &str, argument: &str, typed: &str) -> Vec<String> {
    let asked = CompleteRequestParams::new(Reference::for_prompt(prompt), ArgumentInfo::new(argument, typed));
    client.complete(asked).await.unwrap().completion.values
}

#[tokio::test]
async fn a_flood_of_calls_is_slowed() {
    let client = World::new().client().await;
    let mut refused = 0;
    for _ in 0..70 {
        let result = call(&client, "get_procedures", json!({})).await;
        if result.is_error == Some(true) {
            refused += 1;
            assert!(text(&result).starts_with("Too many calls in a short time. Wait"), "{}", text(&result));
        }
    }
    // The clock stands still, so that exactly the burst is answered.
    assert_eq!(refused, 10);
}
