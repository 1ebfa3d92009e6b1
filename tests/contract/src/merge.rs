//! Parts into one, refusing what would hide something.

use serde_json::{Map, Value};

/// What clashes, in words; where two parts say the same, that is no clash.
pub fn merge(whole: &mut Value, function: &str, mut part: Value) -> Vec<String> {
    let mut clashes = Vec::new();
    for (path, operations) in take(&mut part["paths"]) {
        let known = &mut whole["paths"][&path];
        if !known.is_null() {
            clashes.push(format!("{function} describes {path}, as another function does"));
        }
        *known = operations;
    }
    for (name, schema) in take(&mut part["components"]["schemas"]) {
        let known = &mut whole["components"]["schemas"][&name];
        if known.is_null() {
            *known = schema;
        } else if shape(&schema) != shape(known) {
            clashes.push(format!("{function} means something else by {name}: {schema} and before {known}"));
        }
    }
    clashes
}

fn take(value: &mut Value) -> Map<String, Value> {
    match value.take() {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A schema without its words: two functions may explain one shape differently, and the first explanation stays.
fn shape(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let spoken = |name: &str, value: &Value| name == "description" && value.is_string();
            let told = fields.iter().filter(|(name, value)| !spoken(name, value));
            Value::Object(told.map(|(name, value)| (name.clone(), shape(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        other => other.clone(),
    }
}
