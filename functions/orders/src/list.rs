//! 我的订单

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use app::orders::{self, Filter, Type};
use axum::extract::State;
use http_api::refusals::Read;
use http_api::{Actor, Json, Problem, ProblemBody, Query};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Orders;
use crate::body::OrderBody;

const PAGE: u32 = 20;
const PAGE_MAX: u32 = 50;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// `photos` (default) or `recharge`
    #[serde(rename = "type")]
    #[param(value_type = Option<String>)]
    kind: Option<Type>,
    /// `awaiting-payment`, `paid`, `closed`, `refunding`, `refunded`
    state: Option<String>,
    /// The whole number
    no: Option<String>,
    /// First day, in China
    #[param(value_type = Option<String>, example = "2024-01-15")]
    from: Option<Date>,
    /// Last day, in China
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// 1 to 50
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderPage)]
pub struct OrdersBody {
    /// Newest first
    items: Vec<OrderBody>,
    /// For the next page; absent on the last. A page may be short and still have a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One page of orders.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(Filters),
    responses(Read, (status = 200, body = OrdersBody),
        (status = 400, description = "query-invalid, cursor-invalid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    State(state): State<Orders>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
) -> Result<Json<OrdersBody>, Problem> {
    let (owner, kind) = (actor.account.to_string(), filters.kind.unwrap_or(Type::Photos));
    // A mark is a place between two days: with others it may lie outside.
    let name = format!("orders/{owner}/{kind:?}/{:?}/{:?}", filters.from, filters.to);
    let after = filters.cursor.map(|mark| state.cursors.open(&name, &mark)).transpose()?;
    let limit = filters.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let filter = Filter { state: filters.state, no: filters.no, from: filters.from, to: filters.to };
    let page = orders::list(&*state.payments.money.store, &owner, kind, &filter, limit, after).await?;
    let next_cursor = page.next.map(|next| state.cursors.seal(&name, &next)).transpose()?;
    Ok(Json(OrdersBody { items: page.orders.into_iter().map(Into::into).collect(), next_cursor }))
}
