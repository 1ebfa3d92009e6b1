//! Texts for people, by code and language.
//!
//! One Fluent message per code: its value is the title, its attribute `.detail` says what to do next. Each area has one file per
//! language under `locales/`; a test checks that both languages have the same codes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::Locale;

const ZH_CN: &[&str] = &[
    include_str!("../locales/zh-CN/http.ftl"),
    include_str!("../locales/zh-CN/accounts.ftl"),
    include_str!("../locales/zh-CN/photos.ftl"),
    include_str!("../locales/zh-CN/money.ftl"),
    include_str!("../locales/zh-CN/invoices.ftl"),
];
const EN: &[&str] = &[
    include_str!("../locales/en/http.ftl"),
    include_str!("../locales/en/accounts.ftl"),
    include_str!("../locales/en/photos.ftl"),
    include_str!("../locales/en/money.ftl"),
    include_str!("../locales/en/invoices.ftl"),
];

static CHINESE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::ZhCn, ZH_CN));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En, EN));

/// The arguments of a text by name, for example `seconds`: `60`.
pub type Facts = BTreeMap<&'static str, String>;

/// The title and the detail of `code`, or `None` if the catalogue has no such code.
pub fn texts(locale: Locale, code: &str, facts: &Facts) -> Option<(String, Option<String>)> {
    let bundle = match locale {
        Locale::ZhCn => &*CHINESE,
        Locale::En => &*ENGLISH,
    };
    let message = bundle.get_message(code)?;
    let mut args = FluentArgs::new();
    for (name, value) in facts {
        args.set(*name, FluentValue::try_number(value));
    }
    let format = |pattern| bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
    let title = format(message.value()?);
    Some((title, message.get_attribute("detail").map(|detail| format(detail.value()))))
}

/// The title of `code`; the code itself if the catalogue has no such code.
pub fn title<'a>(locale: Locale, code: &'a str, facts: &Facts) -> Cow<'a, str> {
    texts(locale, code, facts).map_or(Cow::Borrowed(code), |(title, _)| Cow::Owned(title))
}

fn bundle(locale: Locale, sources: &[&str]) -> FluentBundle<FluentResource> {
    let language = locale.tag().parse().expect("Locale::tag is a language tag");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Fluent's isolation characters are for right-to-left text; neither language needs them.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned())
            .expect("the catalogue files are valid Fluent, as a test checks");
        bundle.add_resource(resource).expect("each code is defined once, as a test checks");
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn codes(sources: &[&str]) -> BTreeSet<String> {
        let lines = sources.iter().flat_map(|source| source.lines());
        lines
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once('=').map(|(code, _)| code.trim().to_owned()))
            .collect()
    }

    /// Covers: XX-09
    #[test]
    fn both_languages_have_the_same_codes() {
        let chinese = codes(ZH_CN);
        assert!(chinese.len() > 10);
        assert_eq!(chinese, codes(EN));
        for code in &chinese {
            let zh = texts(Locale::ZhCn, code, &Facts::new()).unwrap_or_else(|| panic!("{code} has no Chinese title"));
            let en = texts(Locale::En, code, &Facts::new()).unwrap_or_else(|| panic!("{code} has no English title"));
            assert_eq!(zh.1.is_some(), en.1.is_some(), "{code} has a detail in one language only");
        }
    }
}
