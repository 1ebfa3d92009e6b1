//! Access to clock, tables, queues, buckets, logs and processes of the stack, for tests only.

use app::store::Store;
use aws_sdk_sqs::types::QueueAttributeName;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tables::store;
use crate::{TestStack, wait_for};

impl TestStack {
    /// Sets the offset of the functions' clock from the real time. Only in exclusive tests.
    pub async fn set_clock_ahead(&self, ahead: SignedDuration) {
        assert!(self.is_exclusive(), "only exclusive tests may move the clock");
        cloud::local::set_clock_ahead(&self.store().await, ahead).await.unwrap();
    }

    /// Keeps the functions' clock at the current time, within a second, until the task is aborted. Only in exclusive tests.
    pub async fn stop_clock(&self) -> tokio::task::JoinHandle<()> {
        assert!(self.is_exclusive(), "only exclusive tests may move the clock");
        let (store, started) = (self.store().await, std::time::Instant::now());
        tokio::spawn(async move {
            loop {
                let passed = i64::try_from(started.elapsed().as_secs()).unwrap();
                cloud::local::set_clock_ahead(&store, SignedDuration::from_secs(-passed)).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        })
    }

    /// The tables of the stack.
    pub async fn store(&self) -> impl Store + use<> {
        store(&self.cloud).await
    }

    fn queues(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.cloud.sdk())
    }

    /// Sends a message to the detection function's queue.
    pub async fn send_to_detection(&self, body: &str) {
        let send = self.queues().send_message().queue_url(self.output("InspectionQueue")).message_body(body);
        send.send().await.unwrap();
    }

    /// The event that S3 sends after an upload.
    pub fn upload_event(&self, key: &str) -> Value {
        json!({"Records": [{
            "eventVersion": "2.1", "eventSource": "aws:s3", "eventTime": jiff::Timestamp::now().to_string(),
            "eventName": "ObjectCreated:Post", "s3": {
                "bucket": {"name": self.output("UploadsBucket")}, "object": {"key": key, "size": 1, "sequencer": "00"},
            },
        }]})
    }

    fn buckets(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.cloud.sdk()).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Puts an object for which there is no ticket into the bucket of uploads.
    pub async fn put_upload(&self, key: &str) {
        let put = self.buckets().put_object().bucket(self.output("UploadsBucket")).key(key);
        put.body(b"x".to_vec().into()).send().await.unwrap();
    }

    /// The keys of all objects, older versions and delete markers of a photo, in both buckets.
    pub async fn photo_objects(&self, number: &str) -> Vec<String> {
        let mut found = Vec::new();
        for bucket in ["UploadsBucket", "PhotosBucket"] {
            let page = self.buckets().list_object_versions().bucket(self.output(bucket)).send().await.unwrap();
            let objects = page.versions().iter().filter_map(|one| one.key());
            let markers = page.delete_markers().iter().filter_map(|one| one.key());
            found.extend(objects.chain(markers).filter(|key| key.contains(number)).map(str::to_owned));
        }
        found
    }

    /// The stored row of a photo.
    pub async fn photo_row(&self, number: &str) -> Value {
        let row = self.store().await.get(&app::photos::photo_row(number.parse().unwrap())).await.unwrap();
        Value::Object(row.unwrap())
    }

    /// Number of messages in the detection function's dead-letter queue.
    pub async fn dead_letters(&self) -> i64 {
        self.queue_length("InspectionDeadLetters").await
    }

    /// Number of waiting messages plus those being handled.
    async fn queue_length(&self, queue: &str) -> i64 {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.queues().get_queue_attributes().queue_url(self.output(queue));
        let counts = request.set_attribute_names(Some(names.to_vec())).send().await.unwrap().attributes;
        let counts = counts.unwrap_or_default();
        names.iter().filter_map(|name| counts.get(name)?.parse::<i64>().ok()).sum()
    }

    /// Waits until the detection function has handled all messages or they are in the dead-letter queue.
    pub async fn wait_for_empty_queue(&self) {
        wait_for("an empty queue", async || (self.queue_length("InspectionQueue").await == 0).then_some(())).await;
    }

    /// Sets after how many seconds a message is delivered again whose worker failed. Only in exclusive tests.
    pub async fn set_redelivery(&self, seconds: u32) {
        assert!(self.is_exclusive(), "only exclusive tests may change queues");
        let set = self.queues().set_queue_attributes().queue_url(self.output("InspectionQueue"));
        set.attributes(QueueAttributeName::VisibilityTimeout, seconds.to_string()).send().await.unwrap();
    }

    /// Kills all processes of the function whose name contains `function`, and returns how many there were. Only in exclusive tests.
    pub fn kill(&self, function: &str) -> usize {
        assert!(self.is_exclusive(), "only exclusive tests may kill processes");
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let is_ours = |pid: &u32| {
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let environment = String::from_utf8_lossy(&environment);
            let name = environment.split('\0').find(|line| line.starts_with("AWS_LAMBDA_FUNCTION_NAME="));
            let program = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
            program.ends_with("bootstrap")
                && environment.contains(&self.cloud.connection.endpoint)
                && name.is_some_and(|name| name.contains(function))
        };
        let found: Vec<u32> = pids.filter(is_ours).collect();
        for pid in &found {
            // The process can have ended since.
            let _ = std::process::Command::new("kill").args(["-9", &pid.to_string()]).output();
        }
        found.len()
    }

    /// All items of all tables, as text.
    pub async fn all_rows(&self) -> Vec<String> {
        let client = aws_sdk_dynamodb::Client::new(&self.cloud.sdk());
        let tables = client.list_tables().send().await.unwrap().table_names.unwrap_or_default();
        let mut rows = Vec::new();
        for table in tables {
            let mut pages = client.scan().table_name(&table).into_paginator().send();
            while let Some(page) = pages.next().await {
                rows.extend(page.unwrap().items().iter().map(|item| format!("{table} {item:?}")));
            }
        }
        rows
    }

    /// The log messages of all functions, and the log files of the local cloud.
    pub async fn all_logs(&self) -> Vec<String> {
        let groups = self.logs_call("DescribeLogGroups", json!({})).await;
        let mut messages = Vec::new();
        for group in groups["logGroups"].as_array().unwrap() {
            let mut request = json!({"logGroupName": group["logGroupName"]});
            loop {
                let page = self.logs_call("FilterLogEvents", request.clone()).await;
                let events = page["events"].as_array().cloned().unwrap_or_default();
                messages.extend(events.iter().map(|event| event["message"].as_str().unwrap().to_owned()));
                match page["nextToken"].as_str() {
                    Some(next) if !events.is_empty() => request["nextToken"] = next.into(),
                    _ => break,
                }
            }
        }
        for file in std::fs::read_dir(&self.cloud.connection.state_dir).unwrap().flatten() {
            if file.path().extension().is_some_and(|end| end == "log") {
                messages.push(String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned());
            }
        }
        messages
    }

    async fn logs_call(&self, operation: &str, body: Value) -> Value {
        let target = format!("Logs_20140328.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.as_str())];
        let url = format!("{}/", self.cloud.connection.endpoint);
        let response = self.signed("logs", reqwest::Method::POST, &url, &headers, body.to_string().as_bytes()).await;
        assert!(response.status().is_success(), "{operation}: {}", response.status());
        response.json().await.unwrap()
    }
}
