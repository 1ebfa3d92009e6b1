//! 详情

use app::orders;
use axum::extract::{Path, State};
use domain::money::Number;
use http_api::responses;
use http_api::{Actor, Json, Problem};

use crate::AppState;
use crate::body::OrderBody;

/// One order.
#[utoipa::path(get, path = "/v1/orders/{no}", tag = "orders", params(("no" = String, Path)),
    responses(responses::Query, (status = 200, body = OrderBody), (status = 404, description = "not-found")))]
pub async fn read(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Path(no): Path<String>,
) -> Result<Json<OrderBody>, Problem> {
    let order = orders::get(&*state.payments.money.store, actor.account, &number(&no)?).await?;
    Ok(Json(order.into()))
}

/// The order number in a path. A malformed one answers 404.
pub fn number(no: &str) -> Result<Number, Problem> {
    no.parse().map_err(|_| Problem::not_found())
}
