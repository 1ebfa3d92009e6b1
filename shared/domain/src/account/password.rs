//! 密码: what may be chosen.
//!
//! The four classes and the least length are the customer's rule (manual 000, 5.6). Against what such rules invite
//! (`Passw0rd!`), a password must also survive an estimate of how soon it is guessed, and must not contain the person's own
//! names. Both texts are compared in NFKC, so full-width letters are the letters they look like.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// Manual 000, 5.6.
pub const LENGTH_MIN: usize = 8;
/// Characters; passphrases fit, and the cost of hashing stays bounded.
pub const LENGTH_MAX: usize = 128;
/// A person's name shorter than this is in too many good passwords by chance.
const NAME_CHARS_MIN: usize = 4;

/// A password in its one normal form. It never appears in a log.
pub struct Password(Zeroizing<String>);

/// One rule a password breaks, by its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsuitable(pub &'static str);

impl Password {
    /// What somebody typed to sign in: normalised, not judged. `None` when no account can have it.
    pub fn typed(text: &str) -> Option<Self> {
        // NFKC may lengthen a text; the limit before it keeps the work bounded.
        if text.chars().count() > LENGTH_MAX {
            return None;
        }
        Some(Self(Zeroizing::new(text.nfkc().collect())))
    }

    /// A new password, or every rule it breaks. `names` are the person's own: user name, phone, real name, e-mail.
    pub fn choose(text: &str, names: &[&str]) -> Result<Self, Vec<Unsuitable>> {
        let Some(password) = Self::typed(text) else { return Err(vec![Unsuitable("password-too-long")]) };
        let broken = password.broken_rules(names);
        if broken.is_empty() { Ok(password) } else { Err(broken) }
    }

    fn broken_rules(&self, names: &[&str]) -> Vec<Unsuitable> {
        let text = self.0.as_str();
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
        let mut broken: Vec<_> = rules.iter().filter(|(kept, _)| !kept).map(|(_, code)| Unsuitable(code)).collect();
        if broken.is_empty() && contains_name(text, names) {
            broken.push(Unsuitable("password-contains-name"));
        }
        if broken.is_empty() && zxcvbn(text, &[names, &PRODUCT].concat()).score() < Score::Three {
            broken.push(Unsuitable("password-guessable"));
        }
        broken
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Words anybody would try first here.
const PRODUCT: [&str; 5] = ["idphoto", "photo", "zhengjian", "xiangpian", "huazhenglian"];

fn contains_name(text: &str, names: &[&str]) -> bool {
    let text = text.to_lowercase();
    names.iter().any(|name| {
        let name: String = name.to_lowercase().nfkc().collect();
        name.chars().count() >= NAME_CHARS_MIN && text.contains(&name)
    })
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
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
    fn each_rule_is_named_when_broken() {
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
    fn four_classes_do_not_save_a_guessable_password() {
        for weak in ["Passw0rd!", "Aa1!aaaa", "P@ssw0rd1", "Qwerty123!", "Abcd1234!"] {
            assert_eq!(broken(weak), ["password-guessable"], "{weak}");
        }
        assert_eq!(broken("LiLei#2024x"), ["password-contains-name"]);
        assert_eq!(broken("Kq!13810548469"), ["password-contains-name"]);
        // Full-width letters are the letters they look like.
        assert_eq!(broken("Ｐａｓｓｗ０ｒｄ！"), ["password-guessable"]);
    }

    #[test]
    fn a_password_never_shows() {
        assert_eq!(format!("{:?}", Password::typed("kV9#wq2t").unwrap()), "Password(..)");
    }

    proptest! {
        /// Covers: IC-174
        #[test]
        fn the_classes_and_the_length_are_always_demanded(text in "\\PC{0,40}") {
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
