//! The stages of a night, from the one source that knows them best.
//!
//! A night belongs to the day on which it ends: what begins after six in the evening counts to the next day.
//! A watch, a phone and a mat under the sheet tell of one night each in their own way, and adding them up
//! would make it longer than it was. So one of them counts: that of the first rank which saw sleep, else the
//! first that saw the person in bed. What it tells twice counts once.

use super::moment::DAY_S;

/// Six hours before midnight the next night begins.
const EVENING_S: i64 = 6 * 3600;

/// What a stretch of a night was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In bed, asleep or not.
    InBed,
    /// Asleep, no more is known.
    Asleep,
    /// Light sleep; Apple calls it core.
    Core,
    /// Deep sleep.
    Deep,
    /// Dreaming.
    Rem,
    /// Awake between.
    Awake,
}

impl Stage {
    /// The stage that Apple names so.
    pub fn parse(value: &str) -> Option<Stage> {
        Some(match value.strip_prefix("HKCategoryValueSleepAnalysis")? {
            "InBed" => Stage::InBed,
            "Asleep" | "AsleepUnspecified" => Stage::Asleep,
            "AsleepCore" => Stage::Core,
            "AsleepDeep" => Stage::Deep,
            "AsleepREM" => Stage::Rem,
            "Awake" => Stage::Awake,
            _ => return None,
        })
    }

    fn is_asleep(self) -> bool {
        matches!(self, Stage::Asleep | Stage::Core | Stage::Deep | Stage::Rem)
    }
}

#[derive(Clone, Copy, Debug)]
struct Stretch {
    source: u16,
    stage: Stage,
    start: i64,
    end: i64,
}

/// One night.
#[derive(Debug, Default)]
pub struct Night {
    stretches: Vec<Stretch>,
    /// When the newest of them was written down.
    pub updated: i64,
}

/// How long each stage of a night was, in seconds.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// Asleep, all stages together; `None` where only the time in bed is known.
    pub asleep: Option<i64>,
    /// The stages that were told.
    pub stages: Vec<(Stage, i64)>,
    /// Who told it.
    pub source: u16,
}

/// The night to which a stretch belongs that begins then, by the clock of the place.
pub fn night_of(start: i64) -> i32 {
    (start + EVENING_S).div_euclid(DAY_S) as i32
}

impl Night {
    /// Adds a stretch; false for one that ends before it begins or lasts longer than a day.
    pub fn add(&mut self, source: u16, stage: Stage, (start, end): (i64, i64), updated: i64) -> bool {
        if !(0..=DAY_S).contains(&(end - start)) {
            return false;
        }
        self.stretches.push(Stretch { source, stage, start, end });
        self.updated = self.updated.max(updated);
        true
    }

    /// Adds what the same night has in the next piece; `source` is the number that a source of it has here.
    pub fn absorb(&mut self, next: Night, source: impl Fn(u16) -> u16) {
        let renumbered = |stretch: Stretch| Stretch { source: source(stretch.source), ..stretch };
        self.stretches.extend(next.stretches.into_iter().map(renumbered));
        self.updated = self.updated.max(next.updated);
    }

    /// What is told of the night; `rank` puts the sources in order.
    pub fn told(&self, rank: impl Fn(u16) -> usize) -> Option<Told> {
        let first = |is_meant: &dyn Fn(Stage) -> bool| {
            let of = self.stretches.iter().filter(|stretch| is_meant(stretch.stage));
            of.map(|stretch| stretch.source).min_by_key(|source| rank(*source))
        };
        let source = first(&Stage::is_asleep).or_else(|| first(&|_| true))?;
        let length = |is_meant: &dyn Fn(Stage) -> bool| {
            let own = self.stretches.iter().filter(|stretch| stretch.source == source);
            let spans =
                own.filter(|stretch| is_meant(stretch.stage)).map(|stretch| (stretch.start, stretch.end));
            union(spans.collect())
        };
        let all = [Stage::InBed, Stage::Core, Stage::Deep, Stage::Rem, Stage::Awake];
        let stages = all.into_iter().map(|stage| (stage, length(&|own| own == stage)));
        let asleep = length(&Stage::is_asleep);
        Some(Told {
            asleep: (asleep > 0).then_some(asleep),
            stages: stages.filter(|(_, seconds)| *seconds > 0).collect(),
            source,
        })
    }
}

/// How long these spans are together; what several cover counts once.
pub fn union(mut spans: Vec<(i64, i64)>) -> i64 {
    spans.sort_unstable();
    let (mut total, mut reached) = (0, i64::MIN);
    for (start, end) in spans {
        total += (end - start.max(reached)).max(0);
        reached = reached.max(end);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    #[test]
    fn a_night_that_two_devices_saw_is_as_long_as_it_was() {
        let mut night = Night::default();
        let evening = 23 * HOUR;
        night.add(1, Stage::InBed, (evening, evening + 8 * HOUR), 0);
        night.add(1, Stage::Asleep, (evening, evening + 7 * HOUR), 0);
        night.add(0, Stage::Core, (evening + HOUR, evening + 5 * HOUR), 0);
        night.add(0, Stage::Core, (evening + 4 * HOUR, evening + 5 * HOUR), 0);
        night.add(0, Stage::Deep, (evening + 5 * HOUR, evening + 6 * HOUR), 0);
        let told = night.told(usize::from).unwrap();
        assert_eq!((told.source, told.asleep), (0, Some(5 * HOUR)));
        assert_eq!(told.stages, [(Stage::Core, 4 * HOUR), (Stage::Deep, HOUR)]);
        let told = night.told(|source| usize::from(1 - source)).unwrap();
        assert_eq!((told.source, told.asleep), (1, Some(7 * HOUR)));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_ends() {
        assert_eq!(night_of(23 * HOUR), 1);
        assert_eq!(night_of(25 * HOUR), 1);
        assert_eq!(night_of(14 * HOUR), 0, "a nap is of its own day");
    }

    #[test]
    fn time_in_bed_alone_is_no_sleep() {
        let mut night = Night::default();
        assert!(night.add(0, Stage::InBed, (0, HOUR), 0));
        assert!(!night.add(0, Stage::InBed, (HOUR, 0), 0));
        assert_eq!(night.told(usize::from).unwrap().asleep, None);
    }
}
