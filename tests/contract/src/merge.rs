//! Merges the functions' parts of the API document. utoipa's own `merge_from` keeps the first of two different schemas with one
//! name without a word; here that is an error.

use serde_json::{Map, Value};

/// Adds `part`, of the function `function`, to `whole`. Returns the conflicts in words: a path that two functions describe, a
/// schema name with two shapes.
pub fn merge(whole: &mut Value, function: &str, mut part: Value) -> Vec<String> {
    let mut conflicts = Vec::new();
    for (path, operations) in take(&mut part["paths"]) {
        let known = &mut whole["paths"][&path];
        if !known.is_null() {
            conflicts.push(format!("{function} describes {path}, and another function does too"));
        }
        *known = operations;
    }
    for (name, schema) in take(&mut part["components"]["schemas"]) {
        let known = &mut whole["components"]["schemas"][&name];
        if known.is_null() {
            *known = schema;
        } else if without_descriptions(&schema) != without_descriptions(known) {
            conflicts.push(format!("{function} has another schema {name}: {schema}, and before {known}"));
        }
    }
    conflicts
}

fn take(value: &mut Value) -> Map<String, Value> {
    match value.take() {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Two functions may describe one shape in different words; the first description is kept.
fn without_descriptions(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let is_description = |name: &str, value: &Value| name == "description" && value.is_string();
            let others = fields.iter().filter(|(name, value)| !is_description(name, value));
            Value::Object(others.map(|(name, value)| (name.clone(), without_descriptions(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_descriptions).collect()),
        other => other.clone(),
    }
}
