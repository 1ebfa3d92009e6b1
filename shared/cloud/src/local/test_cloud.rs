//! A private local cloud on free ports of this machine.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use app::store::{Index, Table};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use serde::Deserialize;
use serde_json::Value;

use crate::ResourceNames;

/// A local cloud for tests. One that was started by this value ends with it, and its data is deleted.
#[derive(Debug)]
pub struct TestCloud {
    process: Option<Child>,
    /// How to reach it.
    pub connection: Connection,
}

/// The line of JSON that `localstack/test-cloud` prints when it is ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// URL of the AWS services.
    pub endpoint: String,
    /// Region of all resources.
    pub region: String,
    /// Public name of the access key.
    pub access_key_id: String,
    /// Secret of the access key. It is valid only for this cloud.
    pub secret_access_key: String,
    /// Folder of its data and log files.
    pub state_dir: String,
    /// URL of the API, if the stack is deployed.
    #[serde(default)]
    pub api: Option<String>,
    /// URL of the page, if the stack is deployed.
    #[serde(default)]
    pub page: Option<String>,
    /// URL of the sandbox of the external providers, if the stack is deployed.
    #[serde(default)]
    pub sandbox: Option<String>,
    /// Outputs of the deployed stack by name; null without a stack.
    #[serde(default)]
    pub outputs: Value,
}

impl TestCloud {
    /// Starts an empty cloud.
    ///
    /// # Panics
    ///
    /// If the cloud cannot be started.
    pub fn start() -> Self {
        let mut process = Self::command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("localstack/test-cloud can be started");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("stdout is piped")).read_line(&mut line).expect("stdout is text");
        let connection =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("test-cloud printed {line:?}: {error}"));
        Self { process: Some(process), connection }
    }

    /// Uses a cloud that another process has started, and does not end it.
    pub const fn attach(connection: Connection) -> Self {
        Self { process: None, connection }
    }

    /// The program that starts a cloud. With the argument `--deploy` it also deploys the stack. It ends when its input closes.
    pub fn command() -> Command {
        Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../localstack/test-cloud"))
    }

    /// Configuration for clients of this cloud.
    pub fn sdk(&self) -> SdkConfig {
        let Connection { endpoint, region, access_key_id, secret_access_key, .. } = &self.connection;
        let credentials = Credentials::new(access_key_id, secret_access_key, None, None, "test cloud");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
            .region(Region::new(region.clone()))
            .endpoint_url(endpoint)
            .build()
    }

    /// Creates a bucket in an empty cloud.
    ///
    /// # Panics
    ///
    /// If the bucket cannot be created.
    pub async fn create_bucket(&self, name: &str) {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk()).force_path_style(true).build();
        let constraint = aws_sdk_s3::types::BucketLocationConstraint::from(self.connection.region.as_str());
        let configuration =
            aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint(constraint).build();
        let create = aws_sdk_s3::Client::from_conf(config).create_bucket().bucket(name);
        create.create_bucket_configuration(configuration).send().await.expect("the bucket can be created");
    }

    /// Creates all tables with their indexes in an empty cloud, and returns their names.
    ///
    /// # Panics
    ///
    /// If a table cannot be created.
    pub async fn create_tables(&self) -> ResourceNames {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk());
        let mut names = ResourceNames::default();
        for table in Table::ALL {
            let mut keys = vec!["pk", "sk"];
            keys.extend(table.indexes().iter().flat_map(|index| [index.pk, index.sk]));
            keys.sort_unstable();
            keys.dedup();
            let create = client
                .create_table()
                .table_name(table.name())
                .set_attribute_definitions(Some(keys.into_iter().map(definition).collect()))
                .set_key_schema(Some(schema("pk", "sk")))
                .set_global_secondary_indexes(
                    Some(table.indexes().iter().map(secondary).collect())
                        .filter(|indexes: &Vec<_>| !indexes.is_empty()),
                )
                .billing_mode(BillingMode::PayPerRequest);
            create.send().await.expect("the table can be created");
            names = names.table_named(table, table.name());
        }
        names
    }
}

impl Drop for TestCloud {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

fn definition(name: &str) -> AttributeDefinition {
    let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    definition.build().expect("all required fields are set")
}

fn schema(pk: &str, sk: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, kind: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("all required fields are set")
    };
    vec![element(pk, KeyType::Hash), element(sk, KeyType::Range)]
}

fn secondary(index: &Index) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(schema(index.pk, index.sk)))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .expect("all required fields are set")
}
