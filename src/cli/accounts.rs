//! `plainchart accounts`: who signs in at this installation; invites, locks and removes them.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::exit::Usage;
use super::keeping;
use super::place::Place;
use crate::access::account::{Accounts, COST, Error, Handed, Invitation, Policy, Relation, Role, State};
use crate::secret::Secret;
use crate::store::people::Person;
use crate::store::{OwnerId, Vault};

/// What to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The address that `plainchart serve --public-url` was given: links begin with it.
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every account: what it may do, and whether it is locked.
    List,
    /// Print a link with which one account can be made, once, within seven days. With --person NAME the record of
    /// that name comes into its care, and is no longer reached from this command line.
    Invite {
        /// The account may invite others.
        #[arg(long)]
        administrator: bool,
        /// What the account is to the person of --person.
        #[arg(long, value_enum, default_value_t = As::Own)]
        relation: As,
        /// When the person of --person was born, if the record does not tell it: a parent's care ends by it.
        #[arg(long, value_name = "YYYY-MM-DD")]
        born: Option<Date>,
    },
    /// End an account's sessions and keep it from signing in. Its assistants are not touched.
    Lock(Named),
    /// Let it sign in again.
    Unlock(Named),
    /// Delete an account, and every record that only it cares for, for good.
    Remove {
        #[command(flatten)]
        named: Named,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Print a link that sets a new password, once, within a day. See that it reaches the right person.
    Recover(Named),
}

#[derive(Debug, Args)]
struct Named {
    /// The name with which the account signs in, or what it is called; its id where that is told.
    name: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum As {
    /// The person themself.
    Own,
    /// A parent or guardian of the person, who is a minor.
    Parent,
    /// Somebody who acts for the person, who is an adult.
    ForAdult,
}

/// Does it.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let what = arguments.what.as_ref().unwrap_or(&What::List);
    // The first invitation of a new installation comes before anything else is in it.
    let vault = match what {
        What::Invite { .. } => place.open_or_make()?.vault,
        _ => place.open()?.vault,
    };
    let accounts = Accounts::new(vault.clone(), Policy::Closed, COST)?;
    match what {
        What::List => list(&accounts)?,
        What::Invite { administrator, relation, born } => {
            let role = if *administrator { Role::Administrator } else { Role::Person };
            let mut invitation = Invitation::to(role);
            if place.person.is_some() {
                let Person { owner, label } = place.whose(&vault)?;
                let relation = (*relation).into();
                invitation = invitation.with(Handed { owner, label, relation, born: *born });
            }
            let text = accounts.invite_as_operator(&invitation)?;
            tell_link(arguments, "/sign-up?invitation=", &text);
            eprintln!("It makes one account, once, within seven days. Whoever has it can use it.");
        }
        What::Lock(named) => {
            accounts.lock(&found(&accounts, named)?)?;
            println!("Locked: its sessions have ended. Its assistants still read what they may.");
        }
        What::Unlock(named) => {
            accounts.unlock(&found(&accounts, named)?)?;
            println!("Unlocked.");
        }
        What::Remove { named, yes } => remove(place, &vault, &accounts, named, *yes)?,
        What::Recover(named) => {
            let text = accounts.recovery_link(&found(&accounts, named)?)?;
            tell_link(arguments, "/recover?link=", &text);
            eprintln!("It sets a new password, once, within a day. Whoever has it can use it.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(accounts: &Accounts) -> Result<()> {
    let everyone = accounts.list()?;
    for account in &everyone {
        let role = match account.role {
            Role::Administrator => "administrator",
            Role::Person => "person",
        };
        let state = match account.state {
            State::Joining { .. } => "being made",
            State::Open => "open",
            State::Locked { .. } => "LOCKED",
            State::Leaving { .. } => "being deleted",
        };
        let since = account.made_at.strftime("%Y-%m-%d");
        // An identity provider may call two people the same: then each is named by its id.
        let is_only = everyone.iter().filter(|other| other.name == account.name).count() == 1;
        let id = if is_only { String::new() } else { format!("  {}", account.owner.as_str()) };
        println!("{:<40} {role:<14} {state:<14} since {since}{id}", account.name);
    }
    if everyone.is_empty() {
        eprintln!("Nobody has an account here yet: plainchart accounts invite --administrator makes a link.");
    }
    Ok(())
}

fn remove(place: &Place, vault: &Vault, accounts: &Accounts, named: &Named, yes: bool) -> Result<()> {
    let owner = found(accounts, named)?;
    let alone = accounts.cared_for_alone(&owner)?;
    if !yes {
        print!("Delete this account and {} record(s) for good? Type its name to confirm: ", alone.len());
        std::io::stdout().flush()?;
        let mut typed = String::new();
        std::io::stdin().lock().read_line(&mut typed)?;
        if accounts.find(&typed)?.as_ref() != Some(&owner) {
            return Err(Usage("nothing was deleted".into()).into());
        }
    }
    for care in alone {
        keeping::give_back(place, vault, &Person { label: care.label, owner: care.owner })?;
    }
    accounts.remove(&owner)?;
    println!("The account, its records and their keys are gone. Backups made before still hold them.");
    Ok(())
}

fn found(accounts: &Accounts, named: &Named) -> Result<OwnerId> {
    Ok(accounts.find(&named.name)?.ok_or(Error::NotThere)?)
}

/// The link alone on standard output, so that it can be handed on by a program.
fn tell_link(arguments: &Arguments, path: &str, text: &Secret<String>) {
    let address = arguments.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
    println!("{address}{path}{}", text.expose());
    if address.is_empty() {
        eprintln!("Put the address of your server before it (--public-url does so).");
    }
}

impl From<As> for Relation {
    fn from(relation: As) -> Relation {
        match relation {
            As::Own => Relation::Own,
            As::Parent => Relation::Parent,
            As::ForAdult => Relation::ForAdult,
        }
    }
}
