//! 登录账户: the name a person chooses to sign in with.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Malformed;

/// 4 to 32 letters, digits, `_`, `-` or `.`, beginning with a letter, so that it never looks like a phone number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserName(String);

impl UserName {
    /// Normalises `text` (trimmed, Unicode form NFKC) and checks it.
    ///
    /// # Errors
    /// `user-name-malformed`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let name: String = text.trim().nfkc().collect();
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let fits = (4..=32).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(letters);
        if fits { Ok(Self(name)) } else { Err(Malformed("user-name-malformed")) }
    }

    /// The name as the person wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lower-case form, in which names must be unique: `Li.Lei` and `li.lei` are one name.
    pub fn unique(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-06
    #[test]
    fn user_name_must_begin_with_a_letter_and_is_unique_without_case() {
        for good in ["lilei", "TEST-IST", "a.b_c-1", "  lilei ", "ｌｉｌｅｉ"] {
            assert!(UserName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "abc", "13810548469", "_lei", "li lei", "李雷李雷", "a@bcd", &"a".repeat(33)] {
            assert_eq!(UserName::parse(bad), Err(Malformed("user-name-malformed")), "{bad}");
        }
        assert_eq!(UserName::parse("LiLei").unwrap().unique(), UserName::parse("lilei").unwrap().unique());
    }
}
