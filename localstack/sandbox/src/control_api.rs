//! HTTP interface for tests and demonstrations.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::trades::Trade;
use crate::{Sandbox, callbacks};

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/control/health", get(|| async { "ok" }))
        .route("/control/scan", post(scan))
        .route("/control/faults", post(fault).delete(no_faults))
        .route("/control/clock", post(clock))
        .route("/control/keys", post(keys))
        .route("/control/callbacks", post(resend_callback))
        .route("/control/trades", get(trades))
}

#[derive(Debug, Deserialize)]
struct Scan {
    code: String,
    /// Pays even if the trade is closed.
    #[serde(default)]
    force: bool,
}

/// Pays the trade of a QR code.
async fn scan(State(sandbox): State<Arc<Sandbox>>, Json(scan): Json<Scan>) -> Result<Json<Trade>, StatusCode> {
    let now = sandbox.trades.now();
    let paid = sandbox.trades.lock().pay(&scan.code, now, scan.force).ok_or(StatusCode::CONFLICT)?;
    callbacks::paid(&sandbox, &paid);
    Ok(Json(paid))
}

#[derive(Debug, Deserialize)]
struct FaultRequest {
    fault: Fault,
    #[serde(default = "once")]
    times: u32,
}

const fn once() -> u32 {
    1
}

async fn fault(State(sandbox): State<Arc<Sandbox>>, Json(request): Json<FaultRequest>) -> StatusCode {
    sandbox.faults.set(request.fault, request.times);
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

/// Advances the providers' clock, so that callbacks and invoices that are due later become due now.
async fn clock(State(sandbox): State<Arc<Sandbox>>, Json(advance): Json<Advance>) -> Json<Value> {
    sandbox.trades.lock().ahead += SignedDuration::from_secs(advance.seconds);
    Json(json!({"now": sandbox.trades.now()}))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeyRequest {
    /// Whether callbacks are signed with the platform certificate or with the public key.
    #[serde(default)]
    certified_callbacks: Option<bool>,
    /// Replaces the platform certificate.
    #[serde(default)]
    rotate: bool,
}

async fn keys(State(sandbox): State<Arc<Sandbox>>, Json(request): Json<KeyRequest>) -> StatusCode {
    if let Some(certified) = request.certified_callbacks {
        sandbox.platform_certificate.sign_callbacks_by_certificate(certified);
    }
    if request.rotate {
        sandbox.platform_certificate.rotate();
    }
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct ResendRequest {
    code: String,
    times: usize,
}

/// Sends the callback of a paid trade `times` times concurrently. Returns which of them were acknowledged.
async fn resend_callback(
    State(sandbox): State<Arc<Sandbox>>,
    Json(request): Json<ResendRequest>,
) -> Result<Json<Vec<bool>>, StatusCode> {
    let trade = sandbox.trades.lock().by_code(&request.code).cloned().ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(callbacks::resend(&sandbox, &trade, request.times).await))
}

async fn trades(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Trade>> {
    Json(sandbox.trades.lock().trades.values().cloned().collect())
}
