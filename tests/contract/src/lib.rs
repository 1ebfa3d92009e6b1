//! One description of the API, made of what each function says of its own routes.
//!
//! The page's typed client, other clients and the fuzzing of the API work from `web/openapi.json`, which is this document
//! written down. A route that changes without it fails the tests; `UPDATE=1 cargo test -p contract` writes it anew.

mod merge;
mod tidy;

use serde_json::{Value, json};

/// Every function that answers people, with its part of the description. Providers call `payments`, in their own words.
pub fn parts() -> [(&'static str, Value); 7] {
    let part = |described: Result<Value, serde_json::Error>| described.unwrap_or_else(|fault| panic!("{fault}"));
    [
        ("auth", part(serde_json::to_value(auth::openapi()))),
        ("photos", part(serde_json::to_value(photos::openapi()))),
        ("orders", part(serde_json::to_value(orders::openapi()))),
        ("recharges", part(serde_json::to_value(recharges::openapi()))),
        ("coupons", part(serde_json::to_value(coupons::openapi()))),
        ("invoices", part(serde_json::to_value(invoices::openapi()))),
        ("backoffice", part(serde_json::to_value(backoffice::openapi()))),
    ]
}

/// The document. Panics where two functions use one name for two shapes, or claim one path.
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
    let mut clashes = Vec::new();
    for (function, part) in parts() {
        clashes.extend(merge::merge(&mut whole, function, tidy::tidy(part)));
    }
    assert!(clashes.is_empty(), "{}", clashes.join("\n"));
    whole
}
