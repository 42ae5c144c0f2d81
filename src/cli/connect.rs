//! `plainchart connect`: sign in at a portal, and fetch the record from it.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use anyhow::Result;
use clap::Args;
use url::Url;

use super::exit::Usage;
use super::place::Place;
use super::{interrupt, refresh};
use crate::ingest::portal::{self, Begun, Given, Named, Setting, SignedIn, Wanted, sign_in};
use crate::ingest::{self, directory};
use crate::secret::Secret;
use crate::store::{Vault, people};

/// Which portal, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A clinic or portal by name, or the FHIR address of its server.
    #[arg(value_name = "NAME|URL", num_args = 0.., required_unless_present = "list")]
    target: Vec<String>,
    /// Show what is connected, and what can be connected by name.
    #[arg(long)]
    list: bool,
    /// It is the same person under another name or recorded sex.
    #[arg(long)]
    same_person: bool,
    /// Print the address to sign in at, and open no browser.
    #[arg(long)]
    no_browser: bool,
    /// What to call this source in answers [default: the portal's name].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    client: Client,
}

/// A client that was registered by hand.
#[derive(Debug, Args)]
pub struct Client {
    /// The client id that the portal gave when plainchart was registered there.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The client has a secret: it is asked for, or read from standard input.
    #[arg(long, requires = "client_id")]
    secret: bool,
    /// The client signs with this key (PEM: RSA, or P-384).
    #[arg(long, value_name = "FILE", requires = "client_id", conflicts_with = "secret")]
    private_key: Option<PathBuf>,
    /// The name (kid) under which the portal knows that key.
    #[arg(long, value_name = "KID", requires = "private_key")]
    key_id: Option<String>,
    /// The address to come back to, as it was registered.
    #[arg(long, value_name = "URL")]
    redirect: Option<Url>,
    /// The maker of the server, where it is not known by its address.
    #[arg(long, value_name = "NAME")]
    vendor: Option<String>,
    /// Something that the portal asks to be told; may be given several times.
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

impl Client {
    /// What the flags say.
    pub fn wanted(&self) -> Result<Wanted> {
        if let Some(vendor) = &self.vendor
            && crate::sources::smart::vendors::named(vendor).is_none()
        {
            let all = crate::sources::smart::vendors::vendors().iter();
            let names: Vec<&str> = all.map(|vendor| vendor.name).collect();
            return Err(Usage(format!("--vendor is one of: {}", names.join(", "))).into());
        }
        Ok(Wanted {
            name: None,
            vendor: self.vendor.clone(),
            client: self.given()?,
            redirect: self.redirect.clone(),
            parameters: self.told()?,
        })
    }

    fn told(&self) -> Result<BTreeMap<String, String>> {
        let pairs = self.parameters.iter().map(|pair| {
            let (name, value) = pair.split_once('=').ok_or(Usage("--parameter is NAME=VALUE".into()))?;
            Ok((name.to_owned(), value.to_owned()))
        });
        pairs.collect()
    }

    /// A secret never stands in an argument, where every process of the machine can read it.
    fn given(&self) -> Result<Option<Given>> {
        let Some(id) = self.client_id.clone() else { return Ok(None) };
        if let Some(file) = &self.private_key {
            let pem = Secret::new(std::fs::read_to_string(file)?);
            return Ok(Some(Given::with_key(id, pem, self.key_id.clone())?));
        }
        if !self.secret {
            return Ok(Some(Given::public(id)));
        }
        let secret = match std::io::stdin().is_terminal() {
            true => rpassword::prompt_password("Client secret: ")?,
            false => {
                let mut line = String::new();
                std::io::stdin().read_line(&mut line)?;
                line.trim().to_owned()
            }
        };
        Ok(Some(Given::with_secret(id, Secret::new(secret))))
    }
}

/// Connects, fetches, and prints the report of the import.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    if arguments.list {
        return list(place);
    }
    let vault = place.open_or_make()?.vault;
    let is_stopped = interrupt::flag();
    let (person, is_new) = place.whose_or_new(&vault)?;
    let setting = place.setting(&vault, &person)?;
    let connected = connect(place, &vault, &setting, arguments, &is_stopped);
    if is_new && connected.is_err() {
        // A sign-in that came to nothing leaves nobody behind.
        people::remove(&vault, &person.owner)?;
    }
    refresh::one(&setting, &connected?, &is_stopped)
}

/// Signs in, and gives the id of the connection.
fn connect(
    place: &Place,
    vault: &Vault,
    setting: &Setting,
    arguments: &Arguments,
    is_stopped: &AtomicBool,
) -> Result<String> {
    let (address, wanted) = target(vault, setting, arguments)?;
    eprintln!("Asking {} how it is signed in to …", crate::http::host(&address));
    let begun = sign_in::begin(setting, &address, wanted)?;
    show(&begun, arguments.no_browser);
    let pasted = pasted();
    let paste = || pasted.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok();
    let signed_in = begun.wait(&|| is_stopped.load(Ordering::SeqCst), &paste)?;
    tell_granted(&signed_in);
    let is_same = confirm(place, &signed_in, arguments.same_person);
    match is_same {
        Ok(is_same) => Ok(signed_in.keep(is_same)?),
        Err(error) => {
            // That it could not be given back is no reason to keep it.
            let _ = signed_in.give_back();
            Err(error)
        }
    }
}

