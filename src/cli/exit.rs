//! How a command ends: the exit codes, and every error as a sentence with a next step.

use std::process::ExitCode;

use crate::access::account;
use crate::sources::links;
use crate::store::keys;
use crate::{access, ingest, mcp, store};

/// What `--help` says of exit codes. They are a contract.
pub const HELP: &str = "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 some input was refused or could not be read \
(nothing of it was stored; of NDJSON that is cut off, the whole lines were); 4 the store is locked or its key is not at hand; 5 the input is about another person, \
or it is not said about whom.\n\nNot a medical device. In an emergency call 911; in a crisis call or text 988 (US).";

/// Some of the input could not be read.
pub const INPUT: u8 = 3;
const FAILED: u8 = 1;
const USAGE: u8 = 2;
const LOCKED: u8 = 4;
const PERSON: u8 = 5;

/// A wrong use that clap cannot see, with what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Tells an error and what to do next, on standard error.
pub fn tell(error: &anyhow::Error) -> ExitCode {
    eprintln!("plainchart: {error}");
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !error.to_string().contains(&cause) {
            eprintln!("  because: {cause}");
        }
    }
    let (code, next) = code_and_step(error);
    if let Some(next) = next {
        eprintln!("  next: {next}");
    }
    ExitCode::from(code)
}

fn code_and_step(error: &anyhow::Error) -> (u8, Option<String>) {
    if error.is::<Usage>() {
        return (USAGE, None);
    }
    if let Some(error) = error.downcast_ref::<ingest::Error>() {
        return import_step(error);
    }
    if let Some(error) = error.downcast_ref::<ingest::portal::Error>() {
        return portal_step(error);
    }
    if let Some(error) = error.downcast_ref::<ingest::directory::Error>() {
        return directory_step(error);
    }
    if let Some(error) = error.downcast_ref::<access::Error>() {
        return access_step(error);
    }
    if let Some(error) = error.downcast_ref::<account::Error>() {
        return account_step(error);
    }
    if let Some(error) = error.downcast_ref::<store::Error>() {
        return store_step(error);
    }
    if let Some(error) = error.downcast_ref::<keys::Error>() {
        return (LOCKED, key_step(error));
    }
    if let Some(mcp::tool::Refused(_)) = error.downcast_ref() {
        return (FAILED, None);
    }
    (FAILED, None)
}

fn import_step(error: &ingest::Error) -> (u8, Option<String>) {
    use ingest::Error as E;
    match error {
        E::SeveralPeople { people } | E::NoSuchPerson { people } => {
            let names: Vec<String> = people.iter().map(ingest::PersonFound::shown).collect();
            let next =
                format!("add --patient with a name or id of one of these:\n    {}", names.join("\n    "));
            (PERSON, Some(next))
        }
        E::SomebodyElse { found, .. } => {
            let next = format!(
                "the input is about {}; give them a record of their own: --person NAME",
                found.shown()
            );
            (PERSON, Some(next))
        }
        E::Unconfirmed { found, .. } => {
            let about = found
                .as_ref()
                .map_or_else(String::new, |found| format!("the input is about {}; ", found.shown()));
            (PERSON, Some(format!("{about}add --same-person if that is the person of this record")))
        }
        E::NoSuchEntry => (FAILED, Some("copy an id from an answer, such as L482913".into())),
        E::EmptyNote => (USAGE, None),
        E::Contended => (FAILED, Some("run the command again".into())),
        E::Export(_) => (FAILED, Some("choose a folder that can be written and has room".into())),
        E::TooManyEntries(_) => (INPUT, None),
        E::Files(_) => (INPUT, Some("import fewer files at a time; nothing was stored".into())),
        E::Link(error) => link_step(error),
        E::Store(error) => store_step(error),
    }
}

