//! The page's cookies: no script can read them, no other site can make a browser send them.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http_api::Problem;

/// The name of one of our cookies. The prefix `__Host-` binds it to this host and to HTTPS (RFC 6265bis, section 4.1.3.2).
#[derive(Debug)]
pub struct CookieName(&'static str);

/// The refresh token.
pub const REFRESH: CookieName = CookieName("__Host-refresh");
/// The secret of a page that waits for a QR code to be scanned.
pub const QR: CookieName = CookieName("__Host-qr");

impl CookieName {
    /// The cookie's value in the request's `Cookie` headers.
    pub fn read(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        cookies.find(|cookie| cookie.name() == self.0).map(|cookie| cookie.value().to_owned())
    }

    /// `Set-Cookie` with `value` for `seconds`.
    pub fn set(&self, value: &str, seconds: i64) -> Result<HeaderValue, Problem> {
        let cookie = Cookie::build((self.0, value))
            .path("/")
            .max_age(Duration::seconds(seconds.max(0)))
            .http_only(true)
            .secure(true)
            .same_site(SameSite::Strict);
        HeaderValue::from_str(&cookie.to_string()).map_err(Problem::internal)
    }

    /// `Set-Cookie` that removes the cookie.
    pub fn remove(&self) -> Result<HeaderValue, Problem> {
        self.set("", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_set_for_this_host_only_and_out_of_reach_of_scripts() {
        let header = REFRESH.set("secret", 600).unwrap();
        let parsed = Cookie::parse(header.to_str().unwrap()).unwrap();
        assert_eq!((parsed.name(), parsed.value(), parsed.path()), ("__Host-refresh", "secret", Some("/")));
        assert_eq!((parsed.http_only(), parsed.secure(), parsed.domain()), (Some(true), Some(true), None));
        assert_eq!((parsed.same_site(), parsed.max_age()), (Some(SameSite::Strict), Some(Duration::seconds(600))));
        let removed = REFRESH.remove().unwrap();
        assert_eq!(Cookie::parse(removed.to_str().unwrap()).unwrap().max_age(), Some(Duration::ZERO));
    }

    #[test]
    fn a_cookie_is_found_among_others_in_several_headers() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; broken; refresh=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2;  __Host-refresh=yes"));
        assert_eq!(REFRESH.read(&headers).as_deref(), Some("yes"));
        assert_eq!(QR.read(&headers), None);
    }
}
