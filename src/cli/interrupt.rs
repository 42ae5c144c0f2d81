//! Ctrl-C: the first asks the work to end where it stands, the second ends the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that the first Ctrl-C sets.
pub fn flag() -> Arc<AtomicBool> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&is_stopped);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // Without it Ctrl-C ends the process at once, which loses nothing either.
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if own.swap(true, Ordering::SeqCst) {
                    std::process::exit(130);
                }
                eprintln!("\nStopping; press Ctrl-C once more to end at once.");
            }
        });
    });
    is_stopped
}
