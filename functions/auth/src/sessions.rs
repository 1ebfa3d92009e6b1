//! 登录 and 退出: sign-in, refresh, the list of devices, sign-out.

use app::accounts::{CodeAnswer, OpenSession, PasswordSignIn, SignedIn, SmsSignIn, Transport};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::actor::Scope;
use http_api::responses;
use http_api::same_origin::SameOrigin;
use http_api::{Actor, Json, LiveActor, Problem, token};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::captchas::CaptchaAnswer;
use crate::client_info::ClientInfo;
use crate::me::Me;
use crate::{AppState, cookies, failure};

/// The kind of client: a page (refresh token in a cookie) or an app (in the body).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Client {
    #[default]
    Web,
    App,
}

impl From<Client> for Transport {
    fn from(client: Client) -> Self {
        match client {
            Client::Web => Self::Web,
            Client::App => Self::App,
        }
    }
}

/// A way to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "grant", rename_all = "camelCase")]
pub enum NewSession {
    #[serde(rename_all = "camelCase")]
    Password {
        /// 用户名 or 手机号
        login: String,
        password: String,
        /// Required from a page; from an app when the answer is `captcha-needed`
        captcha: Option<CaptchaAnswer>,
        #[serde(default)]
        client: Client,
        device: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    Sms {
        /// 绑定手机号
        phone: String,
        /// From `POST /v1/sms-codes` with the purpose `sign-in`
        code_id: String,
        /// The six digits
        code: String,
        #[serde(default)]
        client: Client,
        device: Option<String>,
    },
}

/// A refresh token in the body, for apps only.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Refresh)]
pub struct RefreshBody {
    refresh_token: Option<String>,
}

/// A new or refreshed session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub struct SessionBody {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds
    #[schema(example = 600)]
    expires_in: i64,
    /// For apps only; a page has it in its cookie
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    account: Me,
    /// `full`, or what must be done first: `bind-phone`, `second-factor`
    #[schema(value_type = String, example = "full")]
    scope: Scope,
    /// An imported account must bind a phone (`POST /v1/me/phone`), then refresh
    need_phone: bool,
    /// Staff: `set-up` (`POST /v1/me/second-factor`) or `show` (`POST /v1/sessions/second-factor`)
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<&'static str>,
    /// Only when a second factor was set up: each code replaces the authenticator once
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<String>>,
}

/// 登录
#[utoipa::path(
    post,
    path = "/v1/sessions",
    request_body = NewSession,
    responses(
        responses::PublicBody,
        (status = 201, body = SessionBody),
        (status = 401, description = "credentials-wrong"),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    info: ClientInfo,
    Json(grant): Json<NewSession>,
) -> Result<Response, Problem> {
    let (person, client) = match grant {
        NewSession::Password { login, password, captcha, client, device: name } => {
            let (password, transport, captcha) = (password.into(), client.into(), captcha.map(Into::into));
            let command = PasswordSignIn { login, password, transport, captcha, device: info.device(name) };
            (state.accounts.sign_in(command).await, client)
        }
        NewSession::Sms { phone, code_id, code, client, device: name } => {
            let code = CodeAnswer { id: code_id, digits: code };
            (state.accounts.sign_in_by_sms(SmsSignIn { phone, code, device: info.device(name) }).await, client)
        }
    };
    signed_in(&state, person.map_err(failure::problem)?, client).await
}

/// A signed-in device.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionItem {
    session_id: String,
    device: String,
    address: String,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    used_at: Timestamp,
    /// The session of this request
    current: bool,
}

/// The signed-in devices, newest first
#[utoipa::path(get, path = "/v1/sessions", responses(responses::Get, (status = 200, body = Vec<SessionItem>)))]
pub async fn list(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
) -> Result<Json<Vec<SessionItem>>, Problem> {
    let sessions = state.accounts.sessions(&actor).await.map_err(failure::problem)?;
    let item = |session: OpenSession| SessionItem {
        session_id: session.id.to_string(),
        device: session.device.name,
        address: session.device.address,
        started_at: session.started_at,
        used_at: session.used_at,
        current: session.current,
    };
    Ok(Json(sessions.into_iter().map(item).collect()))
}

