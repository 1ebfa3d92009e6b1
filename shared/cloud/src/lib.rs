//! Adapters of the ports in `app`. This is the only crate that uses AWS or the interface of a provider.
//!
//! Configuration comes from environment variables: the template passes each function the names of its tables, buckets and secrets.
//! The SDK reads the endpoint from its own variable `AWS_ENDPOINT_URL`.

#![warn(missing_docs)]

pub mod adapters;
pub mod config;
pub mod data_keys;
#[cfg(feature = "local")]
pub mod local;
pub mod objects;
pub mod outbox_event;
pub mod provider;
pub mod secrets;
pub mod store;
pub mod telemetry;
pub mod upload_event;
mod upload_form;

pub use adapters::Cloud;
pub use config::{MissingVariable, ResourceNames};
