//! 修改, 删除 and 撤销 by the customer.

use app::idempotency::Command;
use app::invoices;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};

use crate::AppState;
use crate::body::{Form, InvoiceBody};
use crate::read::number;

/// Corrects a failed application and applies again. Orders and amount do not change.
#[utoipa::path(patch, path = "/v1/invoices/{no}", tag = "invoices",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    request_body = Form,
    responses(responses::IdempotentCommand, (status = 200, body = InvoiceBody),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-amendable")))]
pub async fn amend(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(form): Json<Form>,
) -> Result<Json<InvoiceBody>, Problem> {
    let (owner, number) = (actor.account, number(&no)?);
    let command = Command::new(owner, "amend-invoice", &key, &(&no, &form))?;
    let known = invoices::get(&*state.invoicing.money.store, owner, &number).await?.details;
    let details = form.details_after(known.buyer.as_ref())?;
    let invoice = invoices::amend(&state.invoicing, owner, &number, &details, &command).await?;
    Ok(Json(invoice.into()))
}

/// Deletes a failed application and releases its orders. A repeated call changes nothing.
#[utoipa::path(delete, path = "/v1/invoices/{no}", tag = "invoices", params(("no" = String, Path)),
    responses(responses::Query, (status = 204, description = "It is gone"),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-deletable")))]
pub async fn delete(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
) -> Result<StatusCode, Problem> {
    invoices::delete(&state.invoicing, actor.account, &number(&no)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws an undecided application and releases its orders. A repeated call changes nothing.
#[utoipa::path(post, path = "/v1/invoices/{no}/withdrawal", tag = "invoices", params(("no" = String, Path)),
    responses(responses::Query, (status = 200, body = InvoiceBody),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-withdrawable, invoice-being-issued")))]
pub async fn withdraw(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
) -> Result<Json<InvoiceBody>, Problem> {
    let invoice = invoices::withdraw(&state.invoicing, actor.account, &number(&no)?).await?;
    Ok(Json(invoice.into()))
}
