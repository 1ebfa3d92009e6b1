//! One line of text that a person typed and others will read.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;

/// The line trimmed and in one form; none when its length does not fit or something in it cannot be seen.
pub fn line(text: &str, characters: RangeInclusive<usize>) -> Option<String> {
    let line: String = text.trim().nfc().collect();
    let fits = characters.contains(&line.chars().count()) && !line.chars().any(hidden);
    fits.then_some(line)
}

/// Controls, direction marks and characters without width.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
