//! RSASSA-PKCS1-v1_5 with SHA-256 over PEM keys, as both providers use it.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use x509_parser::prelude::{FromDer, X509Certificate};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unusable key: {0}")]
pub struct BadKey(pub String);

/// Our own key. Its content never reaches a log.
pub struct Signer(KeyPair);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// A PKCS#8 private key.
    pub fn from_pem(pem: &str) -> Result<Self, BadKey> {
        KeyPair::from_pkcs8(&der(pem, "PRIVATE KEY")?).map(Self).map_err(|error| BadKey(error.to_string()))
    }

    /// Base64 of the signature.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("a buffer of the key's own length");
        STANDARD.encode(signature)
    }

    /// The public half, for whoever must verify us.
    pub fn public_key(&self) -> Verifier {
        let der: Result<PublicKeyX509Der<'_>, _> = self.0.public_key().as_der();
        Verifier(der.expect("a public key has an encoding").as_ref().to_vec())
    }
}

/// Somebody else's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(Vec<u8>);

impl Verifier {
    /// A public key (`PUBLIC KEY`), or the key of a certificate.
    pub fn from_pem(pem: &str) -> Result<Self, BadKey> {
        if pem.contains("BEGIN CERTIFICATE") {
            return Ok(Certificate::from_pem(pem)?.key);
        }
        der(pem, "PUBLIC KEY").map(Self)
    }

    /// Is `signature` (base64) this key's over exactly these bytes?
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0).verify(message, &signature).is_ok()
    }
}

/// A certificate, as far as signatures need it. Whom to trust is configured, not read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Hexadecimal, upper case, as WeChat writes serial numbers.
    pub serial: String,
    pub key: Verifier,
    /// The first instant at which it is no longer good.
    pub expires_at: Timestamp,
}

impl Certificate {
    pub fn from_pem(pem: &str) -> Result<Self, BadKey> {
        let der = der(pem, "CERTIFICATE")?;
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|error| BadKey(error.to_string()))?;
        let serial = certificate.raw_serial().iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        let serial = serial.trim_start_matches("00").to_owned();
        let expires_at = Timestamp::from_second(certificate.validity().not_after.timestamp());
        let expires_at = expires_at.map_err(|error| BadKey(error.to_string()))?;
        Ok(Self { serial, key: Verifier(certificate.public_key().raw.to_vec()), expires_at })
    }
}

fn der(pem: &str, label: &str) -> Result<Vec<u8>, BadKey> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = pem.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(body, _)| body);
    let body: String = body.ok_or_else(|| BadKey(format!("no {label}")))?.split_whitespace().collect();
    STANDARD.decode(body).map_err(|error| BadKey(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::wechat::fixtures;

    #[test]
    fn the_published_signature_verifies_and_a_changed_text_does_not() {
        let key = Verifier::from_pem(&fixtures::text("provider_public_key")).unwrap();
        let (message, signature) = (fixtures::of("V1", "message"), fixtures::of("V1", "signature"));
        assert!(key.verifies(message.as_bytes(), &signature));
        assert!(!key.verifies(b"Source", &signature));
        assert!(!key.verifies(message.as_bytes(), &signature.replacen('B', "C", 1)));
        assert!(!key.verifies(message.as_bytes(), "not base64!"));
    }

    #[test]
    fn what_we_sign_our_own_public_key_verifies() {
        let signer = Signer::from_pem(&fixtures::text("our_private_key")).unwrap();
        assert_eq!(signer.public_key(), Verifier::from_pem(&fixtures::text("our_public_key")).unwrap());
        assert_eq!(format!("{signer:?}"), "Signer");
        assert!(Signer::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").is_err());
        assert!(Signer::from_pem("").is_err());
    }
}
