//! The `plainchart` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    plainchart::cli::run()
}