fn link_step(error: &links::Error) -> (u8, Option<String>) {
    use links::Error as E;
    match error {
        E::NotALink(_) => (INPUT, Some("copy the whole link, from shlink:/ on".into())),
        E::Expired(_) | E::NotShared(_) => (INPUT, Some("ask whoever shares it for a new link".into())),
        E::NeedsPasscode => (USAGE, Some("run the command at a terminal, where the passcode is typed unseen; or give it as a second line behind the link on standard input (-)".into())),
        E::WrongPasscode { remaining: Some(0), .. } => {
            (INPUT, Some("ask whoever shares it for a new link".into()))
        }
        E::WrongPasscode { .. } => {
            (INPUT, Some("see that you have the right passcode, then run the command again; nothing was tried twice".into()))
        }
        E::Wait { .. } => (FAILED, Some("run the command again later".into())),
        E::NotUnderstood { .. } => (INPUT, Some("nothing was stored; ask whoever shares it".into())),
        E::Http(error) if error.may_pass() => (FAILED, Some("see that the network is there, then try again".into())),
        E::Http(_) => (INPUT, Some("nothing was sent there; PLAINCHART_PRIVATE_HOSTS allows hosts inside of a network".into())),
    }
}

fn portal_step(error: &ingest::portal::Error) -> (u8, Option<String>) {
    use crate::sources::smart::Error as S;
    use ingest::portal::Error as E;
    let next = match error {
        E::Import(error) => return import_step(error),
        E::Directory(error) => return directory_step(error),
        E::Store(error) => return store_step(error),
        E::NoSuchPortal => "see what is connected: plainchart sources",
        E::Busy => "wait until it is done, then run the command again",
        E::TakenOver => "see what is connected: plainchart sources",
        E::SignInEnded(_) => {
            "sign in once more: plainchart connect, with the name that plainchart sources shows"
        }
        E::Stopped | E::NotSignedIn => return (FAILED, None),
        E::Callback(_) => "run the command again, and grant access at the portal",
        E::Listen(_) => "close what uses this port, or run the command again",
        E::Portal(S::NotRegistered { page }) => {
            let at = page.map_or_else(
                || "ask the portal's support where an app for patients is registered".into(),
                |page| format!("register an app for patients at {page}"),
            );
            let next = format!(
                "{at}; give it the address http://127.0.0.1:8765/callback to come back to, then add \
                 --client-id ID --redirect http://127.0.0.1:8765/callback (and --secret, or --private-key FILE)"
            );
            return (FAILED, Some(next));
        }
        E::Portal(S::NotThere(_)) => {
            "check the address: it is the FHIR base that the portal publishes; plainchart directory search NAME finds many"
        }
        E::Portal(S::Unsafe { .. }) => "ask the portal's support; nothing was sent",
        E::Portal(S::MissingParameter(_)) => "add it; the portal's support knows its value",
        E::Portal(S::BadKey) => "give a key that the portal takes",
        E::Portal(S::Refused { .. } | S::NotUnderstood { .. } | S::NoPatient(_)) => {
            "try once more; if it stays so, the portal's support can say why"
        }
        E::Portal(S::Http(error)) if error.may_pass() => "see that the network is there, then try again",
        E::Portal(S::Http(_)) => {
            "check the address; PLAINCHART_PRIVATE_HOSTS allows hosts inside of a network"
        }
    };
    (FAILED, Some(next.into()))
}

fn directory_step(error: &ingest::directory::Error) -> (u8, Option<String>) {
    use ingest::directory::Error as E;
    match error {
        E::Bundle(_) => {
            (INPUT, Some("nothing was changed; see which lists are known: plainchart directory list".into()))
        }
        E::Refused { .. } => (FAILED, Some("check the address in a browser: lists move".into())),
        E::Http(_) => (FAILED, Some("download the list another way, and add the file".into())),
        E::NoSuchBundle => (USAGE, Some("see the names: plainchart directory list".into())),
        E::BadName => (USAGE, Some("give another name with --name".into())),
        E::Store(error) => store_step(error),
    }
}

