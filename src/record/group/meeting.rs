//! Which entries can meet at all: of a record of thousands, few have another one to meet.

use super::super::{Entry, Kind, Standing};
use super::{Dates, Key};

/// The keys under which entries may meet. Most keys stand once, or on days far apart, and join nothing: they
/// are left out before anything is sorted. A few of them may stay, where two fall on one counter.
pub fn meeting(entries: &[Entry], indices: &[u32]) -> Vec<(Key, u32)> {
    let mut keyed: Vec<(Key, u32, [u64; 2])> = Vec::with_capacity(indices.len());
    for (place, &index) in indices.iter().enumerate() {
        let entry = &entries[index as usize];
        let keys = entry.keys.iter().filter(|key| key.dates != Dates::SameContent || !is_apart(entry));
        keyed.extend(keys.map(|key| (*key, place as u32, meets_at(key, entry))));
    }
    let mut counters = vec![0_u8; (keyed.len() * 8).next_power_of_two()];
    let last = counters.len() - 1;
    let slot = |at: u64| at as usize & last;
    for (_, _, [one, other]) in &keyed {
        counters[slot(*one)] = counters[slot(*one)].saturating_add(1);
        if slot(*one) != slot(*other) {
            counters[slot(*other)] = counters[slot(*other)].saturating_add(1);
        }
    }
    let meets = |at: &[u64; 2]| at.iter().any(|at| counters[slot(*at)] > 1);
    keyed.into_iter().filter(|(_, _, at)| meets(at)).map(|(key, place, _)| (key, place)).collect()
}

/// True of what is never the same fact as another entry, though its content be the same.
fn is_apart(entry: &Entry) -> bool {
    matches!(entry.kind(), Kind::Demographics | Kind::Note) || entry.standing == Standing::EnteredInError
}

/// Two numbers, of which two entries have one in common if they can be the same fact under this key. To be
/// of the same minute they must be of one day, as written or in UTC.
fn meets_at(key: &Key, entry: &Entry) -> [u64; 2] {
    if key.dates != Dates::SameMinute {
        return [key.bucket; 2];
    }
    let on = |day: i64| key.bucket ^ (day as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let written = entry.date.and_then(|when| when.day_number()).map_or(i64::MIN, i64::from);
    let in_utc = entry.date.and_then(|when| when.minute_utc()).map(|minute| minute.div_euclid(1440));
    [on(written), on(in_utc.unwrap_or(written))]
}

#[cfg(test)]
mod tests {
    use super::super::super::{Detail, EntryId, Kind, When};
    use super::super::joined;
    use super::*;
    use proptest::prelude::*;

    const DATES: [&str; 12] = [
        "",
        "2024",
        "2024-03",
        "2024-03-02",
        "2024-03-03",
        "2024-03-02T10:00Z",
        "2024-03-02T10:00:30Z",
        "2024-03-02T10:00",
        "2024-03-02T23:30-01:00",
        "2024-03-03T00:30Z",
        "2024-03-03T01:30+01:00",
        "2024-03-04T10:00Z",
    ];
    const HOW: [Dates; 5] =
        [Dates::Any, Dates::SameMinute, Dates::SameDay, Dates::WithinOneDay, Dates::AcrossSources];

    fn entry(number: u32, date: &str, keys: Vec<Key>) -> Entry {
        Entry {
            key: "Observation/1".into(),
            date: When::parse(date),
            keys,
            ..Entry::new(EntryId::new(Kind::Lab, number), Detail::Plain)
        }
    }

    proptest! {
        #[test]
        fn what_is_left_out_would_have_joined_nothing(
            made in prop::collection::vec((0..DATES.len(), 0..2_u16, prop::collection::vec((0..3_u64, 0..HOW.len()), 0..3)), 0..9),
        ) {
            let entries: Vec<Entry> = (0..).zip(made).map(|(number, (date, source, keys))| {
                let key = |(bucket, how): (u64, usize)| Key { bucket, dates: HOW[how] };
                Entry { source, ..entry(number, DATES[date], keys.into_iter().map(key).collect()) }
            }).collect();
            let indices: Vec<u32> = (0..entries.len() as u32).collect();
            let all = indices.iter().flat_map(|&place| entries[place as usize].keys.iter().map(move |key| (*key, place)));
            let kept = joined(&entries, &indices, meeting(&entries, &indices));
            prop_assert_eq!(kept, joined(&entries, &indices, all.collect()));
        }
    }
}
