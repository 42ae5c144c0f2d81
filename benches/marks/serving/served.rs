//! The two servers: one of a record in SQLite, one of an empty tool; through the same router, logged alike.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child as Process, Command, Stdio};
use std::sync::Arc;

use plainchart::access::Access;
use plainchart::access::account::Acting;
use plainchart::access::authorization::{Bearer, Inside, PublicUrl, Scopes, Unauthorized};
use plainchart::clock::Randomness;
use plainchart::mcp::http::{self, Endpoint, metrics::Metrics};
use plainchart::mcp::rate::PerMinute;
use plainchart::mcp::tool::{Gate, Limits};
use plainchart::mcp::{callers::Authorize, log};
use plainchart::record::Scope;
use plainchart::store::{Change, Kind, RowKey, Sealed, Vault};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;
use tokio::sync::watch;
use tracing::level_filters::LevelFilter;

use crate::world;

/// The argument by which this benchmark becomes one of the servers.
pub const SERVE: &str = "serve-http";
const TOKEN: &str = "pc_at_a-token-of-the-benchmark";

/// A server, until this is dropped.
pub struct Child {
    process: Process,
    pub address: SocketAddr,
    /// The request that is sent again and again.
    pub request: String,
}

impl Child {
    pub fn spawn(what: &str, folder: &Path) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([SERVE, what]).arg(folder);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address: SocketAddr = address.trim().parse().unwrap();
        Child { process, address, request: request(address) }
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

fn request(address: SocketAddr) -> String {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "name": "get_allergies", "arguments": {}, "_meta": meta });
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string();
    let length = body.len();
    format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n\
         Mcp-Name: get_allergies\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Serves until it is killed.
pub fn serve(what: &str, folder: &Path) {
    let _ = tracing::subscriber::set_global_default(log::lines(LevelFilter::INFO, std::io::stderr));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let public = PublicUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (_end, ending) = watch::channel(false);
    let router = match what {
        "empty" => http::protocol(Empty, &public),
        _ => list(folder, &public, &ending),
    };
    let metrics = Arc::new(Metrics::default());
    let router = http::around(router, &public, &metrics);
    println!("{}", listener.local_addr().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        http::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router, metrics, ending).await;
    });
}

fn list(folder: &Path, public: &PublicUrl, ending: &watch::Receiver<bool>) -> axum::Router {
    let sealed = world::on_disk(folder, vec![world::fixture("adult")]);
    let vault = Vault::open(&world::config(folder), &world::clock(), &Randomness::system()).unwrap().vault;
    let rate = PerMinute { burst: 1e9, calls: 1e9 };
    let access = Access::of_installation(vault, world::clock());
    let gate = Gate::with(access, Limits { rate, ..Limits::of_many() }, None);
    let authorize = authorize(&gate, &sealed);
    http::router(&Endpoint { gate, authorize, public: public.clone(), ending: ending.clone() })
}

/// What checking a token costs: one read of the grant, in which the hash of the token stands, with the version.
fn authorize(gate: &Gate, sealed: &Sealed) -> Authorize {
    let grant = RowKey::new(Kind::Grant, "bench");
    sealed.write(&[Change::put(grant.clone(), None, TOKEN.repeat(30).into_bytes())]).unwrap();
    let (gate, owner) = (gate.clone(), sealed.owner().clone());
    Arc::new(move |token: &str| {
        let sealed = gate.access().rows_of(&owner)?.ok_or(Unauthorized::BadToken)?;
        let (found, version) = sealed.read_and_saved(&grant)?;
        if token != TOKEN || found.is_none() {
            return Err(Unauthorized::BadToken);
        }
        let (grant, client) = ("bench".into(), "bench".into());
        let bearer = Bearer { owner: owner.clone(), grant, client, scopes: Scopes::everything() };
        let scope = Scope { classes: 0, ..Scope::everything() };
        Ok(Inside { bearer, sealed, scope, by: Acting::OWN, version })
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
