//! 账户充值

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use std::time::Duration;

use app::idempotency::Command;
use app::payments::provider::Scene;
use app::recharges::{self, RechargeRequest};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::money::Fen;
use domain::money::payment::{PayCode, Provider};
use domain::money::recharge::{MAX, MIN, Recharge};
use http_api::responses;
use http_api::{Actor, IdempotencyKey, Json, LiveActor, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;

/// The amounts to choose from (the manual shows them without figures): 15 to 600 yuan.
const OPTIONS_FEN: [i64; 6] = [1_500, 3_000, 6_000, 15_000, 30_000, 60_000];
const WAIT_S_MAX: u64 = 20;

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Provider)]
pub enum ProviderBody {
    #[default]
    Wechat,
    Alipay,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecharge {
    /// 150 to 60000
    #[schema(example = 3000)]
    amount_fen: i64,
    #[serde(default)]
    provider: ProviderBody,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Recharge)]
pub struct RechargeBody {
    no: String,
    /// `requested`, `credited` or `lapsed`
    state: &'static str,
    amount_fen: i64,
    provider: &'static str,
    requested_at: String,
    /// The text of the QR code; absent once it is paid or expired
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_text: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RechargeOptions)]
pub struct OptionsBody {
    amounts_fen: Vec<i64>,
    min_fen: i64,
    max_fen: i64,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wait {
    /// Seconds to wait for the credit, at most 20
    wait: Option<u64>,
}

/// Amounts to choose from, and the limits for any other amount.
#[utoipa::path(get, path = "/v1/recharges/options", tag = "wallet",
    responses(responses::Public, (status = 200, body = OptionsBody)))]
pub async fn options() -> Json<OptionsBody> {
    Json(OptionsBody { amounts_fen: OPTIONS_FEN.to_vec(), min_fen: MIN.get(), max_fen: MAX.get() })
}

/// Opens a recharge and returns the QR code to pay with. A repeated request returns the same code.
#[utoipa::path(post, path = "/v1/recharges", tag = "wallet",
    params(("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 201, body = RechargeBody),
        (status = 409, description = "payment-refused"),
        (status = 422, description = "amount-out-of-range, idempotency-key-reused")))]
pub async fn request(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewRecharge>,
) -> Result<(StatusCode, Json<RechargeBody>), Problem> {
    let provider = match new.provider {
        ProviderBody::Wechat => Provider::Wechat,
        ProviderBody::Alipay => Provider::Alipay,
    };
    let request = RechargeRequest { amount_fen: Fen::new(new.amount_fen), provider };
    let command = Command::new(actor.account, "recharge", &key, &request)?;
    let opened = recharges::request(&state.payments, actor.account, &request, Scene::Qr, &command).await?;
    Ok((StatusCode::CREATED, Json(body(opened.recharge, opened.code))))
}

/// One recharge, at once or as soon as it is credited.
#[utoipa::path(get, path = "/v1/recharges/{no}", tag = "wallet",
    params(("no" = String, Path), Wait),
    responses(responses::Query, (status = 200, body = RechargeBody), (status = 404, description = "not-found")))]
pub async fn read(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Path(no): Path<String>,
    Query(wait): Query<Wait>,
) -> Result<Json<RechargeBody>, Problem> {
    let no = no.parse().map_err(|_| Problem::not_found())?;
    let wait = Duration::from_secs(wait.wait.unwrap_or(0).min(WAIT_S_MAX));
    let recharge = recharges::wait(&*state.payments.money.store, actor.account, &no, wait).await?;
    Ok(Json(body(recharge, None)))
}

fn body(recharge: Recharge, code: Option<PayCode>) -> RechargeBody {
    RechargeBody {
        no: recharge.no.to_string(),
        state: recharge.state.name(),
        amount_fen: recharge.amount_fen.get(),
        provider: recharge.provider.code(),
        requested_at: recharge.requested_at.to_string(),
        qr_text: code.map(|code| match code {
            PayCode::Qr { text } => text,
            PayCode::Page { url } => url,
        }),
    }
}
