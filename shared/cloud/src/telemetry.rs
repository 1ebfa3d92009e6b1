//! Logging, the same for every function.

use tracing_subscriber::EnvFilter;

/// Writes JSON log lines to standard output from now on, at the level of the variable `RUST_LOG` (default `info`). Only the first
/// call in a process has an effect.
pub fn init() {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber =
        tracing_subscriber::fmt().json().with_env_filter(level).with_current_span(false).with_target(false);
    // Fails if a subscriber is set already: several functions in one process call this, and tests do.
    let _ = subscriber.try_init();
}
