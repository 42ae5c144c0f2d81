//! The two servers: one of a record in a store, one of an empty tool; through the same router, logged alike.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child as Process, Command, Stdio};
use std::sync::Arc;

use plainchart::access::Access;
use plainchart::access::authorization::{PublicUrl, Server, Unauthorized, access_token};
use plainchart::http::{Client, Reach};
use plainchart::mcp::http::{self as endpoint, Endpoint, metrics::Metrics};
use plainchart::mcp::rate::PerMinute;
use plainchart::mcp::tool::{Gate, Limits};
use plainchart::mcp::{callers::Authorize, log};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use super::granted;
use crate::world::{self, Place};

/// The argument by which this benchmark becomes one of the servers.
pub const SERVE: &str = "serve-http";

/// A server, until this is dropped.
pub struct Child {
    process: Process,
    pub address: SocketAddr,
    /// The request that is sent again and again.
    pub request: String,
}

impl Child {
    pub fn spawn(what: &str, place: &Place) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([SERVE, what]).arg(place.argument());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut line = || said.next().unwrap().unwrap();
        let (address, token) = (line().parse().unwrap(), line());
        Child { process, address, request: request(address, &token) }
    }

    /// Microseconds on all processors so far. Linux counts in hundredths of a second; 0 elsewhere.
    pub fn cpu_us(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 1e4
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn request(address: SocketAddr, token: &str) -> String {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "name": "get_allergies", "arguments": {}, "_meta": meta });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string();
    let length = body.len();
    format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n\
         Mcp-Name: get_allergies\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Serves until it is killed.
pub fn serve(what: &str, place: &Place) {
    let _ = tracing::subscriber::set_global_default(log::lines(LevelFilter::INFO, std::io::stderr));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let public = PublicUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (_end, ending) = watch::channel(false);
    let (router, token) = match what {
        "empty" => (endpoint::protocol(Empty, &public), "none".to_owned()),
        _ => list(place, &public, &ending),
    };
    let metrics = Arc::new(Metrics::default());
    let router = endpoint::around(router, &public, &metrics);
    println!("{}\n{token}", listener.local_addr().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        endpoint::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router, metrics, ending).await;
    });
}

fn list(place: &Place, public: &PublicUrl, ending: &watch::Receiver<bool>) -> (axum::Router, String) {
    let sealed = world::in_store(place, vec![world::fixture("adult")]);
    let vault = world::vault(place);
    let rate = PerMinute { burst: 1e9, calls: 1e9 };
    let outgoing = Client::new(Reach::of(&public.root(), &[])).unwrap();
    let server = Server::new(vault.clone(), public.clone(), outgoing);
    let token = granted::token(&server, &sealed, public);
    let access = Access::of_installation(vault, world::clock());
    let gate = Gate::with(access, Limits { rate, ..Limits::of_many() }, None);
    let authorize = authorize(&gate, server);
    (endpoint::router(&Endpoint { gate, authorize, public: public.clone(), ending: ending.clone() }), token)
}

/// Looks at tokens as the program does.
fn authorize(gate: &Gate, server: Server) -> Authorize {
    let gate = gate.clone();
    Arc::new(move |text: &str| {
        let token = access_token(text).ok_or(Unauthorized::BadToken)?;
        let sealed = gate.access().rows_of(&token.owner)?.ok_or(Unauthorized::BadToken)?;
        server.inside(&token, sealed)
    })
}

/// A server of one tool that does nothing.
#[derive(Clone)]
struct Empty;

impl ServerHandler for Empty {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        Ok(CallToolResult::success(vec![ContentBlock::text("")]).into())
    }
}
