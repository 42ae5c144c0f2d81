//! Published day-to-day guidance by recorded condition, for adults outside hospice
//! unless the table's head says otherwise.

use std::sync::LazyLock;

use super::table::{list, rows};

pub(super) const GUIDANCE: &str = include_str!("tables/guidance.tsv");

/// One line of guidance.
#[derive(Debug)]
pub struct Guidance {
    /// Keys of the conditions it is for, the main one first.
    pub conditions: Vec<&'static str>,
    /// What it is about.
    pub topic: Topic,
    /// The line itself.
    pub says: &'static str,
    /// Where it was read.
    pub source: &'static str,
    /// The year of what was read.
    pub year: &'static str,
}

/// What a line of guidance is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Eating and drinking.
    Food,
    /// Moving.
    Activity,
    /// Measuring at home.
    Measuring,
    /// Sleep.
    Sleep,
    /// Smoking and alcohol.
    SmokingAlcohol,
    /// Skin.
    Skin,
    /// Feet.
    Feet,
    /// Safety.
    Safety,
    /// Sun.
    Sun,
}

impl Topic {
    /// The topic with that name, as in `smoking-alcohol`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "food" => Self::Food,
            "activity" => Self::Activity,
            "measuring" => Self::Measuring,
            "sleep" => Self::Sleep,
            "smoking-alcohol" => Self::SmokingAlcohol,
            "skin" => Self::Skin,
            "feet" => Self::Feet,
            "safety" => Self::Safety,
            "sun" => Self::Sun,
            _ => return None,
        })
    }
}

static GUIDANCE_LIST: LazyLock<Vec<Guidance>> = LazyLock::new(|| {
    rows(GUIDANCE)
        .filter_map(|[conditions, topic, says, source, year]| {
            let topic = Topic::named(topic)?;
            Some(Guidance { conditions: list(conditions).collect(), topic, says, source, year })
        })
        .collect()
});

/// The lines for any of the recorded conditions, each once, in the order of the table.
pub fn guidance(recorded: &[&str]) -> Vec<&'static Guidance> {
    GUIDANCE_LIST.iter().filter(|row| row.conditions.iter().any(|key| recorded.contains(key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::conditions::condition;

    #[test]
    fn rows_are_whole_and_refer_to_what_is_there() {
        assert_eq!(GUIDANCE_LIST.len(), rows::<5>(GUIDANCE).count(), "a topic is not known");
        for row in GUIDANCE_LIST.iter() {
            assert!(!row.conditions.is_empty() && !row.source.is_empty(), "{}", row.says);
            assert!(row.conditions.iter().all(|key| condition(key).is_some()), "{}", row.says);
            assert!(row.year.len() == 4 && row.year.parse::<u16>().is_ok(), "{}", row.says);
        }
    }

    #[test]
    fn lines_follow_the_recorded_conditions() {
        let lines = guidance(&["high-blood-pressure"]);
        assert!(lines.iter().any(|row| row.topic == Topic::Measuring && row.says.contains("cuff")));
        assert!(lines.iter().any(|row| row.topic == Topic::Food && row.says.contains("salt")));
        assert!(guidance(&[]).is_empty());
    }
}
