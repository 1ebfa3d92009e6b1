//! Conditions and updates in DynamoDB's expression language. Attribute names and values are always passed as placeholders.

use std::collections::HashMap;

use app::store::{Condition, Key, Row, StoreError, TTL};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

pub type Item = HashMap<String, AttributeValue>;

#[derive(Debug, Default)]
pub struct Expression {
    names: HashMap<String, String>,
    values: Item,
}

impl Expression {
    pub fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#n{}", self.names.len());
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    pub fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    pub fn conditions(&mut self, conditions: &[Condition]) -> Result<Option<String>, StoreError> {
        let terms: Vec<String> =
            conditions.iter().map(|condition| self.condition(condition)).collect::<Result<_, _>>()?;
        Ok((!terms.is_empty()).then(|| terms.join(" AND ")))
    }

    fn condition(&mut self, condition: &Condition) -> Result<String, StoreError> {
        let mut compare = |name: &str, operator: &str, value: AttributeValue| {
            let (name, value) = (self.name(name), self.value(value));
            format!("{name} {operator} {value}")
        };
        Ok(match condition {
            Condition::Absent => format!("attribute_not_exists({})", self.name("pk")),
            Condition::Exists => format!("attribute_exists({})", self.name("pk")),
            Condition::AbsentOrExpired(second) => {
                let ends = compare(TTL, "<=", number(*second));
                format!("(attribute_not_exists({}) OR {ends})", self.name("pk"))
            }
            Condition::Missing(name) => format!("attribute_not_exists({})", self.name(name)),
            Condition::Equals(name, wanted) => compare(name, "=", attribute(wanted)?),
            Condition::AtLeast(name, least) => compare(name, ">=", number(*least)),
            Condition::AtMost(name, most) => compare(name, "<=", number(*most)),
        })
    }

    pub fn update(&mut self, set: &Row, add: &[(String, i64)], remove: &[String]) -> Result<String, StoreError> {
        let (nulls, values): (Vec<_>, Vec<_>) = set.iter().partition(|(_, value)| value.is_null());
        let mut sets = Vec::new();
        for (name, value) in values {
            let (name, value) = (self.name(name), self.value(attribute(value)?));
            sets.push(format!("{name} = {value}"));
        }
        let adds = add.iter().map(|(name, amount)| format!("{} {}", self.name(name), self.value(number(*amount))));
        let adds: Vec<String> = adds.collect();
        let removed = remove.iter().chain(nulls.into_iter().map(|(name, _)| name));
        let removes: Vec<String> = removed.map(|name| self.name(name)).collect();
        let clauses = [("SET", sets), ("ADD", adds), ("REMOVE", removes)];
        let clauses = clauses.into_iter().filter(|(_, terms)| !terms.is_empty());
        Ok(clauses.map(|(verb, terms)| format!("{verb} {}", terms.join(", "))).collect::<Vec<_>>().join(" "))
    }

    /// The placeholders of names and of values; `None` where there are none, because DynamoDB refuses empty maps.
    pub fn into_parts(self) -> (Option<HashMap<String, String>>, Option<Item>) {
        (Some(self.names).filter(|names| !names.is_empty()), Some(self.values).filter(|values| !values.is_empty()))
    }
}

pub fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub fn attribute(value: &Value) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(|error| StoreError::Invalid(error.to_string()))
}

pub fn key_item(key: &Key) -> Item {
    Item::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

pub fn item(key: &Key, row: &Row) -> Result<Item, StoreError> {
    let mut item = key_item(key);
    for (name, value) in row.iter().filter(|(_, value)| !value.is_null()) {
        item.entry(name.clone()).or_insert(attribute(value)?);
    }
    Ok(item)
}

pub fn row(item: Item) -> Result<Row, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::Invalid(error.to_string()))
}
