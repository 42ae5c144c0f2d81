//! The people in an account's care.

use jiff::civil::date;

use super::*;
use crate::record::{Detail, Entry, EntryId, Kind as EntryKind, Person, When};
use crate::store::{people, records};

#[test]
fn a_person_is_added_renamed_and_let_go_with_their_record() {
    let accounts = open();
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, " Mom ", Relation::ForAdult, None).unwrap();
    assert_eq!(acts(&accounts.rows_of(&care).unwrap()), ["care_begun"]);
    accounts.rename_person(&signed, &care.owner, "Mother").unwrap();
    assert_eq!(self::care(&accounts, &signed, &care.owner).unwrap().label, "Mother");
    accounts.remove_person(&signed, &care.owner).unwrap();
    assert!(accounts.people(&signed).unwrap().is_empty());
    assert!(accounts.vault.owner(&care.owner).unwrap().is_none());
    assert!(matches!(accounts.remove_person(&signed, &care.owner), Err(Error::NotThere)));
    assert!(matches!(accounts.rename_person(&signed, &care.owner, "Mom"), Err(Error::NotThere)));
}

#[test]
fn nobody_reaches_a_person_in_anothers_care() {
    let accounts = open();
    let (signed, other) = (anna(&accounts), sign_up(&accounts, "Bert", None).unwrap());
    let care = accounts.add_person(&signed, "Anna", Relation::Own, None).unwrap();
    assert!(self::care(&accounts, &other, &care.owner).is_none());
    assert!(matches!(accounts.remove_person(&other, &care.owner), Err(Error::NotThere)));
    assert!(matches!(accounts.invite_to(&other, &care.owner, Relation::Own), Err(Error::NotThere)));
}

#[test]
fn a_parent_says_when_the_child_was_born_and_a_label_is_one_line() {
    let accounts = open();
    let signed = anna(&accounts);
    let refuse = |label: &str, born| match accounts.add_person(&signed, label, Relation::Parent, born) {
        Err(Error::Unusable(why)) => why,
        _ => panic!("not refused"),
    };
    assert_eq!(refuse("Theo", None), Unusable::Birth);
    assert_eq!(refuse("Theo", Some(date(2026, 11, 24))), Unusable::Birth);
    assert_eq!(refuse("The\no", Some(date(2020, 1, 1))), Unusable::Label);
    for number in 0..20 {
        accounts
            .add_person(&signed, &format!("Child {number}"), Relation::Parent, Some(date(2020, 1, 1)))
            .unwrap();
    }
    assert_eq!(refuse("Theo", Some(date(2020, 1, 1))), Unusable::TooManyPeople);
}

/// Saves a record that says this birth.
pub fn born_on(rows: &Sealed, birth: &str) {
    let opened = records::open(rows).unwrap();
    let person = Person { birth: When::parse(birth), ..Person::default() };
    let id = EntryId::new(EntryKind::Demographics, opened.record.entries.len() as u32);
    let entry = Entry::new(id, Detail::Person(Box::new(person)));
    let change = records::Change { entries: vec![entry], ..records::Change::default() };
    records::save(rows, opened.with(change)).unwrap();
}

#[test]
fn what_the_record_says_of_the_birth_counts_and_not_what_was_typed() {
    let accounts = open();
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2020, 1, 1))).unwrap();
    let today = accounts.vault.clock().today();
    assert_eq!(care.ceiling(today).unwrap().classes, u8::MAX);
    born_on(&accounts.rows_of(&care).unwrap(), "2012-03");
    let care = self::care(&accounts, &signed, &care.owner).unwrap();
    assert_eq!(care.born, Some(date(2012, 3, 1)));
    assert_eq!(care.ceiling(today).unwrap().classes, 0, "sensitive classes need the minor");

    born_on(&accounts.rows_of(&care).unwrap(), "2008-11-23");
    assert!(
        accounts.people(&signed).unwrap().is_empty(),
        "of two births the earlier counts, and the care has ended"
    );
    assert_eq!(accounts.grown_up(&signed).unwrap()[0].owner, care.owner);
}

#[test]
fn a_birth_to_come_is_none_and_of_several_the_one_that_shows_less_counts() {
    let accounts = open();
    let signed = anna(&accounts);
    let child = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2012, 1, 1))).unwrap();
    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    born_on(&accounts.rows_of(&child).unwrap(), "2062-01-01");
    assert_eq!(care(&accounts, &signed, &child.owner).unwrap().born, Some(date(2012, 1, 1)));
    for birth in ["1950-05-20", "2012-05-20"] {
        born_on(&accounts.rows_of(&adult).unwrap(), birth);
    }
    let adult = care(&accounts, &signed, &adult.owner).unwrap();
    assert_eq!(adult.born, Some(date(2012, 5, 20)));
    assert_eq!(adult.ceiling(accounts.vault.clock().today()).unwrap().classes, 0);
}

