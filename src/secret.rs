//! Values that cannot be printed and are zeroed when they are dropped.

use std::fmt;

use zeroize::Zeroize;

/// A key, token or passphrase.
///
/// It has no `Display` and no `Serialize`, and its `Debug` says only that it is there, so that it cannot
/// reach a log, an error message or an answer by accident: whoever wants the value must write `expose`.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes the value in.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Every call is a place to look at in a review.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, to be filled in place, so that no copy is left behind on the way in.
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::new(String::from("hunter2"));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn a_dropped_secret_is_zeroed() {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};

        struct Probe(Arc<AtomicBool>);
        impl Zeroize for Probe {
            fn zeroize(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let zeroed = Arc::new(AtomicBool::new(false));
        drop(Secret::new(Probe(Arc::clone(&zeroed))));
        assert!(zeroed.load(Ordering::SeqCst));
    }
}
