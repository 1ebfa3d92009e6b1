//! The API document as committed, and rules that every route follows.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

/// Covers: XX-02
#[test]
fn the_committed_document_describes_the_routes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let now = format!("{:#}\n", contract::document());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&committed, &now).unwrap();
    }
    let before = std::fs::read_to_string(&committed).unwrap();
    assert!(
        before == now,
        "the routes changed: run `UPDATE=1 cargo test -p contract`, then `npm run types` in web, and review the difference"
    );
}

/// `infra/routes.txt` maps every path to a function. `payments` is in it and not in the document: only providers call it.
#[test]
fn every_function_with_routes_is_in_the_document() {
    let table = include_str!("../../../infra/routes.txt");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let with_routes: BTreeSet<&str> = lines.filter_map(|line| line.split_whitespace().nth(1)).collect();
    let in_document: BTreeSet<&str> =
        contract::parts().iter().map(|(function, _)| *function).chain(["payments"]).collect();
    assert_eq!(with_routes, in_document);
}

#[test]
fn every_reference_has_a_target_and_no_keyword_is_null() {
    let document = contract::document();
    let text = document.to_string();
    for target in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(target).is_some(), "{target} is referenced but not defined");
    }
    for keyword in ["type", "oneOf", "content", "responses"] {
        assert!(!text.contains(&format!("\"{keyword}\":null")), "{keyword} is null");
    }
}

/// Covers: XX-05
#[test]
fn every_route_describes_each_failure_with_a_problem_body() {
    let document = contract::document();
    let operations = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    for (route, operation) in operations {
        let responses = operation["responses"].as_object().unwrap();
        for status in ["429", "500", "503", "504"] {
            assert!(responses.contains_key(status), "{route} has no {status}: name its kind of request first");
        }
        for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with(['2', '3'])) {
            assert!(status.parse::<u16>().is_ok(), "{route}: `{status}` covers statuses that are not named");
            let media = response["content"].as_object().unwrap_or_else(|| panic!("{route} {status} has no body"));
            assert!(media.keys().eq(["application/problem+json"]), "{route} {status}: {media:?}");
        }
    }
}
