//! The kit as a client meets it: every refusal is a problem, every token is checked, nothing inner leaks.

// A helper that fails is a test that fails.
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
use http_api::{Actor, ClientAddress, IdempotencyKey, Json, Kit, LiveActor, Problem, ProblemBody, Realm};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use tower::ServiceExt;
use ulid::Ulid;

const NOW: i64 = 1_800_000_000;

struct Signer {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

impl Signer {
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

async fn app(signer: &Signer) -> Router {
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
        .route("/address", get(|address: ClientAddress| async move { address.limit_key() }))
        .route("/wait", get(|| async { Problem::too_many(60) }))
        .route("/secret", get(|| async { Problem::internal("table idp-accounts is on fire") }))
        .route("/panic", get(|| async { panic!("index out of bounds: key 13810548469") as () }));
    let realm = Realm { issuer: "https://id.test".to_owned(), audience: "api".to_owned() };
    Kit { realm, ..Kit::on(store, Arc::new(FixedClock::at(now))) }.around(router)
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
async fn every_failure_is_a_problem_with_code_and_request_number() {
    let app = app(&Signer::new()).await;
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
        assert!(!text.contains("fire") && !text.contains("13810548469"), "{text}");
    }
}

/// Covers: XX-09
#[tokio::test]
async fn a_problem_speaks_the_language_of_the_client() {
    let app = app(&Signer::new()).await;
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
async fn a_body_is_refused_at_the_field_that_is_wrong() {
    let app = app(&Signer::new()).await;
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
async fn an_idempotency_key_is_required_and_bounded() {
    let app = app(&Signer::new()).await;
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
async fn a_good_token_opens_and_every_forged_one_is_refused() {
    let (signer, stranger) = (Signer::new(), Signer::new());
    let app = app(&signer).await;
    let (status, _, body) = call(&app, get_with("/me", &signer.sign(&header(), &claims()))).await;
    assert_eq!((status.as_u16(), body), (200, claims().sub.to_string().into_bytes()));

    let mut unknown_kid = header();
    unknown_kid.kid = Some("k2".to_owned());
    let mut no_kid = header();
    no_kid.kid = None;
    let mut plain_type = header();
    plain_type.typ = Some("JWT".to_owned());
    let symmetric = {
        let mut header = header();
        header.alg = Algorithm::HS256;
        jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&signer.public)).unwrap()
    };
    let unsigned = {
        let head = B64.encode(r#"{"alg":"none","typ":"at+jwt","kid":"k1"}"#);
        format!("{head}.{}.", B64.encode(serde_json::to_vec(&claims()).unwrap()))
    };
    let with = |change: &dyn Fn(&mut Claims)| {
        let mut claims = claims();
        change(&mut claims);
        signer.sign(&header(), &claims)
    };
    let good = signer.sign(&header(), &claims());
    let forged = [
        ("another key", stranger.sign(&header(), &claims())),
        ("unknown kid", signer.sign(&unknown_kid, &claims())),
        ("no kid", signer.sign(&no_kid, &claims())),
        ("another type", signer.sign(&plain_type, &claims())),
        ("HS256 with the public key", symmetric),
        ("alg none", unsigned),
        ("another issuer", with(&|claims| claims.iss = "https://evil.test".into())),
        ("another audience", with(&|claims| claims.aud = "other".into())),
        ("over at this second", with(&|claims| claims.exp = NOW)),
        ("not yet valid", with(&|claims| claims.nbf = NOW + 1)),
        ("tampered", {
            let mut t = good.clone().into_bytes();
            let at = t.len() / 2;
            t[at] ^= 1;
            String::from_utf8_lossy(&t).into_owned()
        }),
        ("empty", String::new()),
        ("noise", "a.b.c".to_owned()),
    ];
    for (why, token) in forged {
        for path in ["/me", "/maybe"] {
            let (status, headers, _) = call(&app, get_with(path, &token)).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{why} on {path}");
            assert_eq!(headers[header::WWW_AUTHENTICATE], "Bearer");
        }
    }
    let last_second = with(&|claims| claims.exp = NOW + 1);
    assert_eq!(call(&app, get_with("/me", &last_second)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_ended_session_is_refused_where_it_counts_and_restricted_ones_are_held_back() {
    let signer = Signer::new();
    let app = app(&signer).await;
    assert_eq!(call(&app, get_with("/live", &signer.sign(&header(), &claims()))).await.0, StatusCode::UNAUTHORIZED);
    let restricted = Claims { scope: Scope::BindPhone, ..claims() };
    let (status, _, body) = call(&app, get_with("/me", &signer.sign(&header(), &restricted))).await;
    assert_eq!((status, problem(&body).code.as_str()), (StatusCode::FORBIDDEN, "phone-needed"));
}

/// Covers: XX-18
#[tokio::test]
async fn the_address_a_limit_counts_is_the_one_our_proxy_saw() {
    let app = app(&Signer::new()).await;
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
