//! Numbers that customers and providers see: of orders, recharges, coupons and invoices, and the payment and refund numbers that
//! are made from them.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use serde::{Deserialize, Serialize};

const DIGITS: usize = 22;
/// The most payment attempts of one order; after that the order must be placed again.
pub const MAX_ATTEMPTS: u32 = 99;

/// `20240115133656` (the second, Asia/Shanghai) and eight random digits: 22 digits that sort by time.
///
/// Random digits can collide, so a row with a new number is only written where there is no row yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

/// The number by which a provider knows a payment: the [`Number`] of its order or recharge, `P`, and the attempt from `01` to
/// `99`. 25 letters and digits; both providers accept up to 32.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentNumber(String);

/// The number by which a provider knows a refund: the [`PaymentNumber`] and `R`, because a payment has at most one refund.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefundNumber(String);

/// A text that is not a number of the expected form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an order or payment number")]
pub struct NotANumber;

impl Number {
    /// A number for something created at `now`; of `random` only the last eight decimal digits are used.
    pub fn new(now: Timestamp, random: u64) -> Self {
        let local = now.to_zoned(TimeZone::fixed(offset(8)));
        Self(format!("{}{:08}", local.strftime("%Y%m%d%H%M%S"), random % 100_000_000))
    }

    /// 22 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of the `attempt`-th payment, counted from 1 to [`MAX_ATTEMPTS`].
    pub fn payment(&self, attempt: u32) -> PaymentNumber {
        PaymentNumber(format!("{}P{attempt:02}", self.0))
    }

    /// The number at the beginning of a longer one, as payment and invoice request numbers have it.
    ///
    /// # Errors
    ///
    /// [`NotANumber`] if the text does not begin with 22 digits.
    pub fn prefix_of(text: &str) -> Result<Self, NotANumber> {
        text.get(..DIGITS).ok_or(NotANumber)?.parse()
    }
}

impl PaymentNumber {
    /// 22 digits, `P` and two digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of this payment's refund.
    pub fn refund(&self) -> RefundNumber {
        RefundNumber(format!("{}R", self.0))
    }
}

impl RefundNumber {
    /// The payment's number and `R`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let fits = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotANumber) }
    }
}

impl std::str::FromStr for PaymentNumber {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let attempt = text.get(DIGITS..).and_then(|rest| rest.strip_prefix('P')).ok_or(NotANumber)?;
        let fits = attempt.len() == 2 && attempt.bytes().all(|byte| byte.is_ascii_digit());
        Number::prefix_of(text)?;
        if fits { Ok(Self(text.to_owned())) } else { Err(NotANumber) }
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;

    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl TryFrom<String> for PaymentNumber {
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

impl From<PaymentNumber> for String {
    fn from(number: PaymentNumber) -> Self {
        number.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PaymentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RefundNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_begins_with_the_time_in_china_and_its_payment_number_fits_both_providers() {
        let now: Timestamp = "2024-01-15T05:36:56Z".parse().unwrap();
        let number = Number::new(now, 1_234_567_890_123);
        assert_eq!(number.as_str(), "2024011513365667890123");
        let payment = number.payment(1);
        assert_eq!(
            (payment.as_str(), payment.refund().as_str()),
            ("2024011513365667890123P01", "2024011513365667890123P01R")
        );
        assert_eq!(payment.as_str().parse(), Ok(payment));
        assert!(number.payment(MAX_ATTEMPTS).refund().as_str().len() <= 32);
        assert_eq!(Number::prefix_of(number.payment(7).as_str()), Ok(number));
        assert_eq!(Number::prefix_of("2024"), Err(NotANumber));
        for other in ["20240115133656678901234", "202401151336566789012", "202401151336566789012x", "２０２４０１１５"]
        {
            assert_eq!(other.parse::<Number>(), Err(NotANumber), "{other}");
        }
        for other in [
            "",
            "2024011513365667890123",
            "2024011513365667890123P1",
            "2024011513365667890123P001",
            "2024011513365667890123Q01",
        ] {
            assert_eq!(other.parse::<PaymentNumber>(), Err(NotANumber), "{other}");
        }
        assert_eq!(Number::prefix_of("二零二四零一一五一三三六五六"), Err(NotANumber));
    }
}
