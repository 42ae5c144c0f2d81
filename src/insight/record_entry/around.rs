//! What stands around an entry: its sources, what they say differently, what it names and what names
//! it, its versions, the person's own notes.

use super::{Fact, facts};
use crate::insight::coverage::day_of;
use crate::insight::{Context, Refusal, plain, rows, shortened};
use crate::record::{Entry, EntryId, Kind, Lifecycle, LinkRole, When};

/// Entries that name this one are told up to so many; a visit's are all in get_visits.
const NAMED_BY_MAX: usize = 40;

/// Labels in which sources always differ without disagreeing.
const ALWAYS_OTHER: [&str; 3] = ["identifier", "last changed at the source", "recorded on"];

/// The members of the entry's group, itself too.
pub(super) fn members<'a>(context: &Context<'a>, entry: &'a Entry) -> impl Iterator<Item = &'a Entry> {
    let view = context.view;
    let group = view.group_of(entry).into_iter().flat_map(move |group| view.members(group));
    std::iter::once(entry).chain(group.filter(move |member| member.id != entry.id))
}

/// Every source: its name, the file, when it came in, and how its original begins to be known again.
pub(super) fn sources(context: &Context<'_>, entry: &Entry) -> Vec<Fact> {
    let told = members(context, entry).map(|member| {
        let source = plain(&context.view.source(member).name);
        let file = member.file.as_deref().map(|file| format!("file {}", plain(file)));
        let came = day_of(member.added_at).map(|day| format!("came in {day}"));
        let hash: String = member.original.hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let key = format!("there {}", plain(&member.key));
        let parts = file.into_iter().chain(came).chain([
            key,
            format!("original {hash}…"),
            format!("[{}]", member.id),
        ]);
        Fact::new("source", &source, parts.collect::<Vec<_>>().join(", "))
    });
    told.collect()
}

/// What each other member says that this one does not say so.
pub(super) fn differences(context: &Context<'_>, entry: &Entry) -> Vec<Fact> {
    let own = facts::of(entry);
    let others = members(context, entry).filter(|member| member.id != entry.id);
    let told = others.flat_map(|member| {
        let theirs = facts::of(member).into_iter();
        let is_told = |fact: &Fact| own.iter().any(|own| own == fact || is_same_instant(own, fact));
        let differs = theirs.filter(|fact| !is_told(fact) && !ALWAYS_OTHER.contains(&fact.label.as_str()));
        differs
            .map(|fact| Fact::new("differs", &fact.label, format!("{} [{}]", fact.value, member.id)))
            .collect::<Vec<_>>()
    });
    told.collect()
}

/// `15:10Z` and `10:10-05:00` are one instant, written in two zones.
fn is_same_instant(own: &Fact, theirs: &Fact) -> bool {
    let minute = |fact: &Fact| When::parse(&fact.value).and_then(|when| when.minute_utc());
    own.label == theirs.label && minute(own).is_some() && minute(own) == minute(theirs)
}

/// What the entry names, and what names it.
pub(super) fn links(context: &Context<'_>, entry: &Entry) -> Result<Vec<Fact>, Refusal> {
    let named = entry.links.iter().filter_map(|link| {
        let other = context.view.linked(entry, &link.key).filter(|other| other.id != entry.id)?;
        Some(Fact::new("names", word(link.role), line(other)))
    });
    let mut facts: Vec<Fact> = named.collect();
    let mut more = 0;
    for kind in Kind::ALL {
        for other in context.view.entries(kind).filter(|other| other.source == entry.source) {
            context.check()?;
            let Some(link) = other.links.iter().find(|link| link.key == entry.key) else { continue };
            if other.id == entry.id {
                continue;
            }
            let count = facts.iter().filter(|fact| fact.part == "named by").count();
            if count < NAMED_BY_MAX {
                facts.push(Fact::new("named by", &format!("as {}", word(link.role)), line(other)));
            } else {
                more += 1;
            }
        }
    }
    if more > 0 {
        facts.push(Fact::new("named by", "and", format!("{more} more")));
    }
    Ok(facts)
}

fn line(other: &Entry) -> String {
    let date =
        other.date.or(other.recorded).map_or_else(String::new, |when| format!(", {}", when.date_text()));
    let standing = rows::standing_word(other).map_or_else(String::new, |word| format!(", {word}"));
    format!("{}{date}{standing} [{}]", shortened(&other.concept.label(), 160), other.id)
}

fn word(role: LinkRole) -> &'static str {
    match role {
        LinkRole::Visit => "its visit",
        LinkRole::Result => "its result",
        LinkRole::Reason => "its reason",
        LinkRole::Order => "its order",
        LinkRole::Replaces => "what it replaces",
        LinkRole::PartOf => "what it is part of",
        LinkRole::Related => "related",
    }
}

/// Earlier and later versions of the entry at its source.
pub(super) fn versions(context: &Context<'_>, entry: &Entry) -> Vec<Fact> {
    let mut versions: Vec<&Entry> = context.view.versions(entry).collect();
    versions.sort_by_key(|version| std::cmp::Reverse((version.added_at, version.id)));
    let told = versions.into_iter().map(|version| {
        let label = match version.lifecycle {
            Lifecycle::Live => "present version",
            Lifecycle::Replaced => "another version, replaced",
            Lifecycle::Gone => "another version, gone at the source",
        };
        let came = day_of(version.added_at).map_or_else(String::new, |day| format!("came in {day} "));
        Fact::new("version", label, format!("{came}[{}]", version.id))
    });
    told.collect()
}

/// The person's own notes about any member.
pub(super) fn own_notes(context: &Context<'_>, entry: &Entry) -> Vec<Fact> {
    let ids: Vec<EntryId> = members(context, entry).map(|member| member.id).collect();
    let notes = context.view.entries(Kind::Note).filter_map(|note| match &note.detail {
        crate::record::Detail::Note { text, about: Some(about) } if ids.contains(about) => {
            let day = day_of(note.added_at).unwrap_or_default();
            Some(Fact::new("own note", &day, format!("\"{}\" [{}]", shortened(text, 2_000), note.id)))
        }
        _ => None,
    });
    notes.collect()
}
