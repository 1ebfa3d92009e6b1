//! Runs a router as a Lambda function behind API Gateway.

use axum::Router;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use tower::ServiceExt;
use tower::util::MapRequest;

/// Serves API Gateway's requests with `router`, to which [`HttpStack::apply`](crate::HttpStack::apply) was applied before, until
/// Lambda ends the process.
///
/// # Errors
/// An error of the Lambda runtime interface: the process cannot go on.
pub async fn serve(router: Router) -> Result<(), lambda_http::Error> {
    lambda_http::run(without_stage(router)).await
}

/// `router` with the API's stage removed from each path: lambda_http puts it in front, our routes do not contain it.
fn without_stage(
    router: Router,
) -> MapRequest<Router, impl FnMut(lambda_http::Request) -> lambda_http::http::Request<lambda_http::Body> + Clone> {
    router.map_request(|mut request: lambda_http::Request| {
        if let Some(uri) = uri_without_stage(&request) {
            *request.uri_mut() = uri;
        }
        request
    })
}

/// The request's URI without the stage, or `None` if lambda_http did not add one: it leaves a path alone that begins with the
/// stage's name already.
fn uri_without_stage(request: &lambda_http::Request) -> Option<Uri> {
    let stage = match request.extensions().get::<RequestContext>()? {
        RequestContext::ApiGatewayV1(context) => context.stage.as_deref()?,
        RequestContext::ApiGatewayV2(context) => context.stage.as_deref()?,
        _ => return None,
    };
    let prefix = format!("/{stage}");
    let sent = request.raw_http_path();
    if sent == prefix || sent.starts_with(&format!("{prefix}/")) {
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
    fn the_stage_is_removed_from_the_path() {
        let path = |path, stage| {
            let request = event(path, stage);
            uri_without_stage(&request).unwrap_or_else(|| request.uri().clone()).path_and_query().unwrap().to_string()
        };
        assert_eq!(path("/v1/photos/a%20b", "api"), "/v1/photos/a%20b?a=1");
        assert_eq!(path("/v1/photos", "v1"), "/v1/photos?a=1");
        assert_eq!(path("/", "api"), "/?a=1");
    }
}
