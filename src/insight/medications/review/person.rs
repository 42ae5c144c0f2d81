//! Medicines beside what is recorded of the person: kidneys, pregnancy, age.

use super::ground::{Ground, Taken};
use super::together::class_key;
use super::{Review, ReviewTopic};
use crate::insight::medications::form::Put;
use crate::insight::portrait::Pregnancy;
use crate::knowledge::folding::fold;
use crate::knowledge::medicine_facts::{MedicineFacts, facts};
use crate::knowledge::whom::Sex;
use crate::record::{Entry, Kind};

/// AGS Beers Criteria 2023: adults of 65 and over, outside hospice.
const BEERS_YEARS: f64 = 65.0;
/// The years in which a pregnancy is commonly possible (WHO: women of reproductive age, 15 to 49).
const FERTILE_YEARS: std::ops::Range<f64> = 15.0..50.0;
/// A recorded "not pregnant" is taken to hold for so many days.
const NOT_PREGNANT_DAYS: i32 = 30;

pub(super) fn reviews(ground: &Ground<'_>) -> Vec<Review> {
    let mut found = kidneys(ground);
    found.extend(pregnancy(ground));
    found.extend(age(ground));
    found
}

/// Each ingredient with the facts of the table and the first medicine that holds it.
fn known<'g, 'a>(
    ground: &'g Ground<'a>,
) -> impl Iterator<Item = (&'static str, &'static MedicineFacts, &'g Taken<'a>)> {
    ground
        .ingredients()
        .into_iter()
        .filter_map(|known| Some((known.name, facts(known.name)?, ground.with(known.name).next()?)))
}

/// The same without what acts only where it is put.
fn acting<'g, 'a>(
    ground: &'g Ground<'a>,
) -> impl Iterator<Item = (&'static str, &'static MedicineFacts, &'g Taken<'a>)> {
    let acting = ground.acting().into_iter();
    acting.filter_map(|known| Some((known.name, facts(known.name)?, ground.acting_with(known.name).next()?)))
}

/// What stands behind one column of the table.
fn source_of(facts: &MedicineFacts, column: &str) -> String {
    let own = facts.sources.iter().filter_map(|source| source.strip_prefix(column)?.strip_prefix(": "));
    let own: Vec<&str> = own.collect();
    if own.is_empty() { facts.sources.join("; ") } else { own.join("; ") }
}

/// What a caution with kidney function is to this person.
enum Bears {
    /// A number that it names is passed.
    Passed(u8),
    /// It speaks of weak kidneys in general, or in a measure that the record does not hold.
    Generally,
    No,
}

fn kidneys(ground: &Ground<'_>) -> Vec<Review> {
    let mut found = Vec::new();
    let mut generally: Vec<(String, &'static str, &'static MedicineFacts)> = Vec::new();
    let egfr = ground.kidneys.egfr.as_ref().map(|(value, _)| *value);
    let told = ground.kidneys.says();
    for (name, facts, taken) in acting(ground) {
        let harm = match bears(name, facts.kidney, egfr, ground.kidneys.are_weak()) {
            Bears::Passed(harm) => harm,
            Bears::Generally => {
                generally.push((taken.briefly(name), facts.kidney, facts));
                continue;
            }
            Bears::No => continue,
        };
        let caution = facts.kidney;
        found.push(Review::of(
            ReviewTopic::Kidney,
            harm,
            format!("{}. Kidneys as recorded: {told}. {caution}", taken.says(ground.context)),
            format!("{} with {told}: {caution}", taken.briefly(name)),
            "Does it fit these kidneys, and in this amount?",
            source_of(facts, "kidney"),
        ));
    }
    found.extend(together(ReviewTopic::Kidney, 4, &told, "kidney", &generally));
    found
}

/// The kidney caution of the table beside the latest reported eGFR. Creatinine clearance is another number:
/// what speaks of it is told and not compared.
fn bears(name: &str, caution: &str, egfr: Option<f64>, are_weak: bool) -> Bears {
    if caution.is_empty() || caution.starts_with("No change") {
        return Bears::No;
    }
    if let Some(most) = egfr_named(caution) {
        return match egfr {
            // FDA drug safety communication, April 2016: metformin, contraindicated below 30.
            Some(value) if name == "metformin" && value < 30.0 => Bears::Passed(1),
            Some(value) if value <= most => Bears::Passed(2),
            Some(_) => Bears::No,
            None if are_weak => Bears::Generally,
            None => Bears::No,
        };
    }
    match (are_weak, class_key(name)) {
        (false, _) => Bears::No,
        (true, "nsaid") => Bears::Passed(2),
        (true, _) => Bears::Generally,
    }
}

/// The greatest eGFR that a caution names as a limit; `None` where it names none.
fn egfr_named(caution: &str) -> Option<f64> {
    let from = caution.find("eGFR")?;
    let rest = caution.get(from..)?;
    let numbers = rest.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok());
    // Years stand in the same sentences.
    numbers.filter(|number: &f64| *number < 120.0).reduce(f64::max)
}

