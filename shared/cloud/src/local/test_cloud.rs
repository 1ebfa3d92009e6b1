//! A private cloud on free ports of this machine; it ends with the value, taking its data with it.

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

use crate::Names;

#[derive(Debug)]
pub struct TestCloud {
    process: Child,
    pub facts: Facts,
}

/// The line that `localstack/test-cloud` prints.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub state_dir: String,
    /// Only with a deployed stack.
    #[serde(default)]
    pub api: Option<String>,
    #[serde(default)]
    pub page: Option<String>,
    /// The outside providers.
    #[serde(default)]
    pub sandbox: Option<String>,
    #[serde(default)]
    pub outputs: Value,
}

impl TestCloud {
    /// An empty one.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With the whole stack and the page's front.
    pub fn deploy() -> Self {
        Self::with(&["--deploy"])
    }

    fn with(arguments: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut process = Command::new(root.join("localstack/test-cloud"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("localstack/test-cloud runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let facts = serde_json::from_str(&line).unwrap_or_else(|error| panic!("test-cloud said {line:?}: {error}"));
        Self { process, facts }
    }

    pub fn sdk(&self) -> SdkConfig {
        let Facts { endpoint, region, access_key_id, secret_access_key, .. } = &self.facts;
        let credentials = Credentials::new(access_key_id, secret_access_key, None, None, "test cloud");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
            .region(Region::new(region.clone()))
            .endpoint_url(endpoint)
            .build()
    }

    /// In an empty cloud.
    pub async fn create_bucket(&self, name: &str) {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk()).force_path_style(true).build();
        let constraint = aws_sdk_s3::types::BucketLocationConstraint::from(self.facts.region.as_str());
        let place = aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint(constraint).build();
        let create = aws_sdk_s3::Client::from_conf(config).create_bucket().bucket(name);
        create.create_bucket_configuration(place).send().await.expect("a bucket");
    }

    /// All tables with their indexes, in an empty cloud.
    pub async fn create_tables(&self) -> Names {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk());
        let mut names = Names::default();
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
            create.send().await.expect("a table");
            names = names.table_named(table, table.name());
        }
        names
    }
}

impl Drop for TestCloud {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn definition(name: &str) -> AttributeDefinition {
    let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    definition.build().expect("complete")
}

fn schema(pk: &str, sk: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, kind: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("complete")
    };
    vec![element(pk, KeyType::Hash), element(sk, KeyType::Range)]
}

fn secondary(index: &Index) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(schema(index.pk, index.sk)))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()
        .expect("complete")
}
