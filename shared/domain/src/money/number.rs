//! Numbers people read out: order and recharge numbers, and the payment and refund numbers made from them.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use serde::{Deserialize, Serialize};

const DIGITS: usize = 22;
/// Attempts to pay one order; beyond it the order must be placed anew.
pub const MAX_ATTEMPTS: u32 = 99;

/// `20240115133656` (Asia/Shanghai) and eight digits of chance: sorts by time, 22 characters, digits only.
///
/// Chance is not a guarantee: a row with this number is only ever put where none is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an order number")]
pub struct NotANumber;

impl Number {
    pub fn new(now: Timestamp, chance: u64) -> Self {
        let local = now.to_zoned(TimeZone::fixed(offset(8)));
        Self(format!("{}{:08}", local.strftime("%Y%m%d%H%M%S"), chance % 100_000_000))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number a provider knows the `attempt`-th payment of this order by (both providers: letters and digits, at most 32).
    pub fn payment(&self, attempt: u32) -> String {
        format!("{}P{attempt:02}", self.0)
    }

    /// The order or recharge behind a payment number.
    pub fn of_payment(payment: &str) -> Result<Self, NotANumber> {
        payment.get(..DIGITS).ok_or(NotANumber)?.parse()
    }
}

impl std::str::FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let fits = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotANumber) }
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_carries_the_shanghai_time_and_fits_both_providers() {
        let now: Timestamp = "2024-01-15T05:36:56Z".parse().unwrap();
        let number = Number::new(now, 1_234_567_890_123);
        assert_eq!(number.as_str(), "2024011513365667890123");
        assert_eq!(number.payment(1), "2024011513365667890123P01");
        assert!(number.payment(MAX_ATTEMPTS).len() <= 32);
        assert_eq!(Number::of_payment(&number.payment(7)), Ok(number));
        assert_eq!(Number::of_payment("2024"), Err(NotANumber));
        for other in ["20240115133656678901234", "202401151336566789012", "202401151336566789012x", "２０２４０１１５"]
        {
            assert_eq!(other.parse::<Number>(), Err(NotANumber), "{other}");
        }
        assert_eq!(Number::of_payment("二零二四零一一五一三三六五六"), Err(NotANumber));
    }
}
