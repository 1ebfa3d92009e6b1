//! 税号 of the buyer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::Malformed;
use crate::uscc::{self, Reading};

/// 15 to 20 digits and capital letters. Companies have 18 (GB 32100); older numbers and those of single traders differ.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxNumber(String);

/// Why a person should look at a number twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The last character of the credit code does not fit the others.
    CheckCharacter,
    /// Not the length of a credit code.
    Length,
}

impl Doubt {
    pub const fn code(self) -> &'static str {
        match self {
            Self::CheckCharacter => "check-character",
            Self::Length => "length",
        }
    }
}

impl TaxNumber {
    /// Blanks and hyphens are left out, small letters become capitals. Only what cannot be a tax number is refused: a wrong check
    /// character is a [`Doubt`], because such numbers exist.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let number: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let fits = (15..=20).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && !(number.len() == uscc::LENGTH && uscc::read(&number) == Reading::NotACode);
        if fits { Ok(Self(number)) } else { Err(Malformed("tax-number-malformed")) }
    }

    pub fn doubt(&self) -> Option<Doubt> {
        match uscc::read(&self.0) {
            Reading::Sound => None,
            Reading::Doubtful { .. } => Some(Doubt::CheckCharacter),
            Reading::NotACode => Some(Doubt::Length),
        }
    }

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

/// A single trader's number can be that of an identity card.
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
    fn a_tax_number_is_cleaned_and_only_nonsense_is_refused() {
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
