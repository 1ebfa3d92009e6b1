#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

/// Covers: XX-02
#[test]
fn the_committed_description_is_the_one_of_the_routes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let now = format!("{:#}\n", contract::document());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&committed, &now).unwrap();
    }
    let before = std::fs::read_to_string(&committed).unwrap();
    assert!(
        before == now,
        "the routes changed: `UPDATE=1 cargo test -p contract`, then `npm run types` in web, and read the difference"
    );
}

/// `infra/routes.txt` gives every path a function; only providers call `payments`.
#[test]
fn every_function_behind_the_front_door_is_described() {
    let table = include_str!("../../../infra/routes.txt");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let behind: BTreeSet<&str> = lines.filter_map(|line| line.split_whitespace().nth(1)).collect();
    let described: BTreeSet<&str> =
        contract::parts().iter().map(|(function, _)| *function).chain(["payments"]).collect();
    assert_eq!(behind, described);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = contract::document();
    let text = document.to_string();
    for target in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(target).is_some(), "{target} is named and not described");
    }
    for nothing in ["type", "oneOf", "content", "responses"] {
        assert!(!text.contains(&format!("\"{nothing}\":null")), "{nothing} cannot be null");
    }
}

/// Covers: XX-05
#[test]
fn every_route_says_how_it_refuses() {
    let document = contract::document();
    let operations = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    for (route, operation) in operations {
        let refusals = operation["responses"].as_object().unwrap().iter();
        for always in ["429", "500", "503", "504"] {
            assert!(operation["responses"].get(always).is_some(), "{route} does not name {always}: which kind is it?");
        }
        for (status, response) in refusals.filter(|(status, _)| !status.starts_with(['2', '3'])) {
            assert!(
                status.parse::<u16>().is_ok(),
                "{route}: `{status}` would stand for answers that nobody thought of"
            );
            let media = response["content"].as_object().unwrap_or_else(|| panic!("{route} {status} has no body"));
            assert!(media.keys().eq(["application/problem+json"]), "{route} {status}: {media:?}");
        }
    }
}
