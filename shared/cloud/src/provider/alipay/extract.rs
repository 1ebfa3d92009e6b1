//! Finds the signed part of a response in its raw text. The signature covers the text as sent, so it cannot be parsed first.

/// The object under the key `node` exactly as it was sent, including its braces. `None` unless the key occurs exactly once.
pub fn signed_part<'a>(response: &'a str, node: &str) -> Option<&'a str> {
    let name = format!("\"{node}\"");
    let at = response.find(&name)?;
    let rest = response[at + name.len()..].trim_start().strip_prefix(':')?.trim_start();
    let part = &rest[..object_length(rest)?];
    let repeated = rest[part.len()..].contains(&name) || response[..at].contains(&name);
    (!repeated).then_some(part)
}

/// Length in bytes of the JSON object at the start of `text`.
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
    fn signed_part_is_the_exact_text_with_braces_and_quotes_inside_strings() {
        let part = r#"{ "code":"10000", "msg":"a } b \" {", "list":[{"x":{}}]}"#;
        let response = format!(r#"{{"alipay_trade_query_response" : {part},"sign":"abc"}}"#);
        assert_eq!(signed_part(&response, "alipay_trade_query_response"), Some(part));
    }

    #[test]
    fn signed_part_of_a_repeated_missing_or_unclosed_node_is_none() {
        let node = "alipay_trade_query_response";
        for response in [
            format!(r#"{{"{node}":{{"a":1}},"{node}":{{"a":2}},"sign":"abc"}}"#),
            r#"{"other":{},"sign":"abc"}"#.to_owned(),
            format!(r#"{{"{node}":{{"a":"}}"#),
            format!(r#"{{"{node}":"text"}}"#),
            format!(r#"{{"{node}""#),
        ] {
            assert_eq!(signed_part(&response, node), None, "{response}");
        }
    }
}
