//! The boxes of a consent: what can be chosen, and what is chosen already.

use std::collections::BTreeSet;

use super::choice::{Flaw, Period, REACHES, UPDATE};
use crate::access::authorization::Grant;
use crate::insight::{Class, Classes};
use crate::record::{Kind, Scope, Source, View};
use crate::web::categories::CATEGORIES;
use crate::web::dates;
use crate::web::form::Form;

/// What can be chosen, as the page shows it.
pub struct Choices {
    /// What has to be chosen again.
    pub flaw: Option<&'static str>,
    /// Whether that is the sources.
    pub is_of_sources: bool,
    /// The categories.
    pub categories: Vec<Choosable>,
    /// Whether a sensitive class may be shown at all.
    pub may_show_classes: bool,
    /// The sensitive classes.
    pub classes: Vec<Choosable>,
    /// The sources.
    pub sources: Vec<Choosable>,
    /// Whether only some sources are chosen.
    pub has_some_sources: bool,
    /// How far back.
    pub reaches: Vec<Choosable>,
    /// Whether portals may be asked for what is new.
    pub update: Choosable,
}

/// Something that can be chosen.
pub struct Choosable {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What is in it.
    pub says: &'static str,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// Whether it was never asked for, and so cannot be chosen.
    pub is_beyond: bool,
}

/// What is chosen before anybody touches the page.
pub struct Picked {
    kinds: BTreeSet<Kind>,
    classes: Classes,
    /// Some sources, by id.
    sources: Option<BTreeSet<String>>,
    reach: String,
    /// A bound that was set before.
    since: Option<jiff::civil::Date>,
    may_update: bool,
}

/// What may be chosen at the most.
pub struct Ceiling<'a> {
    /// What the assistant has asked for.
    pub kinds: &'a BTreeSet<Kind>,
    /// Whether it has asked that portals may be asked.
    pub may_update: bool,
    /// The record as the account may see it.
    pub view: &'a View,
    /// The sources that the account is told of.
    pub sources: &'a [&'a Source],
}

impl Picked {
    /// Everything that was asked for, and nothing sensitive; and nobody is asked for more.
    pub fn usual() -> Picked {
        Picked {
            kinds: Kind::ALL.into_iter().collect(),
            classes: Classes::NONE,
            sources: None,
            reach: "all".into(),
            since: None,
            may_update: false,
        }
    }

    /// As it is now.
    pub fn of_scope(scope: &Scope, may_update: bool) -> Picked {
        Picked {
            kinds: scope.kinds.clone(),
            classes: Classes::from_bits(scope.classes),
            sources: scope.sources.clone(),
            reach: scope.since.map_or_else(|| "all".into(), |since| format!("since-{since}")),
            since: scope.since,
            may_update,
        }
    }

    /// As a grant is now.
    pub fn of_grant(grant: &Grant) -> Picked {
        Picked::of_scope(&grant.scope, grant.may_update)
    }

    /// As it was just sent, to be looked at again. `before` is what was there.
    pub fn of_form(form: &Form, before: Picked) -> Picked {
        let is_ticked = |name: &str| form.all("category").any(|own| own == name);
        let categories = CATEGORIES.iter().filter(|category| is_ticked(category.name));
        Picked {
            kinds: categories.flat_map(|category| category.kinds).copied().collect(),
            classes: form.all("class").filter_map(Class::named).collect(),
            sources: (form.one("sources") == Some("some"))
                .then(|| form.all("source").map(str::to_owned).collect()),
            reach: form.text("reach").to_owned(),
            since: before.since,
            may_update: form.has(UPDATE),
        }
    }
}

impl Choices {
    /// What the page shows.
    pub fn of(ceiling: &Ceiling<'_>, picked: &Picked, flaw: Option<Flaw>) -> Choices {
        let Ceiling { kinds, may_update, view, sources } = ceiling;
        let categories = CATEGORIES.iter().map(|category| {
            let is_beyond = !category.kinds.iter().any(|kind| kinds.contains(kind));
            Choosable {
                name: category.name.into(),
                title: category.title.into(),
                says: category.says,
                is_chosen: !is_beyond && category.kinds.iter().any(|kind| picked.kinds.contains(kind)),
                is_beyond,
            }
        });
        let classes = Class::ALL
            .into_iter()
            .map(|class| choosable(class.name(), capital(class.plain()), picked.classes.contains(class)));
        let is_picked = |id: &str| picked.sources.as_ref().is_some_and(|sources| sources.contains(id));
        let sources = sources
            .iter()
            .map(|source| choosable(&source.id, source.name.to_string(), is_picked(&source.id)));
        Choices {
            flaw: flaw.map(Flaw::words),
            is_of_sources: flaw == Some(Flaw::NoSource),
            categories: categories.collect(),
            may_show_classes: view.scope().classes != 0,
            classes: classes.collect(),
            sources: sources.collect(),
            has_some_sources: picked.sources.is_some(),
            reaches: reaches(picked),
            update: Choosable {
                is_beyond: !may_update,
                ..choosable(
                    UPDATE,
                    "It may ask the connected portals for what is new".into(),
                    *may_update && picked.may_update,
                )
            },
        }
    }
}

