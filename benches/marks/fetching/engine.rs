//! The fetch alone, with a checkpoint that only counts.

use std::sync::Mutex;

use plainchart::clock::Randomness;
use plainchart::http::{Client, Reach};
use plainchart::secret::Secret;
use plainchart::sources::smart::fetch::{Begun, Checkpoint, Job, Kept, Limits, Progress, Stop, fetch};
use plainchart::sources::smart::{plan, vendors};
use url::Url;

use super::{PAGES, PER_PAGE};

/// Fetches everything.
pub fn fetch_all(base: &Url) {
    let client = Client::new(Reach::of(base, &[])).unwrap();
    let random = Randomness::seeded(417);
    let vendor = &vendors::vendors()[0];
    let job = Job {
        client: &client,
        base,
        patient: "bulk-person",
        vendor,
        queries: plan::queries(vendor),
        supported: None,
        limits: Limits::default(),
        random: &random,
    };
    let counted = Counted(Mutex::new(0));
    fetch(&job, &counted).unwrap();
    assert_eq!(*counted.0.lock().unwrap() as usize, PAGES * PER_PAGE + 1);
}

struct Counted(Mutex<u32>);

impl Checkpoint for Counted {
    fn begun(&self) -> Begun {
        Begun::default()
    }

    fn keep(&self, batch: Vec<Kept>) -> Result<(), Stop> {
        for kept in batch {
            if let Kept::Page(page) = kept {
                *self.0.lock().unwrap() += page.mark.read;
            }
        }
        Ok(())
    }

    fn token(&self, _: Option<&Secret<String>>) -> Result<Secret<String>, Stop> {
        Ok(Secret::new("a".into()))
    }

    fn progress(&self, _: Progress) {}

    fn is_stopped(&self) -> bool {
        false
    }
}
