//! What an export holds, gathered sample by sample. It grows with the days that it tells of, not with the
//! samples, and gives nothing away before its end has been seen.

use std::collections::BTreeMap;

use foldhash::HashMap;
use quick_xml::events::BytesStart;

use super::amount::{Amount, digits};
use super::kinds::{How, Kind, value_in_words};
use super::moment::{DAY_S, Moment};
use super::pressure::{self, Readings, Side};
use super::sample::{Sample, for_each, text};
use super::sleep::{self, Night, Stage};
use super::sources::Sources;
use super::workout::Workout;
use super::{means, sums, times};

/// Types that are told apart; of what comes after so many only the number is told.
pub const KINDS_MAX: usize = 1000;
/// Units that are told apart.
pub const UNITS_MAX: usize = 250;
/// Reasons that are told apart.
pub const REASONS_MAX: usize = 200;

/// What an export holds.
#[derive(Debug, Default)]
pub struct Export {
    /// The types, with their days.
    pub kinds: Vec<(Kind, Days)>,
    by_name: HashMap<Box<str>, usize>,
    last_kind: usize,
    /// The units by number, as Apple writes them.
    pub units: Vec<Box<str>>,
    /// Who measured.
    pub sources: Sources,
    /// What is said of the person.
    pub me: Me,
    /// When it was exported.
    pub exported: Option<Moment>,
    /// The workouts.
    pub workouts: Vec<Workout>,
    /// The blood pressures.
    pub pressures: Readings,
    /// Where clinical records lie, by path, and the clinic that each came from.
    pub clinical: HashMap<Box<str>, Box<str>>,
    /// What does not become an entry, and how often.
    pub left: BTreeMap<String, usize>,
    inside: Inside,
}

/// The days of one type.
#[derive(Debug)]
pub enum Days {
    /// Totals, by unit.
    Sums(Vec<(u8, sums::Days)>),
    /// Means or single samples, by day and unit.
    Means(HashMap<(i32, u8), means::Day>),
    /// What happened, and how long.
    Times(HashMap<i32, times::Day>),
    /// Nights, by the day on which they end.
    Nights(HashMap<i32, Night>),
    /// Its values are halves of the blood pressures.
    Pressure(Side),
}

/// What is said of the person.
#[derive(Debug, Default)]
pub struct Me {
    /// `1961-03-14`.
    pub birth: String,
    /// `HKBiologicalSexFemale`.
    pub sex: String,
    /// `HKBloodTypeAPositive`.
    pub blood: String,
}

/// The element whose inside is being read.
#[derive(Debug, Default)]
enum Inside {
    #[default]
    Nothing,
    Single(usize, (i32, u8)),
    Pressure(pressure::Place),
    Workout(Box<Workout>),
}

impl Export {
    /// Takes an element below the first one.
    pub fn take(&mut self, element: &BytesStart<'_>) {
        self.inside = Inside::Nothing;
        match element.name().0 {
            "Record" => self.inside = self.sample(&Sample::of(element)).unwrap_or_default(),
            "Workout" => {
                let sources = &mut self.sources;
                match Workout::of(element, |sample| sources.number(&sample.source, sample.device)) {
                    Some(workout) => self.inside = Inside::Workout(Box::new(workout)),
                    None => self.leave("workouts that do not say when they were"),
                }
            }
            "ClinicalRecord" => self.clinical_record(element),
            "Correlation" => {
                self.leave("correlations, whose parts are counted as the samples that repeat them")
            }
            "ActivitySummary" => self.leave("summaries of a day's activity, which the phone reckons: told are the samples that the export holds"),
            "ExportDate" => {
                for_each(element, |name, value| {
                    if name == "value" {
                        self.exported = Moment::parse(value);
                    }
                });
            }
            "Me" => self.take_me(element),
            other => {
                self.leave(&format!("elements of the type {}, which this version does not read", cut(other)))
            }
        }
    }

    /// Takes an element inside of such a one.
    pub fn take_inner(&mut self, element: &BytesStart<'_>) {
        match (element.name().0, &mut self.inside) {
            ("MetadataEntry", Inside::Single(..) | Inside::Pressure(_)) => self.take_note(element),
            ("WorkoutStatistics", Inside::Workout(workout)) => workout.take_statistics(element),
            ("WorkoutRoute", _) => {
                self.leave("routes of workouts, which are places where somebody was and no record")
            }
            ("HeartRateVariabilityMetadataList", _) => {
                self.leave("lists of single heartbeats behind the heart rate variability of a day");
            }
            _ => {}
        }
    }

    /// Ends the element that was taken last.
    pub fn end(&mut self) {
        if let Inside::Workout(workout) = std::mem::take(&mut self.inside) {
            self.workouts.push(*workout);
        }
    }

    /// Notes what does not become an entry.
    pub fn leave(&mut self, what: &str) {
        let is_full = self.left.len() >= REASONS_MAX;
        match self.left.get_mut(what) {
            Some(count) => *count += 1,
            None if !is_full => {
                self.left.insert(what.to_owned(), 1);
            }
            None => *self.left.entry("further elements".into()).or_default() += 1,
        }
    }

    fn sample(&mut self, sample: &Sample<'_>) -> Option<Inside> {
        let Some(kind) = self.kind(&sample.kind) else {
            self.leave("samples of further types");
            return None;
        };
        let taken = self.add(kind, sample);
        if taken.is_none() {
            let name = cut(self.kinds[kind].0.short()).to_owned();
            self.leave(&format!("samples of {name} whose date or value cannot be read"));
        }
        taken
    }

