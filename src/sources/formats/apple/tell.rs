//! Hands over what an export came to: each roll-up as a FHIR resource, in an order that is the same each time.
//!
//! The id of a resource is made of what it tells of, and its version is that of its newest sample. So next
//! month's export adds only the days that are new, and a day that has grown is a new version of itself.

use super::amount::Amount;
use super::export::{Days, Export};
use super::fhir::{Object, concept, part, quantity};
use super::kinds::{How, Kind, in_words};
use super::means::{Day, Single};
use super::moment::{DAY_S, day_text, utc_id, utc_text};
use super::pressure::Reading;
use super::sleep::{Stage, Told, union};
use super::sums::Total;
use super::workout::{Measure, Workout};
use crate::record::{DAILY_LOG, HOME_READING};
use crate::sources::EXPORTER;
use crate::sources::formats::sink::{Place, Sink};
use crate::sources::json;
use crate::sources::references::References;

/// Digits behind the point of a total, and of a mean.
const TOTAL_PLACES: u32 = 3;
const MEAN_PLACES: u32 = 2;

impl Export {
    /// Hands everything over.
    pub fn hand_over(mut self, sink: &mut Sink<'_>) {
        let mut teller = Teller { ranks: self.sources.ranks(), export: &Export::default(), sink };
        let mut kinds = std::mem::take(&mut self.kinds);
        let workouts = std::mem::take(&mut self.workouts);
        let pressures = std::mem::take(&mut self.pressures);
        teller.export = &self;
        teller.person();
        kinds.sort_by(|(one, _), (other, _)| one.apple.cmp(&other.apple));
        for (kind, days) in kinds {
            teller.kind(&kind, days);
        }
        for ((_, source, number), reading) in pressures.into_all() {
            teller.pressure(source, number, &reading);
        }
        for workout in workouts {
            teller.workout(&workout);
        }
        for (what, count) in &self.left {
            teller.sink.leave_out("", &format!("{what}: {count}"));
        }
    }
}

struct Teller<'a, 's> {
    export: &'a Export,
    ranks: Vec<usize>,
    sink: &'a mut Sink<'s>,
}

/// What every observation has.
struct Head<'a> {
    id: String,
    kind: &'a Kind,
    name: String,
    loinc: Option<&'static str>,
    /// What it is: told of a day as a whole, or read at home.
    mark: &'static str,
    /// The person typed it.
    is_typed: bool,
    updated: i64,
    sources: &'a [u16],
}

impl Teller<'_, '_> {
    fn person(&mut self) {
        let me = &self.export.me;
        let (_, id) = EXPORTER.split_once('/').unwrap_or_default();
        let mut patient = Object::resource("Patient", id);
        match me.sex.as_str() {
            "HKBiologicalSexFemale" => patient.text("gender", "female"),
            "HKBiologicalSexMale" => patient.text("gender", "male"),
            "HKBiologicalSexOther" => patient.text("gender", "other"),
            _ => {}
        }
        if !me.birth.is_empty() {
            patient.text("birthDate", &me.birth);
        }
        self.give(patient);
        let blood = me.blood.strip_prefix("HKBloodType").filter(|kind| !matches!(*kind, "NotSet" | ""));
        if let Some(kind) = blood {
            let mut told = Object::resource("Observation", "BloodType");
            told.text("status", "final");
            told.list("category", [coded_category("survey")]);
            told.object("code", concept("Blood type, as entered in Apple Health", Some("882-1"), None));
            told.text("valueString", &in_words(kind));
            self.give(told);
        }
    }