/// Several medicines in one question: those with the same words named once.
fn together(
    topic: ReviewTopic,
    harm: u8,
    told: &str,
    column: &str,
    all: &[(String, &'static str, &'static MedicineFacts)],
) -> Option<Review> {
    let mut by_words: Vec<(&'static str, Vec<&str>)> = Vec::new();
    let mut sources: Vec<String> = Vec::new();
    for (name, words, facts) in all {
        match by_words.iter_mut().find(|(known, _)| known == words) {
            Some((_, names)) => names.push(name),
            None => by_words.push((words, vec![name])),
        }
        let source = source_of(facts, column);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if by_words.is_empty() {
        return None;
    }
    let lines = by_words.iter().map(|(words, names)| format!("{}: {words}", names.join(", ")));
    let says = format!("{told}. {}", lines.collect::<Vec<_>>().join(" "));
    let briefly = says.clone();
    let ask = "Which of these were looked at with that in mind, and when?";
    Some(Review::of(topic, harm, says, briefly, ask, sources.join("; ")))
}

fn pregnancy(ground: &Ground<'_>) -> Vec<Review> {
    let Some((told, is_current)) = pregnancy_told(ground) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, facts, taken) in known(ground) {
        let words = facts.pregnancy.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        let is_grave = has(&["harm", "defect", "loss", "kill", "ends a pregnancy", "cleft", "lower iq"]);
        // Before a pregnancy only what harms early is worth a question of its own.
        if words.is_empty() || words.starts_with("advised") || !is_current && !is_grave {
            continue;
        }
        let harm = match (is_current, is_grave) {
            (true, true) => 0,
            (true, false) => 1,
            (false, _) => 4,
        };
        found.push(Review::of(
            ReviewTopic::Pregnancy,
            harm,
            format!("{}. {told}. {}", taken.says(ground.context), facts.pregnancy),
            format!("{}; {told}: {}", taken.briefly(name), facts.pregnancy),
            "What is the plan for this medicine in pregnancy? Ask before any change.",
            source_of(facts, "pregnancy"),
        ));
    }
    found
}

/// Pregnancy as recorded, or possible by recorded sex and age; `None` where neither.
fn pregnancy_told(ground: &Ground<'_>) -> Option<(String, bool)> {
    match ground.portrait.pregnancy {
        Pregnancy::Current { by, on, .. } => return Some((format!("pregnancy recorded {on} [{by}]"), true)),
        Pregnancy::Not { on, .. } if (ground.context.today - on).get_days() <= NOT_PREGNANT_DAYS => {
            return None;
        }
        _ => {}
    }
    let is_possible = ground.portrait.sex == Some(Sex::Female)
        && ground.portrait.age_years().is_some_and(|age| FERTILE_YEARS.contains(&age))
        && !names_any(ground, Kind::Procedure, &["hysterectomy", "tubal ligation", "sterilization"])
        && !names_any(ground, Kind::Condition, &["menopaus", "absence of uterus", "hysterectomy"]);
    is_possible.then(|| ("at this recorded age and sex a pregnancy is possible".into(), false))
}

/// Whether an entry of a kind is named by one of these words.
fn names_any(ground: &Ground<'_>, kind: Kind, words: &[&str]) -> bool {
    let view = ground.context.view;
    let names = |entry: &Entry| {
        let name = fold(&entry.concept.label());
        entry.standing.is_fact() && words.iter().any(|word| name.contains(word))
    };
    view.groups(kind).iter().any(|group| names(view.face(group)))
}

fn age(ground: &Ground<'_>) -> Vec<Review> {
    let is_old = ground.portrait.age_years().is_some_and(|age| age >= BEERS_YEARS);
    let speaks = |facts: &MedicineFacts| {
        let words = facts.older;
        // What the kidneys and the pairs tell is not told again.
        let told_elsewhere =
            ["See kidney", "The Beers warning", "With an ", "With another ", "With ACE", "With sulfa"];
        let is_told = told_elsewhere.iter().any(|begin| words.starts_with(begin));
        !words.is_empty() && !is_told
    };
    // Of a gel nothing is told that the list says of tablets.
    let fits = |facts: &MedicineFacts, taken: &Taken<'_>| {
        taken.put == Put::In || !(facts.older.contains("(tablets)") || facts.class == "nsaid")
    };
    let all: Vec<_> =
        acting(ground).filter(|(_, facts, taken)| speaks(facts) && fits(facts, taken)).collect();
    if !is_old || all.is_empty() || is_in_hospice(ground) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut generally = Vec::new();
    for (name, facts, taken) in all {
        let words = facts.older;
        let is_to_avoid =
            ["Beers 2023: avoid", "On the Beers list to avoid"].iter().any(|begin| words.starts_with(begin))
                || words.contains("are to avoid")
                || words.starts_with("Beers 2023 (tablets): avoid");
        if !is_to_avoid {
            generally.push((taken.briefly(name), words, facts));
            continue;
        }
        found.push(Review::of(
            ReviewTopic::Age,
            3,
            format!("{}. Age 65 or over. {words}", taken.says(ground.context)),
            format!("{} at 65 or over: {words}", taken.briefly(name)),
            "Is there a reason that outweighs this, or another choice?",
            source_of(facts, "older"),
        ));
    }
    found.extend(together(ReviewTopic::Age, 5, "Age 65 or over", "older", &generally));
    found
}

/// The Beers list is not for hospice.
fn is_in_hospice(ground: &Ground<'_>) -> bool {
    [Kind::Visit, Kind::CarePlan, Kind::Condition, Kind::Procedure]
        .into_iter()
        .any(|kind| names_any(ground, kind, &["hospice"]))
}
