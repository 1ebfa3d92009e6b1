//! The client's device, for the list of sessions.

use std::convert::Infallible;

use app::accounts::Device;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use http_api::ClientAddress;

/// The client's user agent and network address.
#[derive(Debug)]
pub struct ClientInfo {
    agent: String,
    address: String,
}

impl ClientInfo {
    /// The device under the name that the client gives, else under its user agent.
    pub fn device(self, given: Option<String>) -> Device {
        let name = given.filter(|name| !name.trim().is_empty()).unwrap_or(self.agent);
        Device { name, address: self.address }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = agent.to_owned();
        let address = ClientAddress::from_request_parts(parts, state).await?.rate_limit_key();
        Ok(Self { agent, address })
    }
}
