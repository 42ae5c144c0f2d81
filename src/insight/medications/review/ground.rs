//! What the questions rest on: the medicines for home and of the person's own notes, the allergies, the
//! kidneys, age and pregnancy.

use crate::insight::allergies::is_present;
use crate::insight::measurements::measurement;
use crate::insight::medications::form::Put;
use crate::insight::medications::home::{HomeMedicine, home};
use crate::insight::medications::told;
use crate::insight::plausible::is_possible;
use crate::insight::portrait::Portrait;
use crate::insight::problems::problems;
use crate::insight::trend::{Strand, stated};
use crate::insight::{Context, Refusal, measured, naming, plain, shortened};
use crate::knowledge::folding::fold;
use crate::knowledge::medicines::{Ingredient, ingredients_of};
use crate::record::{Detail, Entry, EntryId, Kind, Value, When};

/// Everything that the questions rest on.
pub(super) struct Ground<'a> {
    pub context: &'a Context<'a>,
    pub portrait: Portrait,
    pub taken: Vec<Taken<'a>>,
    /// Present ones, unconfirmed ones among them: to leave out a possible one is the greater danger.
    pub allergies: Vec<&'a Entry>,
    pub kidneys: Kidneys,
}

/// A medicine, and who says that it is taken.
pub(super) struct Taken<'a> {
    name: String,
    pub ingredients: Vec<&'static Ingredient>,
    /// Where it is put: what a cream does stays there.
    pub put: Put,
    by: By<'a>,
}

enum By<'a> {
    Home(HomeMedicine<'a>),
    /// A note of the person's own.
    Note(&'a Entry),
    /// Nobody: it is asked about.
    Asked,
}

/// What the record says of the kidneys.
#[derive(Default)]
pub(super) struct Kidneys {
    /// The latest reported eGFR, of several at one time the least, with its words and citation.
    pub egfr: Option<(f64, String)>,
    /// A recorded kidney disease, in words with its citation.
    pub disease: Option<String>,
}

/// Keys of the problems that are long-term kidney disease.
const KIDNEY_DISEASE: [&str; 10] = [
    "dialysis",
    "esrd",
    "ckd-stage-5",
    "ckd-stage-4",
    "ckd-stage-3",
    "ckd-stage-2",
    "ckd-stage-1",
    "ckd",
    "diabetes-kidney",
    "high-blood-pressure-kidney-disease",
];

impl<'a> Ground<'a> {
    /// `None` for a person who has died.
    pub fn of(context: &'a Context<'a>) -> Result<Option<Ground<'a>>, Refusal> {
        let portrait = Portrait::of(context)?;
        if portrait.has_died {
            return Ok(None);
        }
        let mut taken: Vec<Taken<'a>> = home(context)?.into_iter().map(Taken::home_medicine).collect();
        let noted: Vec<Taken<'a>> =
            context.view.entries(Kind::Note).filter_map(|note| noted(note, &taken)).collect();
        taken.extend(noted);
        let faces = context.view.groups(Kind::Allergy).iter().map(|group| context.view.face(group));
        let allergies = faces.filter(|entry| is_present(entry)).collect();
        // Pregnancy suspends the eGFR of adults; a child's is judged otherwise.
        let is_judged = !portrait.is_child() && !portrait.pregnancy.is_current();
        let kidneys = if is_judged { Kidneys::of(context)? } else { Kidneys::default() };
        Ok(Some(Ground { context, portrait, taken, allergies, kidneys }))
    }

    /// The ingredients of all, each once, in the order of the list.
    pub fn ingredients(&self) -> Vec<&'static Ingredient> {
        each_once(self.taken.iter().flat_map(|taken| taken.ingredients.iter().copied()))
    }

    /// Those that act in the whole body, as a cream or drops mostly do not.
    pub fn acting(&self) -> Vec<&'static Ingredient> {
        each_once(self.taken.iter().flat_map(Taken::acting))
    }

    /// The medicines with this ingredient.
    pub fn with(&self, ingredient: &str) -> impl Iterator<Item = &Taken<'a>> {
        self.taken.iter().filter(move |taken| taken.has(ingredient))
    }

    /// The medicines with which this ingredient acts in the whole body.
    pub fn acting_with(&self, ingredient: &str) -> impl Iterator<Item = &Taken<'a>> {
        self.taken.iter().filter(move |taken| taken.acting().any(|known| known.name == ingredient))
    }

    /// Two medicines, one with each of two ingredients; `None` where only one product holds both.
    pub fn holders(&self, one: &str, other: &str) -> Option<(&Taken<'a>, &Taken<'a>)> {
        let seconds = |first| self.acting_with(other).map(move |second| (first, second));
        let mut pairs = self.acting_with(one).flat_map(seconds);
        pairs.find(|(first, second)| !std::ptr::eq(*first, *second))
    }
}

