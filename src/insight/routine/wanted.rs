//! What a routine was asked to dwell on: a topic, or words of the person.

use crate::insight::matching::Words;
use crate::insight::{Refusal, plain};
use crate::knowledge::guidance::Topic;

/// The topics by the words that people use for them.
const TOPICS: [(&[&str], Focus); 12] = [
    (&["medicines", "medicine", "medications", "medication", "meds", "pills"], Focus::Medicines),
    (&["measuring", "measurements", "measure"], Focus::Topic(Topic::Measuring)),
    (&["food", "eating", "diet", "drinking", "meals", "nutrition"], Focus::Topic(Topic::Food)),
    (&["activity", "exercise", "moving", "movement", "walking"], Focus::Topic(Topic::Activity)),
    (&["sleep", "sleeping"], Focus::Topic(Topic::Sleep)),
    (&["smoking", "alcohol", "tobacco", "smoking-alcohol"], Focus::Topic(Topic::SmokingAlcohol)),
    (&["skin"], Focus::Topic(Topic::Skin)),
    (&["feet", "foot"], Focus::Topic(Topic::Feet)),
    (&["safety"], Focus::Topic(Topic::Safety)),
    (&["sun"], Focus::Topic(Topic::Sun)),
    (&["goals", "goal", "plan"], Focus::Goals),
    (&["due"], Focus::Due),
];

/// Characters of a focus that are read.
const FOCUS_CHARS_MAX: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Medicines,
    Topic(Topic),
    Goals,
    Due,
}

/// What is wanted: all, one topic, or what words name.
pub(super) enum Wanted {
    /// The whole day.
    All,
    /// One topic.
    Only(OneTopic),
    /// What bears these words.
    Named {
        /// As asked, cleaned.
        asked: String,
        /// Understood, with lay and medical names.
        words: Words,
    },
}

/// A topic, by its own word.
pub(super) struct OneTopic(Focus);

/// The first word of each topic.
pub(super) fn topics() -> String {
    let words: Vec<&str> = TOPICS.iter().filter_map(|(words, _)| words.first().copied()).collect();
    words.join(", ")
}

impl Wanted {
    /// Understands a focus.
    pub fn of(focus: Option<&str>) -> Result<Wanted, Refusal> {
        let Some(focus) = focus.map(str::trim).filter(|focus| !focus.is_empty()) else {
            return Ok(Wanted::All);
        };
        if focus.chars().count() > FOCUS_CHARS_MAX {
            return Err(Refusal::BadArgument(format!("focus must be at most {FOCUS_CHARS_MAX} characters")));
        }
        let word = focus.to_lowercase();
        let topic = TOPICS.iter().find(|(words, _)| words.contains(&word.as_str()));
        Ok(match topic {
            Some((_, focus)) => Wanted::Only(OneTopic(*focus)),
            None => Wanted::Named { asked: plain(focus), words: Words::of(focus) },
        })
    }

    /// True where nothing narrows the answer.
    pub fn is_all(&self) -> bool {
        matches!(self, Wanted::All)
    }

    /// True where something of these words is wanted.
    fn names<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Only(_) => false,
            Wanted::Named { words, .. } => words.are_in(texts),
        }
    }

    fn is_focus(&self, focus: Focus) -> bool {
        matches!(self, Wanted::Only(OneTopic(only)) if *only == focus)
    }

    /// Whether a medicine with these words belongs to it.
    pub fn takes_medicine<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_focus(Focus::Medicines) || self.names(texts)
    }

    /// Whether a line of guidance belongs to it.
    pub fn takes_guidance<'a>(&self, topic: Topic, texts: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_focus(Focus::Topic(topic)) || self.names(texts)
    }

    /// Whether a goal or a plan belongs to it: the person's own goals go before any topic of guidance.
    pub fn takes_goal<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        match self {
            Wanted::Only(OneTopic(only)) => !matches!(only, Focus::Medicines | Focus::Due),
            _ => self.names(texts),
        }
    }

    /// Whether all that eating has to do with medicines belongs to it.
    pub fn takes_foods(&self) -> bool {
        self.is_focus(Focus::Topic(Topic::Food))
    }

    /// Whether a conflict between these conditions belongs to it.
    pub fn takes_conflict<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        match self {
            Wanted::Only(OneTopic(only)) => matches!(only, Focus::Topic(_) | Focus::Medicines),
            _ => self.names(texts),
        }
    }

    /// Whether measured sleep, or measured movement, belongs to it.
    pub fn takes_trend(&self, topic: Topic) -> bool {
        self.is_all() || self.is_focus(Focus::Topic(topic))
    }

    /// Whether what falls due belongs to it.
    pub fn takes_due<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_focus(Focus::Due) || self.names(texts)
    }

    /// Whether supplies that end belong to it.
    pub fn takes_supply(&self) -> bool {
        self.is_all() || self.is_focus(Focus::Due) || self.is_focus(Focus::Medicines)
    }
}
