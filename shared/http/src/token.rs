//! Access tokens: signed JWTs (RFC 9068) and their verification.
//!
//! Only EdDSA (Ed25519) with a known `kid` is accepted; another algorithm, issuer or audience, or one second past the expiry is
//! refused. Headers that carry or name keys (`jwk`, `jku`, `x5u`) are never used (RFC 8725, section 3.10).

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
    /// Issuer: [`Realm::issuer`]
    pub iss: String,
    /// Audience: [`Realm::audience`]
    pub aud: String,
    /// Subject: the account
    pub sub: AccountId,
    /// The session that the token belongs to
    pub sid: SessionId,
    /// Issued at
    pub iat: i64,
    /// Not valid before
    pub nbf: i64,
    /// Not valid from this second on
    pub exp: i64,
    /// Identifies the token
    pub jti: String,
    /// The account's roles when the token was issued
    pub roles: BTreeSet<Role>,
    /// What the session may be used for
    pub scope: Scope,
}

/// Why a token is refused.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenRefused {
    /// Malformed, wrongly signed, or of another algorithm, type, issuer or audience
    #[error("the token is malformed, wrongly signed or for another purpose")]
    Invalid,
    /// No `kid`, or no public key of that id
    #[error("the token's key is unknown")]
    UnknownKey,
    /// Expired, or not valid yet
    #[error("the token has expired or is not valid yet")]
    OutOfTime,
    /// The public keys could not be read
    #[error(transparent)]
    Keys(#[from] StoreError),
}

/// The issuer and the audience of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm {
    /// The claim `iss`
    pub issuer: String,
    /// The claim `aud`
    pub audience: String,
}

impl Default for Realm {
    fn default() -> Self {
        Self { issuer: "id-photo-centre".to_owned(), audience: "id-photo-centre/api".to_owned() }
    }
}

/// How long an access token is valid.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

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
    /// A verifier for tokens of `realm`, with the public keys in `keys`, at the time of `clock`.
    pub fn new(realm: &Realm, keys: PublicKeys, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&realm.issuer]);
        validation.set_audience(&[&realm.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // `verify` compares times with the injected clock; the library would use the machine's.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = 0;
        Self { keys, validation, clock }
    }

    /// The actor that `token` was issued for.
    ///
    /// # Errors
    /// [`TokenRefused`] with the reason.
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

/// Signs access tokens. Only the function `auth` has one.
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
    /// A signer with the key pair of `seed`; the key id is derived from the public key.
    pub fn new(realm: Realm, seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are an Ed25519 seed");
        let pkcs8 = pair.to_pkcs8v1().expect("a key pair made from a seed can be encoded");
        let public = pair.public_key().as_ref().to_vec();
        let kid = URL_SAFE_NO_PAD.encode(&digest(&SHA256, &public).as_ref()[..12]);
        Self { kid, key: EncodingKey::from_ed_der(pkcs8.as_ref()), public, realm }
    }

    /// The key id
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key, 32 bytes
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// A token for `actor`, valid from `now` for [`LIFETIME`]. `id` becomes the claim `jti`.
    ///
    /// # Errors
    /// If the claims cannot be serialised.
    pub fn sign(&self, actor: &Actor, id: &str, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: self.realm.issuer.clone(),
            aud: self.realm.audience.clone(),
            sub: actor.account,
            sid: actor.session,
            iat: now.as_second(),
            nbf: now.as_second(),
            exp: (now + LIFETIME).as_second(),
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

/// Public keys by key id as a JSON Web Key Set (RFC 7517, RFC 8037).
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

/// The header `typ` of access tokens (RFC 9068, section 2.1): no other token of ours is accepted as one.
pub const TYPE: &str = "at+jwt";
