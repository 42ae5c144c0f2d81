//! What an export came to, one roll-up after another, in an order that is the same each time.

use super::export::Days;
use super::kinds::Kind;
use super::pressure::{self, Reading};
use super::sleep::Night;
use super::workout::Workout;
use super::{means, sums, times};

/// What becomes a resource, or a few.
pub enum RollUp<'k> {
    /// What was counted on a day.
    Sum(OfDay<'k>, sums::Day),
    /// What was measured on a day, together or singly.
    Mean(OfDay<'k>, means::Day),
    /// What happened on a day.
    Times(OfDay<'k>, times::Day),
    /// The night that ends on a day.
    Night(OfDay<'k>, Night),
    /// A blood pressure.
    Pressure(pressure::Place, Reading),
    /// A workout.
    Workout(Workout),
}

/// What a roll-up of a day is of.
pub struct OfDay<'k> {
    /// The type.
    pub kind: &'k Kind,
    /// The day by its number.
    pub day: i32,
    /// The unit by its number.
    pub unit: u8,
    /// The day has the same in another unit, as where the person changed them at noon.
    pub is_second: bool,
}

/// The roll-ups of a type, by day.
pub fn of_kind(kind: &Kind, days: Days) -> Vec<RollUp<'_>> {
    match days {
        Days::Sums(units) => {
            let of_unit = |(unit, days): (u8, sums::Days)| {
                days.into_iter().map(move |(day, found)| ((day, unit), found))
            };
            in_order(kind, units.into_iter().flat_map(of_unit), RollUp::Sum)
        }
        Days::Means(days) => in_order(kind, days, RollUp::Mean),
        Days::Times(days) => in_order(kind, without_unit(days), RollUp::Times),
        Days::Nights(nights) => in_order(kind, without_unit(nights), RollUp::Night),
        Days::Pressure(_) => Vec::new(),
    }
}

fn without_unit<D>(days: impl IntoIterator<Item = (i32, D)>) -> impl Iterator<Item = ((i32, u8), D)> {
    days.into_iter().map(|(day, found)| ((day, 0), found))
}

fn in_order<'k, D>(
    kind: &'k Kind,
    days: impl IntoIterator<Item = ((i32, u8), D)>,
    roll_up: fn(OfDay<'k>, D) -> RollUp<'k>,
) -> Vec<RollUp<'k>> {
    let mut days: Vec<((i32, u8), D)> = days.into_iter().collect();
    days.sort_unstable_by_key(|(place, _)| *place);
    let mut before = None;
    let told = days.into_iter().map(|((day, unit), found)| {
        let is_second = before.replace(day) == Some(day);
        roll_up(OfDay { kind, day, unit, is_second }, found)
    });
    told.collect()
}
