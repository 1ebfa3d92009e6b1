//! The language of texts for the client, from `Accept-Language` (RFC 9110, section 12.5.4).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

/// The languages that every text exists in. Chinese is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// Simplified Chinese
    #[default]
    ZhCn,
    /// English
    En,
}

/// Language ranges that are read from one header; the rest of a longer header is ignored.
const RANGES_MAX: usize = 16;

impl Locale {
    /// The language tag (RFC 5646), for example for `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language that the header prefers, by quality and then by order; a range with `q=0` is never chosen. Only the primary
    /// subtag counts: `zh-Hant` is answered in simplified Chinese.
    ///
    /// Parsed here because no library fits: `fluent-langneg` ignores the quality, and `accept-language` sorts by it in an order
    /// that is not total for `q=NaN`, so that a header could cause a panic.
    pub fn of(headers: &HeaderMap) -> Self {
        let Some(header) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
            return Self::default();
        };
        let ranges = header.split(',').take(RANGES_MAX).map(range_and_quality);
        let mut best = (0.0_f32, Self::default());
        for (locale, quality) in ranges.filter_map(|(range, quality)| Some((Self::of_range(range)?, quality))) {
            if quality > best.0 {
                best = (quality, locale);
            }
        }
        best.1
    }

    fn of_range(range: &str) -> Option<Self> {
        match range.split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// `en;q=0.3` is `en` and 0.3; without a quality it is 1.
fn range_and_quality(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (range, quality.unwrap_or(1.0))
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

    fn locale_of(header: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, header.parse().unwrap());
        Locale::of(&headers)
    }

    /// Covers: XX-09
    #[test]
    fn the_language_follows_quality_and_defaults_to_chinese() {
        assert_eq!(Locale::of(&HeaderMap::new()), Locale::ZhCn);
        for (header, locale) in [
            ("en-GB,en;q=0.9", Locale::En),
            ("EN-us", Locale::En),
            ("en;q=0.3, zh-Hans;q=0.8", Locale::ZhCn),
            ("en, zh", Locale::En),
            ("fr, de", Locale::ZhCn),
            ("fr, en;q=0.5", Locale::En),
            ("zh;q=0, en;q=0.1", Locale::En),
            ("en;q=0", Locale::ZhCn),
            ("en; q=0.9, zh; q=0.95", Locale::ZhCn),
            ("en;q=NaN, zh;q=0.1", Locale::ZhCn),
            ("", Locale::ZhCn),
            (";;q=,", Locale::ZhCn),
        ] {
            assert_eq!(locale_of(header), locale, "{header:?}");
        }
    }
}
