//! Adapters: the only crate that names AWS or a provider's interface.
//!
//! Everything is found through the environment: the tables and buckets by the names the template gives each function, the
//! endpoint by the SDK's own `AWS_ENDPOINT_URL`.

pub mod config;
pub mod data_keys;
#[cfg(feature = "local")]
pub mod local;
pub mod objects;
pub mod outbox_event;
pub mod provider;
pub mod secrets;
pub mod store;
pub mod upload_event;
mod upload_form;

pub use config::{Cloud, Missing, Names};
