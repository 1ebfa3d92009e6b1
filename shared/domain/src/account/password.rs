//! 密码: the rules for a new password.
//!
//! The four character classes and the least length are the customer's rule (manual 000, section 5.6). Such rules invite
//! passwords like `Passw0rd!`, so a password must also reach a strength estimate (zxcvbn) and must not contain the
//! person's own names. Texts are compared in Unicode form NFKC, so that full-width letters equal the ASCII letters they
//! look like.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

/// The least number of characters (manual 000, section 5.6).
pub const LENGTH_MIN: usize = 8;
/// The most characters: long passphrases fit, and the cost of hashing stays bounded.
pub const LENGTH_MAX: usize = 128;
/// A shorter name occurs in too many strong passwords by coincidence.
const NAME_CHARS_MIN: usize = 4;

/// A password in Unicode form NFKC. Its `Debug` output is redacted.
#[derive(Debug)]
pub struct Password(SecretString);

/// The stable code of a rule that a password breaks, e.g. `password-too-short`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokenRule(pub &'static str);

impl Password {
    /// A password typed to sign in: normalised, and not checked against the rules. `None` when it is longer than any
    /// account's password can be.
    pub fn typed(text: &str) -> Option<Self> {
        // NFKC can lengthen a text; this limit bounds its work.
        if text.chars().count() > LENGTH_MAX {
            return None;
        }
        Some(Self(SecretString::from(text.nfkc().collect::<String>())))
    }

    /// Checks a new password. `names` are the person's own: user name, nickname, phone.
    ///
    /// # Errors
    /// Every rule it breaks.
    pub fn choose(text: &str, names: &[&str]) -> Result<Self, Vec<BrokenRule>> {
        let Some(password) = Self::typed(text) else { return Err(vec![BrokenRule("password-too-long")]) };
        let broken = password.broken_rules(names);
        if broken.is_empty() { Ok(password) } else { Err(broken) }
    }

    fn broken_rules(&self, names: &[&str]) -> Vec<BrokenRule> {
        let text = self.0.expose_secret();
        let length = text.chars().count();
        let has = |class: fn(char) -> bool| text.chars().any(class);
        let rules = [
            (length >= LENGTH_MIN, "password-too-short"),
            (length <= LENGTH_MAX, "password-too-long"),
            (has(|c| c.is_ascii_digit()), "password-needs-digit"),
            (has(char::is_lowercase), "password-needs-lower"),
            (has(char::is_uppercase), "password-needs-upper"),
            (has(|c| !c.is_alphanumeric() && !c.is_control()), "password-needs-special"),
        ];
        let mut broken: Vec<_> = rules.iter().filter(|(kept, _)| !kept).map(|(_, code)| BrokenRule(code)).collect();
        if broken.is_empty() && contains_name(text, names) {
            broken.push(BrokenRule("password-contains-name"));
        }
        if broken.is_empty() && zxcvbn(text, &[names, &PRODUCT].concat()).score() < Score::Three {
            broken.push(BrokenRule("password-guessable"));
        }
        broken
    }

    /// The normalised text, to be hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

/// Words of this service, which a guesser would try first.
const PRODUCT: [&str; 5] = ["idphoto", "photo", "zhengjian", "xiangpian", "huazhenglian"];

fn contains_name(text: &str, names: &[&str]) -> bool {
    let text = text.to_lowercase();
    names.iter().any(|name| {
        let name: String = name.to_lowercase().nfkc().collect();
        name.chars().count() >= NAME_CHARS_MIN && text.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn broken(text: &str) -> Vec<&'static str> {
        match Password::choose(text, &["lilei", "13810548469"]) {
            Ok(_) => Vec::new(),
            Err(broken) => broken.into_iter().map(|rule| rule.0).collect(),
        }
    }

    /// Covers: IC-174
    #[test]
    fn password_that_breaks_a_rule_is_refused_with_its_code() {
        assert_eq!(broken("Tr0ub4dor&3-Hx"), [""; 0]);
        assert_eq!(broken("kV9#wq2"), ["password-too-short"]);
        assert_eq!(broken("kVx#wqTz"), ["password-needs-digit"]);
        assert_eq!(broken("KV9#WQ2T"), ["password-needs-lower"]);
        assert_eq!(broken("kv9#wq2t"), ["password-needs-upper"]);
        assert_eq!(broken("kV9Xwq2t"), ["password-needs-special"]);
        assert_eq!(broken(&format!("kV9#{}", "x".repeat(125))), ["password-too-long"]);
        assert_eq!(
            broken(""),
            [
                "password-too-short",
                "password-needs-digit",
                "password-needs-lower",
                "password-needs-upper",
                "password-needs-special"
            ]
        );
    }

    /// Covers: IC-174
    #[test]
    fn guessable_password_with_all_four_classes_is_refused() {
        for weak in ["Passw0rd!", "Aa1!aaaa", "P@ssw0rd1", "Qwerty123!", "Abcd1234!"] {
            assert_eq!(broken(weak), ["password-guessable"], "{weak}");
        }
        assert_eq!(broken("LiLei#2024x"), ["password-contains-name"]);
        assert_eq!(broken("Kq!13810548469"), ["password-contains-name"]);
        // Full-width letters equal the ASCII letters they look like.
        assert_eq!(broken("Ｐａｓｓｗ０ｒｄ！"), ["password-guessable"]);
    }

    #[test]
    fn debug_output_of_a_password_hides_it() {
        assert!(!format!("{:?}", Password::typed("kV9#wq2t").unwrap()).contains("kV9"));
    }

    proptest! {
        /// Covers: IC-174
        #[test]
        fn accepted_password_has_the_least_length_and_all_four_classes(text in "\\PC{0,40}") {
            let normal: String = text.nfkc().collect();
            let suits = normal.chars().count() >= LENGTH_MIN
                && normal.chars().any(|c| c.is_ascii_digit())
                && normal.chars().any(char::is_lowercase)
                && normal.chars().any(char::is_uppercase)
                && normal.chars().any(|c| !c.is_alphanumeric() && !c.is_control());
            if Password::choose(&text, &[]).is_ok() {
                prop_assert!(suits);
            }
        }
    }
}
