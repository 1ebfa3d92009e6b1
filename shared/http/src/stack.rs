//! The middleware that every function's router has.

use std::sync::Arc;

use app::accounts::PublicKeys;
use app::clock::Clock;
use app::store::Store;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;

use crate::actor::Sessions;
use crate::address::TrustedProxies;
use crate::json::BODY_BYTES_MAX;
use crate::request_log;
use crate::token::{Realm, Verifier};

/// What the middleware and the extractors of this crate need: ports and settings.
#[derive(Clone)]
pub struct HttpStack {
    /// Holds the public keys that tokens are checked against, and the sessions.
    pub store: Arc<dyn Store>,
    /// The time that tokens and sessions are checked at; synchronised once per request.
    pub clock: Arc<dyn Clock>,
    /// The issuer and audience that a token must name.
    pub realm: Realm,
    /// How many of our proxies are in front of the function.
    pub proxies: TrustedProxies,
}

impl std::fmt::Debug for HttpStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpStack").field("realm", &self.realm).field("proxies", &self.proxies).finish_non_exhaustive()
    }
}

impl HttpStack {
    /// The stack of a function behind one proxy of ours (CloudFront, or the local cloud's front server), with the default realm.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, realm: Realm::default(), proxies: TrustedProxies(1) }
    }

    /// `router` inside the middleware. From the outside in: security headers, request log and problem rendering, clock
    /// synchronisation, the extractors' ports, body limit, panic handler. Tests and deployed functions use the same.
    pub fn apply(self, router: Router) -> Router {
        let verifier = Verifier::new(&self.realm, PublicKeys::new(self.store.clone()), self.clock.clone());
        let sessions = Sessions { store: self.store, clock: self.clock.clone() };
        router
            .layer(CatchPanicLayer::custom(request_log::panic_response))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .layer(Extension(verifier))
            .layer(Extension(sessions))
            .layer(Extension(self.proxies))
            .layer(from_fn_with_state(self.clock, synchronise_clock))
            .layer(from_fn(request_log::middleware))
            .layer(from_fn(set_security_headers))
    }
}

/// Response headers for an API that serves programs: a response is never framed, sniffed, stored or executed. A handler's own
/// header (for example `Cache-Control`) takes precedence.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

async fn synchronise_clock(State(clock): State<Arc<dyn Clock>>, request: Request, next: Next) -> Response {
    clock.synchronise().await;
    next.run(request).await
}

async fn set_security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
