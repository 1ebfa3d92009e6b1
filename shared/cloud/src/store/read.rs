//! Reads: single items (always strongly consistent) and queries (strongly consistent on tables, not on indexes).

use std::collections::BTreeMap;

use app::store::{Cursor, Direction, Key, Page, Query, Row, Span, StoreError};
use aws_sdk_dynamodb::types::AttributeValue;

use super::DynamoStore;
use super::error::{Effect, translate};
use super::expression::{Expression, Item, key_item, row, text};

pub async fn get(store: &DynamoStore, key: &Key) -> Result<Option<Row>, StoreError> {
    let table = store.names.table(key.table)?;
    let get = store.client.get_item().table_name(table).set_key(Some(key_item(key))).consistent_read(true);
    let output = get.send().await.map_err(|error| translate(error, Effect::Read))?;
    output.item.map(row).transpose()
}

pub async fn query(store: &DynamoStore, query: &Query) -> Result<Page, StoreError> {
    // DynamoDB answers a span that ends before it begins with a validation error.
    if matches!(&query.span, Span::Between(from, to) if from > to) {
        return Ok(Page { rows: Vec::new(), next: None });
    }
    let mut expression = Expression::default();
    let condition = key_condition(&mut expression, query);
    let (names, values) = expression.into_parts();
    let request = store
        .client
        .query()
        .table_name(store.names.table(query.table)?)
        .set_index_name(query.index.map(|index| index.name.to_owned()))
        .key_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
        .scan_index_forward(query.direction == Direction::Ascending)
        .limit(i32::try_from(query.limit).unwrap_or(1))
        .set_exclusive_start_key(query.after.as_ref().map(start_key))
        .consistent_read(query.index.is_none());
    let output = request.send().await.map_err(|error| translate(error, Effect::Read))?;
    let rows = output.items.unwrap_or_default().into_iter().map(row).collect::<Result<_, _>>()?;
    Ok(Page { rows, next: output.last_evaluated_key.map(cursor) })
}

fn key_condition(expression: &mut Expression, query: &Query) -> String {
    let (pk, sk) = query.index.map_or(("pk", "sk"), |index| (index.pk, index.sk));
    let partition = format!("{} = {}", expression.name(pk), expression.value(text(&query.pk)));
    match &query.span {
        Span::All => partition,
        Span::Prefix(prefix) => {
            let (name, prefix) = (expression.name(sk), expression.value(text(prefix)));
            format!("{partition} AND begins_with({name}, {prefix})")
        }
        Span::Between(from, to) => {
            let (name, from, to) = (expression.name(sk), expression.value(text(from)), expression.value(text(to)));
            format!("{partition} AND {name} BETWEEN {from} AND {to}")
        }
    }
}

fn cursor(key: Item) -> Cursor {
    let attribute = |(name, value): (String, AttributeValue)| Some((name, value.as_s().ok()?.clone()));
    Cursor(key.into_iter().filter_map(attribute).collect::<BTreeMap<_, _>>())
}

fn start_key(cursor: &Cursor) -> Item {
    cursor.0.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}
