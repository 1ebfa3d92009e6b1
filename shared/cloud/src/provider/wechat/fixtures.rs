//! The test vectors of the protocols, from `vectors.json`.

use std::sync::LazyLock;

use serde_json::Value;

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors.json")).expect("vectors that parse"));

/// A top-level text, such as a key in PEM.
pub fn text(name: &str) -> String {
    VECTORS[name].as_str().expect("text").to_owned()
}

/// A field of a vector.
pub fn of(vector: &str, name: &str) -> String {
    VECTORS["vectors"][vector][name].as_str().expect("text").to_owned()
}

/// The parameters of a vector.
pub fn parameters(vector: &str) -> std::collections::BTreeMap<String, String> {
    serde_json::from_value(VECTORS["vectors"][vector]["parameters"].clone()).expect("parameters")
}
