//! What has been worked out of a view, kept as long as the view stands: a view never changes, so neither does
//! what follows from it alone. The next answer of the same day begins where this one ended.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use jiff::civil::Date;

/// One value of each type, with the day for which it holds.
#[derive(Default)]
pub(super) struct Derived(Mutex<HashMap<TypeId, (Date, Kept)>>);

type Kept = Arc<dyn Any + Send + Sync>;

impl Derived {
    /// The value of this type for a day; made where it is missing or of another day.
    pub fn of<T: Any + Send + Sync, E>(
        &self,
        day: Date,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if let Some(kept) = self.kept(day) {
            return Ok(kept);
        }
        // Made outside the lock: two that ask at once make it twice, and it is the same.
        let made = Arc::new(make()?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(TypeId::of::<T>(), (day, Arc::<T>::clone(&made)));
        Ok(made)
    }

    fn kept<T: Any + Send + Sync>(&self, day: Date) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, value) = all.get(&TypeId::of::<T>())?;
        (*of == day).then(|| Arc::clone(value).downcast().ok()).flatten()
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Derived")
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_value_is_made_once_a_day_and_an_error_is_not_kept() {
        let derived = Derived::default();
        let made = |day, number: i32| *derived.of(day, || Ok::<_, Infallible>(number)).unwrap();
        assert_eq!(derived.of::<i32, _>(date(2026, 3, 1), || Err("no time")).unwrap_err(), "no time");
        assert_eq!(made(date(2026, 3, 1), 1), 1);
        assert_eq!(made(date(2026, 3, 1), 2), 1);
        assert_eq!(made(date(2026, 3, 2), 3), 3);
        let other = derived.of(date(2026, 3, 2), || Ok::<_, Infallible>("another type")).unwrap();
        assert_eq!((*other, made(date(2026, 3, 2), 4)), ("another type", 3));
    }
}
