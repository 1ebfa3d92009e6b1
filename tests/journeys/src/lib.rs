//! A town for journeys: one deployed stack on this machine, and the people who use it over HTTP.
//!
//! Requests go to the page's front, as a browser's do; uploads go straight to the bucket with the form the API gave. The rest
//! (putting events, reading queues, moving the clock) is what a test may do that nobody else may.
#![allow(clippy::unwrap_used)]

mod backstage;
mod jobs;
mod payments;
mod person;
mod staff;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use cloud::local::TestCloud;

pub use person::{Answer, PASSWORD, Person};

/// A journey fails rather than waits longer. The machine may be busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Town {
    pub cloud: TestCloud,
    pub http: reqwest::Client,
    /// Codes that somebody has read off a phone.
    pub(crate) read: Mutex<BTreeSet<String>>,
}

impl Town {
    /// Builds the functions if need be, starts a private cloud and deploys the template into it.
    pub fn build() -> Self {
        Self { cloud: TestCloud::deploy(), http: reqwest::Client::new(), read: Mutex::default() }
    }

    fn api(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.connection.api.as_deref().unwrap())
    }

    fn output(&self, name: &str) -> &str {
        self.cloud.connection.outputs[name].as_str().unwrap_or_else(|| panic!("no output {name}"))
    }
}
