//! End-to-end tests over HTTP against a whole deployed stack: the page's front server, functions, tables, buckets, queues, and the
//! sandbox of the external providers.
//!
//! [`TestStack::shared`] and [`TestStack::exclusive`] give a test its access to the stack. All tests of one run use one stack, which
//! the first of them deploys (see [`stack`](crate::TestStack)). API requests go to the page's front server like a browser's, and
//! uploads go to the bucket with the form that the API returned. Everything else in this crate is for tests only: it reads tables and
//! queues, moves the clock and injects faults.
#![allow(clippy::unwrap_used)]
#![warn(missing_docs)]

mod admin_tools;
mod client;
mod jobs;
mod payments;
mod stack;
mod staff;
mod tables;

use std::time::{Duration, Instant};

pub use client::{Client, PASSWORD, Response};
pub use stack::TestStack;

/// Longest time that a test waits for an asynchronous effect. The machine can be busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(60);

const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Polls until `attempt` returns a value.
///
/// # Panics
///
/// If there is no value within [`PATIENCE`]; `what` says what was expected.
pub async fn wait_for<T>(what: &str, attempt: impl AsyncFnMut() -> Option<T>) -> T {
    wait_at_most(PATIENCE, what, attempt).await
}

/// As [`wait_for`] with another limit.
///
/// # Panics
///
/// If there is no value within `limit`.
pub async fn wait_at_most<T>(limit: Duration, what: &str, mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = attempt().await {
            return value;
        }
        assert!(started.elapsed() < limit, "not within {limit:?}: {what}");
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
