//! Finds the signed part of an answer in its raw text.

/// The object under `node` exactly as it was sent, braces included. Nothing when it is not there once and only once.
pub fn signed_part<'a>(answer: &'a str, node: &str) -> Option<&'a str> {
    let name = format!("\"{node}\"");
    let at = answer.find(&name)?;
    let rest = answer[at + name.len()..].trim_start().strip_prefix(':')?.trim_start();
    let part = &rest[..object_length(rest)?];
    let again = rest[part.len()..].contains(&name) || answer[..at].contains(&name);
    (!again).then_some(part)
}

/// Length of the JSON object at the start of `text`.
fn object_length(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_text_is_found_whatever_stands_in_it() {
        let part = r#"{ "code":"10000", "msg":"a } b \" {", "list":[{"x":{}}]}"#;
        let answer = format!(r#"{{"alipay_trade_query_response" : {part},"sign":"abc"}}"#);
        assert_eq!(signed_part(&answer, "alipay_trade_query_response"), Some(part));
    }

    #[test]
    fn a_second_node_a_missing_one_and_an_open_one_are_refused() {
        let node = "alipay_trade_query_response";
        for answer in [
            format!(r#"{{"{node}":{{"a":1}},"{node}":{{"a":2}},"sign":"abc"}}"#),
            r#"{"other":{},"sign":"abc"}"#.to_owned(),
            format!(r#"{{"{node}":{{"a":"}}"#),
            format!(r#"{{"{node}":"text"}}"#),
            format!(r#"{{"{node}""#),
        ] {
            assert_eq!(signed_part(&answer, node), None, "{answer}");
        }
    }
}
