//! Access tokens: what they say and how a function checks them.
//!
//! EdDSA (Ed25519) only, by `kid`; any other algorithm, an unknown key, a wrong issuer or audience, or a token past its end
//! by one second is refused. Headers that name keys (`jwk`, `jku`, `x5u`) are never followed (RFC 8725, 3.10).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::actor::{AccountId, Actor, Role, Scope, SessionId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};

/// The claims of an access token. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: AccountId,
    pub sid: SessionId,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: String,
    pub roles: BTreeSet<Role>,
    pub scope: Scope,
}

/// The answer of a [`KeySource`], later.
pub type KeyFound<'a> = Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>, KeyFailure>> + Send + 'a>>;

/// Where public keys come from: fixed in tests, a table or a document in a running system.
pub trait KeySource: Send + Sync {
    /// The 32 bytes of the Ed25519 public key named `kid`, or `None` when no such key is in force.
    fn find<'a>(&'a self, kid: &'a str) -> KeyFound<'a>;
}

/// The source of keys did not answer; the token is neither good nor bad.
#[derive(Debug, Clone, thiserror::Error)]
#[error("public keys are out of reach: {0}")]
pub struct KeyFailure(pub String);

/// Keys known from the start.
#[derive(Debug, Clone, Default)]
pub struct FixedKeys(pub BTreeMap<String, Vec<u8>>);

impl KeySource for FixedKeys {
    fn find<'a>(&'a self, kid: &'a str) -> KeyFound<'a> {
        Box::pin(async move { Ok(self.0.get(kid).cloned()) })
    }
}

/// Why a token does not open the door.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenRefused {
    #[error("malformed or wrongly signed token")]
    Invalid,
    #[error("no key of that name")]
    UnknownKey,
    #[error("past its end or not yet valid")]
    OutOfTime,
    #[error(transparent)]
    Keys(#[from] KeyFailure),
}

/// Seconds since 1970, from the clock the system runs on.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Checks access tokens of one issuer for one audience.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<dyn KeySource>,
    validation: Validation,
    now: Now,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("issuer", &self.validation.iss)
            .field("audience", &self.validation.aud)
            .finish()
    }
}

impl Verifier {
    pub fn new(issuer: &str, audience: &str, keys: Arc<dyn KeySource>, now: Now) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are compared below against the injected clock; the library would read the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        Self { keys, validation, now }
    }

    /// The actor a token speaks for.
    pub async fn verify(&self, token: &str) -> Result<Actor, TokenRefused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefused::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(TokenRefused::Invalid);
        }
        let kid = header.kid.ok_or(TokenRefused::UnknownKey)?;
        let key = self.keys.find(&kid).await?.ok_or(TokenRefused::UnknownKey)?;
        let key = DecodingKey::from_ed_der(&key);
        let claims =
            jsonwebtoken::decode::<Claims>(token, &key, &self.validation).map_err(|_| TokenRefused::Invalid)?;
        let claims = claims.claims;
        let now = (self.now)();
        if now >= claims.exp || now < claims.nbf {
            return Err(TokenRefused::OutOfTime);
        }
        Ok(Actor { account: claims.sub, session: claims.sid, roles: claims.roles, scope: claims.scope })
    }
}

/// The `typ` of our access tokens (RFC 9068), so that no other signed text of ours passes for one.
pub const TYPE: &str = "at+jwt";
