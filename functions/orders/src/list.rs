//! 我的订单

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use app::orders::{self, Filter, OrderType};
use axum::extract::State;
use http_api::paging::{DayRange, PageParams};
use http_api::responses;
use http_api::{Actor, Json, Paging, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;
use crate::body::OrderBody;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// `photos` (default) or `recharge`
    #[serde(rename = "type")]
    #[param(value_type = Option<String>)]
    kind: Option<OrderType>,
    /// `awaiting-payment`, `paid`, `closed`, `refunding`, `refunded`
    state: Option<String>,
    /// The whole number
    no: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderPage)]
pub struct OrdersBody {
    /// Newest first
    items: Vec<OrderBody>,
    /// For the next page; absent on the last. A page can be short and still have a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One page of orders.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(Filters, DayRange, PageParams),
    responses(responses::Query, (status = 200, body = OrdersBody),
        (status = 400, description = "query-invalid, cursor-invalid")))]
pub async fn list(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
    Query(days): Query<DayRange>,
    paging: Paging,
) -> Result<Json<OrdersBody>, Problem> {
    let (owner, kind) = (actor.account, filters.kind.unwrap_or(OrderType::Photos));
    // The list's name contains the days: a position between two days can be outside of another range.
    let name = format!("orders/{owner}/{kind:?}/{:?}/{:?}", days.from, days.to);
    let filter = Filter { state: filters.state, no: filters.no, from: days.from, to: days.to };
    let (store, after) = (&*state.payments.money.store, paging.after(&name)?);
    let page = orders::list(store, owner, kind, &filter, paging.limit(), after).await?;
    let next_cursor = paging.next_cursor(&name, page.next)?;
    Ok(Json(OrdersBody { items: page.orders.into_iter().map(Into::into).collect(), next_cursor }))
}
