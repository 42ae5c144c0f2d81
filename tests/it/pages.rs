//! The pages through their router, in memory: what is asked for and what is refused. How they look is tried in a real
//! browser (tests/peers/web.mjs).

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request};
use jiff::Timestamp;
use tower::ServiceExt;

use plainchart::access::account::{Accounts, Cost, Policy};
use plainchart::access::authorization::{PublicUrl, Server};
use plainchart::clock::{Clock, Randomness};
use plainchart::http::{Client, Reach};
use plainchart::ingest::portal::Setting;
use plainchart::store::Vault;
use plainchart::web::{Site, router};

mod consent;
mod guarded;
mod others;
mod provider;
mod records;
mod settings;
mod signing_in;
mod typing;
mod uploads;

const HTTPS: &str = "https://chart.example.org";
const PASSWORD: &str = "four made-up words";
const FORM: &str = "application/x-www-form-urlencoded";

/// The pages of an installation.
struct Served {
    site: Site,
    server: Arc<Server>,
    clock: Clock,
    runtime: tokio::runtime::Runtime,
}

/// A browser: its cookies, and nothing else.
struct Browser<'a> {
    served: &'a Served,
    cookies: Vec<(String, String)>,
}

/// A page, read whole.
struct Shown {
    status: u16,
    headers: HeaderMap,
    html: String,
    bytes: Vec<u8>,
}

impl Served {
    fn new(policy: Policy) -> Served {
        Served::with(policy, |accounts, _, _| accounts)
    }

    /// The same, with its accounts as a test wants them.
    fn with(policy: Policy, changed: impl FnOnce(Accounts, &Vault, &PublicUrl) -> Accounts) -> Served {
        let clock = Clock::fixed("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap());
        let random = Randomness::seeded(7);
        let vault = Vault::in_memory(clock.clone(), random.clone()).unwrap();
        let quick = Cost { memory_kib: 64, passes: 1 };
        let public = PublicUrl::parse(HTTPS).unwrap();
        let accounts = Accounts::new(vault.clone(), policy, quick).unwrap();
        let accounts = Arc::new(changed(accounts, &vault, &public));
        let outgoing = Client::new(Reach::default()).unwrap();
        let server = Arc::new(Server::new(vault.clone(), public, outgoing));
        let rows = vault.home().unwrap();
        let portals =
            Setting { rows, vault: Some(vault), clock: clock.clone(), random, private_hosts: Vec::new() };
        let site = Site::new(accounts, Arc::clone(&server), portals);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        Served { site, server, clock, runtime }
    }

    fn browser(&self) -> Browser<'_> {
        Browser { served: self, cookies: Vec::new() }
    }

    /// A browser in which somebody has just signed up and has a record of their own.
    fn signed_up(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let page = browser.get("/sign-up");
        browser.send(&page, "/sign-up", &[("name", name), ("password", PASSWORD)]).leads_to("/");
        browser
    }

    fn send(&self, request: Request<Body>) -> Shown {
        let router: Router = router(self.site.clone());
        self.runtime.block_on(async {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            let bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap();
            let html = String::from_utf8_lossy(&bytes).into_owned();
            Shown { status: parts.status.as_u16(), headers: parts.headers, html, bytes: bytes.into() }
        })
    }
}

impl Browser<'_> {
    fn get(&mut self, path: &str) -> Shown {
        let request = self.with_cookies(Request::get(path)).body(Body::empty()).unwrap();
        let shown = self.served.send(request);
        self.keep(&shown);
        shown
    }

    /// Sends the form of a page that leads to this path, with its mark.
    fn send(&mut self, page: &Shown, path: &str, fields: &[(&str, &str)]) -> Shown {
        let mark = page.mark(path);
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", mark.as_str())]).collect();
        self.post(path, HTTPS, &fields)
    }

    fn post(&mut self, path: &str, origin: &str, fields: &[(&str, &str)]) -> Shown {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header(CONTENT_TYPE, FORM).header(ORIGIN, origin);
        let shown = self.served.send(self.with_cookies(request).body(Body::from(body)).unwrap());
        self.keep(&shown);
        shown
    }

    /// Sends files with the form of the page of sources, as a browser does.
    fn upload(&mut self, page: &Shown, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Shown {
        let (mark, person) = (page.mark("/sources/upload"), page.field("person"));
        let mut body = Vec::new();
        let mut part = |name: &str, content: &[u8]| {
            body.extend_from_slice(b"--border\r\nContent-Disposition: form-data; name=");
            body.extend_from_slice(name.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in [("csrf", mark.as_str()), ("person", &person)].iter().chain(fields) {
            part(&format!("\"{name}\""), value.as_bytes());
        }
        for (name, content) in files {
            part(&format!("\"files\"; filename=\"{}\"", name.replace('"', "%22")), content);
        }
        body.extend_from_slice(b"--border--\r\n");
        let request = Request::post("/sources/upload")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=border")
            .header(ORIGIN, HTTPS);
        self.served.send(self.with_cookies(request).body(Body::from(body)).unwrap())
    }

    fn with_cookies(&self, request: axum::http::request::Builder) -> axum::http::request::Builder {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(HOST, "chart.example.org");
        if pairs.is_empty() { request } else { request.header(COOKIE, pairs.join("; ")) }
    }

    fn keep(&mut self, shown: &Shown) {
        for line in shown.headers.get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(own, _)| own != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Adds a person; the id under which they are named.
    fn add_person(&mut self, label: &str, relation: &str, born: &str) -> String {
        let page = self.get("/settings");
        let fields = [("label", label), ("relation", relation), ("born", born)];
        let added = self.send(&page, "/settings/people", &fields);
        let target = added.headers[LOCATION].to_str().unwrap();
        target.rsplit_once("person=").unwrap().1.to_owned()
    }
}

impl Shown {
    /// The mark of the form that leads to this path.
    fn mark(&self, path: &str) -> String {
        let form = self.html.split("<form").find(|form| form.contains(&format!("action=\"{path}\"")));
        let form = form.unwrap_or_else(|| panic!("no form leads to {path}: {}", self.html));
        form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// The value of a hidden field.
    fn field(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        self.html.split(&field).nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    fn leads_to(&self, path: &str) {
        assert_eq!((self.status, self.headers[LOCATION].to_str().unwrap()), (303, path));
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
