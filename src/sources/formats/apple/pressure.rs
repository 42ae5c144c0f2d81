//! Blood pressures: Apple writes the upper and the lower value as two samples of one moment.

use std::collections::BTreeMap;

use super::moment::Moment;

/// One of the two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The upper.
    Systolic,
    /// The lower.
    Diastolic,
}

/// A blood pressure, or the half of one.
#[derive(Debug)]
pub struct Reading {
    /// When it was taken.
    pub at: Moment,
    /// The digits of the upper value.
    pub systolic: Option<Box<str>>,
    /// The digits of the lower value.
    pub diastolic: Option<Box<str>>,
    /// When it was written down.
    pub updated: i64,
    /// The person typed it.
    pub is_typed: bool,
}

impl Reading {
    fn side(&mut self, side: Side) -> &mut Option<Box<str>> {
        match side {
            Side::Systolic => &mut self.systolic,
            Side::Diastolic => &mut self.diastolic,
        }
    }
}

/// The readings by moment and source; of one moment and source, by their number.
#[derive(Debug, Default)]
pub struct Readings(BTreeMap<(i64, u16, u16), Reading>);

/// The place of a reading.
pub type Place = (i64, u16, u16);

impl Readings {
    /// Adds a value to the reading of its moment, or begins one.
    pub fn add(&mut self, at: Moment, source: u16, side: Side, digits: &str, updated: i64) -> Place {
        let own = self.0.range_mut((at.utc, source, 0)..=(at.utc, source, u16::MAX));
        let mut next = 0;
        for (place, reading) in own {
            if reading.side(side).is_none() {
                *reading.side(side) = Some(digits.into());
                reading.updated = reading.updated.max(updated);
                return *place;
            }
            next = place.2.saturating_add(1);
        }
        let mut reading = Reading { at, systolic: None, diastolic: None, updated, is_typed: false };
        *reading.side(side) = Some(digits.into());
        self.0.insert((at.utc, source, next), reading);
        (at.utc, source, next)
    }

    /// Notes that the person typed it.
    pub fn typed(&mut self, place: Place) {
        if let Some(reading) = self.0.get_mut(&place) {
            reading.is_typed = true;
        }
    }

    /// Adds those of the next piece, value by value; `source` is the number that a source of it has here.
    pub fn absorb(&mut self, next: Readings, source: impl Fn(u16) -> u16) {
        for ((_, number, _), reading) in next.0 {
            let sides = [(Side::Systolic, reading.systolic), (Side::Diastolic, reading.diastolic)];
            for (side, digits) in sides {
                let Some(digits) = digits else { continue };
                let place = self.add(reading.at, source(number), side, &digits, reading.updated);
                if reading.is_typed {
                    self.typed(place);
                }
            }
        }
    }

    /// All readings, in order of time.
    pub fn into_all(self) -> impl Iterator<Item = (Place, Reading)> {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_values_of_a_moment_are_one_reading_in_any_order() {
        let at = Moment { utc: 60, offset: 0 };
        let mut readings = Readings::default();
        readings.add(at, 0, Side::Systolic, "128", 1);
        readings.add(at, 1, Side::Systolic, "130", 1);
        readings.add(at, 1, Side::Diastolic, "85", 1);
        readings.add(at, 0, Side::Diastolic, "82", 3);
        readings.add(at, 0, Side::Diastolic, "81", 2);
        let all: Vec<_> = readings.into_all().collect();
        let told = all.iter().map(|(_, reading)| (reading.systolic.as_deref(), reading.diastolic.as_deref()));
        let expected = [(Some("128"), Some("82")), (None, Some("81")), (Some("130"), Some("85"))];
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!(all[0].1.updated, 3);
    }
}
