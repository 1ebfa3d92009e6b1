//! XX-16: who may call what stands in `table.txt`, and the functions answer as it says.
#![allow(clippy::unwrap_used)]

mod house;
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::actor::{Role, Scope};
use house::House;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Answers of the door itself. Others of the same status are about what lies behind it.
const AT_THE_DOOR: [&str; 4] = ["unauthenticated", "forbidden", "phone-needed", "second-factor-needed"];

/// Somebody who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Nobody,
    Holds(Role),
    /// An account of the old system that has no phone yet.
    BindPhone,
    /// Staff with every role, between the two steps.
    SecondFactor,
}

fn callers() -> Vec<Caller> {
    let roles = Role::ALL.into_iter().map(Caller::Holds);
    [Caller::Nobody, Caller::BindPhone, Caller::SecondFactor].into_iter().chain(roles).collect()
}

fn name(role: Role) -> String {
    serde_json::to_value(role).unwrap().as_str().unwrap().to_owned()
}

/// Whether a line's words let the caller in.
fn lets_in(words: &[&str], caller: Caller) -> bool {
    let says = |word: &str| words.contains(&word);
    says("anyone")
        || match caller {
            Caller::Nobody => false,
            Caller::BindPhone => says("+bind-phone"),
            Caller::SecondFactor => says("+second-factor"),
            Caller::Holds(role) => says("user") || says(&name(role)),
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

/// The routes by method and path, with the function and the operation.
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
    for piece in path.split_inclusive('/') {
        let inside = piece.trim_end_matches('/');
        let value = if inside.starts_with('{') {
            piece.replace(inside, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        } else {
            piece.to_owned()
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
    let body = sample::sample(document, schema);
    request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
}

/// Whether the door let the caller in, and the whole answer in words.
async fn answer(router: &Router, request: Request<Body>) -> (bool, String) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let refused = matches!(parts.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        && body["code"].as_str().is_some_and(|code| AT_THE_DOOR.contains(&code));
    (!refused, format!("{} {}", parts.status, body["code"]))
}

/// Covers: XX-16
#[test]
fn every_route_has_its_line_and_every_line_its_route() {
    let written: BTreeSet<_> = table().into_keys().collect();
    let there: BTreeSet<_> = routes().into_keys().collect();
    let missing: Vec<_> = there.difference(&written).collect();
    let left: Vec<_> = written.difference(&there).collect();
    assert!(missing.is_empty() && left.is_empty(), "not in table.txt: {missing:?}; no route: {left:?}");
    let roles: BTreeSet<String> = Role::ALL.into_iter().map(name).collect();
    for (route, words) in table() {
        for word in words {
            let known = matches!(word, "anyone" | "+bind-phone" | "+second-factor") || roles.contains(word);
            assert!(known, "{route:?}: {word}");
        }
    }
}

/// Covers: XX-16
#[tokio::test]
async fn each_route_lets_in_whom_the_table_names_and_nobody_else() {
    let (house, table) = (House::open().await, table());
    let documents: BTreeMap<&str, Value> = contract::parts().into_iter().collect();
    let mut wrong = Vec::new();
    let mut calls = 0;
    for ((method, path), (function, operation)) in routes() {
        let router = &house.functions.iter().find(|(name, _)| *name == function).expect(function).1;
        let Some(words) = table.get(&(method.clone(), path.clone())) else { continue };
        // Some routes end the session they are called with.
        let session = house.session(&format!("{method} {path}")).await;
        for caller in callers() {
            let token = match caller {
                Caller::Nobody => None,
                Caller::Holds(role) => Some(house.token(&session, &[role], Scope::Full)),
                Caller::BindPhone => Some(house.token(&session, &[], Scope::BindPhone)),
                Caller::SecondFactor => Some(house.token(&session, &Role::ALL, Scope::SecondFactor)),
            };
            let request = request(&documents[function], &method, &path, &operation, token.as_deref());
            let (let_in, said) = answer(router, request).await;
            calls += 1;
            if let_in != lets_in(words, caller) {
                wrong.push(format!("{method} {path} {caller:?}: {said}, and the table says {words:?}"));
            }
        }
    }
    assert!(calls >= 13 * 50, "{calls} calls");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
