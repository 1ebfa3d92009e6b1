//! A body with the required fields only, so that a request is not refused because of its body before the caller is checked.

use serde_json::{Value, json};

/// A value that fits `schema` of `document`.
pub fn sample_body(document: &Value, schema: &Value) -> Value {
    if let Some(target) = schema["$ref"].as_str() {
        return sample_body(document, document.pointer(target.trim_start_matches('#')).unwrap());
    }
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    if let Some(only) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return only.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(options) = schema[choice].as_array() {
            let first = options.iter().find(|option| option["type"] != "null").unwrap();
            return sample_body(document, first);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| sample_body(document, part));
        return parts.fold(json!({}), |mut whole, part| {
            whole.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
            whole
        });
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str));
    match kind {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().map(|name| name.as_str().unwrap());
            Value::Object(
                fields.map(|name| (name.to_owned(), sample_body(document, &schema["properties"][name]))).collect(),
            )
        }
        Some("array") => json!([]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        _ if schema["format"] == "date-time" => json!("2027-01-01T00:00:00Z"),
        _ => json!("x"),
    }
}
