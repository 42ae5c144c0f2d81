//! The figures as they are printed, and whether the run has failed.

use std::process::ExitCode;

/// Takes figures, prints each at once, and remembers which missed its limit.
#[derive(Default)]
pub struct Board {
    failed: Vec<String>,
    slow: Vec<String>,
}

impl Board {
    /// A count or a ratio: the same on every machine, so a miss fails the run.
    pub fn holds(&mut self, what: &str, measured: f64, limit: f64, unit: &str) {
        let is_met = measured <= limit;
        print(what, measured, Some(limit), unit, if is_met { "ok" } else { "FAILED" });
        if !is_met {
            self.failed.push(what.to_owned());
        }
    }

    /// A time or a size on this machine: a miss is marked.
    pub fn expects(&mut self, what: &str, measured: f64, limit: f64, unit: &str) {
        let is_met = measured <= limit;
        print(what, measured, Some(limit), unit, if is_met { "ok" } else { "ABOVE" });
        if !is_met {
            self.slow.push(what.to_owned());
        }
    }

    /// A figure without a limit.
    pub fn notes(&mut self, what: &str, measured: f64, unit: &str) {
        print(what, measured, None, unit, "");
    }

    /// The last lines, and how the process ends.
    pub fn end(self) -> ExitCode {
        println!();
        if !self.slow.is_empty() {
            println!("above its limit on this machine: {}", self.slow.join("; "));
        }
        if self.failed.is_empty() {
            println!("every count and every ratio holds");
            return ExitCode::SUCCESS;
        }
        println!("FAILED: {}", self.failed.join("; "));
        ExitCode::FAILURE
    }
}

fn print(what: &str, measured: f64, limit: Option<f64>, unit: &str, mark: &str) {
    let limit = limit.map_or_else(String::new, |limit| format!("≤ {}", number(limit)));
    println!("  {what:66} {:>9} {unit:6} {limit:9} {mark}", number(measured));
}

/// Whole numbers whole, small ones with the digits that matter.
fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
