//! What a routine stands on: who the person is, what is recorded of illnesses now, and the medicines for home.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::medicines::doubt;
use super::wanted::Wanted;
use crate::insight::medications::{HomeMedicine, home};
use crate::insight::portrait::{Portrait, Pregnancy};
use crate::insight::problems::{Problem, problems};
use crate::insight::{Context, Refusal, shortened};
use crate::knowledge::conditions::Kind as ProblemKind;
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::medicines::HighRisk;
use crate::record::{Detail, Entry, EntryId, Kind, Standing};

/// For whom published guidance is chosen: the table is for adults outside hospice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// 18 or older.
    Adult,
    /// Younger than 18: only the rows that are for children too.
    Child,
    /// Pregnant, as recorded: only the rows for pregnancy.
    Pregnant(EntryId),
    /// In hospice, as recorded: no guidance at all.
    Hospice(EntryId),
    /// The age is not known: no guidance.
    AgeNotKnown,
}

impl Whom {
    /// True where comfort comes before everything.
    pub fn is_in_hospice(self) -> bool {
        matches!(self, Whom::Hospice(_))
    }
}

/// What in the record calls for a line of guidance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The words of the record with their citation.
    pub told: String,
    /// The plain name of it.
    pub name: &'static str,
    date: Option<Date>,
}

/// All that the parts of a routine look at.
pub(super) struct Ground<'a, 'b> {
    pub context: &'b Context<'a>,
    pub wanted: Wanted,
    pub portrait: Portrait,
    pub whom: Whom,
    /// Every medicine for home that stands as active, confirmed or not.
    pub home: Vec<HomeMedicine<'a>>,
    /// What is recorded as present, by the key of its condition.
    pub present: BTreeMap<&'static str, Evidence>,
}

/// A stay in hospice that ended longer ago than this is not told as one that goes on; the limit is ours.
const HOSPICE_DAYS: i32 = 365;

/// Words of an entry that says that the person is cared for by a hospice (as in the table of prevention).
const HOSPICE: [&str; 4] = ["hospice", "comfort care only", "comfort measures only", "end of life care"];

/// Keys of what belongs to a pregnancy or the weeks after it.
pub(super) const OF_PREGNANCY: [&str; 12] = [
    "pregnancy",
    "high-risk-pregnancy",
    "twin-pregnancy",
    "pregnancy-diabetes",
    "diabetes-and-pregnancy",
    "pregnancy-high-pressure",
    "preeclampsia",
    "pregnancy-problem",
    "after-birth",
    "after-birth-problem",
    "birth",
    "cesarean",
];

impl<'a, 'b> Ground<'a, 'b> {
    pub fn of(context: &'b Context<'a>, wanted: Wanted, portrait: Portrait) -> Result<Self, Refusal> {
        let problems = problems(context)?;
        let home = home(context)?;
        let whom = whom(context, &portrait, &problems)?;
        let mut present = BTreeMap::new();
        for problem in &problems {
            add_problem(&mut present, problem, &portrait);
        }
        add_blood_thinner(&mut present, &home, context.today);
        if let Whom::Pregnant(by) = whom {
            let told = format!("pregnancy, as recorded [{by}]");
            present.entry("pregnancy").or_insert(Evidence { told, name: "pregnancy", date: None });
        }
        Ok(Ground { context, wanted, portrait, whom, home, present })
    }

    /// The keys of what is recorded as present.
    pub fn keys(&self) -> Vec<&'static str> {
        self.present.keys().copied().collect()
    }
}

fn whom(context: &Context<'_>, portrait: &Portrait, problems: &[Problem<'_>]) -> Result<Whom, Refusal> {
    if let Some(by) = hospice(context, problems)? {
        return Ok(Whom::Hospice(by));
    }
    Ok(match portrait.pregnancy {
        Pregnancy::Current { by, .. } => Whom::Pregnant(by),
        _ if portrait.is_adult() => Whom::Adult,
        _ if portrait.is_child() => Whom::Child,
        _ => Whom::AgeNotKnown,
    })
}

