//! Stories of access: the default grant, a narrower one, an expired one, and an audit that holds.

use jiff::{SignedDuration, Timestamp};

use super::account::Acting;
use super::authorization::{Bearer, Inside, Scopes};
use super::*;
use crate::clock::Randomness;
use crate::record::{Detail, Entry, EntryId, Kind as EntryKind, Passage, Passages, Revealing, Scope, Text};
use crate::store::{Change, Kind, OwnerId, RowKey, Vault, records};

fn person() -> (Vault, Sealed) {
    let vault = Vault::in_memory(Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::seeded(1)).unwrap();
    let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
    (vault, sealed)
}

fn access(vault: &Vault, sealed: &Sealed) -> Access {
    Access::new(Door::to_rows(sealed.clone()), vault.clock().clone())
}

fn event(tool: &str) -> Event {
    Event {
        at: 7,
        who: Caller::LocalOwner.name().into(),
        tool: tool.into(),
        entries: vec!["L482913".into()],
        outcome: Outcome::Answered,
    }
}

fn narrow() -> Scope {
    Scope { classes: 0, ..Scope::everything() }
}

fn set_local(sealed: &Sealed, grant: Grant) {
    grant::change_local(sealed, Timestamp::UNIX_EPOCH, |_| Ok(grant.clone())).unwrap();
}

#[test]
fn two_who_change_the_local_grant_at_once_both_have_their_way_and_the_audit_tells_of_both() {
    let (_vault, sealed) = person();
    grant::local(&sealed).unwrap();
    std::thread::scope(|scope| {
        for kind in [EntryKind::Note, EntryKind::Lab, EntryKind::Visit, EntryKind::Document] {
            let sealed = &sealed;
            scope.spawn(move || {
                let without = |before: Result<Grant, Error>| {
                    let before = before?;
                    let mut scope = before.scope();
                    scope.kinds.remove(&kind);
                    Ok(before.with_scope(scope))
                };
                grant::change_local(sealed, Timestamp::UNIX_EPOCH, without).unwrap();
                grant::change_local(sealed, Timestamp::UNIX_EPOCH, without).unwrap();
            });
        }
    });
    assert_eq!(grant::local(&sealed).unwrap().scope().kinds.len(), EntryKind::ALL.len() - 4);
    assert_eq!(audit::verify(&sealed).unwrap(), 4, "what changes nothing is not told");
}

#[test]
fn the_owner_sees_everything_until_that_is_changed() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    assert!(!access.see(&Caller::LocalOwner).unwrap().view().scope().withholds());
    set_local(&sealed, Grant::of_owner().with_scope(narrow()));
    assert_eq!(*access.see(&Caller::LocalOwner).unwrap().view().scope(), narrow());
    set_local(&sealed, Grant::of_owner().with_scope(Scope::everything()));
    assert_eq!(grant::local(&sealed).unwrap(), Grant::of_owner());
}

#[test]
fn a_grant_ends() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    let expires_at = vault.clock().now() + SignedDuration::from_hours(1);
    set_local(&sealed, Grant::of_owner().until(expires_at));
    assert!(access.see(&Caller::LocalOwner).is_ok());
    vault.clock().advance(SignedDuration::from_hours(2));
    assert!(matches!(access.see(&Caller::LocalOwner), Err(Error::Expired)));
}

#[test]
fn a_grant_that_was_removed_or_cannot_be_read_does_not_become_everything() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    access.see(&Caller::LocalOwner).unwrap();
    access.note(&Caller::LocalOwner, event("get_labs")).unwrap();
    let key = RowKey::new(Kind::Grant, "local");
    sealed.write(&[Change::Delete { key: key.clone(), version: 1 }]).unwrap();
    assert!(matches!(access.see(&Caller::LocalOwner), Err(Error::BrokenGrant)));
    sealed.write(&[Change::put(key, None, br#"{"format":2}"#.to_vec())]).unwrap();
    assert!(matches!(access.see(&Caller::LocalOwner), Err(Error::BrokenGrant)));
}

#[test]
fn a_view_is_kept_until_the_record_or_the_grant_changes() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    let view = |seen: Seen| std::ptr::from_ref(seen.view()).addr();
    let first = access.see(&Caller::LocalOwner).unwrap();
    let again = access.see(&Caller::LocalOwner).unwrap();
    assert_eq!(std::ptr::from_ref(first.view()), std::ptr::from_ref(again.view()));
    set_local(&sealed, Grant::of_owner().with_scope(narrow()));
    assert_ne!(view(first), view(access.see(&Caller::LocalOwner).unwrap()));
}

#[test]
fn a_forgotten_person_is_told_and_leaves_nothing_open() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    access.see(&Caller::LocalOwner).unwrap();
    vault.forget(sealed.owner()).unwrap();
    let refused = access.see(&Caller::LocalOwner).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::Store(store::Error::NoPerson)), "{refused}");
}