/// Signs out one of the caller's own devices
#[utoipa::path(
    delete,
    path = "/v1/sessions/{sessionId}",
    params(("sessionId" = String, Path)),
    responses(responses::Get, (status = 204), (status = 404))
)]
pub async fn delete_one(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    state.accounts.remove_session(&actor, id).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Exchanges the refresh token for the next access token and refresh token
#[utoipa::path(
    post,
    path = "/v1/sessions/refresh",
    request_body = Option<RefreshBody>,
    responses(
        responses::PublicBody,
        (status = 403, description = "forbidden"),
        (status = 201, body = SessionBody),
        (status = 401, description = "session-over"),
    )
)]
pub async fn refresh(
    State(state): State<AppState>,
    _: SameOrigin,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Problem> {
    let (token, client) = refresh_token(&headers, &body)?;
    let token = token.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "session-over"))?;
    match state.accounts.refresh(&token).await {
        Ok(person) => signed_in(&state, person, client).await,
        Err(over) => {
            let mut answer = failure::problem(over).into_response();
            if client == Client::Web && answer.status() == StatusCode::UNAUTHORIZED {
                answer.headers_mut().append(header::SET_COOKIE, cookies::REFRESH.remove()?);
            }
            Ok(answer)
        }
    }
}

/// 退出: ends this session; its tokens are void at once
#[utoipa::path(delete, path = "/v1/sessions/current", responses(
        responses::Public,
        (status = 204),
        (status = 403, description = "forbidden"),
    ))]
pub async fn delete_current(
    State(state): State<AppState>,
    _: SameOrigin,
    actor: Result<Actor, Problem>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Ok(Actor(actor)) = actor {
        state.accounts.sign_out(&actor).await.map_err(failure::problem)?;
    }
    if let Some(token) = cookies::REFRESH.read(&headers) {
        state.accounts.sign_out_with(&token).await.map_err(failure::problem)?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookies::REFRESH.remove()?)]).into_response())
}

/// The refresh token of the request: from the body (an app) or from the cookie (a page).
fn refresh_token(headers: &HeaderMap, body: &[u8]) -> Result<(Option<String>, Client), Problem> {
    let body: RefreshBody = if body.is_empty() { RefreshBody::default() } else { http_api::json::parse(body)? };
    Ok(match body.refresh_token {
        Some(token) => (Some(token), Client::App),
        None => (cookies::REFRESH.read(headers), Client::Web),
    })
}

/// The response to a successful sign-in.
pub async fn signed_in(state: &AppState, person: SignedIn, client: Client) -> Result<Response, Problem> {
    enrolled(state, person, client, None).await
}

/// What staff must do next after the first step; `None` for a full session.
async fn second_step(state: &AppState, actor: &domain::actor::Actor) -> Result<Option<&'static str>, Problem> {
    if actor.scope != Scope::SecondFactor {
        return Ok(None);
    }
    let enrolled = state.accounts.has_second_factor(actor.account).await.map_err(failure::problem)?;
    Ok(Some(if enrolled { "show" } else { "set-up" }))
}

/// [`signed_in`], with the recovery codes of a new second factor.
pub async fn enrolled(
    state: &AppState,
    person: SignedIn,
    client: Client,
    recovery_codes: Option<Vec<String>>,
) -> Result<Response, Problem> {
    let now = state.accounts.now();
    let id = state.dependencies.random.ulid(now).to_string();
    let access_token = state.signer.sign(&person.actor, &id, now).map_err(Problem::internal)?;
    let body = SessionBody {
        access_token,
        token_type: "Bearer",
        expires_in: token::LIFETIME.as_secs(),
        refresh_token: (client == Client::App).then(|| person.refresh.clone()),
        account: person.profile.into(),
        scope: person.actor.scope,
        need_phone: person.actor.scope == Scope::BindPhone,
        second_factor: second_step(state, &person.actor).await?,
        recovery_codes,
    };
    let mut answer = (StatusCode::CREATED, Json(body)).into_response();
    if client == Client::Web {
        let seconds = person.refresh_until.duration_since(now).as_secs();
        answer.headers_mut().append(header::SET_COOKIE, cookies::REFRESH.set(&person.refresh, seconds)?);
    }
    Ok(answer)
}
