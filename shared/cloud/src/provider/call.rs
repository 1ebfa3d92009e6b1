//! One HTTP call to a provider. Whatever goes wrong once it may have been sent is an unknown outcome.

use std::time::Duration;

use app::payments::provider::Trouble;

const CONNECT_MAX: Duration = Duration::from_secs(3);
/// A handler that waits for a provider must still answer in time itself.
const CALL_MAX: Duration = Duration::from_secs(8);
/// No answer of a provider without a file is longer.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

#[derive(Debug, Clone)]
pub struct Http(reqwest::Client);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
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
        Self(client.expect("a client without exotic settings"))
    }

    pub fn get(&self, url: &str) -> reqwest::RequestBuilder {
        self.0.get(url)
    }

    pub fn post(&self, url: &str) -> reqwest::RequestBuilder {
        self.0.post(url)
    }
}

pub async fn send(request: reqwest::RequestBuilder) -> Result<Answer, Trouble> {
    send_up_to(request, ANSWER_BYTES_MAX).await
}

/// For answers that hold a file.
pub async fn send_up_to(request: reqwest::RequestBuilder, bytes_max: usize) -> Result<Answer, Trouble> {
    let unknown = |error: reqwest::Error| Trouble::Unknown(error.without_url().to_string());
    let mut response = request.send().await.map_err(unknown)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unknown)? {
        body.extend_from_slice(&chunk);
        if body.len() > bytes_max {
            return Err(Trouble::Unknown("an answer without end".into()));
        }
    }
    Ok(Answer { status, headers, body })
}
