//! The signed-in person's own page.

use app::accounts::Profile;
use axum::extract::State;
use http_kit::{Json, LiveActor, Problem, ProblemBody};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Auth, failure};

/// An account as its owner sees it; personal values are masked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub account_id: String,
    /// 用户类型
    #[schema(example = "personal")]
    pub kind: &'static str,
    /// 登录账户
    pub user_name: String,
    /// 昵称
    pub nickname: Option<String>,
    /// 联系电话, masked
    #[schema(example = "135****0330")]
    pub phone: Option<String>,
    #[schema(value_type = Vec<String>, example = json!(["user"]))]
    pub roles: Vec<domain::actor::Role>,
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
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
            roles: profile.roles.into_iter().collect(),
            registered_at: profile.created_at,
        }
    }
}

/// 基本信息
#[utoipa::path(
    get,
    path = "/v1/me",
    responses(
        (status = 200, body = Me),
        (status = 401, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get(State(auth): State<Auth>, LiveActor(actor): LiveActor) -> Result<Json<Me>, Problem> {
    let profile = auth.accounts.profile(&actor).await.map_err(failure::problem)?;
    Ok(Json(profile.into()))
}
