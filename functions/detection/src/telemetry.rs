/// JSON lines on standard output, at the level of `RUST_LOG` (default `info`).
pub fn init() {
    let level = tracing_subscriber::EnvFilter::try_from_default_env();
    let level = level.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().json().with_env_filter(level).with_current_span(false).with_target(false);
    // A second call in one process keeps the first subscriber.
    let _ = lines.try_init();
}
