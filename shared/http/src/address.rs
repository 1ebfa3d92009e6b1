//! The network address of the caller, for rate limits and session lists.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;

/// The number of our proxies that append to `X-Forwarded-For` after the viewer's own address (CloudFront: one). With 0 the
/// header is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxies(pub usize);

/// The address that our outermost proxy saw; `None` if it is unknown. What a client writes into `X-Forwarded-For` itself is
/// further left in the header and is never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl ClientAddress {
    /// The key that a rate limit counts by: an IPv4 address, the /64 network of an IPv6 subscriber, or `unknown`.
    pub fn rate_limit_key(&self) -> String {
        match self.0 {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::")
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let TrustedProxies(proxies) = parts.extensions.get().copied().unwrap_or(TrustedProxies(0));
        if proxies == 0 {
            return Ok(Self(gateway_source(parts)));
        }
        let lines = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        let viewer = hops.len().checked_sub(proxies + 1).and_then(|at| hops[at].parse().ok());
        Ok(Self(viewer.or_else(|| gateway_source(parts))))
    }
}

/// The address of the gateway's own caller.
fn gateway_source(parts: &Parts) -> Option<IpAddr> {
    let address = match parts.extensions.get::<RequestContext>()? {
        RequestContext::ApiGatewayV1(context) => context.identity.source_ip.as_deref(),
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref(),
        _ => None,
    };
    address?.parse().ok()
}
