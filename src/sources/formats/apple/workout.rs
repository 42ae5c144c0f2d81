//! Workouts: what, when, how long, how far, how much energy.

use quick_xml::events::BytesStart;

use super::moment::Moment;
use super::sample::{Sample, for_each, text};

/// One workout.
#[derive(Debug)]
pub struct Workout {
    /// What it was, as Apple names it.
    pub kind: Box<str>,
    /// When it began.
    pub start: Moment,
    /// When it ended.
    pub end: Moment,
    /// The source that told it.
    pub source: u16,
    /// When it was written down.
    pub updated: i64,
    /// How long, and in which unit.
    pub duration: Measure,
    /// How far.
    pub distance: Measure,
    /// How much energy was used.
    pub energy: Measure,
}

/// A number as it is written, with its unit; empty where there is none.
#[derive(Debug, Default)]
pub struct Measure {
    /// The digits.
    pub digits: Box<str>,
    /// The unit as Apple writes it.
    pub unit: Box<str>,
}

impl Workout {
    /// The workout of this element; `None` where it does not say when it was.
    pub fn of(element: &BytesStart<'_>, source: impl FnOnce(&Sample<'_>) -> u16) -> Option<Workout> {
        let sample = Sample::of(element);
        let (start, end) = sample.times()?;
        let (mut duration, mut distance, mut energy) = <(Measure, Measure, Measure)>::default();
        for_each(element, |name, value| {
            let place = match name {
                "duration" => &mut duration.digits,
                "durationUnit" => &mut duration.unit,
                "totalDistance" => &mut distance.digits,
                "totalDistanceUnit" => &mut distance.unit,
                "totalEnergyBurned" => &mut energy.digits,
                "totalEnergyBurnedUnit" => &mut energy.unit,
                _ => return,
            };
            *place = text(value).into();
        });
        let (kind, updated) = (sample.kind.as_ref().into(), sample.updated(start, end));
        let source = source(&sample);
        Some(Workout { kind, start, end, source, updated, duration, distance, energy })
    }

    /// Takes a total that newer versions write as an element of its own (`WorkoutStatistics`).
    pub fn take_statistics(&mut self, element: &BytesStart<'_>) {
        let (mut kind, mut measure) = (String::new(), Measure::default());
        for_each(element, |name, value| match name {
            "type" => kind = text(value).into_owned(),
            "sum" => measure.digits = text(value).into(),
            "unit" => measure.unit = text(value).into(),
            _ => {}
        });
        let place = match kind.as_str() {
            "HKQuantityTypeIdentifierActiveEnergyBurned" => &mut self.energy,
            kind if kind.starts_with("HKQuantityTypeIdentifierDistance") => &mut self.distance,
            _ => return,
        };
        if place.digits.is_empty() && !measure.digits.is_empty() {
            *place = measure;
        }
    }
}
