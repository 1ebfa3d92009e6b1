//! The audit log.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

use app::audit::{self, AuditEntry, Filter, Subject};
use axum::extract::State;
use axum::http::StatusCode;
use domain::actor::Role;
use domain::china_time;
use http_api::responses;
use http_api::{Json, Problem, Query, Staff};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;

const PAGE: u32 = 50;
/// The longest cursor or account id that is accepted, in bytes.
const TEXT_MAX: usize = 128;

/// One of `subject`, `by` and `day`; without any of them, the entries of today.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// In China
    #[param(value_type = Option<String>, example = "2026-03-01")]
    day: Option<Date>,
    /// The subject of the action
    #[param(example = "account/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    subject: Option<String>,
    /// The account of the actor
    by: Option<String>,
    /// 1 to 98
    limit: Option<u32>,
    /// `next` of the page before
    before: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Line)]
pub struct LineBody {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// An account, or `operator/…` for a command run by hand
    by: String,
    #[schema(example = "order-refund")]
    what: String,
    subject: String,
    /// The number of the entry among those about the subject
    seq: u64,
    why: String,
    #[schema(value_type = Object)]
    facts: serde_json::Value,
    request_id: String,
    /// Hash of this entry and of the hash of the entry before it about the same subject
    hash: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Lines)]
pub struct LinesBody {
    /// Newest first
    items: Vec<LineBody>,
    /// The value of `before` for the next page; absent on the last page
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl From<AuditEntry> for LineBody {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { subject, seq, at, by, request_id, what, why, facts, hash, .. } = entry;
        let facts = serde_json::from_str(&facts).unwrap_or_default();
        Self { at, by, what, subject, seq, why, facts, request_id, hash }
    }
}

/// Entries of the audit log, newest first. For staff of the role `auditor` or `admin`.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "staff", params(Filters),
    responses(
        responses::Query,
        (status = 200, body = LinesBody),
        (status = 400, description = "query-invalid, cursor-invalid"),
    ))]
pub async fn list(
    State(state): State<AppState>,
    staff: Staff,
    Query(filters): Query<Filters>,
) -> Result<Json<LinesBody>, Problem> {
    staff.require_role(&[Role::Auditor, Role::Admin])?;
    let (before, limit) = (filters.before.clone(), filters.limit.unwrap_or(PAGE));
    let filter = filters.parse(state.clock.now())?;
    let page = audit::read(&*state.store, &filter, before.as_deref(), limit).await?;
    Ok(Json(LinesBody { items: page.entries.into_iter().map(Into::into).collect(), next: page.next }))
}

impl Filters {
    fn parse(self, now: Timestamp) -> Result<Filter, Problem> {
        let wrong = || Problem::new(StatusCode::BAD_REQUEST, "query-invalid");
        let printable =
            |text: &str| !text.is_empty() && text.len() <= TEXT_MAX && text.bytes().all(|b| b.is_ascii_graphic());
        if let Some(cursor) = &self.before
            && !printable(cursor)
        {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid"));
        }
        match (self.subject, self.by, self.day) {
            (Some(subject), None, None) => Subject::parse(&subject).map(Filter::Subject).ok_or_else(wrong),
            (None, Some(by), None) if printable(&by) => Ok(Filter::By(by)),
            (None, None, day) => Ok(Filter::Day(day.unwrap_or_else(|| china_time::date(now)))),
            _ => Err(wrong()),
        }
    }
}
