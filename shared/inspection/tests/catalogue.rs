//! The committed catalogue of texts equals that of the checks. `UPDATE=1` rewrites the file.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use inspection::{catalogue, check};
use rules::card::Card;
use rules::photo_spec::{self, PhotoSpec};

/// Covers: IC-204
#[test]
fn committed_catalogue_equals_the_texts_of_the_checks() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/data/reasons.json");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, catalogue::json()).expect("the catalogue is writable");
    }
    let committed = fs::read_to_string(&path).expect("the catalogue is readable");
    assert!(committed == catalogue::json(), "run the test with UPDATE=1 and commit {}", path.display());
}

#[test]
fn check_codes_are_unique_and_photo_specs_contain_only_known_codes() {
    let codes: BTreeSet<&str> = check::ALL.iter().map(|check| check.code).collect();
    assert_eq!(codes.len(), check::ALL.len());
    for card in Card::ALL {
        for code in PhotoSpec::of(card).policy.keys() {
            assert!(codes.contains(code.as_str()), "{card} contains the unknown code {code}");
        }
    }
    for code in photo_spec::relaxed().keys() {
        assert!(codes.contains(code.as_str()), "the relaxed profile contains the unknown code {code}");
    }
}

#[test]
fn reasons_of_every_check_are_unique() {
    for check in check::ALL {
        let reasons: BTreeSet<&str> = check.texts.iter().map(|text| text.reason).collect();
        assert_eq!(reasons.len(), check.texts.len(), "{}", check.code);
    }
}

/// README.md lists every check with its policy.
#[test]
fn readme_lists_every_check() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let documentation = fs::read_to_string(path).expect("the documentation is readable");
    for check in check::ALL {
        let policy = serde_json::to_value(check.policy).expect("a policy can be serialised");
        let row = format!("| `{}` | {} |", check.code, policy.as_str().expect("a policy is a string"));
        assert!(documentation.contains(&row), "{row} is not in README.md");
    }
}
