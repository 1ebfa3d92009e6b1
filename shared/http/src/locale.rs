//! The language a client reads, from `Accept-Language`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// The two languages every text exists in; Chinese when the client names neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    #[default]
    ZhCn,
    En,
}

impl Locale {
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The best match of the header; a language with `q=0` is refused by the client and never chosen.
    pub fn of(headers: &HeaderMap) -> Self {
        let Some(wanted) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
            return Self::default();
        };
        let mut best = (0.0_f32, Self::default());
        for range in wanted.split(',').take(RANGES_MAX) {
            let (tag, quality) = parse_range(range);
            let known = match tag.split('-').next().map(str::to_ascii_lowercase).as_deref() {
                Some("zh") => Self::ZhCn,
                Some("en") => Self::En,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, known);
            }
        }
        best.1
    }
}

/// Language ranges read from one header; the rest of a longer header is ignored.
const RANGES_MAX: usize = 16;

fn parse_range(range: &str) -> (&str, f32) {
    let mut parts = range.split(';');
    let tag = parts.next().unwrap_or_default().trim();
    let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
    (tag, quality)
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
        Locale::of(&headers)
    }

    /// Covers: XX-09
    #[test]
    fn language_follows_quality_and_falls_back_to_chinese() {
        assert_eq!(Locale::of(&HeaderMap::new()), Locale::ZhCn);
        assert_eq!(of("en-GB,en;q=0.9"), Locale::En);
        assert_eq!(of("en;q=0.3, zh-Hans;q=0.8"), Locale::ZhCn);
        assert_eq!(of("fr, de"), Locale::ZhCn);
        assert_eq!(of("zh;q=0, en;q=0.1"), Locale::En);
        assert_eq!(of("en;q=0"), Locale::ZhCn);
    }
}
