//! S3 event notifications about uploaded objects, received through SQS.

use app::photos::UploadEvent;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// The message is not an S3 event. Delivering it again does not help; it ends in the dead-letter queue, where an alarm reports it.
#[derive(Debug, thiserror::Error)]
#[error("not an S3 event: {0}")]
pub struct MalformedEvent(String);

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Records", default)]
    records: Option<Vec<Record>>,
    /// `s3:TestEvent`: sent once when the notification is configured.
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

/// The uploads that one message reports. S3's test message reports none.
///
/// # Errors
///
/// [`MalformedEvent`] if the body is not an S3 event or a key is not valid percent-encoded UTF-8.
pub fn parse(body: &str) -> Result<Vec<UploadEvent>, MalformedEvent> {
    let envelope: Envelope = serde_json::from_str(body).map_err(|error| MalformedEvent(error.to_string()))?;
    match (envelope.records, envelope.event.as_deref()) {
        (Some(records), _) => records.into_iter().map(arrival).collect(),
        (None, Some("s3:TestEvent")) => Ok(Vec::new()),
        (None, _) => Err(MalformedEvent("no records".into())),
    }
}

fn arrival(record: Record) -> Result<UploadEvent, MalformedEvent> {
    Ok(UploadEvent { key: decoded(&record.s3.object.key)?, at: record.event_time })
}

/// S3 encodes keys like HTML forms: a space becomes a plus, every other special character percent-encoded UTF-8.
fn decoded(key: &str) -> Result<String, MalformedEvent> {
    let spaced = key.replace('+', " ");
    let key = percent_decode_str(&spaced).decode_utf8().map_err(|error| MalformedEvent(error.to_string()))?;
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
    fn upload_event_decodes_the_key_as_it_was_uploaded() {
        for (encoded, key) in [
            ("a/AL200166498.jpg", "a/AL200166498.jpg"),
            ("%E6%88%91%E7%9A%84+%E7%85%A7%E7%89%87%2B1.jpg", "我的 照片+1.jpg"),
            ("a%20b%25.jpg", "a b%.jpg"),
        ] {
            let found = parse(&event(encoded)).unwrap();
            assert_eq!(found, [UploadEvent { key: key.into(), at: "2024-01-15T05:36:56.120Z".parse().unwrap() }]);
        }
    }

    /// Covers: XX-06
    #[test]
    fn malformed_event_is_an_error_and_the_test_event_reports_no_upload() {
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2024-01-15T05:36:56.120Z","Bucket":"b"}"#;
        assert_eq!(parse(test).unwrap(), []);
        for body in ["", "{}", "[]", "poison", r#"{"Records":[{}]}"#, &event("%FF")] {
            assert!(parse(body).is_err(), "{body}");
        }
    }
}
