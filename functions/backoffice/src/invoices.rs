//! 发票审核: the waiting invoices, and the decisions on them.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

mod body;

use app::audit::Reason;
use app::idempotency::Command;
use app::invoices::{self, Decision, Queue};
use axum::extract::{Path, State};
use domain::actor::Role;
use domain::money::Number;
use http_api::paging::PageParams;
use http_api::responses;
use http_api::{IdempotencyKey, Json, Paging, Problem, Query, Staff};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;
use body::CaseBody;

const ALLOWED: [Role; 2] = [Role::Finance, Role::Admin];

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
    /// `review` (default) or `provider`
    #[serde(default)]
    #[param(value_type = Option<String>)]
    waiting: Waiting,
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
    /// 1 to 200 letters; printed on the red invoice
    why: String,
}

/// The waiting invoices of all customers. For staff of the role `finance` or `admin`.
#[utoipa::path(get, path = "/v1/admin/invoices", tag = "staff", params(CaseFilters, PageParams),
    responses(responses::Query, (status = 200, body = CasesBody),
        (status = 400, description = "query-invalid, cursor-invalid"),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed")))]
pub async fn list(
    State(state): State<AppState>,
    staff: Staff,
    Query(filters): Query<CaseFilters>,
    paging: Paging,
) -> Result<Json<CasesBody>, Problem> {
    staff.require_role(&ALLOWED)?;
    let name = format!("invoice-cases/{:?}", filters.waiting);
    let queue = if filters.waiting == Waiting::Review { Queue::Review } else { Queue::Provider };
    let page = invoices::queue(&*state.store, queue, paging.limit(), paging.after(&name)?).await?;
    let next_cursor = paging.next_cursor(&name, page.next)?;
    Ok(Json(CasesBody { items: page.invoices.into_iter().map(Into::into).collect(), next_cursor }))
}

/// Any customer's invoice.
#[utoipa::path(get, path = "/v1/admin/invoices/{no}", tag = "staff", params(("no" = String, Path)),
    responses(responses::Query, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found")))]
pub async fn read(
    State(state): State<AppState>,
    staff: Staff,
    Path(no): Path<String>,
) -> Result<Json<CaseBody>, Problem> {
    staff.require_role(&ALLOWED)?;
    Ok(Json(invoices::by_number(&*state.store, &number(&no)?).await?.into()))
}

/// Approves an application, which the provider then issues, or rejects it.
#[utoipa::path(post, path = "/v1/admin/invoices/{no}/decision", tag = "staff",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-decidable, own-invoice")))]
pub async fn decide(
    State(state): State<AppState>,
    staff: Staff,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(new): Json<NewDecision>,
) -> Result<Json<CaseBody>, Problem> {
    let (by, no) = (staff.require_role(&ALLOWED)?, number(&no)?);
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

/// Requests a red invoice that cancels an issued one. Its orders are released when the provider has issued it.
#[utoipa::path(post, path = "/v1/admin/invoices/{no}/reversal", tag = "staff",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 200, body = CaseBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found"),
        (status = 409, description = "invoice-not-reversible, own-invoice")))]
pub async fn reverse(
    State(state): State<AppState>,
    staff: Staff,
    IdempotencyKey(key): IdempotencyKey,
    Path(no): Path<String>,
    Json(new): Json<NewReversal>,
) -> Result<Json<CaseBody>, Problem> {
    let (by, no, why) = (staff.require_role(&ALLOWED)?, number(&no)?, Reason::parse(&new.why)?);
    let command = Command::new(&by.id, "reverse-invoice", &key, &(&no, &new))?;
    Ok(Json(invoices::reverse(&state.invoicing, &by, &no, &why, &command).await?.into()))
}

/// The number in a path. A malformed one answers 404.
fn number(no: &str) -> Result<Number, Problem> {
    no.parse().map_err(|_| Problem::not_found())
}
