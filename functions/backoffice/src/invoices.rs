//! 发票审核: what waits, and its decision.

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

mod body;

use app::audit::Reason;
use app::idempotency::Command;
use app::invoices::{self, Decision, Queue};
use axum::extract::{Path, State};
use domain::actor::Role;
use domain::money::Number;
use http_api::refusals::{Read, WriteOnce};
use http_api::{IdempotencyKey, Json, Problem, ProblemBody, Query, Staff};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Backoffice;
use body::CaseBody;

const MAY: [Role; 2] = [Role::Finance, Role::Admin];
const PAGE: u32 = 20;
const PAGE_MAX: u32 = 50;

/// What an invoice waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Waiting {
    #[default]
    Review,
    Provider,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CaseFilters {
    /// For `review` (default) or for the `provider`
    #[serde(default)]
    #[param(value_type = Option<String>)]
    waiting: Waiting,
    /// 1 to 50
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceCasePage)]
pub struct CasesBody {
    /// The longest waiting first
    items: Vec<CaseBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = InvoiceVerdict)]
pub enum Verdict {
    /// 通过
    Approve,
    /// 不通过
    Reject,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = InvoiceDecision)]
pub struct NewDecision {
    decision: Verdict,
    /// Mandatory for a rejection: 1 to 200 letters, shown to the customer
    #[serde(default)]
    why: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = InvoiceReversal)]
pub struct NewReversal {
    /// 1 to 200 letters; stands on the red invoice
    why: String,
}

/// Everybody's invoices that wait. For staff of the role `finance` or `admin`, as everything here.
#[utoipa::path(get, path = "/v1/admin/invoices", operation_id = "listInvoiceCases", tag = "staff", params(CaseFilters),
    responses(Read, (status = 200, body = CasesBody),
        (status = 400, description = "query-invalid, cursor-invalid", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    State(state): State<Backoffice>,
    staff: Staff,
    Query(filters): Query<CaseFilters>,
) -> Result<Json<CasesBody>, Problem> {
    staff.with(&MAY)?;
    let name = format!("invoice-cases/{:?}", filters.waiting);
    let after = filters.cursor.map(|mark| state.cursors.open(&name, &mark)).transpose()?;
    let queue = if filters.waiting == Waiting::Review { Queue::Review } else { Queue::Provider };
    let limit = filters.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let page = invoices::queue(&*state.store, queue, limit, after).await?;
    let next_cursor = page.next.map(|next| state.cursors.seal(&name, &next)).transpose()?;
    Ok(Json(CasesBody { items: page.invoices.into_iter().map(Into::into).collect(), next_cursor }))
}

/// One invoice, whoever's it is.
#[utoipa::path(get, path = "/v1/admin/invoices/{no}", operation_id = "getInvoiceCase", tag = "staff", params(("no" = String, Path)),
    responses(Read, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "not-found", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn read(
    State(state): State<Backoffice>,
    staff: Staff,
    Path(no): Path<String>,
) -> Result<Json<CaseBody>, Problem> {
    staff.with(&MAY)?;
    Ok(Json(invoices::by_number(&*state.store, &number(&no)?).await?.into()))
}

/// Approves, upon which the provider issues it, or rejects.
#[utoipa::path(post, path = "/v1/admin/invoices/{no}/decision", operation_id = "decideInvoice", tag = "staff",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(WriteOnce, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "not-found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "invoice-not-decidable, own-invoice", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn decide(
    State(state): State<Backoffice>,
    staff: Staff,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(new): Json<NewDecision>,
) -> Result<Json<CaseBody>, Problem> {
    let (by, no) = (staff.with(&MAY)?, number(&no)?);
    let command = Command::new(&by.id, "decide-invoice", &key, &(&no, &new))?;
    let (decision, why) = match new.decision {
        Verdict::Approve if new.why.trim().is_empty() => {
            (Decision::Approve, Reason::rule("the application is in order"))
        }
        Verdict::Approve => (Decision::Approve, Reason::parse(&new.why)?),
        Verdict::Reject => (Decision::Reject, Reason::parse(&new.why)?),
    };
    Ok(Json(invoices::decide(&state.invoicing, &by, &no, decision, &why, &command).await?.into()))
}

/// Has the provider take an issued invoice back by a red one; its orders are free once that is done.
#[utoipa::path(post, path = "/v1/admin/invoices/{no}/reversal", operation_id = "reverseInvoice", tag = "staff",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(WriteOnce, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "not-found", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "invoice-not-reversible, own-invoice", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn reverse(
    State(state): State<Backoffice>,
    staff: Staff,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(new): Json<NewReversal>,
) -> Result<Json<CaseBody>, Problem> {
    let (by, no, why) = (staff.with(&MAY)?, number(&no)?, Reason::parse(&new.why)?);
    let command = Command::new(&by.id, "reverse-invoice", &key, &(&no, &new))?;
    Ok(Json(invoices::reverse(&state.invoicing, &by, &no, &why, &command).await?.into()))
}

/// A number that is none names nothing.
fn number(no: &str) -> Result<Number, Problem> {
    no.parse().map_err(|_| Problem::not_found())
}
