//! A line of text that a person typed and others will read.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// `text` trimmed and in Unicode form NFC; `None` when its length in characters is not within `characters`, or when it
/// holds an invisible character.
pub fn single_line(text: &str, characters: RangeInclusive<usize>) -> Option<String> {
    let line: String = text.trim().nfc().collect();
    let fits = characters.contains(&line.chars().count()) && !line.chars().any(is_invisible);
    fits.then_some(line)
}

/// Control characters, direction marks and characters without width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