    fn kind(&mut self, kind: &Kind, days: Days) {
        match days {
            Days::Sums(units) => self.sums(kind, units),
            Days::Means(days) => {
                let mut days: Vec<((i32, u8), Day)> = days.into_iter().collect();
                days.sort_unstable_by_key(|(place, _)| *place);
                let mut before = None;
                for ((day, unit), found) in days {
                    let unit = self.unit(unit);
                    match kind.how == How::Each && found.is_of_few() {
                        true => self.singles(kind, &found.singles, &unit),
                        false => self.mean(kind, day, &found, (&unit, before == Some(day))),
                    }
                    before = Some(day);
                }
            }
            Days::Times(days) => {
                let mut days: Vec<_> = days.into_iter().collect();
                days.sort_unstable_by_key(|(day, _)| *day);
                days.into_iter().for_each(|(day, found)| self.times(kind, day, found));
            }
            Days::Nights(nights) => {
                let mut nights: Vec<_> = nights.into_iter().collect();
                nights.sort_unstable_by_key(|(day, _)| *day);
                for (day, night) in nights {
                    let told = night.told(|source| self.rank(source));
                    told.into_iter().for_each(|told| self.night(kind, day, &told, night.updated));
                }
            }
            Days::Pressure(_) => {}
        }
    }

    fn sums(&mut self, kind: &Kind, units: Vec<(u8, super::sums::Days)>) {
        let mut all: Vec<(i32, u8, Total, i64)> = Vec::new();
        for (unit, days) in units {
            let told = |(day, found): (i32, super::sums::Day)| {
                let total = found.total(|source| self.rank(source));
                (day, unit, total, found.updated)
            };
            all.extend(days.into_iter().map(told));
        }
        all.sort_unstable_by_key(|(day, unit, ..)| (*day, *unit));
        let mut before = None;
        for (day, unit, total, updated) in all {
            let unit = self.unit(unit);
            let id = self.id_of_day(kind, day, &unit, before == Some(day));
            before = Some(day);
            let (name, loinc) = (format!("{}, total of the day", kind.name), kind.loinc);
            // What is counted is whole, though a part of it may have been left to another device.
            let places = if unit == "count" { 0 } else { TOTAL_PLACES };
            let head = Head {
                id,
                kind,
                name,
                loinc,
                mark: DAILY_LOG,
                is_typed: false,
                updated,
                sources: &total.sources,
            };
            let mut told = self.head(&head);
            told.text("effectiveDateTime", &day_text(day));
            told.object("valueQuantity", quantity(&total.amount.text(places), &unit));
            self.give(told);
        }
    }

    fn mean(&mut self, kind: &Kind, day: i32, found: &Day, (unit, is_second): (&str, bool)) {
        let loinc = kind.loinc.filter(|_| kind.how == How::Mean);
        let name = format!("{}, mean of the day", kind.name);
        let id = self.id_of_day(kind, day, unit, is_second);
        let head = Head {
            id,
            kind,
            name,
            loinc,
            mark: DAILY_LOG,
            is_typed: false,
            updated: found.updated,
            sources: &found.sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(day));
        told.object("valueQuantity", quantity(&found.mean().text(MEAN_PLACES), unit));
        told.list(
            "component",
            [
                part("lowest", None, &found.lowest.text(MEAN_PLACES), unit),
                part("highest", None, &found.highest.text(MEAN_PLACES), unit),
                part("measurements", None, &found.count.to_string(), ""),
            ],
        );
        self.give(told);
    }

    fn singles(&mut self, kind: &Kind, singles: &[Single], unit: &str) {
        let mut sorted: Vec<&Single> = singles.iter().collect();
        sorted.sort_by_key(|single| (single.at.utc, single.source, &single.digits));
        let moment = |single: &Single| (single.at.utc, single.source);
        for same in sorted.chunk_by(|one, other| moment(one) == moment(other)) {
            for (number, single) in same.iter().enumerate() {
                let id = self.id_of_moment(kind.short(), single.at.utc, single.source, number);
                let (name, loinc) = (kind.name.to_string(), kind.loinc);
                let (updated, sources) = (single.updated, [single.source]);
                let (mark, is_typed) = (HOME_READING, single.is_typed);
                let head = Head { id, kind, name, loinc, mark, is_typed, updated, sources: &sources };
                let mut told = self.head(&head);
                told.text("effectiveDateTime", &single.at.text());
                told.object("valueQuantity", quantity(&single.digits, unit));
                if let Some(meal) = single.meal {
                    let mut note = Object::new();
                    note.text("text", meal);
                    told.list("note", [note]);
                }
                self.give(told);
            }
        }
    }

