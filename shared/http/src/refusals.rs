//! What routes of one kind may all refuse, for their descriptions: `responses(WriteOnce, (status = 201, ...))`. A status that a
//! route names itself, after these, takes the place of theirs.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

type Codes = &'static [(u16, &'static str)];

const DOOR: Codes = &[(429, "too-many-requests"), (500, "internal"), (503, "unavailable"), (504, "unavailable")];
const SIGNED_IN: Codes = &[(401, "unauthenticated"), (403, "phone-needed, second-factor-needed")];
const QUERY: Codes = &[(400, "query-invalid")];
const BODY: Codes = &[(400, "body-not-json"), (413, "body-too-large"), (415, "body-type"), (422, "invalid")];
const KEY: Codes = &[(400, "idempotency-key-missing, idempotency-key-invalid"), (422, "idempotency-key-reused")];

/// Asks for something, whoever asks, and sends no body.
#[derive(Debug, Clone, Copy)]
pub struct Open;
/// Sends a body, whoever sends it.
#[derive(Debug, Clone, Copy)]
pub struct OpenWrite;
/// Names something by its address only.
#[derive(Debug, Clone, Copy)]
pub struct Look;
/// Looks at something by its address and a query.
#[derive(Debug, Clone, Copy)]
pub struct Read;
/// Sends a body.
#[derive(Debug, Clone, Copy)]
pub struct Write;
/// Sends a body under an `Idempotency-Key`.
#[derive(Debug, Clone, Copy)]
pub struct WriteOnce;
/// Sends nothing but an `Idempotency-Key`.
#[derive(Debug, Clone, Copy)]
pub struct Once;

macro_rules! refuses {
    ($($kind:ty: $($codes:ident)*;)+) => {$(
        impl IntoResponses for $kind {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                described(&[DOOR, $($codes),*])
            }
        }
    )+};
}

refuses! {
    Open: ;
    OpenWrite: BODY;
    Look: SIGNED_IN;
    Read: SIGNED_IN QUERY;
    Write: SIGNED_IN BODY;
    WriteOnce: SIGNED_IN BODY KEY;
    Once: SIGNED_IN KEY;
}

/// One answer for each status, with every code it may carry.
fn described(groups: &[Codes]) -> BTreeMap<String, RefOr<Response>> {
    let mut statuses: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (status, codes) in groups.iter().copied().flatten() {
        statuses.entry(*status).or_default().push(codes);
    }
    let answer = |codes: Vec<&str>| {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
        ResponseBuilder::new().description(codes.join(", ")).content("application/problem+json", body).build()
    };
    statuses.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(answer(codes)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: XX-05
    #[test]
    fn a_status_names_every_code_it_may_carry() {
        let RefOr::T(bad) = &WriteOnce::responses()["422"] else { panic!("not described in place") };
        assert_eq!(bad.description, "invalid, idempotency-key-reused");
        assert!(bad.content.contains_key("application/problem+json"));
        assert!(!Once::responses().contains_key("415"), "there is no body to be of another type");
        assert!(!OpenWrite::responses().contains_key("401"), "nobody needs to have signed in");
    }
}
