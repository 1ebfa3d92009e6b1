//! 基本信息: the caller's own account, step-up, password and phone.

use app::accounts::{CodeAnswer, Profile, Proof, StepUp};
use axum::extract::State;
use axum::http::StatusCode;
use domain::actor::Scope;
use http_api::responses;
use http_api::{Json, LiveActor, Problem, RestrictedActor};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AppState, failure};

/// An account as its owner sees it; personal values are masked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub struct Me {
    pub account_id: String,
    /// 用户类型
    #[schema(example = "personal")]
    pub kind: &'static str,
    /// 登录账户
    pub user_name: String,
    /// 昵称
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// 联系电话, masked
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "135****0330")]
    pub phone: Option<String>,
    /// 电子邮箱, masked
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "zha***@example.cn")]
    pub email: Option<String>,
    #[schema(value_type = Vec<String>, example = json!(["user"]))]
    pub roles: Vec<domain::actor::Role>,
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// When the account will be closed, if its owner requested that; the request can be cancelled until then
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
}

impl From<Profile> for Me {
    fn from(profile: Profile) -> Self {
        Self {
            account_id: profile.id.to_string(),
            kind: match profile.kind {
                domain::account::Kind::Personal => "personal",
                domain::account::Kind::Studio => "studio",
            },
            user_name: profile.user_name,
            nickname: profile.nickname,
            phone: profile.phone_masked,
            email: profile.email_masked,
            roles: profile.roles.into_iter().collect(),
            registered_at: profile.created_at,
            closes_at: profile.closes_at,
        }
    }
}

/// 基本信息
#[utoipa::path(
    get,
    path = "/v1/me",
    responses(
        responses::Get,
        (status = 200, body = Me),
    )
)]
pub async fn get(State(state): State<AppState>, LiveActor(actor): LiveActor) -> Result<Json<Me>, Problem> {
    let profile = state.accounts.profile(&actor).await.map_err(failure::problem)?;
    Ok(Json(profile.into()))
}

/// What a person can change without a step-up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeChange {
    /// 1 to 20 characters
    nickname: String,
}

/// 修改昵称
#[utoipa::path(
    patch,
    path = "/v1/me",
    request_body = MeChange,
    responses(responses::Command, (status = 200, body = Me),)
)]
pub async fn change(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(form): Json<MeChange>,
) -> Result<Json<Me>, Problem> {
    let profile = state.accounts.rename(&actor, &form.nickname).await.map_err(failure::problem)?;
    Ok(Json(profile.into()))
}

/// The proof of identity: the code sent to the bound phone, or the password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewStepUp {
    /// `change-password`, `change-phone`, `bind-email`, `close-account` or `export-data`
    #[schema(value_type = String, example = "change-phone")]
    purpose: StepUp,
    code_id: Option<String>,
    code: Option<String>,
    password: Option<String>,
}

/// A token that can be used once, for its purpose, in this session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StepUp)]
pub struct StepUpBody {
    step_up_token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// 验证身份
#[utoipa::path(
    post,
    path = "/v1/me/step-ups",
    request_body = NewStepUp,
    responses(
        responses::Command,
        (status = 201, body = StepUpBody),
    )
)]
pub async fn step_up(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(form): Json<NewStepUp>,
) -> Result<(StatusCode, Json<StepUpBody>), Problem> {
    let proof = match form.password {
        Some(password) => Proof::Password(password.into()),
        None => Proof::Code(CodeAnswer { id: form.code_id.unwrap_or_default(), digits: form.code.unwrap_or_default() }),
    };
    let (token, expires_at) = state.accounts.step_up(&actor, form.purpose, proof).await.map_err(failure::problem)?;
    Ok((StatusCode::CREATED, Json(StepUpBody { step_up_token: token, expires_at })))
}

/// 修改密码: with the current password, or a step-up token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPassword {
    current_password: Option<String>,
    step_up_token: Option<String>,
    /// The new password
    password: String,
}

/// 修改密码: other sessions end
#[utoipa::path(
    put,
    path = "/v1/me/password",
    request_body = NewPassword,
    responses(
        responses::Command,
        (status = 204),
        (status = 403, description = "step-up-needed"),
    )
)]
pub async fn change_password(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(form): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    let (current, step_up) = (form.current_password.as_deref(), form.step_up_token.as_deref());
    let changed = state.accounts.change_password(&actor, current, step_up, &form.password).await;
    changed.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// 绑定手机: needs the code sent to the new phone; replacing a phone needs a step-up token too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPhone {
    phone: String,
    /// From `POST /v1/sms-codes` with the purpose `bind-phone`
    code_id: String,
    code: String,
    step_up_token: Option<String>,
}

/// 绑定登录手机号, 修改手机号码
#[utoipa::path(
    post,
    path = "/v1/me/phone",
    request_body = NewPhone,
    responses(
        responses::Command,
        (status = 200, body = Me),
        (status = 403, description = "step-up-needed"),
        (status = 409, description = "phone-taken"),
    )
)]
pub async fn bind_phone(
    State(state): State<AppState>,
    actor: RestrictedActor,
    Json(form): Json<NewPhone>,
) -> Result<Json<Me>, Problem> {
    let actor = actor.require_scope(Scope::BindPhone)?;
    let code = CodeAnswer { id: form.code_id, digits: form.code };
    let bound = state.accounts.bind_phone(&actor, &form.phone, &code, form.step_up_token.as_deref()).await;
    Ok(Json(bound.map_err(failure::problem)?.into()))
}