    /// Adds a sample; `None` where it cannot be read.
    fn add(&mut self, kind: usize, sample: &Sample<'_>) -> Option<Inside> {
        let (start, end) = sample.times()?;
        let updated = sample.updated(start, end);
        let source = self.sources.number(&sample.source, sample.device);
        let span = (start.local(), end.utc + i64::from(start.offset));
        let day = start.local().div_euclid(DAY_S) as i32;
        let is_part = sample.unit == "%";
        let amount = || Amount::parse(&sample.value, is_part);
        let unit = match self.kinds[kind].0.how {
            How::Sum | How::Mean | How::Each => unit(&mut self.units, &sample.unit)?,
            _ => 0,
        };
        let (own, days) = &mut self.kinds[kind];
        match days {
            Days::Sums(units) => {
                let days = sums::of_unit(units, unit);
                sums::add(days, source, span, amount()?, updated).then_some(Inside::Nothing)
            }
            Days::Means(days) => {
                let amount = amount()?;
                let place = days.entry((day, unit)).or_default();
                place.add(amount, source, updated);
                if own.how == How::Mean {
                    return Some(Inside::Nothing);
                }
                let digits = digits(&sample.value, is_part)?.into();
                let single =
                    means::Single { at: start, digits, source, updated, is_typed: false, meal: None };
                place.keep(single);
                Some(Inside::Single(kind, (day, unit)))
            }
            Days::Times(days) => {
                let words = value_in_words(&sample.value);
                days.entry(day).or_default().add(span, &words, source, updated);
                Some(Inside::Nothing)
            }
            Days::Nights(nights) => {
                let stage = Stage::parse(&sample.value)?;
                let night = nights.entry(sleep::night_of(span.0)).or_default();
                night.add(source, stage, span, updated).then_some(Inside::Nothing)
            }
            Days::Pressure(side) => {
                let digits = digits(&sample.value, false)?;
                Some(Inside::Pressure(self.pressures.add(start, source, *side, &digits, updated)))
            }
        }
    }

    /// The place of a type; `None` where there are too many.
    pub fn kind(&mut self, name: &str) -> Option<usize> {
        if self.kinds.get(self.last_kind).is_some_and(|(kind, _)| &*kind.apple == name) {
            return Some(self.last_kind);
        }
        let place = match self.by_name.get(name) {
            Some(place) => *place,
            None if self.kinds.len() >= KINDS_MAX => return None,
            None => {
                let kind = Kind::named(name);
                let days = match kind.how {
                    How::Sum => Days::Sums(Vec::new()),
                    How::Mean | How::Each => Days::Means(HashMap::default()),
                    How::Minutes | How::Times => Days::Times(HashMap::default()),
                    How::Sleep => Days::Nights(HashMap::default()),
                    How::Pressure if name.ends_with("Systolic") => Days::Pressure(Side::Systolic),
                    How::Pressure => Days::Pressure(Side::Diastolic),
                };
                self.kinds.push((kind, days));
                self.by_name.insert(name.into(), self.kinds.len() - 1);
                self.kinds.len() - 1
            }
        };
        self.last_kind = place;
        Some(place)
    }

    /// What stands beside a sample: that the person typed it, or took it before or after a meal.
    fn take_note(&mut self, element: &BytesStart<'_>) {
        let (mut key, mut value) = ("", "");
        for_each(element, |name, written| match name {
            "key" => key = written,
            "value" => value = written,
            _ => {}
        });
        let is_typed = key == "HKWasUserEntered" && value == "1";
        let meal = match (key, value) {
            ("HKBloodGlucoseMealTime", "1") => Some("before a meal"),
            ("HKBloodGlucoseMealTime", "2") => Some("after a meal"),
            _ => None,
        };
        match &self.inside {
            Inside::Pressure(place) if is_typed => self.pressures.typed(*place),
            Inside::Single(kind, place) => {
                let Some((_, Days::Means(days))) = self.kinds.get_mut(*kind) else { return };
                let Some(single) = days.get_mut(place).and_then(|day| day.singles.last_mut()) else { return };
                single.is_typed |= is_typed;
                single.meal = single.meal.or(meal);
            }
            _ => {}
        }
    }

    fn take_me(&mut self, element: &BytesStart<'_>) {
        let mut further = Vec::new();
        let me = &mut self.me;
        for_each(element, |name, value| {
            let name = name.strip_prefix("HKCharacteristicTypeIdentifier").unwrap_or(name);
            let place = match name {
                "DateOfBirth" => &mut me.birth,
                "BiologicalSex" => &mut me.sex,
                "BloodType" => &mut me.blood,
                _ if value.is_empty() || value == "None" || value.ends_with("NotSet") => return,
                _ => return further.push(name),
            };
            *place = text(value).into_owned();
        });
        for name in further {
            self.leave(&format!("what the person says of themselves as {}", cut(name)));
        }
    }

    fn clinical_record(&mut self, element: &BytesStart<'_>) {
        let (mut path, mut clinic) = <(Box<str>, Box<str>)>::default();
        for_each(element, |name, value| match name {
            "resourceFilePath" => path = text(value).trim_start_matches('/').into(),
            "sourceName" => clinic = text(value).trim().into(),
            _ => {}
        });
        if path.is_empty() {
            return self.leave("clinical records that are named but not exported");
        }
        self.clinical.insert(path, clinic);
    }
}

/// The number of a unit; `None` where there are too many.
pub fn unit(units: &mut Vec<Box<str>>, name: &str) -> Option<u8> {
    let place = units.iter().position(|own| &**own == name);
    place
        .or_else(|| {
            (units.len() < UNITS_MAX).then(|| {
                units.push(name.into());
                units.len() - 1
            })
        })
        .map(|place| place as u8)
}

/// As much of a name as is told.
fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(60).map_or(name.len(), |(at, _)| at);
    &name[..end]
}
