//! 我的发票

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use app::invoices::{self, Filter};
use axum::extract::State;
use domain::invoice::Shown;
use domain::money::Fen;
use http_api::refusals::Read;
use http_api::{Actor, Json, Problem, ProblemBody, Query};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Invoices;
use crate::body::InvoiceBody;

const PAGE: u32 = 20;
const PAGE_MAX: u32 = 50;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// The whole number of the application or of the document
    no: Option<String>,
    /// `applying`, `succeeded`, `failed`, `withdrawn`, `reversed`
    #[param(value_type = Option<String>)]
    state: Option<Shown>,
    /// Amount in fen, at least
    min_fen: Option<i64>,
    /// Amount in fen, at most
    max_fen: Option<i64>,
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
#[schema(as = InvoicePage)]
pub struct InvoicesBody {
    /// Newest first
    items: Vec<InvoiceBody>,
    /// For the next page; absent on the last. A page may be short and still have a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One page of invoices.
#[utoipa::path(get, path = "/v1/invoices", operation_id = "listInvoices", tag = "invoices", params(Filters),
    responses(Read, (status = 200, body = InvoicesBody),
        (status = 400, description = "query-invalid, cursor-invalid", body = ProblemBody, content_type = "application/problem+json")))]
pub async fn list(
    State(state): State<Invoices>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
) -> Result<Json<InvoicesBody>, Problem> {
    let owner = actor.account.to_string();
    // A mark is a place between two days: with others it may lie outside.
    let name = format!("invoices/{owner}/{:?}/{:?}", filters.from, filters.to);
    let after = filters.cursor.map(|mark| state.cursors.open(&name, &mark)).transpose()?;
    let limit = filters.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let (least, most) = (filters.min_fen.map(Fen::new), filters.max_fen.map(Fen::new));
    let (from, to) = (filters.from, filters.to);
    let filter = Filter { no: filters.no, state: filters.state, least, most, from, to };
    let page = invoices::list(&*state.invoicing.money.store, &owner, &filter, limit, after).await?;
    let next_cursor = page.next.map(|next| state.cursors.seal(&name, &next)).transpose()?;
    Ok(Json(InvoicesBody { items: page.invoices.into_iter().map(Into::into).collect(), next_cursor }))
}
