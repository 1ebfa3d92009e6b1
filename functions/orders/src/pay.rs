//! 去支付

use app::orders;
use app::payments::provider::Scene;
use axum::extract::{Path, State};
use http_kit::{Json, LiveActor, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Orders;
use crate::body::{CodeBody, OrderBody};
use crate::read::number;

/// Where the customer will pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SceneBody {
    /// A QR code
    #[default]
    Qr,
    /// The provider's own page (Alipay only)
    Page,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPayment {
    #[serde(default)]
    scene: SceneBody,
    /// Where Alipay's page leads back to, on this site
    return_url: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayingBody {
    order: OrderBody,
    /// Absent when the order is paid
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<CodeBody>,
}

/// Pays by the order's method: by balance at once, by a provider through a code. Asking again answers the same code, or the paid
/// order; nothing is ever charged twice.
#[utoipa::path(post, path = "/v1/orders/{no}/payments", tag = "orders", params(("no" = String, Path)),
    responses((status = 200, body = PayingBody), (status = 402, body = ProblemBody, description = "balance-too-low"),
              (status = 409, body = ProblemBody, description = "order-not-payable, payment-refused")))]
pub async fn pay(
    State(state): State<Orders>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    Json(wish): Json<NewPayment>,
) -> Result<Json<PayingBody>, Problem> {
    let scene = match wish.scene {
        SceneBody::Qr => Scene::Qr,
        SceneBody::Page => Scene::Page { return_url: wish.return_url.filter(|url| is_a_site(url)) },
    };
    let paying = orders::pay(&state.cashier, &actor.account.to_string(), &number(&no)?, scene).await?;
    Ok(Json(PayingBody { order: paying.order.into(), code: paying.code.map(Into::into) }))
}

/// Where a browser may be led back to: a secure site, or this machine.
fn is_a_site(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://127.0.0.1")
}
