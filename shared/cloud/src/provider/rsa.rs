//! RSASSA-PKCS1-v1_5 with SHA-256 and keys in PEM, as both payment providers use it.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXUPPER;
use jiff::Timestamp;
use x509_parser::prelude::{FromDer, X509Certificate};

/// A key or certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unusable key: {0}")]
pub struct InvalidKey(
    /// What is wrong, without any part of the key.
    pub String,
);

/// A private key. Its `Debug` output shows only the public half.
#[derive(Debug)]
pub struct Signer(KeyPair);

impl Signer {
    /// Reads a PKCS#8 private key (`PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the PEM is malformed or the key is not RSA with at least 2048 bits.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        KeyPair::from_pkcs8(&der(pem, "PRIVATE KEY")?).map(Self).map_err(|error| InvalidKey(error.to_string()))
    }

    /// The signature of a message, in Base64.
    ///
    /// # Panics
    ///
    /// Never in practice: the buffer has the length of the key's modulus.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("the buffer has the length of the modulus");
        STANDARD.encode(signature)
    }

    /// The public half, which verifies our signatures.
    ///
    /// # Panics
    ///
    /// Never in practice: every public key has a DER encoding.
    pub fn public_key(&self) -> Verifier {
        let der: Result<PublicKeyX509Der<'_>, _> = self.0.public_key().as_der();
        Verifier(der.expect("a public key has an encoding").as_ref().to_vec())
    }
}

/// A public key, as the DER of its `SubjectPublicKeyInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(Vec<u8>);

impl Verifier {
    /// Reads a public key (`PUBLIC KEY`) or the key of a certificate (`CERTIFICATE`).
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the PEM is malformed.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        if pem.contains("BEGIN CERTIFICATE") {
            return Ok(Certificate::from_pem(pem)?.key);
        }
        der(pem, "PUBLIC KEY").map(Self)
    }

    /// Whether `signature` (Base64) is this key's signature of exactly these bytes.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0).verify(message, &signature).is_ok()
    }
}

/// The parts of a certificate that verifying signatures needs. Trust is configured; no chain is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Serial number in upper-case hexadecimal without leading zero bytes, as WeChat writes it.
    pub serial: String,
    /// The certified key.
    pub key: Verifier,
    /// The first instant at which the certificate is not valid any more.
    pub expires_at: Timestamp,
}

impl Certificate {
    /// Reads an X.509 certificate.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the PEM or the certificate is malformed.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let der = der(pem, "CERTIFICATE")?;
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|error| InvalidKey(error.to_string()))?;
        let serial = HEXUPPER.encode(certificate.raw_serial());
        let serial = serial.trim_start_matches("00").to_owned();
        let expires_at = Timestamp::from_second(certificate.validity().not_after.timestamp());
        let expires_at = expires_at.map_err(|error| InvalidKey(error.to_string()))?;
        Ok(Self { serial, key: Verifier(certificate.public_key().raw.to_vec()), expires_at })
    }
}

fn der(pem: &str, label: &str) -> Result<Vec<u8>, InvalidKey> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let body = pem.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).map(|(body, _)| body);
    let body: String =
        body.ok_or_else(|| InvalidKey(format!("there is no {label} in the PEM")))?.split_whitespace().collect();
    STANDARD.decode(body).map_err(|error| InvalidKey(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::wechat::fixtures;

    #[test]
    fn verifier_accepts_the_published_signature_and_rejects_changes() {
        let key = Verifier::from_pem(&fixtures::text("provider_public_key")).unwrap();
        let (message, signature) = (fixtures::of("V1", "message"), fixtures::of("V1", "signature"));
        assert!(key.verifies(message.as_bytes(), &signature));
        assert!(!key.verifies(b"Source", &signature));
        assert!(!key.verifies(message.as_bytes(), &signature.replacen('B', "C", 1)));
        assert!(!key.verifies(message.as_bytes(), "not base64!"));
    }

    #[test]
    fn signer_reads_only_private_keys_and_its_debug_output_hides_them() {
        let signer = Signer::from_pem(&fixtures::text("our_private_key")).unwrap();
        assert_eq!(signer.public_key(), Verifier::from_pem(&fixtures::text("our_public_key")).unwrap());
        let signature = signer.sign(b"message");
        assert!(signer.public_key().verifies(b"message", &signature));
        assert!(format!("{signer:?}").contains("public_key"), "{signer:?}");
        assert!(Signer::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").is_err());
        assert!(Signer::from_pem("").is_err());
    }
}