#[test]
fn what_was_noted_is_read_again_in_order_and_the_chain_holds() {
    let (vault, sealed) = person();
    let access = access(&vault, &sealed);
    assert_eq!(audit::verify(&sealed).unwrap(), 0);
    for tool in ["a", "b", "c"] {
        access.note(&Caller::LocalOwner, event(tool)).unwrap();
    }
    assert_eq!(audit::verify(&sealed).unwrap(), 3);
    let last: Vec<_> = audit::read(&sealed, 2).unwrap();
    assert_eq!(
        last.iter().map(|line| (line.number, line.event.tool.as_str())).collect::<Vec<_>>(),
        [(2, "b"), (3, "c")]
    );
    assert_eq!(last[1].event, event("c"));
}

#[test]
fn lines_noted_at_once_make_one_chain() {
    let (_vault, sealed) = person();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let sealed = sealed.clone();
            scope.spawn(move || {
                for call in 0..10 {
                    audit::append(&sealed, &event(&format!("{writer}.{call}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(audit::verify(&sealed).unwrap(), 40);
    assert_eq!(audit::read(&sealed, 100).unwrap().len(), 40);
}

#[test]
fn a_line_that_was_removed_changed_or_added_is_noticed() {
    let line = |number: u64| RowKey::new(Kind::Audit, format!("{number:012}"));
    let three = || {
        let (vault, sealed) = person();
        ["a", "b", "c"].iter().for_each(|tool| audit::append(&sealed, &event(tool)).unwrap());
        (vault, sealed)
    };
    let (_vault, removed) = three();
    removed.write(&[Change::Delete { key: line(2), version: 1 }]).unwrap();
    assert!(matches!(audit::verify(&removed), Err(Error::BrokenAudit(2))));
    assert!(matches!(audit::read(&removed, 9), Err(Error::BrokenAudit(2))));

    let (_vault, changed) = three();
    let mut body = changed.read_one(&line(2)).unwrap().unwrap().bytes;
    let place = body.len() - 3;
    body[place] = b'x';
    changed.write(&[Change::put(line(2), Some(1), body)]).unwrap();
    assert!(audit::verify(&changed).is_err());

    let (_vault, added) = three();
    let body = added.read_one(&line(3)).unwrap().unwrap().bytes;
    added.write(&[Change::put(line(4), None, body)]).unwrap();
    assert!(matches!(audit::verify(&added), Err(Error::BrokenAudit(3))));
    assert!(matches!(audit::append(&added, &event("d")), Err(Error::Store(store::Error::Conflict))));
}

fn assistant(sealed: &Sealed, scope: Scope) -> Caller {
    assistant_by(sealed, scope, Acting::OWN)
}

fn assistant_by(sealed: &Sealed, scope: Scope, by: Acting) -> Caller {
    let bearer = Bearer {
        owner: sealed.owner().clone(),
        grant: "4f2a".into(),
        client: "Claude".into(),
        scopes: Scopes::everything(),
    };
    let (sealed, version) = (sealed.clone(), sealed.saved().unwrap());
    Caller::Assistant(Box::new(Inside { bearer, sealed, scope, by, version }))
}

#[test]
fn an_assistant_sees_what_its_token_says_of_the_person_it_says_and_nothing_by_running_the_program() {
    let (vault, anna) = person();
    let bert = vault.create(&OwnerId::random(vault.random())).unwrap();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    let caller = assistant(&anna, narrow());
    assert_eq!(*access.see(&caller).unwrap().view().scope(), narrow());
    access.note(&caller, event("get_labs")).unwrap();
    assert_eq!((audit::verify(&anna).unwrap(), audit::verify(&bert).unwrap()), (1, 0));
    assert!(matches!(access.see(&Caller::LocalOwner), Err(Error::NoRecord)));
    assert!(matches!(access.work(&Caller::LocalOwner), Err(Error::NoRecord)));
    // And a token opens no door of a program that serves its owner.
    let own = Access::new(Door::to_rows(anna), vault.clock().clone());
    assert!(matches!(own.see(&caller), Err(Error::NoRecord)));
}

#[test]
fn an_assistant_has_nothing_done() {
    let (vault, anna) = person();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    assert!(matches!(access.work(&assistant(&anna, Scope::everything())), Err(Error::ReadOnly)));
}

#[test]
fn a_person_who_was_forgotten_is_seen_by_no_assistant_any_more() {
    let (vault, anna) = person();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    let caller = assistant(&anna, Scope::everything());
    access.see(&caller).unwrap();
    vault.forget(anna.owner()).unwrap();
    assert!(access.version(&caller).is_err());
    assert!(access.note(&caller, event("get_labs")).is_err(), "what cannot be noted is not answered");
}

#[test]
fn nothing_of_a_person_who_was_forgotten_stays_open() {
    let (vault, anna) = person();
    let bert = vault.create(&OwnerId::random(vault.random())).unwrap();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    for sealed in [&anna, &bert] {
        access.see(&assistant(sealed, Scope::everything())).unwrap();
    }
    let late = assistant(&anna, narrow());
    vault.forget(anna.owner()).unwrap();
    assert_eq!(access.held().1, 2);
    access.tidy().unwrap();
    assert_eq!(access.held().1, 1, "whichever process has forgotten them");
    access.see(&late).err().unwrap();
    assert_eq!(access.held().1, 1, "and a call that was under way brings nobody back");
}

#[test]
fn the_longest_unused_record_goes_when_there_is_no_room() {
    let (vault, _) = person();
    let everyone: Vec<Sealed> =
        (0..4).map(|_| vault.create(&OwnerId::random(vault.random())).unwrap()).collect();
    let access = Access::of_installation(vault.clone(), vault.clock().clone()).with_bytes_max(3 << 10);
    let see = |number: usize| {
        let seen = access.see(&assistant(&everyone[number], Scope::everything())).unwrap();
        std::ptr::from_ref(seen.view()).addr()
    };
    let first = see(0);
    see(1);
    see(2);
    assert_eq!(see(0), first, "three have room");
    see(3);
    assert_eq!(access.held().1, 3);
    assert_eq!(see(0), first, "the second was unused for longer");
}

#[test]
fn copies_of_entries_without_a_passage_are_counted_with_their_texts() {
    let (vault, anna) = person();
    let text: Text = "plain and private ".repeat(20_000).as_str().into();
    let mut entry = Entry::new(EntryId::new(EntryKind::Condition, 1), Detail::Plain);
    let passages = vec![Passage { from: 10, to: 17, classes: 1 }];
    entry.notes.push(text.clone());
    let texts = [Revealing { text, passages }].into();
    entry.passages = Passages { is_marked: true, original: 0, texts };
    let change = records::Change { entries: vec![entry], ..records::Change::default() };
    records::save(&anna, records::open(&anna).unwrap().with(change)).unwrap();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    access.see(&assistant(&anna, Scope::everything())).unwrap();
    let whole = access.held().0;
    access.see(&assistant(&anna, narrow())).unwrap();
    assert!(access.held().0 > whole + 300_000, "{} after {whole}", access.held().0);
}

#[test]
fn scopes_of_one_person_share_the_record_and_are_kept_beside_each_other() {
    let (vault, anna) = person();
    let access = Access::of_installation(vault.clone(), vault.clock().clone());
    let see = |scope: Scope| {
        let seen = access.see(&assistant(&anna, scope)).unwrap();
        std::ptr::from_ref(seen.view()).addr()
    };
    let (whole, cut) = (see(Scope::everything()), see(narrow()));
    assert_ne!(whole, cut);
    assert_eq!((see(Scope::everything()), see(narrow())), (whole, cut));
}
