//! 我的发票: the list of the caller's invoices.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

use app::invoices::{self, Filter};
use axum::extract::State;
use domain::invoice::CustomerState;
use domain::money::Fen;
use http_api::paging::{DayRange, PageParams};
use http_api::responses;
use http_api::{Actor, Json, Paging, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;
use crate::body::InvoiceBody;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// The whole number of the application or of the document
    no: Option<String>,
    /// `applying`, `succeeded`, `failed`, `withdrawn`, `reversed`
    #[param(value_type = Option<String>)]
    state: Option<CustomerState>,
    /// Amount in fen, at least
    min_fen: Option<i64>,
    /// Amount in fen, at most
    max_fen: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoicePage)]
pub struct InvoicesBody {
    /// Newest first
    items: Vec<InvoiceBody>,
    /// For the next page; absent on the last. A page can be short and still have a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One page of invoices.
#[utoipa::path(get, path = "/v1/invoices", tag = "invoices", params(Filters, DayRange, PageParams),
    responses(responses::Query, (status = 200, body = InvoicesBody),
        (status = 400, description = "query-invalid, cursor-invalid")))]
pub async fn list(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
    Query(days): Query<DayRange>,
    paging: Paging,
) -> Result<Json<InvoicesBody>, Problem> {
    let owner = actor.account;
    // The list's name contains the days: a position between two days can be outside of another range.
    let name = format!("invoices/{owner}/{:?}/{:?}", days.from, days.to);
    let (least, most) = (filters.min_fen.map(Fen::new), filters.max_fen.map(Fen::new));
    let DayRange { from, to } = days;
    let filter = Filter { no: filters.no, state: filters.state, least, most, from, to };
    let (store, after) = (&*state.invoicing.money.store, paging.after(&name)?);
    let page = invoices::list(store, owner, &filter, paging.limit(), after).await?;
    let next_cursor = paging.next_cursor(&name, page.next)?;
    Ok(Json(InvoicesBody { items: page.invoices.into_iter().map(Into::into).collect(), next_cursor }))
}
