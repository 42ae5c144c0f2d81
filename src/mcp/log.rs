//! What may be logged: our own lines, which never hold health data, and nothing of the protocol library.
//!
//! At `DEBUG` rmcp prints arguments and whole results, at `WARN` the text of errors. So it is off, whatever
//! is asked for.

use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

/// A log of our own lines up to this level. No setting lets in those of other crates: what they print of a
/// call cannot be known.
pub fn subscriber<W>(level: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
    registry().with(lines.with_filter(FilterFn::new(is_ours)).with_filter(level))
}

/// The same as lines of JSON, for a server whose logs are collected.
pub fn lines<W>(level: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true);
    let lines = lines.with_current_span(false).with_span_list(false).with_writer(writer);
    registry().with(lines.with_filter(FilterFn::new(is_ours)).with_filter(level))
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    target == "plainchart" || target.starts_with("plainchart::")
}

/// From now on a panic is logged by its place in the code alone: its message may hold words of the record.
pub fn without_panic_messages() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "something panicked");
    }));
}
