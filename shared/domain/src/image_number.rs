//! 图像号码: the number of a photo, from one global counter, with a check letter that detects typing errors.
//!
//! `A` + check letter + nine digits. All sample numbers of user manual 000 (sections 2 and 4) follow this formula; that the
//! formula is the original one is likely, not proven.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The check letters: those that are easily told from digits and from each other.
const ALPHABET: &[u8; 19] = b"ABCEFHJKLMNPRTVWXYZ";

const LAST: u32 = 999_999_999;

/// The last sample number of the manual. Our numbers start after it.
const LAST_OF_PREDECESSOR: u32 = 200_166_501;

/// An image number, for example `AL200166498`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageNumber(u32);

/// Why a text or a count is no image number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImageNumber {
    /// The text has another form.
    #[error("an image number is A, a letter and nine digits")]
    Malformed,
    /// The check letter does not fit the digits: a typing error.
    #[error("the letter does not fit the digits")]
    WrongLetter,
    /// All numbers are issued.
    #[error("the counter is used up")]
    Exhausted,
}

impl ImageNumber {
    /// The number of the `count`-th photo, counting from 1.
    ///
    /// # Errors
    ///
    /// `Exhausted` if the number has more than nine digits.
    pub fn nth(count: i64) -> Result<Self, InvalidImageNumber> {
        let digits = i64::from(LAST_OF_PREDECESSOR).checked_add(count.max(1)).and_then(|n| u32::try_from(n).ok());
        digits.filter(|n| *n <= LAST).map(Self).ok_or(InvalidImageNumber::Exhausted)
    }

    const fn letter(self) -> char {
        ALPHABET[((6 * self.0 as u64 + 7) % 19) as usize] as char
    }
}

impl fmt::Display for ImageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{}{:09}", self.letter(), self.0)
    }
}

impl From<ImageNumber> for String {
    fn from(number: ImageNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for ImageNumber {
    type Error = InvalidImageNumber;

    fn try_from(text: String) -> Result<Self, InvalidImageNumber> {
        text.parse()
    }
}

impl FromStr for ImageNumber {
    type Err = InvalidImageNumber;

    /// Reads an image number as people type it: surrounding spaces and lower-case letters are accepted.
    fn from_str(text: &str) -> Result<Self, InvalidImageNumber> {
        let text = text.trim().to_ascii_uppercase();
        let (letter, digits) = text
            .strip_prefix('A')
            .and_then(|rest| rest.split_at_checked(1))
            .filter(|(_, digits)| digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()))
            .ok_or(InvalidImageNumber::Malformed)?;
        let number = Self(digits.parse().map_err(|_| InvalidImageNumber::Malformed)?);
        if letter.starts_with(number.letter()) { Ok(number) } else { Err(InvalidImageNumber::WrongLetter) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Covers: IC-45
    #[test]
    fn sample_numbers_of_the_manual_are_valid() {
        for sample in ["AC200166497", "AL200166498", "AV200166499", "AB200166500", "AK200166501"] {
            assert_eq!(sample.parse::<ImageNumber>().unwrap().to_string(), sample);
        }
        assert_eq!(ImageNumber::nth(1).unwrap().0, 200_166_502);
    }

    /// Covers: IC-45
    #[test]
    fn wrong_letter_or_form_is_refused() {
        assert_eq!("AL200166497".parse::<ImageNumber>(), Err(InvalidImageNumber::WrongLetter));
        for text in ["", "A", "AL20016649", "AL2001664988", "BL200166498", "AL20016649x", "A中200166498", "AL+00166498"]
        {
            assert_eq!(text.parse::<ImageNumber>(), Err(InvalidImageNumber::Malformed), "{text}");
        }
        assert_eq!(" al200166498 ".parse::<ImageNumber>().unwrap().to_string(), "AL200166498");
        assert_eq!(ImageNumber::nth(i64::MAX), Err(InvalidImageNumber::Exhausted));
    }

    proptest! {
        #[test]
        fn any_single_wrong_digit_is_detected(count in 1_i64..700_000_000, place in 2_usize..11, digit in b'0'..=b'9') {
            let number = ImageNumber::nth(count).unwrap().to_string();
            let mut typed = number.clone().into_bytes();
            typed[place] = digit;
            let typed = String::from_utf8(typed).unwrap();
            prop_assert_eq!(typed.parse::<ImageNumber>().is_ok(), typed == number);
        }
    }
}
