//! A row as plain values. What a use case means by it is a type of that use case, never the row itself.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Attributes by name, among them `pk` and `sk` once read. A missing attribute and null are the same thing.
pub type Row = Map<String, Value>;

#[derive(Debug, thiserror::Error)]
#[error("malformed row: {0}")]
pub struct MalformedRow(#[from] serde_json::Error);

/// The attributes of a struct; fields that are `None` are left out.
pub fn to_row<T: Serialize>(value: &T) -> Result<Row, MalformedRow> {
    let mut row: Row = serde_json::from_value(serde_json::to_value(value)?)?;
    row.retain(|_, value| !value.is_null());
    Ok(row)
}

pub fn from_row<T: DeserializeOwned>(row: Row) -> Result<T, MalformedRow> {
    Ok(serde_json::from_value(Value::Object(row))?)
}
