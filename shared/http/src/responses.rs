//! Failure responses in the API document.
//!
//! A route names the kind of its request first and then its own responses: `responses(responses::Command, (status = 201, body =
//! Order), (status = 409, description = "order-not-payable"))`. The kind brings the failures that all such requests share; a
//! status that the route names itself replaces the kind's. The description of a failure lists the problem codes it may carry.
//! [`with_problem_bodies`] gives every failure its body, so that no route repeats it.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Components, Content, ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, ToSchema};

use crate::problem::ProblemBody;

/// A problem's media type (RFC 9457, section 6.1).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Statuses, each with the problem codes it may carry.
type Failures = &'static [(u16, &'static str)];

const EVERY_ROUTE: Failures =
    &[(429, "too-many-requests"), (500, "internal"), (503, "unavailable"), (504, "unavailable")];
const SIGNED_IN: Failures = &[(401, "unauthenticated"), (403, "phone-needed, second-factor-needed")];
const QUERY: Failures = &[(400, "query-invalid")];
const BODY: Failures = &[(400, "body-not-json"), (413, "body-too-large"), (415, "body-type"), (422, "invalid")];
const KEY: Failures = &[(400, "idempotency-key-missing, idempotency-key-invalid"), (422, "idempotency-key-reused")];

/// No sign-in, no body.
#[derive(Debug, Clone, Copy)]
pub struct Public;
/// No sign-in, a JSON body.
#[derive(Debug, Clone, Copy)]
pub struct PublicBody;
/// Signed in; the path alone says what is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Get;
/// Signed in, with a query string.
#[derive(Debug, Clone, Copy)]
pub struct Query;
/// Signed in, with a JSON body.
#[derive(Debug, Clone, Copy)]
pub struct Command;
/// Signed in, with a JSON body and an `Idempotency-Key`.
#[derive(Debug, Clone, Copy)]
pub struct IdempotentCommand;
/// Signed in, with an `Idempotency-Key` and no body.
#[derive(Debug, Clone, Copy)]
pub struct IdempotentCommandWithoutBody;

macro_rules! failures_of {
    ($($kind:ty: $($failures:ident)*;)+) => {$(
        impl IntoResponses for $kind {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                describe(&[EVERY_ROUTE, $($failures),*])
            }
        }
    )+};
}

failures_of! {
    Public: ;
    PublicBody: BODY;
    Get: SIGNED_IN;
    Query: SIGNED_IN QUERY;
    Command: SIGNED_IN BODY;
    IdempotentCommand: SIGNED_IN BODY KEY;
    IdempotentCommandWithoutBody: SIGNED_IN KEY;
}

/// One response per status, with the codes of all groups.
fn describe(groups: &[Failures]) -> BTreeMap<String, RefOr<Response>> {
    let mut statuses: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (status, codes) in groups.iter().copied().flatten() {
        statuses.entry(*status).or_default().push(codes);
    }
    let response = |codes: Vec<&str>| ResponseBuilder::new().description(codes.join(", ")).build();
    statuses.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(response(codes)))).collect()
}

/// `api` with a [`ProblemBody`] as the content of every 4xx and 5xx response that has none, and with that schema.
pub fn with_problem_bodies(mut api: OpenApi) -> OpenApi {
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response
                && status.starts_with(['4', '5'])
                && response.content.is_empty()
            {
                response.content.insert(PROBLEM_JSON.to_owned(), problem_content());
            }
        }
    }
    let mut schemas: Vec<(String, RefOr<Schema>)> =
        vec![(ProblemBody::name().into_owned(), <ProblemBody as utoipa::PartialSchema>::schema())];
    ProblemBody::schemas(&mut schemas);
    api.components.get_or_insert_with(Components::new).schemas.extend(schemas);
    api
}

fn problem_content() -> RefOr<Content> {
    RefOr::T(ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name()))).build())
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: XX-05
    #[test]
    fn a_kind_of_request_names_every_code_that_a_status_may_carry() {
        let responses = IdempotentCommand::responses();
        let RefOr::T(invalid) = &responses["422"] else { panic!("422 is a reference") };
        assert_eq!(invalid.description, "invalid, idempotency-key-reused");
        assert!(!IdempotentCommandWithoutBody::responses().contains_key("415"), "no body, so no wrong body type");
        assert!(!PublicBody::responses().contains_key("401"), "no sign-in is needed");
    }
}
