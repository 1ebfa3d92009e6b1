//! Jobs at once instead of at their time.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::header::HeaderName;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{PATIENCE, Town};

impl Town {
    /// What is due every minute.
    pub async fn sweep(&self) -> Value {
        self.run_job(&json!({})).await.unwrap_or_else(|failed| panic!("{failed}"))
    }

    /// What runs every night.
    pub async fn check_ledger(&self) -> Result<Value, Value> {
        self.run_job(&json!({"job": "check-ledger"})).await
    }

    /// What runs every night, too.
    pub async fn check_audit(&self) -> Result<Value, Value> {
        self.run_job(&json!({"job": "check-audit"})).await
    }

    /// Runs a program of `infra/` against this town as its operator would; whether it went well, and what it said.
    pub async fn operator(&self, program: &str, arguments: &[&str]) -> (bool, String) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra").join(program);
        let mut command = Command::new(program);
        command.args(["--endpoint", &self.cloud.connection.endpoint]).args(arguments);
        let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        (done.status.success(), said)
    }

    /// The answer of the jobs' function, or what it failed with.
    async fn run_job(&self, event: &Value) -> Result<Value, Value> {
        let list: Value = self.lambda(Method::GET, "functions/", &[]).await.json().await.unwrap();
        let names = list["Functions"].as_array().unwrap().iter().filter_map(|one| one["FunctionName"].as_str());
        let name = names.into_iter().find(|name| name.contains("Jobs")).unwrap_or_else(|| panic!("{list}"));
        let event = serde_json::to_vec(event).unwrap();
        let answer = self.lambda(Method::POST, &format!("functions/{name}/invocations"), &event).await;
        let failed = answer.headers().contains_key("x-amz-function-error");
        let body: Value = answer.json().await.unwrap();
        if failed { Err(body) } else { Ok(body) }
    }

    async fn lambda(&self, method: Method, path: &str, body: &[u8]) -> Response {
        let url = format!("{}/2015-03-31/{path}", self.cloud.connection.endpoint);
        self.signed("lambda", method, &url, &[], body).await
    }

    /// A call of one of the cloud's own services.
    pub(crate) async fn signed(
        &self,
        service: &str,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let facts = &self.cloud.connection;
        let identity =
            Credentials::new(&facts.access_key_id, &facts.secret_access_key, None, None, "test cloud").into();
        let settings = SigningSettings::default();
        let params = v4::SigningParams::builder().identity(&identity).region(&facts.region).name(service);
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
