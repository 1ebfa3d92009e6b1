//! The installation that calls, as it names itself in `X-Device`: a random name it made once and keeps.
//!
//! Anybody can make a new one, so a limit per device only catches the careless; those per address, phone and day catch the rest.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

const HEADER: &str = "x-device";

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