fn reaches(picked: &Picked) -> Vec<Choosable> {
    let kept = picked.since.map(|since| {
        let name = format!("since-{since}");
        let is_chosen = picked.reach == name;
        choosable(&name, format!("Since {}, as now", dates::day(since)), is_chosen)
    });
    kept.into_iter().chain(periods(&REACHES, &picked.reach)).collect()
}

/// Spans to choose from.
pub fn periods(periods: &'static [Period], chosen: &str) -> impl Iterator<Item = Choosable> {
    periods.iter().map(move |period| choosable(period.name, period.title.into(), period.name == chosen))
}

/// Something that can be chosen.
pub fn choosable(name: &str, title: String, is_chosen: bool) -> Choosable {
    Choosable { name: name.to_owned(), title, says: "", is_chosen, is_beyond: false }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::record;

    fn view(scope: Scope) -> View {
        View::new(record(Vec::new()), scope)
    }

    fn chosen(choosables: &[Choosable]) -> Vec<&str> {
        choosables.iter().filter(|own| own.is_chosen).map(|own| own.name.as_str()).collect()
    }

    #[test]
    fn what_was_not_asked_for_cannot_be_chosen_and_nothing_sensitive_is() {
        let (kinds, view) = ([Kind::Lab].into(), view(Scope::everything()));
        let sources: Vec<_> = view.sources().collect();
        let ceiling = Ceiling { kinds: &kinds, may_update: false, view: &view, sources: &sources };
        let choices = Choices::of(&ceiling, &Picked::usual(), None);
        assert_eq!(chosen(&choices.categories), ["labs"]);
        assert!(choices.categories.iter().filter(|own| own.name != "labs").all(|own| own.is_beyond));
        assert!(choices.may_show_classes && chosen(&choices.classes).is_empty());
        assert_eq!(chosen(&choices.reaches), ["all"]);
        assert!(!choices.has_some_sources && choices.sources.len() > 1);
    }

    #[test]
    fn who_may_see_no_sensitive_class_can_show_none() {
        let (kinds, view) = ([Kind::Lab].into(), view(Scope { classes: 0, ..Scope::everything() }));
        let ceiling = Ceiling { kinds: &kinds, may_update: false, view: &view, sources: &[] };
        assert!(!Choices::of(&ceiling, &Picked::usual(), None).may_show_classes);
    }

    #[test]
    fn a_scope_that_is_there_comes_back_as_it_is() {
        let view = view(Scope::everything());
        let scope = Scope {
            kinds: [Kind::Lab, Kind::Visit].into(),
            classes: Classes::from_iter([Class::Hiv]).bits(),
            sources: Some([view.sources().next().unwrap().id.to_string()].into()),
            since: Some(jiff::civil::date(2019, 3, 2)),
            reader: None,
        };
        let kinds = Kind::ALL.into_iter().collect();
        let sources: Vec<_> = view.sources().collect();
        let ceiling = Ceiling { kinds: &kinds, may_update: true, view: &view, sources: &sources };
        let choices = Choices::of(&ceiling, &Picked::of_scope(&scope, true), None);
        assert_eq!(chosen(&choices.categories), ["labs", "visits"]);
        assert_eq!(chosen(&choices.classes), ["hiv"]);
        assert_eq!(chosen(&choices.sources).len(), 1);
        assert_eq!(chosen(&choices.reaches), ["since-2019-03-02"]);
        assert!(choices.update.is_chosen);
        let never_asked = Ceiling { may_update: false, ..ceiling };
        let update = Choices::of(&never_asked, &Picked::of_scope(&scope, true), None).update;
        assert!(update.is_beyond && !update.is_chosen);
    }
}
