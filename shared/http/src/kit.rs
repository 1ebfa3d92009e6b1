//! The layers around every router, and the loop that runs one as a function.

use std::sync::Arc;

use app::accounts::PublicKeys;
use app::clock::Clock;
use app::store::Store;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use tower::ServiceExt;
use tower::util::MapRequest;
use tower_http::catch_panic::CatchPanicLayer;

use crate::actor::Sessions;
use crate::address::TrustedProxies;
use crate::json::BODY_BYTES_MAX;
use crate::telemetry;
use crate::token::{Realm, Verifier};

/// What the routes of a function lean on.
#[derive(Clone)]
pub struct Kit {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub realm: Realm,
    pub proxies: TrustedProxies,
}

impl std::fmt::Debug for Kit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kit").field("realm", &self.realm).field("proxies", &self.proxies).finish_non_exhaustive()
    }
}

impl Kit {
    /// The kit of a function behind one proxy of ours (CloudFront, or the local front).
    pub fn on(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, realm: Realm::default(), proxies: TrustedProxies(1) }
    }

    /// `router` with everything around it; the same in a test and in the cloud.
    pub fn around(self, router: Router) -> Router {
        let verifier = Verifier::new(&self.realm, PublicKeys::new(self.store.clone()), self.clock.clone());
        let sessions = Sessions { store: self.store, clock: self.clock.clone() };
        router
            .layer(CatchPanicLayer::custom(telemetry::panicked))
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .layer(Extension(verifier))
            .layer(Extension(sessions))
            .layer(Extension(self.proxies))
            .layer(from_fn_with_state(self.clock, synchronise))
            .layer(from_fn(telemetry::layer))
            .layer(from_fn(secure))
    }
}

/// An API answers programs: nothing may be framed, sniffed, stored or run from it.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

async fn synchronise(State(clock): State<Arc<dyn Clock>>, request: Request, next: Next) -> Response {
    clock.synchronise().await;
    next.run(request).await
}

async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Runs `router` (already inside its [`Kit`]) behind the API's gateway until the platform ends the process.
pub async fn serve(router: Router) -> Result<(), lambda_http::Error> {
    lambda_http::run(without_stage(router)).await
}

/// The router as the gateway calls it: lambda_http puts the stage before the path, our routes do not know stages.
fn without_stage(
    router: Router,
) -> MapRequest<Router, impl FnMut(lambda_http::Request) -> lambda_http::http::Request<lambda_http::Body> + Clone> {
    router.map_request(|mut request: lambda_http::Request| {
        if let Some(uri) = stageless(&request) {
            *request.uri_mut() = uri;
        }
        request
    })
}

fn stageless(request: &lambda_http::Request) -> Option<Uri> {
    let stage = match request.extensions().get::<RequestContext>()? {
        RequestContext::ApiGatewayV1(context) => context.stage.as_deref()?,
        RequestContext::ApiGatewayV2(context) => context.stage.as_deref()?,
        _ => return None,
    };
    let prefix = format!("/{stage}");
    let sent = request.raw_http_path();
    let already = sent == prefix || sent.starts_with(&format!("{prefix}/"));
    if already {
        return None;
    }
    let rest = request.uri().path_and_query()?.as_str().strip_prefix(&prefix)?;
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(rest).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(path: &str, stage: &str) -> lambda_http::Request {
        let text = format!(
            r#"{{"resource":"/v1/{{proxy+}}","path":"{path}","httpMethod":"GET","headers":{{"Host":"x.test"}},
            "multiValueHeaders":{{"Host":["x.test"]}},"queryStringParameters":{{"a":"1"}},"multiValueQueryStringParameters":{{"a":["1"]}},
            "pathParameters":null,"stageVariables":null,"requestContext":{{"resourceId":"r","apiId":"a","resourcePath":"/v1/{{proxy+}}",
            "httpMethod":"GET","requestId":"i","accountId":"0","stage":"{stage}","identity":{{"sourceIp":"192.0.2.1"}},"path":"{path}"}},
            "body":null,"isBase64Encoded":false}}"#
        );
        lambda_http::request::from_str(&text).unwrap()
    }

    #[test]
    fn a_function_sees_its_path_without_the_stage() {
        let path = |path, stage| {
            let request = event(path, stage);
            stageless(&request).unwrap_or_else(|| request.uri().clone()).path_and_query().unwrap().to_string()
        };
        assert_eq!(path("/v1/photos/a%20b", "api"), "/v1/photos/a%20b?a=1");
        assert_eq!(path("/v1/photos", "v1"), "/v1/photos?a=1");
        assert_eq!(path("/", "api"), "/?a=1");
    }
}
