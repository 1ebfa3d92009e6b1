//! HTTP calls to a provider. Every failure is an unknown outcome, because the request can have been sent.

use std::time::Duration;

use app::payments::provider::ProviderError;

const CONNECT_MAX: Duration = Duration::from_secs(3);
/// For the whole call. A handler that waits for a provider must still respond within its own time limit.
const CALL_MAX: Duration = Duration::from_secs(8);
/// Limit for responses that contain no file.
const RESPONSE_BYTES_MAX: usize = 256 * 1024;

/// A client with the time limits above that follows no redirects.
#[derive(Debug, Clone)]
pub struct Http(reqwest::Client);

/// A response that was received completely.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Http {
    pub fn new() -> Self {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_MAX)
            .timeout(CALL_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("id-photo-centre/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(client.expect("the client settings are valid"))
    }

    pub fn get(&self, url: &str) -> reqwest::RequestBuilder {
        self.0.get(url)
    }

    pub fn post(&self, url: &str) -> reqwest::RequestBuilder {
        self.0.post(url)
    }
}

/// Sends a request whose response contains no file.
pub async fn send(request: reqwest::RequestBuilder) -> Result<Response, ProviderError> {
    send_up_to(request, RESPONSE_BYTES_MAX).await
}

/// Sends a request and reads a response of at most `bytes_max` bytes.
pub async fn send_up_to(request: reqwest::RequestBuilder, bytes_max: usize) -> Result<Response, ProviderError> {
    let unknown = |error: reqwest::Error| ProviderError::Unknown(error.without_url().to_string());
    let mut response = request.send().await.map_err(unknown)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unknown)? {
        body.extend_from_slice(&chunk);
        if body.len() > bytes_max {
            return Err(ProviderError::Unknown("the response is too long".into()));
        }
    }
    Ok(Response { status, headers, body })
}
