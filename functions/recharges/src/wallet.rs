//! 账户余额

use axum::extract::State;
use http_api::responses;
use http_api::{Actor, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Wallet)]
pub struct WalletBody {
    balance_fen: i64,
    /// Held for inspections under way
    held_fen: i64,
    /// What can be spent now
    available_fen: i64,
    #[schema(example = "¥558.84")]
    available_text: String,
}

/// The caller's wallet.
#[utoipa::path(get, path = "/v1/wallet", tag = "wallet", responses(responses::Query, (status = 200, body = WalletBody)))]
pub async fn read(State(state): State<AppState>, Actor(actor): Actor) -> Result<Json<WalletBody>, Problem> {
    let balance = app::wallet::balance(&*state.payments.money.store, actor.account).await?;
    Ok(Json(WalletBody {
        balance_fen: balance.balance.get(),
        held_fen: balance.held.get(),
        available_fen: balance.available.get(),
        available_text: balance.available.balance_text(),
    }))
}
