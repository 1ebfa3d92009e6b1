//! Line breaking for Chinese text: a line can end anywhere except inside a number or a Latin word, and no line begins
//! with closing punctuation.

/// Punctuation that stays with the character before it.
const CLOSING: &str = "，。、；：！？）》”’)";
/// Punctuation that stays with the character after it.
const OPENING: &str = "（《“‘(";

/// Breaks `text` into lines whose `width` is at most `line_width`.
pub fn wrap(text: &str, line_width: f32, width: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for segment in segments(text) {
        let line = lines.last_mut().expect("lines is never empty");
        if !line.is_empty() && width(&format!("{line}{segment}")) > line_width {
            *line = line.trim_end().to_owned();
            lines.push(segment.trim_start().to_owned());
        } else {
            line.push_str(&segment);
        }
    }
    lines
}

/// The parts of `text` inside which no line ends.
fn segments(text: &str) -> Vec<String> {
    let mut segments: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for character in text.chars() {
        let joined = before.is_some_and(|before| {
            CLOSING.contains(character)
                || OPENING.contains(before)
                || (before.is_ascii_graphic() && character.is_ascii_graphic())
        });
        match segments.last_mut() {
            Some(segment) if joined => segment.push(character),
            _ => segments.push(character.to_string()),
        }
        before = Some(character);
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, line_width: f32) -> Vec<String> {
        wrap(text, line_width, |text| text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum())
    }

    #[test]
    fn lines_keep_numbers_whole_and_punctuation_with_its_character() {
        assert_eq!(lines("图像号为 AL200166498，请持此", 8.0), ["图像号为", "AL200166498，请", "持此"]);
        assert_eq!(lines("办理身份证。", 5.0), ["办理身份", "证。"]);
        assert_eq!(lines("符合《标准》", 3.0), ["符合", "《标", "准》"]);
        assert_eq!(lines("", 3.0), [""]);
    }
}
