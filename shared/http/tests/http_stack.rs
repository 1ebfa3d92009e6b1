//! The HTTP stack over HTTP: every failure is a problem without internals, every token is checked.

// A failing helper fails its test.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;

use app::accounts::PublicKeys;
use app::clock::FixedClock;
use app::store::MemoryStore;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use domain::actor::{AccountId, Role, Scope, SessionId};
use http_api::token::Claims;
use http_api::{Actor, ClientAddress, HttpStack, IdempotencyKey, Json, LiveActor, Problem, ProblemBody, Realm};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use tower::ServiceExt;
use ulid::Ulid;

/// The time of the tests, in Unix seconds.
const NOW: i64 = 1_800_000_000;

/// Signs anything, unlike the crate's own signer.
struct TestSigner {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

impl TestSigner {
    fn new() -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        Self { pkcs8: pair.to_pkcs8v1().unwrap().as_ref().to_vec(), public: pair.public_key().as_ref().to_vec() }
    }

    fn sign(&self, header: &Header, claims: &Claims) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ed_der(&self.pkcs8)).unwrap()
    }
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some("k1".to_owned());
    header
}

fn claims() -> Claims {
    Claims {
        iss: "https://id.test".to_owned(),
        aud: "api".to_owned(),
        sub: AccountId(Ulid::from_parts(1, 1)),
        sid: SessionId(Ulid::from_parts(1, 2)),
        iat: NOW - 10,
        nbf: NOW - 10,
        exp: NOW + 590,
        jti: "j".to_owned(),
        roles: BTreeSet::from([Role::User]),
        scope: Scope::Full,
    }
}

#[derive(serde::Deserialize, serde::Serialize)]
struct Order {
    name: String,
    lines: Vec<i64>,
}

/// Routes that use each extractor, with the public key of `signer` as `k1`.
async fn app(signer: &TestSigner) -> Router {
    let store = Arc::new(MemoryStore::new());
    let now = Timestamp::from_second(NOW).unwrap();
    PublicKeys::new(store.clone()).publish("k1", &signer.public, now).await.unwrap();
    let router = Router::new()
        .route("/me", get(|Actor(actor): Actor| async move { actor.account.to_string() }))
        .route("/maybe", get(|actor: Option<Actor>| async move { actor.is_some().to_string() }))
        .route("/live", get(|LiveActor(actor): LiveActor| async move { actor.account.to_string() }))
        .route(
            "/orders",
            post(|IdempotencyKey(key): IdempotencyKey, Json(order): Json<Order>| async move {
                Json(Order { name: key, ..order })
            }),
        )
        .route("/address", get(|address: ClientAddress| async move { address.rate_limit_key() }))
        .route("/wait", get(|| async { Problem::too_many_requests(60) }))
        .route("/secret", get(|| async { Problem::internal("table idp-accounts: secret cause") }))
        .route("/panic", get(|| async { panic!("index out of bounds: key 13810548469") as () }));
    let realm = Realm { issuer: "https://id.test".to_owned(), audience: "api".to_owned() };
    HttpStack { realm, ..HttpStack::new(store, Arc::new(FixedClock::at(now))) }.apply(router)
}