fn each_once(ingredients: impl Iterator<Item = &'static Ingredient>) -> Vec<&'static Ingredient> {
    let mut all: Vec<&'static Ingredient> = Vec::new();
    for known in ingredients {
        if !all.iter().any(|other| other.name == known.name) {
            all.push(known);
        }
    }
    all
}

/// A medicine that an own note speaks of as taken and that is not among those for home.
fn noted<'a>(note: &'a Entry, taken: &[Taken<'a>]) -> Option<Taken<'a>> {
    let Detail::Note { text, .. } = &note.detail else { return None };
    let folded = fold(text);
    let denies = folded.split(' ').any(|word| {
        ["no", "not", "never", "off", "without", "cannot", "don", "doesn"].contains(&word)
            || ["stop", "quit", "allerg", "avoid", "refus", "instead", "declin"]
                .iter()
                .any(|begin| word.starts_with(begin))
    });
    let mut found = ingredients_of(&[], text);
    found.retain(|known| !taken.iter().any(|taken| taken.has(known.name)));
    let names: Vec<&str> = found.iter().map(|known| known.name).collect();
    let name = names.join(" and ");
    let put = Put::named(text);
    (!denies && !found.is_empty()).then_some(Taken { name, ingredients: found, put, by: By::Note(note) })
}

impl<'a> Taken<'a> {
    fn home_medicine(home: HomeMedicine<'a>) -> Taken<'a> {
        let name = naming::name(&home.entry.concept);
        let put = Put::of(home.entry);
        Taken { name, ingredients: home.ingredients.clone(), put, by: By::Home(home) }
    }

    /// One that somebody asks about.
    pub fn asked(words: &str, ingredients: Vec<&'static Ingredient>) -> Taken<'a> {
        let names: Vec<&str> = ingredients.iter().map(|known| known.name).collect();
        Taken { name: names.join(" and "), ingredients, put: Put::named(words), by: By::Asked }
    }

    pub fn home(&self) -> Option<&HomeMedicine<'a>> {
        match &self.by {
            By::Home(home) => Some(home),
            By::Note(_) | By::Asked => None,
        }
    }

    pub fn has(&self, ingredient: &str) -> bool {
        self.ingredients.iter().any(|known| known.name == ingredient)
    }

    /// Its ingredients that act in the whole body.
    pub fn acting(&self) -> impl Iterator<Item = &'static Ingredient> {
        self.ingredients.iter().copied().filter(|known| self.put.acts(known))
    }

    /// What the record says of it, with its citation.
    pub fn says(&self, context: &Context<'_>) -> String {
        match &self.by {
            By::Home(home) => {
                format!("{}, recorded as {} [{}]", self.name, told(home.entry, context), home.entry.id)
            }
            By::Note(note) => format!("{}, by an own note {} [{}]", self.name, quoted(note), note.id),
            By::Asked => format!("{} (asked about, not on the list of these records)", self.name),
        }
    }

    /// The product as recorded, with the citation.
    pub fn product(&self) -> String {
        self.briefly(&self.name)
    }

    /// The ingredient with the citation.
    pub fn briefly(&self, ingredient: &str) -> String {
        match &self.by {
            By::Home(home) => format!("{ingredient} [{}]", home.entry.id),
            By::Note(note) => format!("{ingredient} (own note) [{}]", note.id),
            By::Asked => format!("{ingredient} (asked about)"),
        }
    }
}

fn quoted(note: &Entry) -> String {
    const NOTE_CHARS: usize = 80;
    match &note.detail {
        Detail::Note { text, .. } => format!("\"{}\"", shortened(text, NOTE_CHARS)),
        _ => String::new(),
    }
}

impl Kidneys {
    fn of(context: &Context<'_>) -> Result<Kidneys, Refusal> {
        let problems = problems(context)?;
        let disease = KIDNEY_DISEASE.iter().find_map(|key| {
            let is_it = |known: Option<&crate::knowledge::conditions::Condition>| {
                known.is_some_and(|known| known.key == *key)
            };
            problems.iter().find(|problem| problem.is_present_illness() && is_it(problem.known))
        });
        let disease =
            disease.map(|problem| format!("{} [{}]", naming::name(&problem.entry.concept), problem.entry.id));
        Ok(Kidneys { egfr: egfr(context)?, disease })
    }

    /// True where the record tells of weak kidneys: a kidney disease, or a reported eGFR below 60.
    pub fn are_weak(&self) -> bool {
        self.disease.is_some() || self.egfr.as_ref().is_some_and(|(value, _)| *value < 60.0)
    }

    /// What there is, in words with citations.
    pub fn says(&self) -> String {
        let egfr = self.egfr.as_ref().map(|(_, says)| says.clone());
        let disease = self.disease.clone();
        disease.into_iter().chain(egfr).collect::<Vec<_>>().join(", ")
    }
}

/// The latest final and plausible eGFR as it was reported. Of several at one time the least: a question too
/// many is the lesser harm.
fn egfr(context: &Context<'_>) -> Result<Option<(f64, String)>, Refusal> {
    let strands = stated(context, &[Kind::Lab])?;
    let is_egfr = |strand: &&Strand<'_>| strand.analyte.is_some_and(|known| known.key.starts_with("egfr"));
    let mut latest: Option<(When, f64, EntryId)> = None;
    let mut same_time: Vec<(f64, String)> = Vec::new();
    for entry in strands.iter().filter(is_egfr).flat_map(Strand::placed) {
        let Some((when, found)) = entry.date.zip(measurement(entry)) else { continue };
        let is_final = matches!(entry.status.as_deref(), None | Some("final" | "corrected" | "amended"));
        if !is_final || !is_possible(entry, found) || when.earliest() > context.today {
            continue;
        }
        let Some(Value::Quantity(quantity)) = &found.value else { continue };
        let value = quantity.number.value();
        let says = format!("{} [{}]", measured::result(entry, found), entry.id);
        match latest {
            Some((other, ..)) if other.order() > when.order() => {}
            Some((other, ..)) if other.order() == when.order() => same_time.push((value, says)),
            _ => {
                latest = Some((when, value, entry.id));
                same_time = vec![(value, says)];
            }
        }
    }
    let Some((when, ..)) = latest else { return Ok(None) };
    same_time.sort_by(|one, other| one.0.total_cmp(&other.0));
    let least = same_time.first().map_or(0.0, |(value, _)| *value);
    let told: Vec<&str> = same_time.iter().map(|(_, says)| says.as_str()).collect();
    let is_old = (context.today - when.latest()).get_days() > 365;
    let old = if is_old { " (more than a year ago)" } else { "" };
    Ok(Some((least, format!("eGFR {} on {}{old}", told.join(" and "), plain(&when.date_text())))))
}
