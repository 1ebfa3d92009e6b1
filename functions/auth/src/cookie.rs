//! The refresh token of a page: a cookie no script can read and no other site can send.

use axum::http::{HeaderMap, HeaderValue, header};
use http_kit::Problem;

/// The prefix binds the cookie to this very host and to HTTPS (RFC 6265bis, 4.1.3.2).
const NAME: &str = "__Host-refresh";

pub fn read(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value.to_owned())
}

pub fn keep(token: &str, seconds: i64) -> Result<HeaderValue, Problem> {
    write(token, seconds.max(0))
}

pub fn drop() -> Result<HeaderValue, Problem> {
    write("", 0)
}

fn write(value: &str, max_age: i64) -> Result<HeaderValue, Problem> {
    let cookie = format!("{NAME}={value}; Path=/; Max-Age={max_age}; HttpOnly; Secure; SameSite=Strict");
    HeaderValue::from_str(&cookie).map_err(Problem::internal)
}
