//! The device that calls, as it will stand in the list of sessions.

use std::convert::Infallible;

use app::accounts::Device;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use http_api::ClientAddress;

/// What the browser says it is, and where the call comes from.
#[derive(Debug)]
pub struct Calling {
    agent: String,
    address: String,
}

impl Calling {
    /// By the name a client gives itself, else by what its browser says.
    pub fn device(self, given: Option<String>) -> Device {
        let name = given.filter(|name| !name.trim().is_empty()).unwrap_or(self.agent);
        Device { name, address: self.address }
    }
}

impl<S: Sync> FromRequestParts<S> for Calling {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = agent.to_owned();
        let address = ClientAddress::from_request_parts(parts, state).await?.limit_key();
        Ok(Self { agent, address })
    }
}
