//! Text that a person typed and other people read.

use unicode_normalization::UnicodeNormalization;

/// The text without surrounding white space, in Unicode normalisation form C.
pub fn normalised(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Whether the character is a control character, has no width or changes the direction of the text around it.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
