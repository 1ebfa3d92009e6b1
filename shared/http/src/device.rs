//! The installation that calls, from `X-Device`: a random name that the app makes once and keeps.
//!
//! A client can send a new name at any time, so a rate limit per device is the weakest one; the limits per address, phone and
//! day do not depend on it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

const HEADER: &str = "x-device";

/// The device's name: 16 to 64 letters, digits, `-` or `_`; `None` without one or with another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDevice(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for ClientDevice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let given = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
        let fits = |name: &&str| {
            (16..=64).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        Ok(Self(given.filter(fits).map(str::to_owned)))
    }
}