/// The latest entry that says that the person is in hospice care. An order or a referral alone does not.
fn hospice(context: &Context<'_>, problems: &[Problem<'_>]) -> Result<Option<EntryId>, Refusal> {
    let mut judged: HashMap<(usize, usize), bool> = HashMap::new();
    let mut is_named = |entry: &Entry| {
        let Some(name) = entry.concept.name() else { return false };
        *judged.entry((name.as_ptr() as usize, name.len())).or_insert_with(|| {
            let name = fold(name);
            HOSPICE.iter().any(|word| holds_words(&name, word))
        })
    };
    let mut found: Vec<&Entry> = Vec::new();
    found.extend(problems.iter().filter(|one| one.is_active && is_named(one.entry)).map(|one| one.entry));
    for kind in [Kind::Visit, Kind::Procedure] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let last = entry.end.or(entry.date).map(|when| (context.today - when.latest()).get_days());
            let is_now = last.is_some_and(|days| (0..=HOSPICE_DAYS).contains(&days));
            if is_now && entry.standing == Standing::Stated && is_named(entry) {
                found.push(entry);
            }
        }
    }
    let plans = context.view.groups(Kind::CarePlan).iter().map(|group| context.view.face(group));
    let plans = plans.filter(|entry| matches!(entry.detail, Detail::Plan(_)));
    let active = plans.filter(|entry| {
        entry.standing == Standing::Stated && entry.status.as_deref() == Some("active") && entry.end.is_none()
    });
    found.extend(active.filter(|entry| is_named(entry)));
    Ok(found.into_iter().max_by_key(|entry| (entry.date, entry.id)).map(|entry| entry.id))
}

/// An illness that is recorded as present, or a past operation or event that stays with the person.
fn add_problem(present: &mut BTreeMap<&'static str, Evidence>, problem: &Problem<'_>, portrait: &Portrait) {
    let Some(known) = problem.known else { return };
    let stays = problem.is_active && known.kind == ProblemKind::History && !known.is_guard();
    if !problem.is_present_illness() && !stays {
        return;
    }
    // An entry that nobody closed does not make a pregnancy of last year a present one.
    let is_pregnancy = OF_PREGNANCY.contains(&known.key);
    if is_pregnancy && !is_so(portrait, known.key) {
        return;
    }
    let entry = problem.entry;
    let told = format!("{} [{}]", shortened(&entry.concept.label(), NAME_CHARS), entry.id);
    let date = entry.date.map(|when| when.latest());
    let evidence = Evidence { told, name: known.name, date };
    // Of several entries the newest speaks, and of one day the first by name.
    let is_newer = |old: &Evidence| (evidence.date, &old.told) > (old.date, &evidence.told);
    if present.get(known.key).is_none_or(is_newer) {
        present.insert(known.key, evidence);
    }
}

/// Characters of a recorded name that a line has room for.
const NAME_CHARS: usize = 90;

/// Days after a birth in which the weeks after birth are told.
const AFTER_BIRTH_DAYS: i32 = 84;

fn is_so(portrait: &Portrait, key: &str) -> bool {
    let is_after = matches!(key, "after-birth" | "after-birth-problem" | "birth" | "cesarean");
    match portrait.pregnancy {
        Pregnancy::Current { .. } => !is_after,
        Pregnancy::Ended { days_ago, was_lost, .. } => is_after && !was_lost && days_ago <= AFTER_BIRTH_DAYS,
        _ => false,
    }
}

/// A blood thinner on the list of medicines stands for the note that one is used.
fn add_blood_thinner(present: &mut BTreeMap<&'static str, Evidence>, home: &[HomeMedicine<'_>], today: Date) {
    let is_thinner = |medicine: &&HomeMedicine<'_>| {
        doubt(medicine, today).is_none()
            && medicine.ingredients.iter().any(|one| one.high_risk == Some(HighRisk::Anticoagulant))
    };
    let names = home.iter().filter(is_thinner).map(|medicine| {
        let name = shortened(&medicine.entry.concept.label(), NAME_CHARS);
        (format!("{name}, on the list of medicines [{}]", medicine.entry.id), medicine.entry)
    });
    if let Some((told, entry)) = names.min_by(|one, other| one.0.cmp(&other.0)) {
        let date = entry.date.map(|when| when.latest());
        let evidence = Evidence { told, name: "a blood thinner on the list", date };
        present.entry("blood-thinner-use").or_insert(evidence);
    }
}
