//! The command line: one file a command, and the only part that sees all others.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

mod accounts;
mod activity;
mod call;
mod connect;
mod demo;
mod directory;
mod exit;
mod given;
mod grants;
mod import;
mod interrupt;
mod keeping;
mod keys;
mod note;
mod place;
mod portals;
mod progress;
mod refresh;
mod serve;
mod serve_demo;
mod serve_http;
mod sources;
mod status;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use place::Place;

/// Your medical chart, in plain language, for any AI assistant.
///
/// Import your record files, put one line into your assistant's configuration, and ask.
#[derive(Debug, Parser)]
#[command(version, after_help = exit::HELP)]
pub struct Cli {
    /// The folder of the store [default: the platform's data folder].
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Whose record, by the name it has on this machine.
    #[arg(long, global = true, value_name = "NAME")]
    person: Option<String>,
    /// Answer as of this day (YYYY-MM-DD).
    #[arg(long, global = true, value_name = "DATE")]
    today: Option<jiff::civil::Date>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read files, folders and archives, health cards and health links into the record.
    Import(import::Arguments),
    /// Sign in at a clinic's portal and fetch your record from it.
    Connect(connect::Arguments),
    /// Fetch again from the connected portals.
    Refresh(refresh::Arguments),
    /// Where the record comes from; end a connection.
    Sources(sources::Arguments),
    /// Portals listed by hand, with the clients that were registered there.
    Portals(portals::Arguments),
    /// Add something of your own: a medicine you stopped, a reading at home, "this is wrong".
    Note(note::Arguments),
    /// Ask one tool, as an assistant would.
    Call(call::Arguments),
    /// Serve the record to an assistant over standard input and output (MCP), or many people's over HTTP.
    Serve(serve::Arguments),
    /// Show what an assistant would get, on a made-up person; nothing is stored.
    Demo,
    /// What is in the record, from where, and whether the store is whole.
    Status,
    /// Who has a record in this store.
    People,
    /// Who signs in at this installation, when it is served over HTTP; invite, lock and remove them.
    Accounts(accounts::Arguments),
    /// What assistants on this machine may see, and change it.
    Grants(grants::Arguments),
    /// Who asked what of the record, and whether that list is whole.
    Activity(activity::Arguments),
    /// Whom one can connect to: load the lists that vendors publish, and search them.
    Directory(directory::Arguments),
    /// Write a readable copy: a FHIR bundle per source and a summary. It is not sealed.
    Export(keeping::ExportArguments),
    /// Write a sealed backup of the whole store. It does not hold the key.
    Backup(keeping::BackupArguments),
    /// Put a backup in the place of the store.
    Restore(keeping::RestoreArguments),
    /// Forget a person's record and its key, for good.
    Erase(keeping::EraseArguments),
    /// Where the key of the store is; move or rotate it.
    Keys(keys::Arguments),
    /// Open a store that has a passphrase, for some hours.
    Unlock(keys::UnlockArguments),
}

/// Whoever reads along (`| head`) may stop reading: that ends the command, and is no fault to tell.
fn end_with_the_reader() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let words = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if words.starts_with("failed printing to stdout") {
            // 128 and SIGPIPE, as of a program that the signal has ended.
            std::process::exit(141);
        }
        told(panic);
    }));
}

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    end_with_the_reader();
    let cli = Cli::parse();
    let done = Place::of(&cli).and_then(|place| match cli.command {
        Command::Import(arguments) => import::run(&place, &arguments),
        Command::Connect(arguments) => connect::run(&place, &arguments),
        Command::Refresh(arguments) => refresh::run(&place, &arguments),
        Command::Sources(arguments) => sources::run(&place, &arguments),
        Command::Portals(arguments) => portals::run(&place, &arguments),
        Command::Note(arguments) => note::run(&place, &arguments),
        Command::Call(arguments) => call::run(place, &arguments),
        Command::Serve(arguments) => serve::run(place, &arguments),
        Command::Demo => demo::run(&place),
        Command::Status => status::status(&place),
        Command::People => status::people(&place),
        Command::Accounts(arguments) => accounts::run(&place, &arguments),
        Command::Grants(arguments) => grants::run(&place, &arguments),
        Command::Activity(arguments) => activity::run(&place, &arguments),
        Command::Directory(arguments) => directory::run(&place, &arguments),
        Command::Export(arguments) => keeping::export(place, &arguments),
        Command::Backup(arguments) => keeping::backup(&place, &arguments),
        Command::Restore(arguments) => keeping::restore(&place, &arguments),
        Command::Erase(arguments) => keeping::erase(&place, &arguments),
        Command::Keys(arguments) => keys::run(&place, &arguments),
        Command::Unlock(arguments) => keys::unlock(&place, &arguments),
    });
    match done {
        Ok(exit) => exit,
        Err(error) => exit::tell(&error),
    }
}
