//! Hands over what an export came to: each roll-up as a FHIR resource, in an order that is the same each time.
//!
//! The id of a resource is made of what it tells of, and its version is that of its newest sample. So next
//! month's export adds only the days that are new, and a day that has grown is a new version of itself.

use super::amount::Amount;
use super::export::{Days, Export};
use super::fhir::{Object, concept, exporter, part, quantity};
use super::frame::{Head, coded_category};
use super::kinds::{How, Kind, in_words, ucum};
use super::means::{self, Single};
use super::moment::{DAY_S, day_text};
use super::pressure::Reading;
use super::rollup::{OfDay, RollUp, of_kind};
use super::sleep::{Night, Stage, union};
use super::workout::{Measure, Workout};
use super::{sums, times};
use crate::record::{DAILY_LOG, HOME_READING};
use crate::sources::EXPORTER;
use crate::sources::formats::parts::{self, Parts};
use crate::sources::formats::sink::Sink;
use crate::sources::references::References;

/// Roll-ups that one thread tells at once.
const PART_ROLL_UPS: usize = 256;
/// Digits behind the point of a total, and of a mean.
const TOTAL_PLACES: u32 = 3;
const MEAN_PLACES: u32 = 2;

impl Export {
    /// Hands everything over. Roll-ups are told on all cores, and forgotten as they are told.
    pub fn hand_over(mut self, sink: &mut Sink<'_>) {
        let mut kinds = std::mem::take(&mut self.kinds);
        let pressures = std::mem::take(&mut self.pressures).into_all();
        let workouts = std::mem::take(&mut self.workouts).into_iter();
        let telling = Telling { ranks: self.sources.ranks(), export: &self };
        telling.on(sink).person();
        kinds.sort_by(|(one, _), (other, _)| one.apple.cmp(&other.apple));
        let (kinds, days): (Vec<Kind>, Vec<Days>) = kinds.into_iter().unzip();
        let of_days = kinds.iter().zip(days).flat_map(|(kind, days)| of_kind(kind, days));
        let of_moments = pressures.map(|(place, reading)| RollUp::Pressure(place, reading));
        let mut all = of_days.chain(of_moments).chain(workouts.map(RollUp::Workout));
        // They are no file that could end too early.
        let _ = parts::read(&telling, sink, || {
            let part: Vec<RollUp<'_>> = all.by_ref().take(PART_ROLL_UPS).collect();
            Ok(Some(part).filter(|part| !part.is_empty()))
        });
        for (what, count) in &self.left {
            sink.leave_out("", &format!("{what}: {count}"));
        }
    }
}

/// What every roll-up is told with.
struct Telling<'k> {
    export: &'k Export,
    /// The place of each source in the order in which they are believed.
    ranks: Vec<usize>,
}

impl Telling<'_> {
    fn on<'a, 's>(&'a self, sink: &'a mut Sink<'s>) -> Teller<'a, 's> {
        Teller { export: self.export, ranks: &self.ranks, sink, references: References::default() }
    }
}

impl<'k> Parts for Telling<'k> {
    type Part = Vec<RollUp<'k>>;

    fn read(&self, part: Vec<RollUp<'k>>, sink: &mut Sink<'_>) -> usize {
        let mut teller = self.on(sink);
        part.into_iter().for_each(|roll_up| teller.tell(roll_up));
        0
    }
}

/// Tells roll-ups to a sink.
pub(super) struct Teller<'a, 's> {
    pub export: &'a Export,
    pub ranks: &'a [usize],
    pub sink: &'a mut Sink<'s>,
    pub references: References<'static>,
}

impl<'a> Teller<'a, '_> {
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
            told.object("subject", exporter());
            told.text("valueString", &in_words(kind));
            self.give(told);
        }
    }

    fn tell(&mut self, roll_up: RollUp<'_>) {
        match roll_up {
            RollUp::Sum(of, found) => self.sum(&of, &found),
            RollUp::Mean(of, found) if of.kind.how == How::Each && found.is_of_few() => {
                self.singles(&of, &found.singles);
            }
            RollUp::Mean(of, found) => self.mean(&of, &found),
            RollUp::Times(of, found) => self.times(&of, found),
            RollUp::Night(of, night) => self.night(&of, &night),
            RollUp::Pressure((_, source, number), reading) => self.pressure(source, number, &reading),
            RollUp::Workout(workout) => self.workout(&workout),
        }
    }

    fn sum(&mut self, of: &OfDay<'_>, found: &sums::Day) {
        let (kind, unit) = (of.kind, self.unit(of.unit));
        let total = found.total(|source| self.rank(source));
        // What is counted is whole, though a part of it may have been left to another device.
        let places = if unit == "count" { 0 } else { TOTAL_PLACES };
        let head = Head {
            id: self.id_of_day(of),
            kind,
            name: format!("{}, total of the day", kind.name),
            loinc: kind.loinc,
            mark: DAILY_LOG,
            is_typed: false,
            updated: found.updated,
            sources: &total.sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(of.day));
        told.object("valueQuantity", quantity(&total.amount.text(places), unit));
        self.give(told);
    }

    fn mean(&mut self, of: &OfDay<'_>, found: &means::Day) {
        let (kind, unit) = (of.kind, self.unit(of.unit));
        let head = Head {
            id: self.id_of_day(of),
            kind,
            name: format!("{}, mean of the day", kind.name),
            loinc: kind.loinc.filter(|_| kind.how == How::Mean),
            mark: DAILY_LOG,
            is_typed: false,
            updated: found.updated,
            sources: &found.sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(of.day));
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

    fn singles(&mut self, of: &OfDay<'_>, singles: &[Single]) {
        let (kind, unit) = (of.kind, self.unit(of.unit));
        let loinc = kind.loinc_in(ucum(unit).unwrap_or(unit));
        let mut sorted: Vec<&Single> = singles.iter().collect();
        sorted.sort_by_key(|single| (single.at.utc, single.source, &single.digits));
        let moment = |single: &Single| (single.at.utc, single.source);
        for same in sorted.chunk_by(|one, other| moment(one) == moment(other)) {
            for (number, single) in same.iter().enumerate() {
                let id = self.id_of_moment(kind.short(), single.at.utc, single.source, number);
                let name = kind.name.to_string();
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

    fn times(&mut self, of: &OfDay<'_>, found: times::Day) {
        let (source, updated) = ([found.source], found.updated);
        let (id, kind) = (self.id_of_day(of), of.kind);
        let is_length = kind.how == How::Minutes;
        let what = if is_length { "minutes of the day" } else { "times in the day" };
        let (name, loinc) = (format!("{}, {what}", kind.name), kind.loinc);
        let head =
            Head { id, kind, name, loinc, mark: DAILY_LOG, is_typed: false, updated, sources: &source };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(of.day));
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

    fn night(&mut self, of: &OfDay<'_>, night: &Night) {
        let Some(found) = night.told(|source| self.rank(source)) else { return };
        let (id, kind) = (self.id_of_day(of), of.kind);
        let name = "Sleep duration, night to this day".to_owned();
        let sources = [found.source];
        let head = Head {
            id,
            kind,
            name,
            loinc: Some("93832-4"),
            mark: DAILY_LOG,
            is_typed: false,
            updated: night.updated,
            sources: &sources,
        };
        let mut told = self.head(&head);
        told.text("effectiveDateTime", &day_text(of.day));
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
}

fn minutes(seconds: i64) -> String {
    ((seconds + 30) / 60).to_string()
}
