//! What a person reads about a finding: one cause, its numbers, one thing to do (`data/reasons.json`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Group, Limit, Policy};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

/// A text in every language the product speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

impl Text {
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// One check as clients see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub check: String,
    pub group: Group,
    pub policy: Policy,
    pub name: Text,
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub reason: String,
    pub text: Text,
    pub hint: Text,
}

static CATALOGUE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let entries: Vec<Entry> =
        serde_json::from_str(include_str!("../data/reasons.json")).expect("the catalogue in the binary is well formed");
    entries.into_iter().map(|entry| (entry.check.clone(), entry)).collect()
});

/// Every check, by code.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.values()
}

pub fn entry(check: &str) -> Option<&'static Entry> {
    CATALOGUE.get(check)
}

/// The cause, with its numbers.
pub fn text(finding: &Finding, language: Language) -> String {
    lookup(finding).map_or_else(|| finding.check.to_string(), |reason| filled(reason.text.get(language), finding))
}

/// The one thing to do about it; empty for a check this version does not know.
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
    for (hole, value) in [("{min}", min), ("{max}", max)] {
        if text.contains(hole) {
            text = text.replace(hole, &limit(value));
        }
    }
    text
}

fn unknown() -> String {
    "–".to_owned()
}

/// The side is in the words ("leans to the left"), so the number is shown without its sign; and a number beyond a limit does not
/// read like the limit itself.
fn beyond(value: f64, limits: [Option<f64>; 2], unit: &str) -> String {
    let [min, max] = limits;
    let crossed = max.filter(|max| value > *max).or(min.filter(|min| value < *min));
    let reads = |more: usize| number(value.abs(), unit, more);
    let same = |more: usize| crossed.is_some_and(|limit| number(limit.abs(), unit, more) == reads(more));
    reads((0..2).find(|&more| !same(more)).unwrap_or(2))
}

/// As many decimals as the unit deserves, or `more`.
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
            source: "house".into(),
            ofiq: None,
        }
    }

    /// IC-48: the manual's own example of a reason, with its number.
    ///
    /// Covers: IC-48
    #[test]
    fn a_tilted_head_reads_as_in_the_manual() {
        let tilted = finding("pose.roll", "left", -14.6, Limit::between(-8.0, 8.0), "deg");
        let text = text(&tilted, Language::Chinese);
        assert!(text.starts_with("头像不正") && text.contains("15度") && text.contains("8度以内"), "{text}");
        assert!(hint(&tilted, Language::English).contains("upright"));
    }

    #[test]
    fn a_number_beyond_its_limit_does_not_read_like_the_limit() {
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

    /// IC-57: every reason carries a hint, in both languages.
    ///
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
