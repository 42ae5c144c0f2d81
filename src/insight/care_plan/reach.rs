//! How the members of a team can be reached: found by their identity at the source.

use std::collections::HashMap;

use crate::insight::matching::Words;
use crate::insight::plain;
use crate::record::{Contact, Detail, Entry, Kind, Member, Text, View};

/// Every contact of a view by its source and identity.
pub(super) struct Directory<'a> {
    by_key: HashMap<(u16, Text), Vec<&'a Contact>>,
}

impl<'a> Directory<'a> {
    pub fn of(view: &'a View) -> Directory<'a> {
        let mut by_key: HashMap<(u16, Text), Vec<&Contact>> = HashMap::new();
        for entry in view.entries(Kind::Contact) {
            let Some(contact) = contact(entry) else { continue };
            // A clinician's role at a place names the clinician and holds the telephone.
            let keys = entry.links.iter().map(|link| &link.key).chain([&entry.key]);
            let who = entry.actors.iter().filter(|actor| actor.role == "practitioner");
            let keys = keys.chain(who.filter_map(|actor| actor.key.as_ref()));
            for key in keys {
                by_key.entry((entry.source, key.clone())).or_default().push(contact);
            }
        }
        Directory { by_key }
    }

    fn contacts(&self, source: u16, member: &Member) -> &[&'a Contact] {
        let key = member.key.as_ref().map(|key| (source, key.clone()));
        key.and_then(|key| self.by_key.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// Name, role and how to reach them, in one line.
    pub fn line(&self, source: u16, member: &Member) -> String {
        let name = member.name.as_deref().map_or_else(|| "name not recorded".into(), plain);
        let contacts = self.contacts(source, member);
        let mut roles: Vec<String> = member.role.as_deref().map(plain).into_iter().collect();
        let mut add_role = |role: &Text| {
            let role = plain(role);
            if !roles.iter().any(|known| known.eq_ignore_ascii_case(&role)) {
                roles.push(role);
            }
        };
        contacts.iter().flat_map(|contact| &contact.roles).for_each(&mut add_role);
        let place = member.on_behalf_of.as_deref().map(plain);
        let place =
            place.or_else(|| contacts.iter().find_map(|contact| contact.organization.as_deref()).map(plain));
        let reach = reach(contacts);
        let reach =
            if reach.is_empty() { "how to reach them is not recorded".into() } else { reach.join(", ") };
        let role = if roles.is_empty() { String::new() } else { format!(" ({})", roles.join(", ")) };
        let place = place.map_or_else(String::new, |place| format!(", {place}"));
        format!("{name}{role}{place}: {reach}")
    }

    /// Whether a member bears the words: by name, role or specialty.
    pub fn is_about(&self, words: &Words, source: u16, member: &Member) -> bool {
        let own =
            [&member.name, &member.role, &member.on_behalf_of].into_iter().filter_map(|text| text.as_deref());
        let roles = self.contacts(source, member).iter().flat_map(|contact| &contact.roles);
        words.are_in(own.chain(roles.map(|role| role.as_str())))
    }
}

/// What only a contact has.
pub(super) fn contact(entry: &Entry) -> Option<&Contact> {
    match &entry.detail {
        Detail::Contact(contact) => Some(contact),
        _ => None,
    }
}

/// The words by which a contact is found.
pub(super) fn words_of(entry: &Entry) -> impl Iterator<Item = &str> {
    let contact = contact(entry);
    let roles = contact.into_iter().flat_map(|contact| &contact.roles);
    let place = contact.and_then(|contact| contact.organization.as_ref());
    roles.chain(place).map(|word| word.as_str())
}

/// Telephones and the like, each once; an address where there is nothing else.
pub(super) fn reach(contacts: &[&Contact]) -> Vec<String> {
    const MOST: usize = 4;
    let mut lines: Vec<String> = Vec::new();
    let telecom = contacts.iter().flat_map(|contact| &contact.telecom);
    for line in telecom.map(|line| plain(line)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        lines.extend(contacts.iter().flat_map(|contact| &contact.addresses).map(|line| plain(line)).take(1));
    }
    lines.truncate(MOST);
    lines
}
