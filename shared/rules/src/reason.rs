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
    // The side is in the words ("leans to the left"), so the number is shown without its sign.
    let measured = finding.measured.map(f64::abs);
    [("{measured}", measured), ("{min}", min), ("{max}", max)].into_iter().fold(
        template.to_owned(),
        |text, (hole, value)| {
            if text.contains(hole) { text.replace(hole, &number(value, &finding.unit)) } else { text }
        },
    )
}

/// As many decimals as the unit deserves.
fn number(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return "–".to_owned() };
    match unit {
        "px" | "count" | "level" | "deg" | "L*" | "C*" => format!("{value:.0}"),
        "bytes" => format!("{:.0} KB", value / 1024.0),
        "share" => format!("{:.0}%", value * 100.0),
        _ => format!("{value:.2}"),
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
    #[test]
    fn ic_48_a_tilted_head_reads_as_in_the_manual() {
        let tilted = finding("pose.roll", "left", -14.6, Limit::between(-8.0, 8.0), "deg");
        let text = text(&tilted, Language::Chinese);
        assert!(text.starts_with("头像不正") && text.contains("15度") && text.contains("8度以内"), "{text}");
        assert!(hint(&tilted, Language::English).contains("upright"));
    }

    /// IC-57: every reason carries a hint, in both languages.
    #[test]
    fn ic_57_every_reason_has_a_text_and_a_hint_in_both_languages() {
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
