//! The API document (OpenAPI 3.1), merged from what each function says about its own routes.
//!
//! `web/openapi.json` is this document as committed: the page's client types, other clients and the generated requests of
//! `tests/schemathesis` are made from it. A test fails if the routes differ from it; `UPDATE=1 cargo test -p contract` writes it.

#![warn(missing_docs)]

mod merge;
mod normalise;

use serde_json::{Value, json};

/// The functions with routes for clients, each with its part of the document. `payments` has none: only payment providers call it.
pub fn parts() -> [(&'static str, Value); 7] {
    let json = |part: Result<Value, serde_json::Error>| part.expect("an OpenApi value can be serialised");
    [
        ("auth", json(serde_json::to_value(auth::openapi()))),
        ("photos", json(serde_json::to_value(photos::openapi()))),
        ("orders", json(serde_json::to_value(orders::openapi()))),
        ("recharges", json(serde_json::to_value(recharges::openapi()))),
        ("coupons", json(serde_json::to_value(coupons::openapi()))),
        ("invoices", json(serde_json::to_value(invoices::openapi()))),
        ("backoffice", json(serde_json::to_value(backoffice::openapi()))),
    ]
}

/// The whole document.
///
/// # Panics
/// If two functions describe one path, or have different schemas with one name.
pub fn document() -> Value {
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "ID Photo Centre 证件数码相片质量检测中心",
            "version": "1",
            "description": "Money is in fen, instants in UTC (RFC 3339), failures are application/problem+json with a stable code. \
                            Fields and answers may be added; none is taken away within /v1.",
            "license": {"name": "MIT", "identifier": "MIT"}
        },
        "servers": [{"url": "/api"}],
        "security": [{}, {"bearer": []}],
        "paths": {},
        "components": {
            "schemas": {},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        }
    });
    let mut conflicts = Vec::new();
    for (function, part) in parts() {
        conflicts.extend(merge::merge(&mut whole, function, normalise::normalise(part)));
    }
    assert!(conflicts.is_empty(), "{}", conflicts.join("\n"));
    whole
}
