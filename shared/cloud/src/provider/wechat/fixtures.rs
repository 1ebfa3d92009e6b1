//! The protocol's vectors.

use std::sync::LazyLock;

use serde_json::Value;

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors.json")).expect("vectors that parse"));

pub fn text(name: &str) -> String {
    VECTORS[name].as_str().expect("text").to_owned()
}

pub fn of(vector: &str, name: &str) -> String {
    VECTORS["vectors"][vector][name].as_str().expect("text").to_owned()
}

pub fn parameters(vector: &str) -> std::collections::BTreeMap<String, String> {
    serde_json::from_value(VECTORS["vectors"][vector]["parameters"].clone()).expect("parameters")
}
