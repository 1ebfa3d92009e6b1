//! The HTTP layer that every function shares: extractors, problem responses and middleware.
//!
//! - Failures: [`problem`] (RFC 9457) with texts from [`catalogue`]; [`responses`] describes them for the API document.
//! - Who calls: [`actor`] (bearer token and session), [`token`] (signing and checking), [`same_origin`], [`address`], [`device`].
//! - What the caller sends: [`json`], [`query`], [`paging`], [`idempotency`], [`locale`], [`callback`].
//! - Lists and caching: [`cursor`] seals page positions, [`etag`] answers conditional requests.
//! - The frame: [`stack`] puts the middleware around a router, [`request_log`] writes one line per request, [`lambda`] runs the
//!   router as a function.
//!
//! The crate knows the `app` crate's ports (store, clock) but no table, no provider and no route.

#![warn(missing_docs)]

pub mod actor;
pub mod address;
pub mod callback;
pub mod catalogue;
pub mod cursor;
pub mod device;
pub mod etag;
mod failure;
pub mod idempotency;
pub mod json;
pub mod lambda;
pub mod locale;
pub mod paging;
pub mod problem;
pub mod query;
pub mod request_log;
pub mod responses;
pub mod same_origin;
pub mod stack;
pub mod token;

pub use actor::{Actor, LiveActor, RestrictedActor, Staff};
pub use address::ClientAddress;
pub use cursor::Cursors;
pub use device::ClientDevice;
pub use etag::IfNoneMatch;
pub use idempotency::IdempotencyKey;
pub use json::Json;
pub use lambda::serve;
pub use locale::Locale;
pub use paging::Paging;
pub use problem::{Problem, ProblemBody};
pub use query::Query;
pub use request_log::RequestId;
pub use stack::HttpStack;
pub use token::{Realm, Signer, Verifier};
