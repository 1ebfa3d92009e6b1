//! What every function says over HTTP, said once.
//!
//! [`problem`] answers, [`actor`] asks who, [`json`] reads bodies, [`idempotency`], [`cursor`], [`etag`], [`locale`],
//! [`address`] and [`device`] read and write headers; [`kit`] puts the layers around a router and [`kit::serve`] runs it as a function.
//! No table and no provider is known here.

pub mod actor;
pub mod address;
pub mod catalogue;
pub mod cursor;
pub mod device;
pub mod etag;
mod failure;
pub mod idempotency;
pub mod json;
pub mod kit;
pub mod locale;
pub mod problem;
pub mod query;
pub mod refusals;
pub mod same_origin;
pub mod telemetry;
pub mod token;

pub use actor::{Actor, LiveActor, RestrictedActor, Staff};
pub use address::ClientAddress;
pub use cursor::Cursors;
pub use device::ClientDevice;
pub use etag::Etag;
pub use idempotency::IdempotencyKey;
pub use json::Json;
pub use kit::{Kit, serve};
pub use locale::Locale;
pub use problem::{Problem, ProblemBody};
pub use query::Query;
pub use token::{Realm, Signer, Verifier};
