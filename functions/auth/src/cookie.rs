//! A page's own secrets: cookies no script can read and no other site can send.

use axum::http::{HeaderMap, HeaderValue, header};
use http_api::Problem;

/// One of our cookies. The prefix binds it to this very host and to HTTPS (RFC 6265bis, 4.1.3.2).
#[derive(Debug)]
pub struct Cookie(&'static str);

/// The refresh token.
pub const REFRESH: Cookie = Cookie("__Host-refresh");
/// The secret of a page that waits for a scan.
pub const QR: Cookie = Cookie("__Host-qr");

impl Cookie {
    pub fn read(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.0).map(|(_, value)| value.to_owned())
    }

    pub fn keep(&self, value: &str, seconds: i64) -> Result<HeaderValue, Problem> {
        self.write(value, seconds.max(0))
    }

    pub fn drop(&self) -> Result<HeaderValue, Problem> {
        self.write("", 0)
    }

    fn write(&self, value: &str, max_age: i64) -> Result<HeaderValue, Problem> {
        let cookie = format!("{}={value}; Path=/; Max-Age={max_age}; HttpOnly; Secure; SameSite=Strict", self.0);
        HeaderValue::from_str(&cookie).map_err(Problem::internal)
    }
}
