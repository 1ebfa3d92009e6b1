//! Amounts of money in whole fen (1 yuan = 100 fen); the code has no other form of money.

use serde::{Deserialize, Serialize};

/// The payment providers accept at most nine digits before the decimal point.
const MAX_YUAN_DIGITS: usize = 9;

/// An amount, or a signed change of an amount, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// A sum does not fit 64 bits: a defect of ours, never a customer's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount does not fit 64 bits")]
pub struct Overflow;

/// A text that [`Fen::from_yuan`] cannot read; holds the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an amount in yuan with at most two decimals")]
pub struct NotAnAmount(pub String);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of `fen` fen, of either sign.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount as a number of fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum of two amounts.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if it does not fit 64 bits.
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// The difference of two amounts.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if it does not fit 64 bits.
    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// The amount with the opposite sign.
    ///
    /// # Errors
    ///
    /// [`Overflow`] for the smallest 64-bit number.
    pub fn negated(self) -> Result<Self, Overflow> {
        self.0.checked_neg().map(Self).ok_or(Overflow)
    }

    /// The sum of all amounts; zero for none.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if a partial sum does not fit 64 bits.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Reads yuan: one to nine digits, then optionally a point and one or two decimals. No sign, blank, thousands separator or
    /// exponent.
    ///
    /// # Errors
    ///
    /// [`NotAnAmount`] for any other text.
    pub fn from_yuan(text: &str) -> Result<Self, NotAnAmount> {
        let refuse = || NotAnAmount(text.to_owned());
        let (yuan, decimals) = text.split_once('.').map_or((text, None), |(yuan, rest)| (yuan, Some(rest)));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(yuan, MAX_YUAN_DIGITS) || !decimals.is_none_or(|part| digits(part, 2)) {
            return Err(refuse());
        }
        let cents = format!("{:0<2}", decimals.unwrap_or_default());
        let whole: i64 = yuan.parse().map_err(|_| refuse())?;
        let part: i64 = cents.parse().map_err(|_| refuse())?;
        Ok(Self(whole * 100 + part))
    }

    /// `1.50`: yuan with exactly two decimals, as Alipay and statements write it.
    pub fn decimal(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }

    /// `1.5元`: a fee, without trailing zeros (manual 000, section 2).
    pub fn fee_text(self) -> String {
        let decimal = self.decimal();
        format!("{}元", decimal.trim_end_matches('0').trim_end_matches('.'))
    }

    /// `¥558.84`: a balance, with two decimals (manual 000, section 2).
    pub fn balance_text(self) -> String {
        if self.0 < 0 { format!("-¥{}", &self.decimal()[1..]) } else { format!("¥{}", self.decimal()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Covers: XX-14
    #[test]
    fn amounts_are_read_and_shown_as_in_the_manual() {
        assert_eq!(Fen::from_yuan("1.5"), Ok(Fen::new(150)));
        assert_eq!(Fen::from_yuan("1.50"), Ok(Fen::new(150)));
        assert_eq!(Fen::from_yuan("600"), Ok(Fen::new(60_000)));
        assert_eq!(Fen::from_yuan("0.04"), Ok(Fen::new(4)));
        assert_eq!(Fen::new(150).fee_text(), "1.5元");
        assert_eq!(Fen::ZERO.fee_text(), "0元");
        assert_eq!(Fen::new(1000).fee_text(), "10元");
        assert_eq!(Fen::new(55_884).balance_text(), "¥558.84");
        assert_eq!(Fen::new(31_810).balance_text(), "¥318.10");
        assert_eq!(Fen::new(4).balance_text(), "¥0.04");
        assert_eq!(Fen::ZERO.balance_text(), "¥0.00");
        assert_eq!(Fen::new(-150).balance_text(), "-¥1.50");
        assert_eq!(Fen::new(-5).decimal(), "-0.05");
        assert_eq!(Fen::new(i64::MIN).decimal(), "-92233720368547758.08");
    }

    /// Covers: XX-14
    #[test]
    fn text_that_is_not_a_plain_amount_is_refused() {
        let refused =
            ["", ".", "1.", ".5", "1.234", "-1", "+1", "1e3", " 1", "1 ", "1,000", "1０", "0x1", "NaN", "1234567890"];
        for text in refused {
            assert!(Fen::from_yuan(text).is_err(), "{text:?}");
        }
    }

    /// Covers: I30
    #[test]
    fn sum_that_does_not_fit_is_an_overflow() {
        assert_eq!(Fen::new(i64::MAX).plus(Fen::new(1)), Err(Overflow));
        assert_eq!(Fen::new(i64::MIN).minus(Fen::new(1)), Err(Overflow));
        assert_eq!(Fen::new(i64::MIN).negated(), Err(Overflow));
        assert_eq!(Fen::sum([Fen::new(i64::MAX), Fen::new(1), Fen::new(-1)]), Err(Overflow));
        let largest_recharge_a_billion_times = 60_000_i64.checked_mul(1_000_000_000);
        assert!(largest_recharge_a_billion_times.is_some());
    }

    proptest! {
        /// Covers: XX-14
        #[test]
        fn decimal_text_reads_back_as_the_same_amount(fen in 0_i64..=99_999_999_999) {
            prop_assert_eq!(Fen::from_yuan(&Fen::new(fen).decimal()), Ok(Fen::new(fen)));
        }
    }
}