async fn call(app: &Router, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

fn get_with(path: &str, token: &str) -> Request<Body> {
    Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap()
}

fn problem(body: &[u8]) -> ProblemBody {
    serde_json::from_slice(body).unwrap_or_else(|_| panic!("not a problem: {}", String::from_utf8_lossy(body)))
}

/// Covers: XX-05
#[tokio::test]
async fn every_failure_is_a_problem_with_code_and_request_id() {
    let app = app(&TestSigner::new()).await;
    for (path, status, code) in [
        ("/nowhere", 404, "not-found"),
        ("/orders", 405, "method-not-allowed"),
        ("/me", 401, "unauthenticated"),
        ("/wait", 429, "too-many-requests"),
        ("/secret", 500, "internal"),
        ("/panic", 500, "internal"),
    ] {
        let (answered, headers, body) = call(&app, Request::get(path).body(Body::empty()).unwrap()).await;
        let problem = problem(&body);
        assert_eq!((answered.as_u16(), problem.status, problem.code.as_str()), (status, status, code), "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(headers["x-request-id"], problem.request_id.as_str());
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        let text = String::from_utf8_lossy(&body);
        assert!(!text.contains("secret cause") && !text.contains("13810548469"), "{text}");
    }
}

/// Covers: XX-09
#[tokio::test]
async fn problem_texts_are_in_the_language_of_the_client() {
    let app = app(&TestSigner::new()).await;
    let (_, headers, body) = call(&app, Request::get("/wait").body(Body::empty()).unwrap()).await;
    assert_eq!(problem(&body).detail.as_deref(), Some("请在 60 秒后重试。"));
    assert_eq!(headers[header::RETRY_AFTER], "60");
    let english = Request::get("/wait").header(header::ACCEPT_LANGUAGE, "en").body(Body::empty()).unwrap();
    let (_, headers, body) = call(&app, english).await;
    assert_eq!(problem(&body).detail.as_deref(), Some("Try again in 60 seconds."));
    assert_eq!(headers[header::CONTENT_LANGUAGE], "en");
}

/// Covers: XX-05
#[tokio::test]
async fn an_invalid_body_is_refused_with_the_field_that_is_wrong() {
    let app = app(&TestSigner::new()).await;
    let send = |kind: &str, body: String| {
        let request = Request::post("/orders").header(header::CONTENT_TYPE, kind).header("idempotency-key", "k");
        request.body(Body::from(body)).unwrap()
    };
    let json = "application/json; charset=utf-8";
    for (kind, body, status, code, pointer) in [
        ("text/plain", "{}".to_owned(), 415, "body-type", None),
        (json, "{".to_owned(), 400, "body-not-json", None),
        (json, "{\"name\":\"a\",\"lines\":[]} x".to_owned(), 400, "body-not-json", None),
        (json, "{\"lines\":[]}".to_owned(), 422, "invalid", Some("/name")),
        (json, "{\"name\":\"a\",\"lines\":[1,\"x\"]}".to_owned(), 422, "invalid", Some("/lines/1")),
        (json, format!("{{\"name\":\"{}\"}}", "a".repeat(70_000)), 413, "body-too-large", None),
    ] {
        let (answered, _, body) = call(&app, send(kind, body)).await;
        let problem = problem(&body);
        assert_eq!((answered.as_u16(), problem.code.as_str()), (status, code));
        assert_eq!(problem.errors.first().map(|error| error.pointer.as_str()), pointer);
    }
}

/// Covers: XX-08
#[tokio::test]
async fn an_idempotency_key_is_required_and_has_1_to_255_visible_characters() {
    let app = app(&TestSigner::new()).await;
    for (key, status) in [
        (None, 400),
        (Some(String::new()), 400),
        (Some("k".repeat(256)), 400),
        (Some("a b".into()), 400),
        (Some("k".repeat(255)), 200),
    ] {
        let mut request = Request::post("/orders").header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let (answered, ..) = call(&app, request.body(Body::from("{\"name\":\"a\",\"lines\":[]}")).unwrap()).await;
        assert_eq!(answered.as_u16(), status);
    }
}

#[tokio::test]
async fn a_valid_token_is_accepted_up_to_its_last_second() {
    let signer = TestSigner::new();
    let app = app(&signer).await;
    let (status, _, body) = call(&app, get_with("/me", &signer.sign(&header(), &claims()))).await;
    assert_eq!((status.as_u16(), body), (200, claims().sub.to_string().into_bytes()));
    let last_second = signer.sign(&header(), &Claims { exp: NOW + 1, ..claims() });
    assert_eq!(call(&app, get_with("/me", &last_second)).await.0, StatusCode::OK);
}

/// Tokens that must be refused, each with what is wrong with it.
fn forged_tokens(signer: &TestSigner) -> Vec<(&'static str, String)> {
    let good = signer.sign(&header(), &claims());
    let with_claims = |claims: Claims| signer.sign(&header(), &claims);
    let symmetric = {
        let mut header = header();
        header.alg = Algorithm::HS256;
        jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&signer.public)).unwrap()
    };
    let unsigned = {
        let head = B64.encode(r#"{"alg":"none","typ":"at+jwt","kid":"k1"}"#);
        format!("{head}.{}.", B64.encode(serde_json::to_vec(&claims()).unwrap()))
    };
    let tampered = {
        let mut bytes = good.into_bytes();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        String::from_utf8_lossy(&bytes).into_owned()
    };
    vec![
        ("another key", TestSigner::new().sign(&header(), &claims())),
        ("an unknown kid", signer.sign(&Header { kid: Some("k2".to_owned()), ..header() }, &claims())),
        ("no kid", signer.sign(&Header { kid: None, ..header() }, &claims())),
        ("another type", signer.sign(&Header { typ: Some("JWT".to_owned()), ..header() }, &claims())),
        ("HS256 with the public key", symmetric),
        ("alg none", unsigned),
        ("another issuer", with_claims(Claims { iss: "https://evil.test".into(), ..claims() })),
        ("another audience", with_claims(Claims { aud: "other".into(), ..claims() })),
        ("expires this second", with_claims(Claims { exp: NOW, ..claims() })),
        ("not yet valid", with_claims(Claims { nbf: NOW + 1, ..claims() })),
        ("tampered", tampered),
        ("empty", String::new()),
        ("not a token", "a.b.c".to_owned()),
    ]
}

#[tokio::test]
async fn every_forged_token_is_refused_even_where_a_token_is_optional() {
    let signer = TestSigner::new();
    let app = app(&signer).await;
    for (fault, token) in forged_tokens(&signer) {
        for path in ["/me", "/maybe"] {
            let (status, headers, _) = call(&app, get_with(path, &token)).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{fault} on {path}");
            assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
        }
    }
}

#[tokio::test]
async fn a_valid_token_without_a_session_is_refused_where_the_session_is_read() {
    let signer = TestSigner::new();
    let app = app(&signer).await;
    let token = signer.sign(&header(), &claims());
    assert_eq!(call(&app, get_with("/live", &token)).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_restricted_session_is_refused_on_ordinary_routes_with_the_step_that_is_needed() {
    let signer = TestSigner::new();
    let app = app(&signer).await;
    for (scope, code) in [(Scope::BindPhone, "phone-needed"), (Scope::SecondFactor, "second-factor-needed")] {
        let token = signer.sign(&header(), &Claims { scope, ..claims() });
        let (status, _, body) = call(&app, get_with("/me", &token)).await;
        assert_eq!((status, problem(&body).code.as_str()), (StatusCode::FORBIDDEN, code));
    }
}

/// Covers: XX-18
#[tokio::test]
async fn the_rate_limit_key_is_the_address_that_our_proxy_saw() {
    let app = app(&TestSigner::new()).await;
    for (forwarded, counted) in [
        ("198.51.100.7, 203.0.113.9", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6, 203.0.113.9", "2001:db8:1:2::"),
        ("203.0.113.9", "unknown"),
    ] {
        let request = Request::get("/address").header("x-forwarded-for", forwarded).body(Body::empty()).unwrap();
        assert_eq!(String::from_utf8(call(&app, request).await.2).unwrap(), counted);
    }
}
