//! A mobile number of mainland China; most people sign in with it.

use std::fmt;

use super::Malformed;

/// Eleven digits that begin with `1[3-9]`, without the country code; [`Phone::e164`] adds it.
///
/// Its `Debug` output is masked, so that a number never reaches a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number with or without `+86`, spaces and hyphens.
    ///
    /// # Errors
    /// `phone-malformed`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        let digits = digits.strip_prefix("+86").unwrap_or(&digits);
        let bytes = digits.as_bytes();
        let fits = bytes.len() == 11
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1])
            && bytes.iter().all(u8::is_ascii_digit);
        if fits { Ok(Self(digits.to_owned())) } else { Err(Malformed("phone-malformed")) }
    }

    /// The eleven digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The number with the country code: `+8613812340330`.
    pub fn e164(&self) -> String {
        format!("+86{}", self.0)
    }

    /// `135****0330`: the form for screens and answers.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-16
    #[test]
    fn phone_is_parsed_in_its_usual_forms_and_shown_masked() {
        for good in ["13810548469", "13048958911", "19912345678", "+86 138-1054-8469", "+8613810548469"] {
            assert!(Phone::parse(good).is_ok(), "{good}");
        }
        for bad in ["12345678901", "10086", "1381054846", "138105484690", "1381054846x", "８613810548469", ""] {
            assert_eq!(Phone::parse(bad), Err(Malformed("phone-malformed")), "{bad}");
        }
        let phone = Phone::parse("13512340330").unwrap();
        assert_eq!(phone.masked(), "135****0330");
        assert_eq!(format!("{phone:?}"), "135****0330");
        assert_eq!(phone.e164(), "+8613512340330");
    }
}
