//! What a server counts, and how it tells it to Prometheus (text format 0.0.4). It has a listener of its own.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

use crate::access::Outcome;
use crate::mcp::tool::Gate;

/// The upper ends of the times that are told apart, in seconds.
const TIMES_S: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0];

/// The counts since the process began.
#[derive(Debug, Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<String, Route>>,
    /// Connections that are open.
    pub open: AtomicUsize,
    /// Connections that found no room.
    pub turned_away: AtomicU64,
}

#[derive(Debug, Default)]
struct Route {
    by_status: BTreeMap<u16, u64>,
    by_time: [u64; TIMES_S.len()],
    seconds: f64,
}

impl Metrics {
    /// Counts a request.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = match routes.get_mut(route) {
            Some(counts) => counts,
            // Only patterns come here, and they are those of the program.
            None => routes.entry(route.to_owned()).or_default(),
        };
        *counts.by_status.entry(status).or_default() += 1;
        counts.seconds += seconds;
        if let Some(place) = TIMES_S.iter().position(|end| seconds <= *end) {
            counts.by_time[place] += 1;
        }
    }

    /// All of it, as Prometheus reads it.
    pub fn text(&self, gate: &Gate) -> String {
        let mut text = String::new();
        self.requests(&mut text);
        calls(&mut text, gate);
        let (bytes, people) = gate.access().held();
        let open = self.open.load(Ordering::Relaxed);
        let turned_away = self.turned_away.load(Ordering::Relaxed);
        one(&mut text, "connections", "gauge", "Connections that are open.", open);
        one(&mut text, "connections_turned_away_total", "counter", "Connections without room.", turned_away);
        one(&mut text, "records_open_bytes", "gauge", "Memory of the records that are kept open.", bytes);
        one(&mut text, "records_open", "gauge", "People whose keys or records are kept open.", people);
        one(&mut text, "worn_out", "gauge", "1 when nothing more is answered.", u8::from(gate.is_worn_out()));
        text
    }

    fn requests(&self, text: &mut String) {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        head(text, "http_requests_total", "counter", "Requests, by route and status.");
        for (route, counts) in routes.iter() {
            for (status, count) in &counts.by_status {
                let labels = format!(r#"{{route="{route}",status="{status}"}}"#);
                line(text, "http_requests_total", &labels, count);
            }
        }
        head(text, "http_request_seconds", "histogram", "Times of requests, by route.");
        for (route, counts) in routes.iter() {
            let all: u64 = counts.by_status.values().sum();
            let mut so_far = 0;
            for (end, count) in TIMES_S.iter().zip(counts.by_time) {
                so_far += count;
                let labels = format!(r#"{{route="{route}",le="{end}"}}"#);
                line(text, "http_request_seconds_bucket", &labels, so_far);
            }
            line(text, "http_request_seconds_bucket", &format!(r#"{{route="{route}",le="+Inf"}}"#), all);
            let labels = format!(r#"{{route="{route}"}}"#);
            line(text, "http_request_seconds_sum", &labels, counts.seconds);
            line(text, "http_request_seconds_count", &labels, all);
        }
    }
}

/// The address at which they are told: on a listener that only the operator reaches.
pub fn router(metrics: Arc<Metrics>, gate: Gate) -> Router {
    let tell = move || {
        let text = metrics.text(&gate);
        std::future::ready(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
    };
    Router::new().route("/metrics", get(tell))
}

fn calls(text: &mut String, gate: &Gate) {
    head(text, "calls_total", "counter", "Calls of tools, by tool and outcome.");
    for ((tool, outcome), count) in gate.tally().all_ended() {
        let outcome = match outcome {
            Outcome::Answered => "answered",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
            Outcome::TimedOut => "timed_out",
            Outcome::Panicked => "panicked",
        };
        line(text, "calls_total", &format!(r#"{{tool="{tool}",outcome="{outcome}"}}"#), count);
    }
    one(text, "calls_slowed_total", "counter", "Calls that came too soon.", gate.tally().all_slowed());
}

fn one(text: &mut String, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
    head(text, name, kind, help);
    line(text, name, "", value);
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP plainchart_{name} {help}\n# TYPE plainchart_{name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "plainchart_{name}{labels} {value}");
}
