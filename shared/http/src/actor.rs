//! Who calls: extractors that check the bearer token and the session.

use std::sync::Arc;

use app::audit::AuditActor;
use app::clock::Clock;
use app::store::Store;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use domain::actor::{Role, Scope};

use crate::token::{TokenRefused, Verifier};
use crate::{Problem, RequestId};

/// The signed-in caller as the access token says, which is at most ten minutes old. Enough to read one's own data.
/// `Option<Actor>` is `None` without an `Authorization` header; a bad token is refused.
#[derive(Debug, Clone)]
pub struct Actor(pub domain::actor::Actor);

/// The signed-in caller, whose session is read from the store. For money, personal data and everything that cannot be undone: a
/// sign-out or a password change takes effect at once.
#[derive(Debug, Clone)]
pub struct LiveActor(pub domain::actor::Actor);

/// A caller with a live session of any scope: for the routes that a restricted session is made for.
#[derive(Debug, Clone)]
pub struct RestrictedActor(pub domain::actor::Actor);

impl RestrictedActor {
    /// The caller, if the session's scope is full or `scope`.
    ///
    /// # Errors
    /// 403 with the code of the step that the session still needs.
    pub fn require_scope(self, scope: Scope) -> Result<domain::actor::Actor, Problem> {
        if self.0.scope == scope { Ok(self.0) } else { require_full_scope(self.0) }
    }
}

/// A member of staff: a live session in its full scope, and the request id for the audit log.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The signed-in caller.
    pub actor: domain::actor::Actor,
    request_id: String,
}

impl Staff {
    /// The caller as the audit log names them, if they hold one of `roles`.
    ///
    /// # Errors
    /// 403 `forbidden` if they hold none.
    pub fn require_role(&self, roles: &[Role]) -> Result<AuditActor, Problem> {
        if !roles.iter().any(|role| self.actor.has(*role)) {
            return Err(Problem::forbidden());
        }
        Ok(AuditActor { id: self.actor.account.to_string(), request_id: self.request_id.clone() })
    }
}

/// What the extractors read sessions with; [`crate::HttpStack`] adds it to every request.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
}

async fn verified_actor(parts: &Parts) -> Result<domain::actor::Actor, Problem> {
    let verifier = parts
        .extensions
        .get::<Verifier>()
        .ok_or_else(|| Problem::internal("the router has no token verifier: apply HttpStack"))?;
    let token = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(Problem::unauthenticated)?;
    verifier.verify(token).await.map_err(|refused| match refused {
        TokenRefused::Keys(cause) => Problem::unavailable(cause),
        refused => Problem::unauthenticated().because(refused),
    })
}

async fn check_session(parts: &Parts, actor: &domain::actor::Actor) -> Result<(), Problem> {
    let sessions = parts
        .extensions
        .get::<Sessions>()
        .ok_or_else(|| Problem::internal("the router has no session store: apply HttpStack"))?;
    match app::accounts::is_live(&*sessions.store, actor, sessions.clock.now()).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::unauthenticated().because("the session has ended")),
        Err(cause) => Err(Problem::unavailable(cause)),
    }
}

fn require_full_scope(actor: domain::actor::Actor) -> Result<domain::actor::Actor, Problem> {
    match actor.scope {
        Scope::Full => Ok(actor),
        Scope::BindPhone => Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "phone-needed")),
        Scope::SecondFactor => Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "second-factor-needed")),
    }
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        require_full_scope(verified_actor(parts).await?).map(Self)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        require_full_scope(verified_actor(parts).await?).map(Self).map(Some)
    }
}

impl<S: Sync> FromRequestParts<S> for LiveActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = require_full_scope(verified_actor(parts).await?)?;
        check_session(parts, &actor).await?;
        Ok(Self(actor))
    }
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = require_full_scope(verified_actor(parts).await?)?;
        check_session(parts, &actor).await?;
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self { actor, request_id })
    }
}

impl<S: Sync> FromRequestParts<S> for RestrictedActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = verified_actor(parts).await?;
        check_session(parts, &actor).await?;
        Ok(Self(actor))
    }
}
