//! A sandbox process for one test.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Longest time that a test waits for an asynchronous effect.
const PATIENCE: Duration = Duration::from_secs(10);

/// A sandbox on free ports with a state folder of its own. It ends with this value.
pub struct SandboxProcess {
    /// URL of its HTTP interface.
    pub url: String,
    /// For calls to the sandbox.
    pub http: reqwest::Client,
    process: Child,
    state: PathBuf,
    output: Value,
}

impl SandboxProcess {
    /// Starts the program with further arguments. Callbacks go to a closed port unless the arguments say otherwise.
    pub fn start(arguments: &[&str]) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let name = format!("sandbox-test-{}-{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        let state = std::env::temp_dir().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sandbox"));
        command.args(["--listen", "127.0.0.1:0", "--state"]).arg(&state).args(arguments);
        if !arguments.contains(&"--payment-callbacks") {
            command.args(["--payment-callbacks", "http://127.0.0.1:9"]);
        }
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output: Value = serde_json::from_str(&line).unwrap();
        let url = output["url"].as_str().unwrap().to_owned();
        Self { url, http: reqwest::Client::new(), process, state, output }
    }

    /// The secret that the sandbox wrote for the functions, by its name in the program's output.
    pub fn secret<T: DeserializeOwned>(&self, name: &str) -> T {
        let text = std::fs::read_to_string(self.output[name].as_str().unwrap()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Calls the control interface, and returns whether the call succeeded.
    pub async fn control(&self, path: &str, body: Value) -> bool {
        let response = self.http.post(format!("{}/control/{path}", self.url)).json(&body).send().await.unwrap();
        response.status().is_success()
    }

    /// Injects a fault into the next call that it can affect.
    pub async fn inject_fault(&self, fault: &str) {
        assert!(self.control("faults", json!({"fault": fault})).await, "{fault}");
    }

    /// Removes all faults.
    pub async fn clear_faults(&self) {
        self.http.delete(format!("{}/control/faults", self.url)).send().await.unwrap();
    }

    /// Advances the providers' clock.
    pub async fn advance_clock(&self, seconds: i64) {
        assert!(self.control("clock", json!({"seconds": seconds})).await);
    }

    /// Reads a JSON list.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        self.http.get(format!("{}/{path}", self.url)).send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

/// Waits until a condition holds.
pub async fn until(mut condition: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < PATIENCE, "the condition did not hold within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Counts acknowledged and rejected callbacks of a callback endpoint.
#[derive(Debug, Clone, Default)]
pub struct CallbackCounter(std::sync::Arc<[AtomicU32; 2]>);

impl CallbackCounter {
    /// Serves the routes on `listener`, and counts their responses.
    pub fn serve(&self, routes: axum::Router, listener: tokio::net::TcpListener) {
        let counter = self.clone();
        let counted = routes.layer(axum::middleware::map_response(move |response: axum::response::Response| {
            let counter = counter.clone();
            async move {
                let rejected = usize::from(!response.status().is_success());
                counter.0[rejected].fetch_add(1, Ordering::SeqCst);
                response
            }
        }));
        tokio::spawn(async move { axum::serve(listener, counted).await });
    }

    /// How many callbacks were acknowledged.
    pub fn acknowledged(&self) -> u32 {
        self.0[0].load(Ordering::SeqCst)
    }

    /// How many callbacks were rejected.
    pub fn rejected(&self) -> u32 {
        self.0[1].load(Ordering::SeqCst)
    }
}
