//! Access control: `table.txt` lists who can call which route, and every route is called with every kind of caller.
#![allow(clippy::unwrap_used)]

mod sample_body;
mod test_app;

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::actor::{Role, Scope};
use http_body_util::BodyExt;
use serde_json::Value;
use test_app::TestApp;
use tower::ServiceExt;

/// The problem codes of access control. Other codes with these statuses come from the use case behind it.
const ACCESS_DENIED: [&str; 4] = ["unauthenticated", "forbidden", "phone-needed", "second-factor-needed"];

/// A kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    /// No token.
    Anonymous,
    /// A full session with the role.
    Holds(Role),
    /// A session of an imported account that has no phone yet.
    BindPhone,
    /// A session with every role before the second factor.
    SecondFactor,
}

fn callers() -> Vec<Caller> {
    let roles = Role::ALL.into_iter().map(Caller::Holds);
    [Caller::Anonymous, Caller::BindPhone, Caller::SecondFactor].into_iter().chain(roles).collect()
}

fn name(role: Role) -> String {
    serde_json::to_value(role).unwrap().as_str().unwrap().to_owned()
}

/// Whether the words of a table line allow the caller.
fn allows(words: &[&str], caller: Caller) -> bool {
    let has = |word: &str| words.contains(&word);
    has("anyone")
        || match caller {
            Caller::Anonymous => false,
            Caller::BindPhone => has("+bind-phone"),
            Caller::SecondFactor => has("+second-factor"),
            Caller::Holds(role) => has("user") || has(&name(role)),
        }
}

fn table() -> BTreeMap<(String, String), Vec<&'static str>> {
    let lines = include_str!("table.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
            ((method, path), words.collect())
        })
        .collect()
}

/// The documented routes by method and path, each with its function and its operation object.
fn routes() -> BTreeMap<(String, String), (&'static str, Value)> {
    let mut routes = BTreeMap::new();
    for (function, part) in contract::parts() {
        for (path, item) in part["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                routes.insert((method.to_uppercase(), path.clone()), (function, operation.clone()));
            }
        }
    }
    routes
}

fn request(document: &Value, method: &str, path: &str, operation: &Value, token: Option<&str>) -> Request<Body> {
    let mut uri = String::new();
    for segment in path.split_inclusive('/') {
        let name = segment.trim_end_matches('/');
        let value = if name.starts_with('{') {
            segment.replace(name, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        } else {
            segment.to_owned()
        };
        uri.push_str(&value);
    }
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let needed = parameters.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
    let query: Vec<String> =
        needed.map(|parameter| format!("{}=wangli", parameter["name"].as_str().unwrap())).collect();
    if !query.is_empty() {
        uri = format!("{uri}?{}", query.join("&"));
    }
    let mut request = Request::builder().method(method).uri(uri).header("idempotency-key", "policy");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        return request.body(Body::empty()).unwrap();
    }
    let body = sample_body::sample_body(document, schema);
    request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
}

/// Whether access was granted, and the status with the problem code.
async fn call(router: &Router, request: Request<Body>) -> (bool, String) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let denied = matches!(parts.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        && body["code"].as_str().is_some_and(|code| ACCESS_DENIED.contains(&code));
    (!denied, format!("{} {}", parts.status, body["code"]))
}

/// Covers: XX-16
#[test]
fn the_table_lists_exactly_the_documented_routes() {
    let listed: BTreeSet<_> = table().into_keys().collect();
    let documented: BTreeSet<_> = routes().into_keys().collect();
    let missing: Vec<_> = documented.difference(&listed).collect();
    let obsolete: Vec<_> = listed.difference(&documented).collect();
    assert!(missing.is_empty() && obsolete.is_empty(), "not in table.txt: {missing:?}; no such route: {obsolete:?}");
    let roles: BTreeSet<String> = Role::ALL.into_iter().map(name).collect();
    for (route, words) in table() {
        for word in words {
            let known = matches!(word, "anyone" | "+bind-phone" | "+second-factor") || roles.contains(word);
            assert!(known, "{route:?}: unknown word {word}");
        }
    }
}

/// Covers: XX-16
#[tokio::test]
async fn each_route_allows_exactly_the_callers_in_the_table() {
    let (app, table) = (TestApp::new().await, table());
    let documents: BTreeMap<&str, Value> = contract::parts().into_iter().collect();
    let mut wrong = Vec::new();
    let mut calls = 0;
    for ((method, path), (function, operation)) in routes() {
        let router = &app.functions.iter().find(|(name, _)| *name == function).expect(function).1;
        let Some(words) = table.get(&(method.clone(), path.clone())) else { continue };
        // Each route gets its own session, because some routes end the session that calls them.
        let session = app.session(&format!("{method} {path}")).await;
        for caller in callers() {
            let token = match caller {
                Caller::Anonymous => None,
                Caller::Holds(role) => Some(app.token(&session, &[role], Scope::Full)),
                Caller::BindPhone => Some(app.token(&session, &[], Scope::BindPhone)),
                Caller::SecondFactor => Some(app.token(&session, &Role::ALL, Scope::SecondFactor)),
            };
            let request = request(&documents[function], &method, &path, &operation, token.as_deref());
            let (allowed, response) = call(router, request).await;
            calls += 1;
            if allowed != allows(words, caller) {
                wrong.push(format!("{method} {path} {caller:?}: {response}, but the table says {words:?}"));
            }
        }
    }
    assert!(calls >= 13 * 50, "{calls} calls");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
