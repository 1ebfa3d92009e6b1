//! What a test may do behind the scenes.

use app::store::{Store, Table};
use aws_sdk_sqs::types::QueueAttributeName;
use cloud::Names;
use cloud::store::DynamoStore;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{PATIENCE, Town};

impl Town {
    /// From now on every function sees the time this much later.
    pub async fn set_clock_ahead(&self, ahead: SignedDuration) {
        cloud::local::set_clock_ahead(&self.store().await, ahead).await.unwrap();
    }

    /// The stack's own tables.
    pub async fn store(&self) -> impl Store {
        let client = aws_sdk_dynamodb::Client::new(&self.cloud.sdk());
        let tables = client.list_tables().send().await.unwrap().table_names.unwrap_or_default();
        let named = |names: Names, table: Table| {
            let found = tables.iter().find(|name| name.to_lowercase().contains(table.name()));
            names.table_named(table, found.unwrap_or_else(|| panic!("no table for {}: {tables:?}", table.name())))
        };
        DynamoStore::new(&self.cloud.sdk(), Table::ALL.into_iter().fold(Names::default(), named))
    }

    fn queues(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.cloud.sdk())
    }

    /// An event as S3 would send it, or anything else.
    pub async fn say_to_detection(&self, body: &str) {
        let send = self.queues().send_message().queue_url(self.output("InspectionQueue")).message_body(body);
        send.send().await.unwrap();
    }

    pub fn event(&self, key: &str) -> Value {
        json!({"Records": [{
            "eventVersion": "2.1", "eventSource": "aws:s3", "eventTime": jiff::Timestamp::now().to_string(),
            "eventName": "ObjectCreated:Post", "s3": {
                "bucket": {"name": self.output("UploadsBucket")}, "object": {"key": key, "size": 1, "sequencer": "00"},
            },
        }]})
    }

    /// An object that no ticket was issued for.
    pub async fn put_upload(&self, key: &str) {
        let config = aws_sdk_s3::config::Builder::from(&self.cloud.sdk()).force_path_style(true).build();
        let put = aws_sdk_s3::Client::from_conf(config).put_object().bucket(self.output("UploadsBucket")).key(key);
        put.body(b"x".to_vec().into()).send().await.unwrap();
    }

    /// Messages waiting for, or being handled by, the detection.
    pub async fn backlog(&self) -> i64 {
        self.count("InspectionQueue").await
    }

    pub async fn dead_letters(&self) -> i64 {
        self.count("InspectionDeadLetters").await
    }

    async fn count(&self, queue: &str) -> i64 {
        let kinds = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let ask = self.queues().get_queue_attributes().queue_url(self.output(queue));
        let told = ask.set_attribute_names(Some(kinds.to_vec())).send().await.unwrap().attributes.unwrap_or_default();
        kinds.iter().filter_map(|kind| told.get(kind)?.parse::<i64>().ok()).sum()
    }

    /// A message whose worker failed or died comes again after so many seconds, for a test that cannot wait for 90.
    pub async fn redeliver_after(&self, seconds: u32) {
        let set = self.queues().set_queue_attributes().queue_url(self.output("InspectionQueue"));
        set.attributes(QueueAttributeName::VisibilityTimeout, seconds.to_string()).send().await.unwrap();
    }

    /// Kills every process of the detection function in this town's cloud, and says how many there were.
    pub fn kill_detection(&self) -> usize {
        self.kill("Detection")
    }

    /// Kills every process of one function in this town's cloud, and says how many there were.
    pub fn kill(&self, function: &str) -> usize {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let ours = |pid: &u32| {
            let program = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let environment = String::from_utf8_lossy(&environment);
            let name = environment.split('\0').find(|line| line.starts_with("AWS_LAMBDA_FUNCTION_NAME="));
            program.ends_with("bootstrap")
                && environment.contains(&self.cloud.facts.endpoint)
                && name.is_some_and(|name| name.contains(function))
        };
        let found: Vec<u32> = pids.filter(ours).collect();
        for pid in &found {
            let _gone = std::process::Command::new("kill").args(["-9", &pid.to_string()]).output();
        }
        found.len()
    }

    /// Until every message has been handled or has died.
    pub async fn quiet(&self) {
        let started = std::time::Instant::now();
        while self.backlog().await > 0 {
            assert!(started.elapsed() < PATIENCE, "the queue does not run dry");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}
