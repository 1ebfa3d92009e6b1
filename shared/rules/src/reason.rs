//! The texts that a customer reads about a finding: one cause with its numbers, and one hint (`data/reasons.json`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Group, Limit, Policy};

/// A language of the product. Serialised as its BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// A text in every language of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// One check in the catalogue that clients receive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The code of the check.
    pub check: String,
    /// What the check is about.
    pub group: Group,
    /// The check's default policy.
    pub policy: Policy,
    /// Name of the check.
    pub name: Text,
    /// The reasons for which it can fail; at least one.
    pub reasons: Vec<Reason>,
}

/// One reason for which a check can fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Code of the reason, unique within the check; `default` when the check has one.
    pub reason: String,
    /// The cause, with the placeholders `{measured}`, `{min}` and `{max}`.
    pub text: Text,
    /// What the customer can do about it, with the same placeholders.
    pub hint: Text,
}

static CATALOGUE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let entries: Vec<Entry> =
        serde_json::from_str(include_str!("../data/reasons.json")).expect("data/reasons.json is valid");
    entries.into_iter().map(|entry| (entry.check.clone(), entry)).collect()
});

/// Every check, in the order of the codes.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.values()
}

/// The catalogue entry of a check; `None` for an unknown code.
pub fn entry(check: &str) -> Option<&'static Entry> {
    CATALOGUE.get(check)
}

/// The cause, with its numbers. For a check that the catalogue does not contain, the code of the check.
pub fn text(finding: &Finding, language: Language) -> String {
    lookup(finding).map_or_else(|| finding.check.to_string(), |reason| filled(reason.text.get(language), finding))
}

/// What the customer can do about it. Empty for a check that the catalogue does not contain.
pub fn hint(finding: &Finding, language: Language) -> String {
    lookup(finding).map_or_else(String::new, |reason| filled(reason.hint.get(language), finding))
}

fn lookup(finding: &Finding) -> Option<&'static Reason> {
    let reasons = &entry(&finding.check)?.reasons;
    reasons.iter().find(|reason| reason.reason == finding.reason).or_else(|| reasons.first())
}

fn filled(template: &str, finding: &Finding) -> String {
    let Limit { min, max } = finding.limit.unwrap_or_default();
    let unit = finding.unit.as_ref();
    let limit = |value: Option<f64>| value.map_or_else(unknown, |value| number(value, unit, 0));
    let measured = || finding.measured.map_or_else(unknown, |value| beyond(value, [min, max], unit));
    let mut text = template.to_owned();
    if text.contains("{measured}") {
        text = text.replace("{measured}", &measured());
    }
    for (placeholder, value) in [("{min}", min), ("{max}", max)] {
        if text.contains(placeholder) {
            text = text.replace(placeholder, &limit(value));
        }
    }
    text
}

fn unknown() -> String {
    "–".to_owned()
}

/// The measured value for a text. The text itself says the side ("leans to the left"), so the number has no sign. A
/// value beyond a limit gets as many decimals as are needed to differ from the limit.
fn beyond(value: f64, limits: [Option<f64>; 2], unit: &str) -> String {
    let [min, max] = limits;
    let crossed = max.filter(|max| value > *max).or(min.filter(|min| value < *min));
    let reads = |more: usize| number(value.abs(), unit, more);
    let same = |more: usize| crossed.is_some_and(|limit| number(limit.abs(), unit, more) == reads(more));
    reads((0..2).find(|&more| !same(more)).unwrap_or(2))
}

/// A number with the decimals of its unit and `more` additional ones.
fn number(value: f64, unit: &str, more: usize) -> String {
    match unit {
        "px" | "count" | "level" | "deg" | "L*" | "C*" => format!("{value:.more$}"),
        "bytes" => format!("{:.more$} KB", value / 1024.0),
        "share" => format!("{:.more$}%", value * 100.0),
        _ => format!("{value:.*}", 2 + more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Verdict;

    fn finding(check: &'static str, reason: &'static str, measured: f64, limit: Limit, unit: &'static str) -> Finding {
        Finding {
            check: check.into(),
            group: Group::Pose,
            verdict: Verdict::Fail,
            policy: Policy::Blocking,
            reason: reason.into(),
            measured: Some(measured),
            limit: Some(limit),
            unit: unit.into(),
            region: None,
            source: "calibrated".into(),
            ofiq: None,
        }
    }

    /// The example of a reason in the manual, with its number.
    ///
    /// Covers: IC-48
    #[test]
    fn text_of_a_tilted_head_matches_the_example_of_the_manual() {
        let tilted = finding("pose.roll", "left", -14.6, Limit::between(-8.0, 8.0), "deg");
        let text = text(&tilted, Language::Chinese);
        assert!(text.starts_with("头像不正") && text.contains("15度") && text.contains("8度以内"), "{text}");
        assert!(hint(&tilted, Language::English).contains("upright"));
    }

    #[test]
    fn a_value_beyond_its_limit_is_written_differently_from_the_limit() {
        let reads = |check, reason, measured, limit, unit| {
            text(&finding(check, reason, measured, limit, unit), Language::Chinese)
        };
        let roll = |degrees| reads("pose.roll", "right", degrees, Limit::between(-8.0, 8.0), "deg");
        assert!(
            roll(8.3).contains("8.3度") && roll(-8.04).contains("8.04度") && roll(12.3).contains("倾斜12度"),
            "{}",
            roll(8.3)
        );
        let bytes = reads("file.bytes", "too-large", 1024.0 * 1024.2, Limit::at_most(1024.0 * 1024.0), "bytes");
        assert!(bytes.contains("1024.2 KB") && bytes.contains("1024 KB"), "{bytes}");
        let size = reads("framing.size", "too-small", 192.6, Limit::at_least(193.0), "px");
        assert!(size.contains("192.6像素") && size.contains("193像素"), "{size}");
        let passing = reads("framing.size", "too-small", 193.4, Limit::at_least(193.0), "px");
        assert!(!passing.contains("193.4"), "{passing}");
    }

    /// Covers: IC-57
    #[test]
    fn every_reason_has_a_text_and_a_hint_in_both_languages() {
        for entry in catalogue() {
            assert!(!entry.reasons.is_empty(), "{}", entry.check);
            for reason in &entry.reasons {
                for text in [&reason.text, &reason.hint] {
                    assert!(!text.zh.is_empty() && !text.en.is_empty(), "{} {}", entry.check, reason.reason);
                }
            }
        }
    }
}
