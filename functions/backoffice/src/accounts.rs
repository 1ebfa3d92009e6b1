//! Accounts as staff see them, and their roles.

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use std::collections::BTreeSet;

use app::accounts::Profile;
use app::audit::{self, AuditAction, AuditActor, Reason, Subject};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::account::Kind;
use domain::actor::{AccountId, Role};
use http_api::refusals::{Look, Read, Write};
use http_api::{Json, Problem, ProblemBody, Query, Staff};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Backoffice;

const MAY_LOOK: [Role; 5] = [Role::Finance, Role::Reviewer, Role::Clerk, Role::Auditor, Role::Admin];

/// An account as staff see it: masked, as for its owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
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

/// An account by its whole user name. The look is written into the audit log.
#[utoipa::path(get, path = "/v1/admin/accounts", tag = "staff", params(Named),
    responses(
        Read,
        (status = 200, body = AccountEntryBody),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub async fn find(
    State(backoffice): State<Backoffice>,
    staff: Staff,
    Query(named): Query<Named>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.with(&MAY_LOOK)?;
    let found = backoffice.account_admin().find_by_name(&named.user_name).await?;
    looked(&backoffice, &by, found).await
}

/// An account by its number. The look is written into the audit log.
#[utoipa::path(get, path = "/v1/admin/accounts/{accountId}", tag = "staff", params(("accountId" = String, Path)),
    responses(
        Look,
        (status = 200, body = AccountEntryBody),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub async fn get(
    State(backoffice): State<Backoffice>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.with(&MAY_LOOK)?;
    let found = backoffice.account_admin().find(account(&id)?).await?;
    looked(&backoffice, &by, found).await
}

async fn looked(backoffice: &Backoffice, by: &AuditActor, found: Profile) -> Result<Json<AccountEntryBody>, Problem> {
    let (subject, why) = (Subject::account(found.id), Reason::rule("looked up"));
    let action = AuditAction { by, what: "account-viewed", subject, why: &why, facts: audit::no_facts() };
    audit::record(&*backoffice.store, &*backoffice.random, &action, backoffice.clock.now()).await?;
    Ok(Json(found.into()))
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoles {
    /// All of them; `user` needs no mention. `auditor` goes with no other staff role
    #[schema(value_type = Vec<String>, example = json!(["finance"]))]
    roles: BTreeSet<Role>,
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// The roles of an account from now on; its sessions end. For staff of the role `admin`, never for oneself.
#[utoipa::path(put, path = "/v1/admin/accounts/{accountId}/roles", tag = "staff", params(("accountId" = String, Path)),
    request_body = NewRoles,
    responses(
        Write,
        (status = 200, body = AccountEntryBody),
        (status = 403, description = "forbidden, own-account", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "conflict", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "roles-clash", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub async fn set_roles(
    State(backoffice): State<Backoffice>,
    staff: Staff,
    Path(id): Path<String>,
    Json(new): Json<NewRoles>,
) -> Result<Json<AccountEntryBody>, Problem> {
    let by = staff.with(&[Role::Admin])?;
    let why = Reason::parse(&new.why)?;
    let changed = backoffice.account_admin().set_roles(&by, account(&id)?, new.roles, &why).await?;
    Ok(Json(changed.into()))
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reset {
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Somebody lost the device: the next sign-in sets up another. For staff of the role `admin`, never for oneself.
#[utoipa::path(post, path = "/v1/admin/accounts/{accountId}/second-factor/reset", tag = "staff",
    params(("accountId" = String, Path)), request_body = Reset,
    responses(
        Write,
        (status = 204),
        (status = 403, description = "forbidden, own-account", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "conflict", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub async fn reset_second_factor(
    State(backoffice): State<Backoffice>,
    staff: Staff,
    Path(id): Path<String>,
    Json(reset): Json<Reset>,
) -> Result<StatusCode, Problem> {
    let by = staff.with(&[Role::Admin])?;
    let why = Reason::parse(&reset.why)?;
    backoffice.account_admin().reset_second_factor(&by, account(&id)?, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn account(text: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
