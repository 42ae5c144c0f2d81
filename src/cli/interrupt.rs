//! Ctrl-C: the first asks the work to end where it stands, the second ends the process.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::task::Poll;

/// A flag that the first Ctrl-C sets, from the moment on that this returns.
pub fn flag() -> Arc<AtomicBool> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&is_stopped);
    let (listens, begun) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // Without it Ctrl-C ends the process at once, which loses nothing either.
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async move {
            loop {
                let mut pressed = pin!(tokio::signal::ctrl_c());
                // It listens once it was asked.
                let mut came = poll_fn(|context| Poll::Ready(pressed.as_mut().poll(context))).await;
                let _ = listens.send(());
                if came.is_pending() {
                    came = Poll::Ready(pressed.await);
                }
                if matches!(came, Poll::Ready(Err(_))) {
                    return;
                }
                if own.swap(true, Ordering::SeqCst) {
                    std::process::exit(130);
                }
                eprintln!("\nStopping; press Ctrl-C once more to end at once.");
            }
        });
    });
    // It is an error where nobody can listen.
    let _ = begun.recv();
    is_stopped
}
