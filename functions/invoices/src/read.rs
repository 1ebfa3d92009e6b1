//! 详情: one invoice, and the link to its document.

use app::invoices;
use axum::extract::{Path, State};
use domain::money::Number;
use http_api::responses;
use http_api::{Actor, Json, LiveActor, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::AppState;
use crate::body::InvoiceBody;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceFileLink)]
pub struct LinkBody {
    url: String,
    /// Five minutes after the request
    expires_at: String,
}

/// One invoice.
#[utoipa::path(get, path = "/v1/invoices/{no}", tag = "invoices", params(("no" = String, Path)),
    responses(responses::Query, (status = 200, body = InvoiceBody),
        (status = 404, description = "not-found")))]
pub async fn read(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Path(no): Path<String>,
) -> Result<Json<InvoiceBody>, Problem> {
    let store = &*state.invoicing.money.store;
    let invoice = invoices::get(store, actor.account, &number(&no)?).await?;
    Ok(Json(invoice.into()))
}

/// A short-lived link to the document.
#[utoipa::path(get, path = "/v1/invoices/{no}/file", tag = "invoices", params(("no" = String, Path)),
    responses(responses::Query, (status = 200, body = LinkBody),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-issued")))]
pub async fn file(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
) -> Result<Json<LinkBody>, Problem> {
    let link = invoices::link(&state.invoicing, actor.account, &number(&no)?).await?;
    Ok(Json(LinkBody { url: link.url, expires_at: link.expires_at.to_string() }))
}

/// The number in a path. A malformed one answers 404.
pub fn number(no: &str) -> Result<Number, Problem> {
    no.parse().map_err(|_| Problem::not_found())
}