fn access_step(error: &access::Error) -> (u8, Option<String>) {
    match error {
        access::Error::Store(error) => store_step(error),
        access::Error::NoRecord
        | access::Error::UnknownPerson
        | access::Error::WhichPerson
        | access::Error::Expired
        | access::Error::BrokenGrant
        | access::Error::ReadOnly
        | access::Error::BrokenAudit(_) => (FAILED, Some(error.next_step().into())),
    }
}

fn account_step(error: &account::Error) -> (u8, Option<String>) {
    use account::Error as E;
    match error {
        E::NotThere => (FAILED, Some("see who has an account: plainchart accounts".into())),
        E::Unusable(account::Unusable::Birth) => {
            (USAGE, Some("say when the person was born: --born YYYY-MM-DD".into()))
        }
        E::NameTaken | E::Unusable(_) => (USAGE, Some("choose another".into())),
        E::TooMany => (FAILED, Some("wait a moment, then run the command again".into())),
        E::NotInvited => (FAILED, Some("make a new link: plainchart accounts invite".into())),
        E::NotSignedIn | E::NotFresh => (FAILED, Some("sign in again".into())),
        E::Locked => (FAILED, Some("plainchart accounts unlock NAME".into())),
        E::AnotherAccount => (FAILED, Some("sign in again".into())),
        E::Provider(_) => (FAILED, Some("see --identity-provider: docs/serve.md".into())),
        E::Audit(error) => access_step(error),
        E::Store(error) => store_step(error),
    }
}

fn store_step(error: &store::Error) -> (u8, Option<String>) {
    use store::Error as E;
    match error {
        E::Key(error) => (LOCKED, key_step(error)),
        E::OtherKey(_) => (LOCKED, Some("see where the key is expected: plainchart keys".into())),
        E::Busy | E::Conflict | E::Fenced => (FAILED, Some("run the command again in a moment".into())),
        E::NoPerson => (FAILED, Some("see who is here: plainchart people".into())),
        E::NameTaken | E::BadName => (USAGE, Some("choose another name".into())),
        E::Damaged(_) => (FAILED, Some("plainchart restore FILE puts a backup in its place".into())),
        E::Newer { .. } => (FAILED, Some("update plainchart; nothing was changed".into())),
        E::UnknownEngine | E::BadUrl(_) => (USAGE, Some("correct PLAINCHART_STORE".into())),
        E::Unreachable(_) => {
            let next = "see that the database server runs and that PLAINCHART_STORE names it, then try again";
            (FAILED, Some(next.into()))
        }
        E::Refused(_) => {
            let next = "put right what the server says; docs/postgresql.md says what its user needs";
            (FAILED, Some(next.into()))
        }
        E::Foreign => (FAILED, Some("check the path; nothing was changed".into())),
        E::NotEmpty => {
            (FAILED, Some("choose another place, or add --overwrite where the command has it".into()))
        }
        E::TooLarge(_) | E::Failed { .. } => {
            (FAILED, Some("check that the disk has room and can be written".into()))
        }
    }
}

fn key_step(error: &keys::Error) -> Option<String> {
    use keys::Error as E;
    match error {
        E::Locked => Some("plainchart unlock, or set PLAINCHART_PASSPHRASE".into()),
        E::WrongPassphrase => Some("try again with the passphrase of this store".into()),
        E::NotFound(_) => Some("set PLAINCHART_KEY or PLAINCHART_KEY_FILE to the key that the store was made with, or bring its key file back".into()),
        E::NotAKey(_) => Some("a key is made with: head -c 32 /dev/urandom | base64".into()),
        E::OpenToOthers(_) | E::BesideData(_) | E::NoRuntimeFolder | E::ReadOnly => None,
        E::Failed { .. } => Some("see where the key is expected: plainchart keys".into()),
    }
}
