//! Starting the server, watching it and changing it while it runs.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::{io, thread};

use serde_json::Value;
use tokio::sync::oneshot;

use super::call::Call;
use super::clients::{Client, Clients};
use super::files;
use super::people::People;
use super::serving::{self, Seen, Server};
use super::sessions::Counts;
use super::site::Site;
use super::switches::{SignIn, Switch, Switches};
use super::vendor::{self, Vendor};

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The rows that are served, each below its name. A test may change them first.
    pub vendors: Vec<Vendor>,
    /// Files and folders with bundles and NDJSON.
    pub people: Vec<PathBuf>,
    /// Further resources.
    pub resources: Vec<Value>,
    /// 0: a free one.
    pub port: u16,
    /// How long each answer with FHIR is held back.
    pub delay_ms: u64,
    /// Any token is taken until a switch ends it: another authorization server stands in front.
    pub is_open: bool,
    /// Who signs in without a page.
    pub sign_in: Option<SignIn>,
    /// Clients beside `plainchart`, which every vendor knows.
    pub clients: Vec<Client>,
}

impl Options {
    /// One vendor with the synthetic people of this repository, who sign in on a page.
    pub fn of(vendor: &str) -> Self {
        Self::of_rows(vec![vendor::row(vendor)])
    }

    /// Several vendors.
    pub fn of_rows(vendors: Vec<Vendor>) -> Self {
        Self {
            vendors,
            people: vec![files::synthetic()],
            resources: Vec::new(),
            port: 0,
            delay_ms: 0,
            is_open: false,
            sign_in: None,
            clients: Vec::new(),
        }
    }
}

/// The client that is known to each vendor, and its secret, where vendors want one.
pub const CLIENT_ID: &str = "plainchart";
pub const CLIENT_SECRET: &str = "a-made-up-secret-of-plainchart";

/// Starts servers.
pub struct Store;

/// A server that runs until this is dropped.
pub struct Running {
    server: Arc<Server>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Store {
    pub fn start(options: &Options) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let foreign_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let origin = format!("http://{}", listener.local_addr()?);
        let foreign = format!("http://{}", foreign_listener.local_addr()?);
        let mut resources = options.resources.clone();
        for path in &options.people {
            resources.append(&mut files::load(path)?);
        }
        let site = |vendor: &Vendor| new_site(options, vendor, &resources, &origin, &foreign);
        let sites = options.vendors.iter().map(site).collect();
        let server = Arc::new(Server { sites, ..Server::default() });
        let (stop, stopped) = oneshot::channel();
        let (kept, runtime) =
            (server.clone(), tokio::runtime::Builder::new_multi_thread().enable_all().build()?);
        let thread = thread::spawn(move || {
            runtime.block_on(serving::run(kept, listener, foreign_listener, stopped)).unwrap();
            // A stalled answer would otherwise be waited for.
            runtime.shutdown_background();
        });
        Ok(Running { server, stop: Some(stop), thread: Some(thread) })
    }
}

fn new_site(options: &Options, vendor: &Vendor, resources: &[Value], origin: &str, foreign: &str) -> Site {
    let mut clients = Clients::default();
    let secret = Some(CLIENT_SECRET.to_owned());
    clients.add(Client { id: CLIENT_ID.to_owned(), secret, ..Client::default() });
    options.clients.iter().for_each(|client| clients.add(client.clone()));
    let mut switches = Switches::default();
    switches.set(Switch::SignIn(options.sign_in.clone()));
    switches.set(Switch::Delay { place: None, delay_ms: options.delay_ms });
    let site = Site {
        vendor: vendor.clone(),
        origin: origin.to_owned(),
        foreign: foreign.to_owned(),
        is_open: options.is_open,
        people: Default::default(),
        sessions: Default::default(),
        clients: Mutex::new(clients),
        switches: Mutex::new(switches),
        cursors: Default::default(),
        calls: Default::default(),
    };
    let people = People::of(resources, &vendor.reshape, &site.base());
    *site.people.write().unwrap() = people;
    site
}

impl Running {
    /// The FHIR base address, as the vendor tells it.
    pub fn base(&self) -> String {
        self.server.sites[0].base()
    }

    /// The address of `authorize`, `token`, `register`, `revoke` or `jwks`.
    pub fn endpoint(&self, name: &str) -> String {
        self.server.sites[0].endpoint(name)
    }

    /// The base address of one vendor of several.
    pub fn base_of(&self, vendor: &str) -> Option<String> {
        self.server.sites.iter().find(|site| site.vendor.name == vendor).map(Site::base)
    }

    /// Waits for an end that only the system brings.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    /// Changes something, for all vendors.
    pub fn set(&self, switch: Switch) {
        self.server.sites.iter().for_each(|site| site.set(switch.clone()));
    }

    /// The requests that came, in that order.
    pub fn log(&self) -> Vec<Seen> {
        self.server.seen.lock().unwrap().clone()
    }

    /// Those whose path ends like this.
    pub fn log_of(&self, end: &str) -> Vec<Seen> {
        self.log().into_iter().filter(|seen| seen.call.path.ends_with(end)).collect()
    }

    pub fn clear_log(&self) {
        self.server.seen.lock().unwrap().clear();
    }

    /// What the other host was asked. Whoever stays with the base asks nothing.
    pub fn foreign_log(&self) -> Vec<Call> {
        self.server.foreign.lock().unwrap().clone()
    }

    /// The most requests that were open at one time.
    pub fn open_most(&self) -> usize {
        self.server.open_most.load(Ordering::SeqCst)
    }

    /// How many codes and tokens were given, used, used twice.
    pub fn counts(&self) -> Counts {
        self.server.sites[0].sessions().counts
    }

    /// The patients that can sign in.
    pub fn patients(&self) -> Vec<String> {
        self.server.sites[0].people().patients().iter().map(|patient| patient.id.clone()).collect()
    }

    /// All that the patient can be shown: their own resources, and those that are nobody's.
    pub fn served(&self, patient: &str) -> Vec<Value> {
        let people = self.server.sites[0].people();
        people.shown_to(patient).map(|shown| serde_json::from_str(&shown.text).unwrap()).collect()
    }

    /// Every code and token that was ever given out, and every secret of a client that registered itself.
    pub fn secrets(&self) -> Vec<String> {
        let site = &self.server.sites[0];
        [site.sessions().given(), site.clients().secrets()].concat()
    }

    /// How many resources of that type the patient has.
    pub fn count(&self, patient: &str, kind: &str) -> usize {
        self.server.sites[0].people().search(kind, patient).count()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
