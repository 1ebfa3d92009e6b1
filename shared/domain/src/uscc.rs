//! 统一社会信用代码 (unified social credit code, GB 32100): eighteen characters, the last of which is a check character.

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The number of characters.
pub const LENGTH: usize = 18;

/// The result of [`check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    /// The code is valid.
    Valid,
    /// The form is right, but the check character is wrong. Codes with this fault have been issued, so a person has to
    /// decide.
    WrongCheckCharacter {
        /// The character that fits the others.
        expected: char,
    },
    /// The length is not eighteen, or there is a letter that no code has (I, O, S, V, Z).
    Malformed,
}

/// Checks a code in upper-case letters.
pub fn check(text: &str) -> CodeCheck {
    let values: Option<Vec<usize>> =
        text.bytes().map(|byte| ALPHABET.iter().position(|letter| *letter == byte)).collect();
    let Some(values) = values.filter(|values| values.len() == LENGTH) else { return CodeCheck::Malformed };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..LENGTH - 1] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    // The outer remainder turns 31 into 0 if the sum is divisible by 31.
    let expected = (31 - sum % 31) % 31;
    if values[LENGTH - 1] == expected {
        CodeCheck::Valid
    } else {
        CodeCheck::WrongCheckCharacter { expected: char::from(ALPHABET[expected]) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Covers: IC-138
    #[test]
    fn check_finds_valid_wrong_and_malformed_codes() {
        for good in [
            "91350100M000100Y43",
            "911101085923662400",
            "91440300708461136T",
            "91330100799655058B",
            "91110000802100433B",
            "91110000101623741K",
            "911101066976941872",
            "91440300MA5ABCD19W",
        ] {
            assert_eq!(check(good), CodeCheck::Valid, "{good}");
        }
        for (doubtful, expected) in
            [("91350100M000100Y44", '3'), ("91350211M0000XUF46", 'R'), ("91310115MA1H8R7C6D", '7')]
        {
            assert_eq!(check(doubtful), CodeCheck::WrongCheckCharacter { expected }, "{doubtful}");
        }
        for bad in ["91350100I000100Y43", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", ""] {
            assert_eq!(check(bad), CodeCheck::Malformed, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_code_has_one_check_character_and_any_single_wrong_letter_is_detected(
            letters in prop::collection::vec(0..31_usize, 17), at in 0..17_usize, other in 0..31_usize,
        ) {
            let text = |letters: &[usize], last: char| -> String {
                letters.iter().map(|n| char::from(ALPHABET[*n])).chain([last]).collect()
            };
            let valid: Vec<char> = ALPHABET.iter().map(|letter| char::from(*letter))
                .filter(|last| check(&text(&letters, *last)) == CodeCheck::Valid).collect();
            prop_assert_eq!(valid.len(), 1);
            let mut changed = letters.clone();
            changed[at] = other;
            if changed != letters {
                prop_assert_ne!(check(&text(&changed, valid[0])), CodeCheck::Valid);
            }
        }

        #[test]
        fn check_never_panics(text in "\\PC{0,24}") {
            check(&text);
        }
    }
}
