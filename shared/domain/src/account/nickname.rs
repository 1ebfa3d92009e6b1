//! 昵称: the name by which the service addresses a person.

use serde::{Deserialize, Serialize};

use super::Malformed;
use super::text::single_line;

/// 1 to 20 characters, none of them a control character or a direction mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nickname(String);

impl Nickname {
    /// Trims and checks `text`.
    ///
    /// # Errors
    /// `nickname-malformed`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        single_line(text, 1..=20).map(Self).ok_or(Malformed("nickname-malformed"))
    }

    /// The trimmed text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-30
    #[test]
    fn nickname_must_have_one_to_twenty_visible_characters() {
        for good in ["小明", "rcb", " 张三 ", &"字".repeat(20)] {
            assert!(Nickname::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "  ", &"字".repeat(21), "a\u{202e}b", "a\nb", "\u{200b}"] {
            assert_eq!(Nickname::parse(bad), Err(Malformed("nickname-malformed")), "{bad:?}");
        }
    }
}