#[test]
fn whoever_acts_for_a_minor_is_a_parent_however_it_is_called() {
    let accounts = open();
    let signed = anna(&accounts);
    let typed = accounts.add_person(&signed, "Theo", Relation::ForAdult, Some(date(2012, 1, 1))).unwrap();
    assert_eq!((typed.relation, typed.ends_on()), (Relation::Parent, Some(date(2030, 1, 1))));

    let found = accounts.add_person(&signed, "Lena", Relation::ForAdult, None).unwrap();
    born_on(&accounts.rows_of(&found).unwrap(), "2012-01-01");
    let found = care(&accounts, &signed, &found.owner).unwrap();
    assert_eq!(found.ceiling(accounts.vault.clock().today()).unwrap().classes, 0);
    assert_eq!(found.ends_on(), Some(date(2030, 1, 1)), "the record tells it later");
}

#[test]
fn nobody_gives_more_than_they_have() {
    let accounts = open();
    let signed = anna(&accounts);
    let child = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2012, 1, 1))).unwrap();
    let text = accounts.invite_to(&signed, &child.owner, Relation::ForAdult).unwrap();
    let other = sign_up(&accounts, "Bert", Some(text.expose())).unwrap();
    assert_eq!(care(&accounts, &other, &child.owner).unwrap().ends_on(), Some(date(2030, 1, 1)));

    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let refused = accounts.invite_to(&signed, &adult.owner, Relation::Parent);
    assert!(matches!(refused, Err(Error::Unusable(Unusable::Birth))), "a parent's care ends by the birth");
    accounts.invite_to(&signed, &adult.owner, Relation::ForAdult).unwrap();

    let person = people::add(&accounts.vault, "Lena").unwrap();
    let to = |born| {
        let owner = person.owner.clone();
        let handed = Handed { owner, label: "Lena".into(), relation: Relation::Parent, born };
        accounts.invite_as_operator(&Invitation::to(Role::Person).with(handed)).map(|_| ())
    };
    assert!(matches!(to(None), Err(Error::Unusable(Unusable::Birth))));
    to(Some(date(2020, 1, 1))).unwrap();
    born_on(&accounts.vault.owner(&person.owner).unwrap().unwrap(), "2020-01-01");
    to(None).unwrap();
}

#[test]
fn the_persons_own_audit_says_who_came_to_care_and_who_was_invited_by_whom() {
    let accounts = open();
    let signed = anna(&accounts);
    let child = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2012, 1, 1))).unwrap();
    let text = accounts.invite_to(&signed, &child.owner, Relation::Own).unwrap();
    let theo = sign_up(&accounts, "Theo", Some(text.expose())).unwrap();
    accounts.remove_person(&signed, &child.owner).unwrap();
    let lines = crate::access::audit::read(&accounts.rows_of(&child).unwrap(), 9).unwrap();
    let told: Vec<String> =
        lines.iter().map(|line| format!("{}: {}", line.event.who, line.event.tool)).collect();
    let id = |signed: &Signed| signed.owner().as_str()[..8].to_owned();
    let (hers, his) = (id(&signed), id(&theo));
    let expected = [
        format!("the account (parent): care_begun: parent {hers}"),
        format!("the account (parent): care_offered: own {hers}"),
        format!("the account (own): care_begun: own {his}"),
        format!("the account (parent): care_ended: parent {hers}"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn an_invitation_is_not_taken_once_its_maker_cares_no_longer() {
    let accounts = open();
    let signed = anna(&accounts);
    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let text = accounts.invite_to(&signed, &adult.owner, Relation::Own).unwrap();
    let mother = sign_up(&accounts, "Mother", Some(text.expose())).unwrap();
    let late = accounts.invite_to(&signed, &adult.owner, Relation::ForAdult).unwrap();
    let invitation = accounts.invitation(late.expose()).unwrap().unwrap();
    accounts.remove_person(&signed, &adult.owner).unwrap();
    assert!(accounts.invitation(late.expose()).unwrap().is_none());
    // And where the two happen at once.
    assert!(matches!(accounts.hand_over(&mother.account, &invitation), Err(Error::NotInvited)));
}

#[test]
fn an_account_makes_only_so_many_invitations() {
    let accounts = open();
    let signed = anna(&accounts);
    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let made = (0..50).take_while(|_| accounts.invite_to(&signed, &adult.owner, Relation::Own).is_ok());
    assert_eq!(made.count(), 20);
    let held = || accounts.vault.home().unwrap().list(Kind::Invitation).unwrap().len();
    assert_eq!(held(), 20);
    accounts.delete(&signed).unwrap();
    assert_eq!(held(), 0, "they go with the account");
}

#[test]
fn who_has_grown_up_is_invited_to_their_own_record_which_stays_when_the_parent_lets_go() {
    let accounts = open();
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2008, 11, 23))).unwrap();
    assert!(matches!(accounts.invite_to(&signed, &care.owner, Relation::ForAdult), Err(Error::NotThere)));
    let text = accounts.invite_to(&signed, &care.owner, Relation::Own).unwrap();
    let theo = sign_up(&accounts, "Theo", Some(text.expose())).unwrap();
    assert_eq!(accounts.people(&theo).unwrap()[0].relation, Relation::Own);
    assert!(accounts.cared_for_alone(signed.owner()).unwrap().is_empty());

    accounts.delete(&signed).unwrap();
    let rows = accounts.rows_of(&accounts.people(&theo).unwrap()[0]).unwrap();
    assert_eq!(acts(&rows), ["care_begun", "care_offered", "care_begun", "care_ended"]);
    assert_eq!(accounts.cared_for_alone(theo.owner()).unwrap().len(), 1);
    accounts.delete(&theo).unwrap();
    assert_eq!(owners(&accounts), 0);
}

