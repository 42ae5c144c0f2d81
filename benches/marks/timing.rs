//! Times of something that is done again and again.

use std::time::Instant;

/// Milliseconds of `times` runs, the shortest first.
pub struct Times(Vec<f64>);

impl Times {
    /// Runs and times. What a run returns is dropped after its time was taken.
    pub fn of<T>(times: usize, mut run: impl FnMut() -> T) -> Times {
        Times::taken((0..times).map(|_| timed(&mut run).1).collect())
    }

    /// Of times that were taken elsewhere.
    pub fn taken(mut times_ms: Vec<f64>) -> Times {
        times_ms.sort_by(f64::total_cmp);
        Times(times_ms)
    }

    /// The best: what the work costs when nothing else runs.
    pub fn best(&self) -> f64 {
        self.0[0]
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// The one that all but a twentieth stay below.
    pub fn p95(&self) -> f64 {
        self.0[(self.0.len() * 95).div_ceil(100) - 1]
    }
}

/// What a run returns, and its milliseconds.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let result = run();
    (result, began.elapsed().as_secs_f64() * 1e3)
}
