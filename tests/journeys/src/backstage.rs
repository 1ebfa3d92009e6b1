//! What a test may do behind the scenes.

use app::store::{Store, Table};
use aws_sdk_sqs::types::QueueAttributeName;
use cloud::ResourceNames;
use cloud::store::DynamoStore;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{PATIENCE, Town};

impl Town {
    /// From now on every function sees the time this much later.
    pub async fn set_clock_ahead(&self, ahead: SignedDuration) {
        cloud::local::set_clock_ahead(&self.store().await, ahead).await.unwrap();
    }

    /// Keeps the functions' clock where it is now, within a second, until the task is aborted.
    pub async fn hold_clock(&self) -> tokio::task::JoinHandle<()> {
        let (store, began) = (self.store().await, std::time::Instant::now());
        tokio::spawn(async move {
            loop {
                let passed = i64::try_from(began.elapsed().as_secs()).unwrap();
                cloud::local::set_clock_ahead(&store, SignedDuration::from_secs(-passed)).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        })
    }

    /// The stack's own tables.
    pub async fn store(&self) -> impl Store + use<> {
        let client = aws_sdk_dynamodb::Client::new(&self.cloud.sdk());
        let tables = client.list_tables().send().await.unwrap().table_names.unwrap_or_default();
        let named = |names: ResourceNames, table: Table| {
            let found = tables.iter().find(|name| name.to_lowercase().contains(table.name()));
            names.table_named(table, found.unwrap_or_else(|| panic!("no table for {}: {tables:?}", table.name())))
        };
        DynamoStore::new(&self.cloud.sdk(), Table::ALL.into_iter().fold(ResourceNames::default(), named))
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

    /// Every object, older version and delete marker that a photo still has, in either bucket.
    pub async fn objects(&self, number: &str) -> Vec<String> {
        let config = aws_sdk_s3::config::Builder::from(&self.cloud.sdk()).force_path_style(true).build();
        let client = aws_sdk_s3::Client::from_conf(config);
        let mut found = Vec::new();
        for bucket in ["UploadsBucket", "PhotosBucket"] {
            let page = client.list_object_versions().bucket(self.output(bucket)).send().await.unwrap();
            let objects = page.versions().iter().filter_map(|one| one.key());
            let markers = page.delete_markers().iter().filter_map(|one| one.key());
            found.extend(objects.chain(markers).filter(|key| key.contains(number)).map(str::to_owned));
        }
        found
    }

    /// A photo's own row, as it is stored.
    pub async fn photo_row(&self, number: &str) -> Value {
        let row = self.store().await.get(&app::photos::photo_row(number.parse().unwrap())).await.unwrap();
        Value::Object(row.unwrap())
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
                && environment.contains(&self.cloud.connection.endpoint)
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

    /// The newest code that went to a phone.
    pub async fn texted(&self, phone: &str) -> String {
        let started = std::time::Instant::now();
        let page = self.cloud.connection.page.as_deref().unwrap();
        loop {
            let taken = self.http.get(format!("{page}/sandbox/inbox.json")).send().await.unwrap();
            let taken: Vec<Value> = taken.json().await.unwrap();
            let codes = taken.iter().filter(|text| text["phone"] == phone && text["values"]["code"].is_string());
            // Newest first or last: the one that was not there before is told apart by its number alone.
            let codes: Vec<&str> = codes.map(|text| text["values"]["code"].as_str().unwrap()).collect();
            let new = codes.iter().find(|code| !self.read.lock().unwrap().contains(&format!("{phone} {code}")));
            if let Some(code) = new {
                self.read.lock().unwrap().insert(format!("{phone} {code}"));
                return (*code).to_owned();
            }
            assert!(started.elapsed() < PATIENCE, "no text came to {phone}");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Everything in all tables, as text.
    pub async fn rows(&self) -> Vec<String> {
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

    /// What the functions have written into their logs, and what the cloud wrote into its own.
    pub async fn logs(&self) -> Vec<String> {
        let groups = self.log_call("DescribeLogGroups", json!({})).await;
        let mut lines = Vec::new();
        for group in groups["logGroups"].as_array().unwrap() {
            let mut ask = json!({"logGroupName": group["logGroupName"]});
            loop {
                let page = self.log_call("FilterLogEvents", ask.clone()).await;
                let events = page["events"].as_array().cloned().unwrap_or_default();
                lines.extend(events.iter().map(|event| event["message"].as_str().unwrap().to_owned()));
                match page["nextToken"].as_str() {
                    Some(next) if !events.is_empty() => ask["nextToken"] = next.into(),
                    _ => break,
                }
            }
        }
        for file in std::fs::read_dir(&self.cloud.connection.state_dir).unwrap().flatten() {
            if file.path().extension().is_some_and(|end| end == "log") {
                lines.push(String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned());
            }
        }
        lines
    }

    async fn log_call(&self, operation: &str, body: Value) -> Value {
        let target = format!("Logs_20140328.{operation}");
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.as_str())];
        let url = format!("{}/", self.cloud.connection.endpoint);
        let answer = self.signed("logs", reqwest::Method::POST, &url, &headers, body.to_string().as_bytes()).await;
        assert!(answer.status().is_success(), "{operation}: {}", answer.status());
        answer.json().await.unwrap()
    }
}
