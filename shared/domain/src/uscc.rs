//! 统一社会信用代码 (GB 32100): eighteen characters, the last of which checks the others.

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
pub const LENGTH: usize = 18;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Sound,
    /// Right in form, but the last character should be this one. Codes with such a fault have been issued, so a person decides.
    Doubtful {
        expected: char,
    },
    /// Another length, or a letter the code never has (I, O, S, V, Z).
    NotACode,
}

/// Reads capitals only.
pub fn read(text: &str) -> Reading {
    let values: Option<Vec<usize>> =
        text.bytes().map(|byte| ALPHABET.iter().position(|letter| *letter == byte)).collect();
    let Some(values) = values.filter(|values| values.len() == LENGTH) else { return Reading::NotACode };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..LENGTH - 1] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    // The outer remainder matters where the sum divides evenly: the alphabet has no 31st letter.
    let expected = (31 - sum % 31) % 31;
    if values[LENGTH - 1] == expected {
        Reading::Sound
    } else {
        Reading::Doubtful { expected: char::from(ALPHABET[expected]) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Covers: IC-138
    #[test]
    fn the_check_character_of_gb_32100() {
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
            assert_eq!(read(good), Reading::Sound, "{good}");
        }
        for (doubtful, expected) in
            [("91350100M000100Y44", '3'), ("91350211M0000XUF46", 'R'), ("91310115MA1H8R7C6D", '7')]
        {
            assert_eq!(read(doubtful), Reading::Doubtful { expected }, "{doubtful}");
        }
        for bad in ["91350100I000100Y43", "91350100M000100Y4", "91350100M000100Y433", "91350100m000100y43", ""] {
            assert_eq!(read(bad), Reading::NotACode, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_code_has_one_check_character_and_one_changed_letter_is_noticed(
            letters in prop::collection::vec(0..31_usize, 17), at in 0..17_usize, other in 0..31_usize,
        ) {
            let text = |letters: &[usize], last: char| -> String {
                letters.iter().map(|n| char::from(ALPHABET[*n])).chain([last]).collect()
            };
            let sound: Vec<char> = ALPHABET.iter().map(|letter| char::from(*letter))
                .filter(|last| read(&text(&letters, *last)) == Reading::Sound).collect();
            prop_assert_eq!(sound.len(), 1);
            let mut changed = letters.clone();
            changed[at] = other;
            if changed != letters {
                prop_assert_ne!(read(&text(&changed, sound[0])), Reading::Sound);
            }
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}") {
            read(&text);
        }
    }
}
