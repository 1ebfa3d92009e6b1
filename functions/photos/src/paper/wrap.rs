//! Lines of Chinese text: a line may end anywhere but inside a number or a word, and none begins with a closing mark.

/// Marks that stay with what stands before them.
const CLOSING: &str = "，。、；：！？）》”’)";
/// Marks that stay with what follows them.
const OPENING: &str = "（《“‘(";

/// `text` in lines no wider than `room`, by the width of each character.
pub fn wrap(text: &str, room: f32, width: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(text) {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && width(&format!("{line}{piece}")) > room {
            *line = line.trim_end().to_owned();
            lines.push(piece.trim_start().to_owned());
        } else {
            line.push_str(&piece);
        }
    }
    lines
}

/// What is never broken.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for character in text.chars() {
        let holds = before.is_some_and(|before| {
            CLOSING.contains(character)
                || OPENING.contains(before)
                || (before.is_ascii_graphic() && character.is_ascii_graphic())
        });
        match pieces.last_mut() {
            Some(piece) if holds => piece.push(character),
            _ => pieces.push(character.to_string()),
        }
        before = Some(character);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, room: f32) -> Vec<String> {
        wrap(text, room, |text| text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum())
    }

    #[test]
    fn numbers_stay_whole_and_closing_marks_stay_with_their_word() {
        assert_eq!(lines("图像号为 AL200166498，请持此", 8.0), ["图像号为", "AL200166498，请", "持此"]);
        assert_eq!(lines("办理身份证。", 5.0), ["办理身份", "证。"]);
        assert_eq!(lines("符合《标准》", 3.0), ["符合", "《标", "准》"]);
        assert_eq!(lines("", 3.0), [""]);
    }
}
