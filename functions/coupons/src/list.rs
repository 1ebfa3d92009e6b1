//! The four tabs.

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use app::coupons;
use app::ledger::MoneyContext;
use axum::extract::State;
use domain::money::Fen;
use domain::money::coupon::Tab;
use http_api::responses;
use http_api::{Actor, Json, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::CouponBody;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// `usable` (default), `used`, `expired` or `frozen`
    #[param(value_type = Option<String>)]
    state: Option<Tab>,
    /// Only coupons that can be used on this price
    price_fen: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CouponList)]
pub struct CouponsBody {
    pub(crate) items: Vec<CouponBody>,
}

/// The caller's coupons under one tab.
#[utoipa::path(get, path = "/v1/coupons", tag = "coupons", params(Filters),
    responses(responses::Query, (status = 200, body = CouponsBody)))]
pub async fn list(
    State(money): State<MoneyContext>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
) -> Result<Json<CouponsBody>, Problem> {
    let (now, tab) = (money.clock.now(), filters.state.unwrap_or(Tab::Usable));
    let price = filters.price_fen.map(Fen::new);
    let found = coupons::list(&*money.store, actor.account, tab, price, now).await?;
    Ok(Json(CouponsBody { items: found.into_iter().map(|coupon| CouponBody::at(coupon, now)).collect() }))
}
