//! The texts a person reads, by code and language.
//!
//! One Fluent message per code: its value is the title, its `.detail` says what to do next. Rooms add a file per language
//! under `locales/`; a test keeps both languages equal.

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

/// Numbers and names a text may mention, e.g. the seconds to wait.
pub type Facts = BTreeMap<&'static str, String>;

/// The title and the detail of `code`, or `None` when the catalogue has no such code.
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

/// The title of `code`; a code without a text is shown as itself, which a test forbids for codes in use.
pub fn title<'a>(locale: Locale, code: &'a str, facts: &Facts) -> Cow<'a, str> {
    texts(locale, code, facts).map_or(Cow::Borrowed(code), |(title, _)| Cow::Owned(title))
}

fn bundle(locale: Locale, sources: &[&str]) -> FluentBundle<FluentResource> {
    let language = locale.tag().parse().expect("a language tag of ours");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that isolate right-to-left text would end up in logs and tests; neither language here needs them.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).expect("a catalogue that parses");
        bundle.add_resource(resource).expect("codes that stand once");
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
    fn both_languages_hold_the_same_codes() {
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
