//! What is the same for every route is said once, here.

use serde_json::{Map, Value};

const PROBLEM: &str = "#/components/schemas/Problem";
const SCHEMAS: &str = "#/components/schemas/";

/// A function's part in the words of the whole: names without the `Body` that tells our shapes from the domain's, absent
/// fields that are never null, routes named by their path, refusals under their own media type. There is no `default` answer: a
/// route names every status it gives, and `tests/schemathesis` holds it to them.
pub fn tidy(part: Value) -> Value {
    let mut part = renamed(part);
    absent_is_not_null(&mut part);
    for (path, item) in fields(&mut part["paths"]) {
        for (method, operation) in fields(item) {
            operation["operationId"] = Value::String(route_name(method, path));
            for (_, response) in fields(&mut operation["responses"]) {
                described(response);
                problem_media_type(response);
            }
        }
    }
    part
}

fn fields(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().map(Map::iter_mut).into_iter().flatten()
}

/// `get /v1/orders/{no}` is `getOrdersByNo`: handlers are called `create` or `list` in several places.
fn route_name(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/v1").split(['/', '-', '.', '_']).filter(|word| !word.is_empty());
    words.fold(method.to_owned(), |name, word| match word.strip_prefix('{') {
        Some(parameter) => name + "By" + &capital(parameter.trim_end_matches('}')),
        None => name + &capital(word),
    })
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// A field that may be missing is left out, not sent as null.
fn absent_is_not_null(value: &mut Value) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object).cloned() {
        let required = value["required"].as_array().cloned().unwrap_or_default();
        for (name, schema) in properties {
            if !required.contains(&Value::String(name.clone())) {
                value["properties"][&name] = without_null(schema);
            }
        }
    }
    match value {
        Value::Object(inner) => inner.values_mut().for_each(absent_is_not_null),
        Value::Array(items) => items.iter_mut().for_each(absent_is_not_null),
        _ => {}
    }
}

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

/// Every answer must have a description (OpenAPI 3.1, 4.8.17), if only an empty one.
fn described(response: &mut Value) {
    if let Some(fields) = response.as_object_mut() {
        fields.entry("description").or_insert_with(|| Value::String(String::new()));
    }
}

fn problem_media_type(response: &mut Value) {
    let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) else { return };
    if content.get("application/json").is_some_and(|json| json["schema"]["$ref"] == PROBLEM)
        && let Some(problem) = content.remove("application/json")
    {
        content.insert("application/problem+json".to_owned(), problem);
    }
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(|(name, value)| field(name, value)).collect(),
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        other => other,
    }
}

fn field(name: String, value: Value) -> (String, Value) {
    match (name.as_str(), value) {
        ("$ref", Value::String(target)) => (name, Value::String(short(target, SCHEMAS))),
        ("schemas", Value::Object(schemas)) => {
            let schemas = schemas.into_iter().map(|(name, schema)| (short(name, ""), renamed(schema)));
            (name, Value::Object(schemas.collect()))
        }
        (_, value) => (name, renamed(value)),
    }
}

fn short(name: String, prefix: &str) -> String {
    let bare = name.strip_prefix(prefix).unwrap_or(&name);
    bare.strip_suffix("Body").map_or_else(|| name.clone(), |word| format!("{prefix}{word}"))
}
