//! Accounts for staff, and their roles.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

use std::collections::BTreeSet;

use app::accounts::Profile;
use app::audit::{self, AuditAction, AuditActor, Reason, Subject};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::account::Kind;
use domain::actor::{AccountId, Role};
use http_api::responses;
use http_api::{Json, Problem, Query, Staff};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;

const VIEWERS: [Role; 5] = [Role::Finance, Role::Reviewer, Role::Clerk, Role::Auditor, Role::Admin];

/// An account, masked as for its owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccountEntry)]
pub struct AccountEntryBody {
    account_id: String,
    #[schema(value_type = String, example = "personal")]
    kind: Kind,
    user_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    #[schema(example = "135****0330")]
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[schema(value_type = Vec<String>, example = json!(["user", "finance"]))]
    roles: BTreeSet<Role>,
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
}

impl From<Profile> for AccountEntryBody {
    fn from(profile: Profile) -> Self {
        Self {
            account_id: profile.id.to_string(),
            kind: profile.kind,
            user_name: profile.user_name,
            nickname: profile.nickname,
            phone: profile.phone_masked,
            roles: profile.roles,
            registered_at: profile.created_at,
        }
    }
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Named {
    user_name: String,
}

/// An account by its whole user name. The view is recorded in the audit log.
#[utoipa::path(get, path = "/v1/admin/accounts", tag = "staff", params(Named),
    responses(
        responses::Query,
        (status = 200, body = AccountEntryBody),
        (status = 404),
    ))]
pub async fn find(
    State(state): State<AppState>,
    staff: Staff,
    Query(named): Query<Named>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.require_role(&VIEWERS)?;
    let found = state.account_admin().find_by_name(&named.user_name).await?;
    audited_view(&state, &by, found).await
}

/// An account by its number. The view is recorded in the audit log.
#[utoipa::path(get, path = "/v1/admin/accounts/{accountId}", tag = "staff", params(("accountId" = String, Path)),
    responses(
        responses::Get,
        (status = 200, body = AccountEntryBody),
        (status = 404),
    ))]
pub async fn get(
    State(state): State<AppState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.require_role(&VIEWERS)?;
    let found = state.account_admin().find(account(&id)?).await?;
    audited_view(&state, &by, found).await
}

/// The account, after the audit log has an entry about the view.
async fn audited_view(state: &AppState, by: &AuditActor, found: Profile) -> Result<Json<AccountEntryBody>, Problem> {
    let (subject, why) = (Subject::account(found.id), Reason::rule("looked up"));
    let action = AuditAction { by, what: "account-viewed", subject, why: &why, facts: audit::no_facts() };
    audit::record(&*state.store, &*state.random, &action, state.clock.now()).await?;
    Ok(Json(found.into()))
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoles {
    /// All roles; `user` is implied. `auditor` excludes every other staff role
    #[schema(value_type = Vec<String>, example = json!(["finance"]))]
    roles: BTreeSet<Role>,
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Sets the roles of an account and ends its sessions. For staff of the role `admin`, but not for the own account.
#[utoipa::path(put, path = "/v1/admin/accounts/{accountId}/roles", tag = "staff", params(("accountId" = String, Path)),
    request_body = NewRoles,
    responses(
        responses::Command,
        (status = 200, body = AccountEntryBody),
        (status = 403, description = "forbidden, own-account"),
        (status = 404),
        (status = 409, description = "conflict"),
        (status = 422, description = "roles-clash"),
    ))]
pub async fn set_roles(
    State(state): State<AppState>,
    staff: Staff,
    Path(id): Path<String>,
    Json(new): Json<NewRoles>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.require_role(&[Role::Admin])?;
    let why = Reason::parse(&new.why)?;
    let changed = state.account_admin().set_roles(&by, account(&id)?, new.roles, &why).await?;
    Ok(Json(changed.into()))
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reset {
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Removes the second factor of a lost device: the next sign-in sets up another. For staff of the role `admin`, but not
/// for the own account.
#[utoipa::path(post, path = "/v1/admin/accounts/{accountId}/second-factor/reset", tag = "staff",
    params(("accountId" = String, Path)), request_body = Reset,
    responses(
        responses::Command,
        (status = 204),
        (status = 403, description = "forbidden, own-account"),
        (status = 404),
        (status = 409, description = "conflict"),
    ))]
pub async fn reset_second_factor(
    State(state): State<AppState>,
    staff: Staff,
    Path(id): Path<String>,
    Json(reset): Json<Reset>,
) -> Result<StatusCode, Problem> {
    let by = staff.require_role(&[Role::Admin])?;
    let why = Reason::parse(&reset.why)?;
    state.account_admin().reset_second_factor(&by, account(&id)?, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn account(text: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
