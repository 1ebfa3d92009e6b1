//! 税号: the tax number of the buyer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::Malformed;
use crate::uscc::{self, CodeCheck};

/// A tax number: 15 to 20 digits and upper-case letters. Companies have a code of 18 characters (GB 32100); older
/// numbers and those of sole traders differ. `Debug` shows the first four characters, because the number of a sole
/// trader can be that of an identity card.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxNumber(String);

/// Why a tax number can be wrong although it is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The check character of the unified social credit code is wrong.
    CheckCharacter,
    /// The length is not that of a unified social credit code.
    Length,
}

impl Doubt {
    /// The code in responses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CheckCharacter => "check-character",
            Self::Length => "length",
        }
    }
}

impl TaxNumber {
    /// Reads a number without its white space and hyphens, in upper case. A wrong check character is accepted and is a
    /// [`Doubt`], because such numbers exist.
    ///
    /// # Errors
    ///
    /// `tax-number-malformed` if the text cannot be a tax number.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let number: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let fits = (15..=20).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && !(number.len() == uscc::LENGTH && uscc::check(&number) == CodeCheck::Malformed);
        if fits { Ok(Self(number)) } else { Err(Malformed("tax-number-malformed")) }
    }

    /// The doubt about the number, if there is one.
    pub fn doubt(&self) -> Option<Doubt> {
        match uscc::check(&self.0) {
            CodeCheck::Valid => None,
            CodeCheck::WrongCheckCharacter { .. } => Some(Doubt::CheckCharacter),
            CodeCheck::Malformed => Some(Doubt::Length),
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TaxNumber {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        Self::parse(&text)
    }
}

impl From<TaxNumber> for String {
    fn from(number: TaxNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for TaxNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}***", &self.0[..4])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-138
    #[test]
    fn tax_number_is_normalised_and_only_impossible_ones_are_refused() {
        let number = TaxNumber::parse(" 9135 0100-m000100y43 ").unwrap();
        assert_eq!((number.as_str(), number.doubt()), ("91350100M000100Y43", None));
        for (text, doubt) in [
            ("91350211M0000XUF46", Doubt::CheckCharacter),
            ("91350100M000100Y44", Doubt::CheckCharacter),
            ("440300708461136", Doubt::Length),
            ("11010519491231002X01", Doubt::Length),
        ] {
            assert_eq!(TaxNumber::parse(text).unwrap().doubt(), Some(doubt), "{text}");
        }
        for bad in [
            "",
            "12345678901234",
            "123456789012345678901",
            "91350100I000100Y43",
            "９１３５０１００M000100Y43",
            "44030070846113!",
        ] {
            assert_eq!(TaxNumber::parse(bad), Err(Malformed("tax-number-malformed")), "{bad}");
        }
        assert_eq!(format!("{number:?}"), "9135***");
    }
}
