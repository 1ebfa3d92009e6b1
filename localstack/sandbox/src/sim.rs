//! Switches for tests and demonstrations.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bank::Trade;
use crate::faults::Fault;
use crate::{Sandbox, notify};

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sim/health", get(|| async { "ok" }))
        .route("/_sim/scan", post(scan))
        .route("/_sim/faults", post(fault).delete(no_faults))
        .route("/_sim/clock", post(clock))
        .route("/_sim/keys", post(keys))
        .route("/_sim/notices", post(notices))
        .route("/_sim/trades", get(trades))
}

#[derive(Debug, Deserialize)]
struct Scan {
    code: String,
    /// Although the trade is closed.
    #[serde(default)]
    force: bool,
}

/// Pays what the code stands for.
async fn scan(State(sandbox): State<Arc<Sandbox>>, Json(scan): Json<Scan>) -> Result<Json<Trade>, StatusCode> {
    let now = sandbox.bank.now();
    let paid = sandbox.bank.books().pay(&scan.code, now, scan.force).ok_or(StatusCode::CONFLICT)?;
    notify::paid(&sandbox, &paid);
    Ok(Json(paid))
}

#[derive(Debug, Deserialize)]
struct Switch {
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
}

const fn once() -> u32 {
    1
}

async fn fault(State(sandbox): State<Arc<Sandbox>>, Json(switch): Json<Switch>) -> StatusCode {
    sandbox.faults.set(switch.fault, switch.times);
    StatusCode::NO_CONTENT
}

async fn no_faults(State(sandbox): State<Arc<Sandbox>>) -> StatusCode {
    sandbox.faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Advance {
    seconds: i64,
}

/// Moves the providers' clock on: what they would call later, they call now.
async fn clock(State(sandbox): State<Arc<Sandbox>>, Json(advance): Json<Advance>) -> Json<Value> {
    sandbox.bank.books().ahead += SignedDuration::from_secs(advance.seconds);
    Json(json!({"now": sandbox.bank.now()}))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    /// Callbacks are signed by the platform certificate from now on, or by the public key.
    #[serde(default)]
    certified_notices: Option<bool>,
    /// A new platform certificate takes the place of the last.
    #[serde(default)]
    rotate: bool,
}

async fn keys(State(sandbox): State<Arc<Sandbox>>, Json(wish): Json<Keys>) -> StatusCode {
    if let Some(certified) = wish.certified_notices {
        sandbox.platform.certify_notices(certified);
    }
    if wish.rotate {
        sandbox.platform.rotate();
    }
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct Again {
    code: String,
    times: usize,
}

/// Sends the notice of a paid trade once more, or often at the same time. Answers which of them were taken.
async fn notices(State(sandbox): State<Arc<Sandbox>>, Json(again): Json<Again>) -> Result<Json<Vec<bool>>, StatusCode> {
    let trade = sandbox.bank.books().by_code(&again.code).cloned().ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(notify::again(&sandbox, &trade, again.times).await))
}

async fn trades(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Trade>> {
    Json(sandbox.bank.books().trades.values().cloned().collect())
}
