//! Who calls: the bearer token as an extractor.

use std::sync::Arc;

use app::audit::AuditActor;
use app::clock::Clock;
use app::store::Store;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use domain::actor::{Role, Scope};

use crate::Problem;
use crate::telemetry::RequestId;
use crate::token::{TokenRefused, Verifier};

/// The signed-in caller, on the token's word alone (at most ten minutes old). Good for reading one's own things.
#[derive(Debug, Clone)]
pub struct Actor(pub domain::actor::Actor);

/// The signed-in caller whose session was looked up just now. For money, personal data and anything that cannot be undone:
/// a sign-out or a password change counts at once.
#[derive(Debug, Clone)]
pub struct LiveActor(pub domain::actor::Actor);

/// A caller in whatever scope the session has, for the few routes a restricted session exists for.
#[derive(Debug, Clone)]
pub struct RestrictedActor(pub domain::actor::Actor);

impl RestrictedActor {
    /// The caller, if their session is good for everything or for `scope`.
    pub fn within(self, scope: Scope) -> Result<domain::actor::Actor, Problem> {
        if self.0.scope == scope { Ok(self.0) } else { full(self.0) }
    }
}

/// Somebody at work: a live session in its full scope, and the number of the request for the audit log.
#[derive(Debug, Clone)]
pub struct Staff {
    pub actor: domain::actor::Actor,
    request_id: String,
}

impl Staff {
    /// Who answers for what is done now, if they hold one of `roles`.
    pub fn with(&self, roles: &[Role]) -> Result<AuditActor, Problem> {
        if !roles.iter().any(|role| self.actor.has(*role)) {
            return Err(Problem::forbidden());
        }
        Ok(AuditActor { id: self.actor.account.to_string(), request_id: self.request_id.clone() })
    }
}

/// Where [`LiveActor`] looks a session up, put into every request by the kit.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
}

async fn bearer(parts: &Parts) -> Result<domain::actor::Actor, Problem> {
    let verifier =
        parts.extensions.get::<Verifier>().ok_or_else(|| Problem::internal("no verifier stands before this route"))?;
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

async fn live(parts: &Parts, actor: &domain::actor::Actor) -> Result<(), Problem> {
    let sessions = parts
        .extensions
        .get::<Sessions>()
        .ok_or_else(|| Problem::internal("no session port stands before this route"))?;
    match app::accounts::is_live(&*sessions.store, actor, sessions.clock.now()).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Problem::unauthenticated().because("the session has ended")),
        Err(cause) => Err(Problem::unavailable(cause)),
    }
}

fn full(actor: domain::actor::Actor) -> Result<domain::actor::Actor, Problem> {
    match actor.scope {
        Scope::Full => Ok(actor),
        Scope::BindPhone => Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "phone-needed")),
        Scope::SecondFactor => Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "second-factor-needed")),
    }
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        full(bearer(parts).await?).map(Self)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Actor {
    type Rejection = Problem;

    /// Nobody without a header; a bad token is refused, not ignored.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        full(bearer(parts).await?).map(Self).map(Some)
    }
}

impl<S: Sync> FromRequestParts<S> for LiveActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = full(bearer(parts).await?)?;
        live(parts, &actor).await?;
        Ok(Self(actor))
    }
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = full(bearer(parts).await?)?;
        live(parts, &actor).await?;
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(Self { actor, request_id })
    }
}

impl<S: Sync> FromRequestParts<S> for RestrictedActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let actor = bearer(parts).await?;
        live(parts, &actor).await?;
        Ok(Self(actor))
    }
}