/// What is meant: an address, a listed portal, one that was connected before, or one of the directory.
fn target(vault: &Vault, setting: &Setting, arguments: &Arguments) -> Result<(Url, Wanted)> {
    let words = arguments.target.join(" ");
    let mut typed = arguments.client.wanted()?;
    typed.name.clone_from(&arguments.source);
    if words.contains("://") {
        let address = words.parse().map_err(|_| Usage(format!("this is no address: {words}")))?;
        return Ok((address, typed));
    }
    let (address, known) = match portal::again(setting, &words) {
        Ok(again) => again,
        Err(portal::Error::NoSuchPortal) => by_name(vault, &words)?,
        Err(error) => return Err(error.into()),
    };
    Ok((address, typed.or(known)))
}

/// A portal that is listed, or one of the directory.
fn by_name(vault: &Vault, words: &str) -> Result<(Url, Wanted)> {
    let said = match portal::named(vault, words)? {
        Named::One(one) => return Ok(*one),
        Named::Several { lines, total } => format!(
            "{total} portals may be meant; say which with more of its words:\n    {}",
            lines.join("\n    ")
        ),
        Named::Unreachable(lines) => lines.join("\n    "),
        Named::Nothing => format!(
            "no portal is known by the name {words:?}; give the FHIR address of its server, or load a list of \
             portals: plainchart directory list"
        ),
    };
    Err(Usage(said).into())
}

fn show(begun: &Begun<'_>, no_browser: bool) {
    eprintln!("{}: {}", begun.vendor(), begun.host());
    let is_open = !no_browser && opener::open_browser(begun.start().as_str()).is_ok();
    match is_open {
        true => eprintln!("Your browser opens this page; sign in there:\n  {}", begun.start()),
        false => eprintln!("Open this page in a browser on this machine and sign in:\n  {}", begun.start()),
    }
    if std::io::stdin().is_terminal() {
        eprintln!(
            "On another machine: open the address below, and paste here the address at which the browser ends.\n  {}",
            begun.address()
        );
    }
}

/// Addresses that the person pastes into the terminal.
fn pasted() -> Mutex<mpsc::Receiver<Url>> {
    let (sender, receiver) = mpsc::channel();
    if std::io::stdin().is_terminal() {
        std::thread::spawn(move || {
            for line in std::io::stdin().lines().map_while(Result::ok) {
                if let Ok(url) = line.trim().parse()
                    && sender.send(url).is_err()
                {
                    return;
                }
            }
        });
    }
    Mutex::new(receiver)
}

fn tell_granted(signed_in: &SignedIn<'_>) {
    match signed_in.not_granted() {
        [] => eprintln!("Signed in. Everything that was asked for was granted."),
        missing => eprintln!("Signed in. Not granted: {}.", missing.join(", ")),
    }
    if signed_in.not_granted().iter().any(|scope| scope == "offline_access") {
        eprintln!("Without offline_access the portal has to be signed in to again for every refresh.");
    }
    if let Some(user) = signed_in.acts_as() {
        eprintln!("You act for somebody else there ({user}); this is noted with the source.");
    }
}

/// Whether the patient of the portal is the person of the record; what only the person can say is asked.
fn confirm(place: &Place, signed_in: &SignedIn<'_>, is_same: bool) -> Result<bool> {
    let error = match signed_in.check(place.person.as_deref(), is_same) {
        Ok(()) => return Ok(is_same),
        Err(error) => error,
    };
    let portal::Error::Import(ingest::Error::Unconfirmed { found, .. }) = &error else {
        return Err(error.into());
    };
    if is_same || !std::io::stdin().is_terminal() {
        return Err(error.into());
    }
    let found = found.as_ref().map_or_else(String::new, |found| format!(" ({})", found.shown()));
    eprint!("{error}{found}\nIs it the person of this record? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if !answer.trim().eq_ignore_ascii_case("y") {
        return Err(error.into());
    }
    signed_in.check(place.person.as_deref(), true)?;
    Ok(true)
}

/// What is connected, and what can be connected by name.
fn list(place: &Place) -> Result<ExitCode> {
    let vault = place.open_or_make()?.vault;
    for person in people::list(&vault)? {
        for status in portal::list(&place.rows(&vault, &person)?)? {
            println!("connected   {} ({}), record of {}", status.name, status.host, person.label);
        }
    }
    for listed in portal::list_listed(&vault)? {
        println!("listed      {} ({})", listed.name, crate::http::host(&listed.address));
    }
    for about in directory::list(&vault)? {
        println!(
            "directory   {}: {} portals; plainchart directory search NAME",
            about.name, about.counts.portals
        );
    }

    Ok(ExitCode::SUCCESS)
}
