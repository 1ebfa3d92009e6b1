//! Runs scheduled tasks and operator tools at once instead of at their time.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::header::HeaderName;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{PATIENCE, TestStack};

impl TestStack {
    /// Runs the task of every minute; its report.
    pub async fn run_due_work(&self) -> Value {
        self.run_job(&json!({})).await.unwrap_or_else(|error| panic!("the due work failed: {error}"))
    }

    /// Runs the nightly check of the ledger; its report, or the error with which the function failed.
    pub async fn check_ledger(&self) -> Result<Value, Value> {
        self.run_job(&json!({"job": "check-ledger"})).await
    }

    /// Runs the nightly check of the audit log; its report, or the error with which the function failed.
    pub async fn check_audit(&self) -> Result<Value, Value> {
        self.run_job(&json!({"job": "check-audit"})).await
    }

    /// Runs a program of `infra/` against the stack, and returns whether it succeeded and what it printed.
    pub async fn run_operator_tool(&self, program: &str, arguments: &[&str]) -> (bool, String) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra").join(program);
        let mut command = Command::new(program);
        command.args(["--endpoint", &self.cloud.connection.endpoint]).args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), printed)
    }

    async fn run_job(&self, event: &Value) -> Result<Value, Value> {
        let list: Value = self.lambda(Method::GET, "functions/", &[]).await.json().await.unwrap();
        let mut names = list["Functions"].as_array().unwrap().iter().filter_map(|one| one["FunctionName"].as_str());
        let name = names.find(|name| name.contains("Jobs")).unwrap_or_else(|| panic!("no function for jobs: {list}"));
        let event = serde_json::to_vec(event).unwrap();
        let response = self.lambda(Method::POST, &format!("functions/{name}/invocations"), &event).await;
        let failed = response.headers().contains_key("x-amz-function-error");
        let body: Value = response.json().await.unwrap();
        if failed { Err(body) } else { Ok(body) }
    }

    async fn lambda(&self, method: Method, path: &str, body: &[u8]) -> Response {
        let url = format!("{}/2015-03-31/{path}", self.cloud.connection.endpoint);
        self.signed("lambda", method, &url, &[], body).await
    }

    /// Calls a service of the local cloud with a signed request.
    pub(crate) async fn signed(
        &self,
        service: &str,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let connection = &self.cloud.connection;
        let identity =
            Credentials::new(&connection.access_key_id, &connection.secret_access_key, None, None, "test cloud").into();
        let settings = SigningSettings::default();
        let params = v4::SigningParams::builder().identity(&identity).region(&connection.region).name(service);
        let params = params.time(SystemTime::now()).settings(settings).build().unwrap().into();
        let signable =
            SignableRequest::new(method.as_str(), url, headers.iter().copied(), SignableBody::Bytes(body)).unwrap();
        let (signed, _) = sign(signable, &params).unwrap().into_parts();
        let mut request = self.http.request(method, url).timeout(PATIENCE).body(body.to_vec());
        for (name, value) in signed.headers().chain(headers.iter().copied()) {
            request = request.header(HeaderName::try_from(name).unwrap(), value);
        }
        request.send().await.unwrap()
    }
}
