//! Has the address of a sign-in shown by the client itself, where it can do that (URL elicitation): the person
//! sees the host and agrees before anything opens. Up to 2025-11-25 by a request to the client, in 2026-07-28
//! by an answer that asks for input (SEP-2322). Other clients have the address in the answer.

use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolResponse, CallToolResult, ElicitRequest, ElicitRequestParams, ElicitationAction, InputRequest,
    InputRequests, InputRequiredResult, ProtocolVersion,
};
use rmcp::service::RequestContext;
use url::Url;

use crate::insight::Answer;

/// How long the client may take to show it: below the minute after which others give up the call.
const SHOWN_WITHIN: Duration = Duration::from_secs(40);
/// The name of the one question.
const QUESTION: &str = "sign_in";

/// An address to be shown, and what is said with it.
pub struct Address {
    url: Url,
    message: String,
}

impl Address {
    /// The address in an answer of `connect_source`; `None` where it holds none.
    pub fn of(answer: &Answer) -> Option<Address> {
        let text = |name: &str| answer.structured.get(name)?.as_str();
        let url = text("open")?.parse().ok()?;
        let message = match (text("portal"), text("host")) {
            (Some(portal), Some(host)) => format!(
                "Sign in at {portal} ({host}), so that plainchart can fetch the health record from there. The page \
                 opens on this machine and sends on to the portal."
            ),
            _ => "Open plainchart's page of sources, sign in there, and connect the portal of the clinic."
                .into(),
        };
        Some(Address { url, message })
    }

    /// Has it shown, where the client can. Gives what is to be answered instead of the result, where the client
    /// has to be asked first; `is_asked` says that it has been.
    pub async fn show(
        self,
        context: &RequestContext<RoleServer>,
        is_asked: bool,
        result: &mut CallToolResult,
    ) -> Option<CallToolResponse> {
        let capabilities = context.client_capabilities()?;
        capabilities.elicitation?.url?;
        if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            return (!is_asked).then(|| self.question());
        }
        let id = self.url.port().unwrap_or_default().to_string();
        let shown =
            context.peer.elicit_url_with_timeout(self.message, self.url, id, Some(SHOWN_WITHIN)).await;
        if let Ok(ElicitationAction::Decline | ElicitationAction::Cancel) = shown {
            result.content.push(rmcp::model::ContentBlock::text("The person did not open it."));
        }
        None
    }

    fn question(self) -> CallToolResponse {
        let (url, message) = (self.url.to_string(), self.message);
        let params = ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message,
            url,
            elicitation_id: QUESTION.into(),
        };
        let question = InputRequest::Elicitation(ElicitRequest::new(params));
        let questions = InputRequests::from_iter([(QUESTION.to_owned(), question)]);
        CallToolResponse::InputRequired(InputRequiredResult::from_input_requests(questions))
    }
}
