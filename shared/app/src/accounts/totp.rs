//! Time-based one-time passwords (RFC 6238): six digits, periods of 30 seconds, HMAC-SHA-1, as authenticator apps use
//! them. The codes come from `totp-rs`; the accepted drift and the single use of a code are decided here.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// The length of a period, seconds.
const PERIOD_S: i64 = 30;
const DIGITS: u8 = 6;
/// Periods by which the authenticator's clock can differ from ours (RFC 6238, 5.2).
const DRIFT: i64 = 1;
/// The length of a secret: 160 bits (RFC 4226, 4).
pub const SECRET_BYTES: usize = 20;

/// The secret of one authenticator.
pub type SecretBytes = [u8; SECRET_BYTES];

/// The period of `code`, if the code is right within one period of `now` and its period is later than `used`, the period
/// of the last accepted code. So a code is accepted once.
pub fn matching_period(secret: &SecretBytes, code: &str, now: Timestamp, used: i64) -> Option<i64> {
    let totp = generator(secret);
    let current = now.as_second().div_euclid(PERIOD_S);
    let mut found = None;
    // All periods are compared, so that the time does not show which one matched.
    for period in current - DRIFT..=current + DRIFT {
        if totp.check(code, start_of(period)).is_some() && period > used {
            found = Some(period);
        }
    }
    found
}

/// The code that an authenticator with the Base32 `secret` shows at `now`; `None` when the secret is malformed.
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    Some(digits(&decode(secret)?, now.as_second().div_euclid(PERIOD_S)))
}

fn digits(secret: &SecretBytes, period: i64) -> String {
    generator(secret).generate(start_of(period)).to_string()
}

fn generator(secret: &SecretBytes) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(PERIOD_S.unsigned_abs())
        .with_skew(0)
        .with_secret(Secret::new_stack(*secret))
        .build()
        .expect("the parameters are those of RFC 6238")
}

/// The first second of a period, from 1970.
fn start_of(period: i64) -> u64 {
    u64::try_from(period * PERIOD_S).unwrap_or(0)
}

/// Bytes in Base32, as a person can type them.
pub fn encode(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes)
}

/// The secret from its Base32 form; `None` when it is malformed.
pub fn decode(text: &str) -> Option<SecretBytes> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// The content of the QR code for authenticator apps. User names need no escaping: they hold letters, digits, `-`, `_`,
/// `.`.
pub fn uri(user_name: &str, secret: &SecretBytes) -> String {
    let secret = encode(secret);
    let issuer = "ID%20Photo%20Centre";
    format!(
        "otpauth://totp/{issuer}:{user_name}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}\
         &period={PERIOD_S}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &SecretBytes = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Covers: XX-16
    #[test]
    fn codes_equal_the_test_vectors_of_rfc_6238_and_rfc_4226() {
        // RFC 6238, appendix B, the last six of its eight digits.
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (second, code) in vectors {
            assert_eq!(matching_period(SECRET, code, at(second), 0), Some(second / 30), "{second}");
        }
        // RFC 4226, appendix D.
        let counted =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in counted.into_iter().enumerate() {
            assert_eq!(digits(SECRET, counter as i64), code);
        }
    }

    /// Covers: XX-16
    #[test]
    fn code_is_accepted_within_one_period_of_its_own_and_once() {
        let code = digits(SECRET, 100);
        for (second, good) in [(2969, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(matching_period(SECRET, &code, at(second), 0).is_some(), good, "{second}");
        }
        assert_eq!(matching_period(SECRET, &code, at(3000), 100), None, "used");
        assert_eq!(matching_period(SECRET, &code, at(3000), 101), None, "older than the last accepted one");
        for wrong in ["", "00000", "1234567", "abcdef", "二八七零八二"] {
            assert_eq!(matching_period(SECRET, wrong, at(59), 0), None, "{wrong}");
        }
    }

    #[test]
    fn uri_has_the_form_that_authenticator_apps_expect() {
        assert_eq!(
            uri("wang.li", SECRET),
            "otpauth://totp/ID%20Photo%20Centre:wang.li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=ID%20Photo%20Centre&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(decode(&encode(SECRET)).as_ref(), Some(SECRET));
    }
}
