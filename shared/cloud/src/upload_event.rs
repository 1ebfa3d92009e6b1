//! What S3 says through SQS when an object was put.

use app::photos::Arrival;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// Not an event at all: delivering it again will not help, and the dead-letter queue will show it to a person.
#[derive(Debug, thiserror::Error)]
#[error("not an S3 event: {0}")]
pub struct NotAnEvent(String);

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Records", default)]
    records: Option<Vec<Record>>,
    /// `s3:TestEvent`, sent once when the notification is set up.
    #[serde(rename = "Event")]
    event: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_time: Timestamp,
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// The arrivals in one message; none in S3's own test message.
pub fn arrivals(body: &str) -> Result<Vec<Arrival>, NotAnEvent> {
    let envelope: Envelope = serde_json::from_str(body).map_err(|error| NotAnEvent(error.to_string()))?;
    match (envelope.records, envelope.event.as_deref()) {
        (Some(records), _) => records.into_iter().map(arrival).collect(),
        (None, Some("s3:TestEvent")) => Ok(Vec::new()),
        (None, _) => Err(NotAnEvent("no records".into())),
    }
}

fn arrival(record: Record) -> Result<Arrival, NotAnEvent> {
    Ok(Arrival { key: decoded(&record.s3.object.key)?, at: record.event_time })
}

/// S3 writes keys as HTML forms do: a space is a plus, everything else is percent-encoded UTF-8.
fn decoded(key: &str) -> Result<String, NotAnEvent> {
    let spaced = key.replace('+', " ");
    let key = percent_decode_str(&spaced).decode_utf8().map_err(|error| NotAnEvent(error.to_string()))?;
    Ok(key.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(key: &str) -> String {
        format!(
            r#"{{"Records":[{{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2024-01-15T05:36:56.120Z",
            "eventName":"ObjectCreated:Post","s3":{{"bucket":{{"name":"uploads"}},
            "object":{{"key":"{key}","size":200000,"sequencer":"0055AED6DCD90281E5"}}}}}}]}}"#
        )
    }

    /// Covers: XX-06
    #[test]
    fn keys_come_out_as_they_were_put() {
        for (encoded, key) in [
            ("a/AL200166498.jpg", "a/AL200166498.jpg"),
            ("%E6%88%91%E7%9A%84+%E7%85%A7%E7%89%87%2B1.jpg", "我的 照片+1.jpg"),
            ("a%20b%25.jpg", "a b%.jpg"),
        ] {
            let found = arrivals(&event(encoded)).unwrap();
            assert_eq!(found, [Arrival { key: key.into(), at: "2024-01-15T05:36:56.120Z".parse().unwrap() }]);
        }
    }

    /// Covers: XX-06
    #[test]
    fn what_is_no_event_is_an_error_and_the_test_event_is_nothing() {
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2024-01-15T05:36:56.120Z","Bucket":"b"}"#;
        assert_eq!(arrivals(test).unwrap(), []);
        for body in ["", "{}", "[]", "poison", r#"{"Records":[{}]}"#, &event("%FF")] {
            assert!(arrivals(body).is_err(), "{body}");
        }
    }
}
