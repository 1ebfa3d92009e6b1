//! 昵称: how the service addresses a person.

use serde::{Deserialize, Serialize};

use super::Malformed;
use super::line::line;

/// 1 to 20 characters, none of them a control or a direction mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nickname(String);

impl Nickname {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        line(text, 1..=20).map(Self).ok_or(Malformed("nickname-malformed"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-30
    #[test]
    fn a_nickname_is_short_and_visible() {
        for good in ["小明", "rcb", " 张三 ", &"字".repeat(20)] {
            assert!(Nickname::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "  ", &"字".repeat(21), "a\u{202e}b", "a\nb", "\u{200b}"] {
            assert_eq!(Nickname::parse(bad), Err(Malformed("nickname-malformed")), "{bad:?}");
        }
    }
}
