//! Access tokens: what they say and how a function checks them.
//!
//! EdDSA (Ed25519) only, by `kid`; any other algorithm, an unknown key, a wrong issuer or audience, or a token past its end
//! by one second is refused. Headers that name keys (`jwk`, `jku`, `x5u`) are never followed (RFC 8725, 3.10).

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use app::accounts::PublicKeys;
use app::clock::Clock;
use app::store::StoreError;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::actor::{AccountId, Actor, Role, Scope, SessionId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
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
    Keys(#[from] StoreError),
}

/// Who issues the tokens and whom they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm {
    pub issuer: String,
    pub audience: String,
}

impl Default for Realm {
    fn default() -> Self {
        Self { issuer: "id-photo-centre".to_owned(), audience: "id-photo-centre/api".to_owned() }
    }
}

/// How long an access token is good.
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Checks access tokens of one issuer for one audience.
#[derive(Clone)]
pub struct Verifier {
    keys: PublicKeys,
    validation: Validation,
    clock: Arc<dyn Clock>,
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
    pub fn new(realm: &Realm, keys: PublicKeys, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&realm.issuer]);
        validation.set_audience(&[&realm.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are compared below against the injected clock; the library would read the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        Self { keys, validation, clock }
    }

    /// The actor a token speaks for.
    pub async fn verify(&self, token: &str) -> Result<Actor, TokenRefused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefused::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(TokenRefused::Invalid);
        }
        let kid = header.kid.ok_or(TokenRefused::UnknownKey)?;
        let now = self.clock.now();
        let key = self.keys.find(&kid, now).await?.ok_or(TokenRefused::UnknownKey)?;
        let key = DecodingKey::from_ed_der(&key);
        let claims =
            jsonwebtoken::decode::<Claims>(token, &key, &self.validation).map_err(|_| TokenRefused::Invalid)?;
        let claims = claims.claims;
        let now = now.as_second();
        if now >= claims.exp || now < claims.nbf {
            return Err(TokenRefused::OutOfTime);
        }
        Ok(Actor { account: claims.sub, session: claims.sid, roles: claims.roles, scope: claims.scope })
    }
}

/// Signs access tokens. Only the function that signs people in holds one.
pub struct Signer {
    kid: String,
    key: EncodingKey,
    public: Vec<u8>,
    realm: Realm,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Signer {
    /// The key pair of `seed`, named by its public half.
    pub fn new(realm: Realm, seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed");
        let pkcs8 = pair.to_pkcs8v1().expect("a pair made from a seed has its document");
        let public = pair.public_key().as_ref().to_vec();
        let kid = URL_SAFE_NO_PAD.encode(&digest(&SHA256, &public).as_ref()[..12]);
        Self { kid, key: EncodingKey::from_ed_der(pkcs8.as_ref()), public, realm }
    }

    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// A token for `actor`, good from `now` for [`LIFE`]. `id` names this very token.
    pub fn sign(&self, actor: &Actor, id: &str, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: self.realm.issuer.clone(),
            aud: self.realm.audience.clone(),
            sub: actor.account,
            sid: actor.session,
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: (now + LIFE).as_second(),
            jti: id.to_owned(),
            roles: actor.roles.clone(),
            scope: actor.scope,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}

/// The public keys as RFC 8037 writes them.
pub fn jwks(keys: &[(String, Vec<u8>)]) -> serde_json::Value {
    let keys: Vec<_> = keys
        .iter()
        .map(|(kid, key)| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": URL_SAFE_NO_PAD.encode(key),
            })
        })
        .collect();
    serde_json::json!({ "keys": keys })
}

/// The `typ` of our access tokens (RFC 9068), so that no other signed text of ours passes for one.
pub const TYPE: &str = "at+jwt";
