//! 确认下单

use app::idempotency::Command;
use app::orders::{self, PlaceOrder};
use axum::extract::State;
use axum::http::StatusCode;
use domain::image_number::ImageNumber;
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::body::{Method, OrderBody};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOrder {
    /// Photos that passed and are not paid yet
    #[schema(example = json!(["AL200166498"]))]
    image_nos: Vec<String>,
    method: Method,
    /// If absent, the balance takes the coupon that expires soonest
    coupon_id: Option<String>,
}

/// Places an order. If the coupon covers the whole price, the order is paid at once.
#[utoipa::path(post, path = "/v1/orders", tag = "orders",
    params(("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 201, body = OrderBody),
        (status = 404, description = "not-found: a photo or the coupon"),
        (status = 409, description = "photo-not-payable, photo-already-ordered, coupon-not-usable"),
        (status = 422, description = "count-out-of-range, listed-twice, idempotency-key-reused")))]
pub async fn place(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewOrder>,
) -> Result<(StatusCode, Json<OrderBody>), Problem> {
    let command = Command::new(actor.account, "place-order", &key, &new)?;
    let (method, coupon) = (new.method.into(), coupon(new.coupon_id.as_deref())?);
    let request = PlaceOrder { image_nos: image_numbers(&new.image_nos)?, method, coupon };
    let order = orders::place(&state.payments.money, actor.account, &request, &command).await?;
    Ok((StatusCode::CREATED, Json(order.into())))
}

/// A text that is not an image number names no photo of the customer.
fn image_numbers(texts: &[String]) -> Result<Vec<ImageNumber>, Problem> {
    texts.iter().map(|text| text.parse().map_err(|_| Problem::not_found())).collect()
}

pub fn coupon(id: Option<&str>) -> Result<Option<domain::money::Number>, Problem> {
    let parse = |id: &str| id.parse().map_err(|_| Problem::invalid().field("/couponId", "field-invalid"));
    id.map(parse).transpose()
}