    fn times(&mut self, kind: &Kind, day: i32, found: super::times::Day) {
        let (source, updated) = ([found.source], found.updated);
        let id = self.id_of_day(kind, day, "", false);
        let is_length = kind.how == How::Minutes;
        let what = if is_length { "minutes of the day" } else { "times in the day" };
        let (name, loinc) = (format!("{}, {what}", kind.name), kind.loinc);
        let head =
            Head { id, kind, name, loinc, mark: DAILY_LOG, is_typed: false, updated, sources: &source };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(day));
        if is_length {
            let seconds = union(
                found.spans.into_iter().filter(|(start, end)| (0..=DAY_S).contains(&(end - start))).collect(),
            );
            told.object("valueQuantity", quantity(&minutes(seconds), "min"));
        } else {
            let words: Vec<String> = found
                .words
                .iter()
                .filter(|(word, _)| word.parse::<i64>().is_err())
                .map(|(word, times)| format!("{word}: {times}"))
                .collect();
            let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
            let often = if found.count == 1 { "once".into() } else { format!("{} times", found.count) };
            told.text("valueString", &format!("{often}{words}"));
        }
        self.give(told);
    }

    fn night(&mut self, kind: &Kind, day: i32, found: &Told, updated: i64) {
        let id = self.id_of_day(kind, day, "", false);
        let name = "Sleep duration, night to this day".to_owned();
        let sources = [found.source];
        let head = Head {
            id,
            kind,
            name,
            loinc: Some("93832-4"),
            mark: DAILY_LOG,
            is_typed: false,
            updated,
            sources: &sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(day));
        if let Some(asleep) = found.asleep {
            told.object("valueQuantity", quantity(&minutes(asleep), "min"));
        }
        let parts = found.stages.iter().map(|(stage, seconds)| {
            let (name, loinc) = match stage {
                Stage::Core => ("light sleep", Some("93830-8")),
                Stage::Deep => ("deep sleep", Some("93831-6")),
                Stage::Rem => ("REM sleep", Some("93829-0")),
                Stage::Awake => ("awake", None),
                Stage::InBed | Stage::Asleep => ("in bed", None),
            };
            part(name, loinc, &minutes(*seconds), "min")
        });
        told.list("component", parts);
        self.give(told);
    }

    fn pressure(&mut self, source: u16, number: u16, reading: &Reading) {
        let id = self.id_of_moment("BloodPressure", reading.at.utc, source, number.into());
        let kind = Kind {
            apple: "".into(),
            how: How::Pressure,
            category: "vital-signs",
            name: "".into(),
            loinc: None,
            sensitivity: None,
        };
        let (name, sources) = ("Blood pressure".to_owned(), [source]);
        let head = Head {
            id,
            kind: &kind,
            name,
            loinc: Some("85354-9"),
            mark: HOME_READING,
            is_typed: reading.is_typed,
            updated: reading.updated,
            sources: &sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &reading.at.text());
        let side = |name, loinc, digits: &Option<Box<str>>| {
            digits.as_deref().map(|digits| part(name, Some(loinc), digits, "mmHg"))
        };
        let systolic = side("Systolic blood pressure", "8480-6", &reading.systolic);
        let diastolic = side("Diastolic blood pressure", "8462-4", &reading.diastolic);
        told.list("component", systolic.into_iter().chain(diastolic));
        self.give(told);
    }

    fn workout(&mut self, workout: &Workout) {
        let short = workout.kind.strip_prefix("HKWorkoutActivityType").unwrap_or(&workout.kind);
        let id = self.id_of_moment("Workout", workout.start.utc, workout.source, 0);
        let kind = Kind {
            apple: "HKWorkout".into(),
            how: How::Each,
            category: "activity",
            name: "".into(),
            loinc: None,
            sensitivity: None,
        };
        let (name, sources) = ("Workout".to_owned(), [workout.source]);
        let head = Head {
            id,
            kind: &kind,
            name,
            loinc: Some("73985-4"),
            mark: DAILY_LOG,
            is_typed: false,
            updated: workout.updated,
            sources: &sources,
        };
        let mut told = self.head(&head);
        let mut period = Object::new();
        period.text("start", &workout.start.text());
        period.text("end", &workout.end.text());
        told.object("effectivePeriod", period);
        told.object("valueCodeableConcept", concept(&in_words(short), None, None));
        let measured = |name, loinc, Measure { digits, unit }: &Measure| {
            let amount = Amount::parse(digits, false).filter(|amount| amount.0 > 0)?;
            Some(part(name, loinc, &amount.text(MEAN_PLACES), unit))
        };
        let parts = [
            measured("duration", Some("55411-3"), &workout.duration),
            measured("distance", None, &workout.distance),
            measured("energy", None, &workout.energy),
        ];
        told.list("component", parts.into_iter().flatten());
        self.give(told);
    }

    fn head(&self, head: &Head<'_>) -> Object {
        let mut told = Object::resource("Observation", &head.id);
        let mut meta = Object::new();
        meta.text("lastUpdated", &utc_text(head.updated));
        if let Some(code) = head.kind.sensitivity {
            let mut label = Object::new();
            label.text("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode");
            label.text("code", code);
            meta.list("security", [label]);
        }
        told.object("meta", meta);
        told.text("status", "final");
        let worded = |words: &str| {
            let mut category = Object::new();
            category.text("text", words);
            category
        };
        let typed = head.is_typed.then(|| worded("entered by hand"));
        let categories = [coded_category(head.kind.category), worded(head.mark)];
        told.list("category", categories.into_iter().chain(typed));
        let apple = Some(&*head.kind.apple).filter(|name| !name.is_empty());
        told.object("code", concept(&head.name, head.loinc, apple));
        let performer = |source: &u16| {
            let mut performer = Object::new();
            performer.text("display", self.export.sources.name(*source));
            performer
        };
        let named = head.sources.iter().filter(|source| !self.export.sources.name(**source).is_empty());
        told.list("performer", named.take(3).map(performer));
        told
    }

    fn give(&mut self, resource: Object) {
        let raw = resource.end();
        let Ok(read) = serde_json::from_str::<json::Object<'_>>(&raw) else {
            return self.sink.leave_out("", "a roll-up that cannot be written");
        };
        let references = References::default();
        self.sink.resource(&raw, &read, &Place { path: "", full_url: None, references: &references });
    }

    fn rank(&self, source: u16) -> usize {
        self.ranks.get(usize::from(source)).copied().unwrap_or(usize::MAX)
    }

    fn unit(&self, number: u8) -> String {
        self.export.units.get(usize::from(number)).map_or_else(String::new, |unit| unit.to_string())
    }

    /// The id of a day. Of two units in one day, as where the person changed them at noon, the second says its own.
    fn id_of_day(&self, kind: &Kind, day: i32, unit: &str, is_second: bool) -> String {
        let unit = if is_second { format!("-{}", letters(unit)) } else { String::new() };
        clipped(&format!("{}-{}{unit}", letters(kind.short()), day_text(day)))
    }

    /// The id of a moment: what, when, who, and the number among those of one moment.
    fn id_of_moment(&self, what: &str, utc: i64, source: u16, number: usize) -> String {
        let name = self.export.sources.name(source);
        // FNV-1a: short, and the same in every version.
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let number = if number == 0 { String::new() } else { format!("-{number}") };
        clipped(&format!("{}-{}-{hash:08x}{number}", letters(what), utc_id(utc)))
    }
}

fn minutes(seconds: i64) -> String {
    ((seconds + 30) / 60).to_string()
}

fn coded_category(code: &str) -> Object {
    let mut coding = Object::new();
    coding.text("system", "http://terminology.hl7.org/CodeSystem/observation-category");
    coding.text("code", code);
    let mut category = Object::new();
    category.list("coding", [coding]);
    category
}

/// What an id may hold of a name.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// An id has at most 64 letters; the day or moment at its end tells it from others.
fn clipped(id: &str) -> String {
    id.get(id.len().saturating_sub(64)..).unwrap_or(id).to_owned()
}
