//! The texts of every check, for clients that show reasons without linking the engine.
//!
//! `shared/rules/data/reasons.json` is written from here and compared by a test.

use serde::Serialize;

use crate::check;

#[derive(Debug, Serialize)]
struct Entry {
    check: &'static str,
    group: rules::finding::Group,
    policy: rules::finding::Policy,
    name: Texts,
    reasons: Vec<Reason>,
}

#[derive(Debug, Serialize)]
struct Reason {
    reason: &'static str,
    text: Texts,
    hint: Texts,
}

#[derive(Debug, Serialize)]
struct Texts {
    zh: &'static str,
    en: &'static str,
}

/// The catalogue as pretty JSON.
pub fn json() -> String {
    let entries: Vec<Entry> = check::ALL
        .iter()
        .map(|check| Entry {
            check: check.code,
            group: check.group,
            policy: check.policy,
            name: Texts { zh: check.name_zh, en: check.name_en },
            reasons: check
                .texts
                .iter()
                .map(|text| Reason {
                    reason: text.reason,
                    text: Texts { zh: text.zh, en: text.en },
                    hint: Texts { zh: text.zh_hint, en: text.en_hint },
                })
                .collect(),
        })
        .collect();
    let mut json = serde_json::to_string_pretty(&entries).expect("texts are plain strings");
    json.push('\n');
    json
}
