//! Writes: transactions, and single changes that return the new row.

use std::time::Duration;

use app::store::{Action, Change, Row, StoreError, Token, validate};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, ReturnValue, TransactWriteItem, Update};

use super::DynamoStore;
use super::error::{Effect, translate};
use super::expression::{Expression, Item, item, key_item, row};

/// Concurrent transactions on one row cancel each other. A cancelled one is attempted this often, with doubling pauses.
const CONTENTION_TRIES: u32 = 8;
const CONTENTION_PAUSE: Duration = Duration::from_millis(10);

pub async fn commit(store: &DynamoStore, token: &Token, changes: &[Change]) -> Result<(), StoreError> {
    validate(changes)?;
    let writes: Vec<TransactWriteItem> = changes.iter().map(|change| write(store, change)).collect::<Result<_, _>>()?;
    let mut pause = CONTENTION_PAUSE;
    for _ in 0..CONTENTION_TRIES {
        let request = store.client.transact_write_items().client_request_token(token.as_str());
        match request.set_transact_items(Some(writes.clone())).send().await {
            Ok(_) => return Ok(()),
            Err(error) => match commit_error(error) {
                CommitError::Contended => tokio::time::sleep(pause).await,
                CommitError::Final(error) => return Err(error),
            },
        }
        pause *= 2;
    }
    Err(StoreError::Throttled)
}

/// Why a transaction failed.
enum CommitError {
    /// Nothing was written, or an earlier attempt with this token is still in progress.
    Contended,
    /// Another attempt would fail in the same way.
    Final(StoreError),
}

fn commit_error<R: std::fmt::Debug>(error: SdkError<TransactWriteItemsError, R>) -> CommitError {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => CommitError::Contended,
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let codes: Vec<&str> =
                cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None")).collect();
            cancellation(&codes)
        }
        _ => CommitError::Final(translate(error, Effect::Write)),
    }
}

/// `codes` holds one cancellation code per change, in the order of the changes.
fn cancellation(codes: &[&str]) -> CommitError {
    let at = |wanted: &str| -> Vec<usize> {
        codes.iter().enumerate().filter(|(_, code)| **code == wanted).map(|(position, _)| position).collect()
    };
    let refused = at("ConditionalCheckFailed");
    if !refused.is_empty() {
        return CommitError::Final(StoreError::Conflict { changes: refused });
    }
    if !at("TransactionConflict").is_empty() {
        return CommitError::Contended;
    }
    if codes.iter().any(|code| matches!(*code, "ThrottlingError" | "ProvisionedThroughputExceeded")) {
        return CommitError::Final(StoreError::Throttled);
    }
    CommitError::Final(StoreError::Invalid(format!("transaction cancelled: {codes:?}")))
}

fn write(store: &DynamoStore, change: &Change) -> Result<TransactWriteItem, StoreError> {
    let table = store.names.table(change.key.table)?;
    let mut expression = Expression::default();
    let condition = expression.conditions(&change.conditions)?;
    let invalid = |error: aws_sdk_dynamodb::error::BuildError| StoreError::Invalid(error.to_string());
    let write = TransactWriteItem::builder();
    let write = match &change.action {
        Action::Put(row) => {
            let (names, values) = expression.into_parts();
            let put = Put::builder()
                .table_name(table)
                .set_item(Some(item(&change.key, row)?))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
            write.put(put.build().map_err(invalid)?)
        }
        Action::Update { set, add, remove } => {
            let update = expression.update(set, add, remove)?;
            let (names, values) = expression.into_parts();
            let update = Update::builder()
                .table_name(table)
                .set_key(Some(key_item(&change.key)))
                .update_expression(update)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
            write.update(update.build().map_err(invalid)?)
        }
        Action::Delete => {
            let (names, values) = expression.into_parts();
            let delete = Delete::builder()
                .table_name(table)
                .set_key(Some(key_item(&change.key)))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
            write.delete(delete.build().map_err(invalid)?)
        }
        Action::Check => {
            let (names, values) = expression.into_parts();
            let check = ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(key_item(&change.key)))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
            write.condition_check(check.build().map_err(invalid)?)
        }
    };
    Ok(write.build())
}

pub async fn apply(store: &DynamoStore, change: Change) -> Result<Row, StoreError> {
    validate(std::slice::from_ref(&change))?;
    let table = store.names.table(change.key.table)?;
    let mut expression = Expression::default();
    let condition = expression.conditions(&change.conditions)?;
    match &change.action {
        Action::Put(row) => put(store, table, item(&change.key, row)?, expression, condition).await,
        Action::Update { set, add, remove } => {
            let update = expression.update(set, add, remove)?;
            let (names, values) = expression.into_parts();
            let request = store
                .client
                .update_item()
                .table_name(table)
                .set_key(Some(key_item(&change.key)))
                .update_expression(update)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .return_values(ReturnValue::AllNew);
            let output = request.send().await.map_err(|error| translate(error, Effect::Write))?;
            row(output.attributes.unwrap_or_default())
        }
        Action::Delete => {
            let (names, values) = expression.into_parts();
            let request = store
                .client
                .delete_item()
                .table_name(table)
                .set_key(Some(key_item(&change.key)))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values);
            request.send().await.map_err(|error| translate(error, Effect::Write))?;
            Ok(Row::new())
        }
        Action::Check => Err(StoreError::Invalid("a condition check alone writes nothing".into())),
    }
}

async fn put(
    store: &DynamoStore,
    table: &str,
    item: Item,
    expression: Expression,
    condition: Option<String>,
) -> Result<Row, StoreError> {
    let (names, values) = expression.into_parts();
    let request = store
        .client
        .put_item()
        .table_name(table)
        .set_item(Some(item.clone()))
        .set_condition_expression(condition)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values);
    request.send().await.map_err(|error| translate(error, Effect::Write))?;
    row(item)
}
