//! 去支付

use app::idempotency::Command;
use app::orders;
use app::payments::provider::Scene;
use axum::extract::{Path, State};
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::body::{CodeBody, OrderBody};
use crate::read::number;

/// Where the customer will pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Scene)]
pub enum SceneBody {
    /// A QR code
    #[default]
    Qr,
    /// The provider's own page (Alipay only)
    Page,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPayment {
    #[serde(default)]
    scene: SceneBody,
    /// The page of this site to which Alipay's page returns
    return_url: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Paying)]
pub struct PayingBody {
    order: OrderBody,
    /// Absent when the order is paid
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<CodeBody>,
}

/// Pays by the order's method: from the balance at once, or by a code at a provider. A repeated call returns the same code, or the
/// paid order; nothing is charged twice.
#[utoipa::path(post, path = "/v1/orders/{no}/payments", tag = "orders",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 200, body = PayingBody),
        (status = 402, description = "balance-too-low"),
        (status = 404, description = "not-found"),
        (status = 409, description = "order-not-payable, payment-refused")))]
pub async fn pay(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(request): Json<NewPayment>,
) -> Result<Json<PayingBody>, Problem> {
    let no = number(&no)?;
    let command = Command::new(actor.account, "pay-order", &key, &(&no, &request))?;
    let scene = match request.scene {
        SceneBody::Qr => Scene::Qr,
        SceneBody::Page => Scene::Page { return_url: request.return_url.filter(|url| is_allowed_return_url(url)) },
    };
    let payment = orders::pay(&state.payments, actor.account, &no, scene, &command).await?;
    Ok(Json(PayingBody { order: payment.order.into(), code: payment.code.map(Into::into) }))
}

/// Whether the provider may send the browser back there: to an HTTPS site, or to this machine for development.
fn is_allowed_return_url(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://127.0.0.1")
}