#[test]
fn two_who_let_the_same_person_go_at_once_leave_no_record() {
    let accounts = open();
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Theo", Relation::ForAdult, None).unwrap();
    let text = accounts.invite_to(&signed, &care.owner, Relation::ForAdult).unwrap();
    let other = sign_up(&accounts, "Bert", Some(text.expose())).unwrap();
    std::thread::scope(|scope| {
        for signed in [&signed, &other] {
            scope.spawn(|| accounts.remove_person(signed, &care.owner).unwrap());
        }
    });
    assert!(accounts.vault.owner(&care.owner).unwrap().is_none());
}

#[test]
fn a_record_of_the_command_line_is_handed_over_by_an_invitation() {
    let accounts = with(Policy::Invitation);
    let person = people::add(&accounts.vault, "Walter").unwrap();
    let handed =
        |relation| Handed { owner: person.owner.clone(), label: "Walter".into(), relation, born: None };
    let invite =
        |relation| accounts.invite_as_operator(&Invitation::to(Role::Person).with(handed(relation))).unwrap();
    let (his, hers) = (invite(Relation::Own), invite(Relation::ForAdult));
    let walter = sign_up(&accounts, "Walter", Some(his.expose())).unwrap();
    let daughter = sign_up(&accounts, "Anna", Some(hers.expose())).unwrap();
    assert!(people::list(&accounts.vault).unwrap().is_empty());
    for signed in [&walter, &daughter] {
        assert_eq!(accounts.people(signed).unwrap()[0].owner, person.owner);
    }
}

#[test]
fn the_persons_own_account_ends_the_care_of_others_but_of_a_minors_parent() {
    let accounts = open();
    let signed = anna(&accounts);
    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let text = accounts.invite_to(&signed, &adult.owner, Relation::Own).unwrap();
    let mother = sign_up(&accounts, "Mother", Some(text.expose())).unwrap();
    let seen = accounts.carers(&mother, &adult.owner).unwrap();
    let told: Vec<_> = seen.iter().map(|carer| (carer.name.as_str(), carer.may_be_ended)).collect();
    assert_eq!(told, [(NAME, true)]);
    assert!(!accounts.carers(&signed, &adult.owner).unwrap()[0].may_be_ended);
    let refused = accounts.end_care(&signed, &adult.owner, mother.owner());
    assert!(matches!(refused, Err(Error::NotThere)), "only the person's own account ends others' care");
    accounts.end_care(&mother, &adult.owner, signed.owner()).unwrap();
    assert!(care(&accounts, &signed, &adult.owner).is_none());
    assert!(accounts.carers(&mother, &adult.owner).unwrap().is_empty());
    assert!(matches!(accounts.carers(&signed, &adult.owner), Err(Error::NotThere)));

    let child = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2012, 1, 1))).unwrap();
    let text = accounts.invite_to(&signed, &child.owner, Relation::Own).unwrap();
    let theo = sign_up(&accounts, "Theo", Some(text.expose())).unwrap();
    assert!(!accounts.carers(&theo, &child.owner).unwrap()[0].may_be_ended);
    let refused = accounts.end_care(&theo, &child.owner, signed.owner());
    assert!(matches!(refused, Err(Error::NotThere)), "not of a minor's parent");
    pass(&accounts, SignedDuration::from_hours(24 * 365 * 4));
    let token = accounts.sign_in("Theo", &password(), PEER).unwrap();
    let theo = accounts.session(token.text().expose()).unwrap().unwrap();
    accounts.end_care(&theo, &child.owner, signed.owner()).unwrap();
}
