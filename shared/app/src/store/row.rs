//! Rows as plain values, and their conversion to and from the types of the use cases.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Attributes by name. A row that was read also has `pk` and `sk`. An attribute that is null is the same as one that is
/// missing.
pub type Row = Map<String, Value>;

/// A row cannot be converted.
#[derive(Debug, thiserror::Error)]
#[error("malformed row: {0}")]
pub struct MalformedRow(#[from] serde_json::Error);

/// The fields of a struct as attributes; fields that are `None` are left out.
///
/// # Errors
///
/// If `value` cannot be written as a JSON object.
pub fn to_row<T: Serialize>(value: &T) -> Result<Row, MalformedRow> {
    let mut row: Row = serde_json::from_value(serde_json::to_value(value)?)?;
    row.retain(|_, value| !value.is_null());
    Ok(row)
}

/// The attributes as fields of a struct.
///
/// # Errors
///
/// If an attribute is missing or has another type.
pub fn from_row<T: DeserializeOwned>(row: Row) -> Result<T, MalformedRow> {
    Ok(serde_json::from_value(Value::Object(row))?)
}
