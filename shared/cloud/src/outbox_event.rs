//! Records of the outbox table's DynamoDB stream.

use app::store::Row;
use serde::Deserialize;
use serde_dynamo::Item;

/// A batch of changes to the outbox table, as Lambda delivers it.
#[derive(Debug, Deserialize)]
pub struct OutboxEvent {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    sequence_number: String,
    new_image: Option<Item>,
}

impl OutboxEvent {
    /// The inserted rows, each with its sequence number in the stream. A row that cannot be deserialised is `None`.
    pub fn rows(self) -> impl Iterator<Item = (String, Option<Row>)> {
        let added = self.records.into_iter().filter(|record| record.event_name == "INSERT");
        added.map(|Record { dynamodb: Change { sequence_number, new_image }, .. }| {
            let row = new_image.and_then(|item| serde_dynamo::from_item(item).ok());
            (sequence_number, row)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outbox_event_returns_inserted_rows_with_sequence_numbers_and_skips_removals() {
        let event = json!({"Records": [
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": {"pk": {"S": "MESSAGE#1"}, "ttl": {"N": "7"}}}},
            {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "2"}},
        ]});
        let event: OutboxEvent = serde_json::from_value(event).unwrap();
        let rows: Vec<_> = event.rows().collect();
        assert_eq!(rows.len(), 1);
        let row = rows[0].1.as_ref().unwrap();
        assert_eq!((rows[0].0.as_str(), &row["pk"], &row["ttl"]), ("1", &json!("MESSAGE#1"), &json!(7)));
    }
}
