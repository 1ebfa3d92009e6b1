//! Rules of the API document that utoipa has no setting for: they apply to every route, so no route repeats them.

use serde_json::{Map, Value};

/// `part` with three rules applied:
/// 1. the operation id of a route is made of its method and path, because several handlers are called `create` or `list`;
/// 2. every response has a `description`;
/// 3. an optional field is absent rather than null, as the functions serialise it (utoipa describes an `Option` as nullable).
pub fn normalise(mut part: Value) -> Value {
    remove_null_from_optional_fields(&mut part);
    for (path, item) in fields(&mut part["paths"]) {
        for (method, operation) in fields(item) {
            operation["operationId"] = Value::String(operation_id(method, path));
            for (_, response) in fields(&mut operation["responses"]) {
                add_description(response);
            }
        }
    }
    part
}

fn fields(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().map(Map::iter_mut).into_iter().flatten()
}

/// `get /v1/orders/{no}` is `getOrdersByNo`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/v1").split(['/', '-', '.', '_']).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |id, word| match word.strip_prefix('{') {
        Some(parameter) => id + "By" + &capitalised(parameter.trim_end_matches('}')),
        None => id + &capitalised(word),
    })
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

fn remove_null_from_optional_fields(value: &mut Value) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object).cloned() {
        let required = value["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in properties {
            if !required.contains(&Value::String(name.clone())) {
                value["properties"][&name] = without_null(schema);
            }
        }
    }
    match value {
        Value::Object(inner) => inner.values_mut().for_each(remove_null_from_optional_fields),
        Value::Array(items) => items.iter_mut().for_each(remove_null_from_optional_fields),
        _ => {}
    }
}

/// `schema` without its alternative `null`.
fn without_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(choices) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        choices.retain(|choice| choice["type"] != "null");
        if let [only] = choices.as_slice() {
            return only.clone();
        }
    }
    schema
}

/// A response must have a description, which can be empty (OpenAPI 3.1, section 4.8.17); utoipa omits an empty one.
fn add_description(response: &mut Value) {
    if let Some(fields) = response.as_object_mut() {
        fields.entry("description").or_insert_with(|| Value::String(String::new()));
    }
}
