//! The inbox as a page and as JSON.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Html;

use super::inbox::{Item, Message};
use crate::Sandbox;

/// The inbox as JSON.
pub async fn data(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Item>> {
    Json(sandbox.inbox.newest_first())
}

/// The inbox as a page.
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    let rows: String = sandbox.inbox.newest_first().iter().map(row).collect();
    let empty = if rows.is_empty() { "<p>还没有消息 · Nothing has message yet</p>" } else { "" };
    Html(format!(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>收件箱 · Inbox</title>\
         <style>body{{font:1rem sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}table{{width:100%;border-collapse:collapse}}\
         th,td{{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #ccc}}pre{{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}}</style>\
         <main><h1>收件箱 · Inbox</h1><p><a href=\"\">刷新 · Refresh</a></p>{empty}<table><thead><tr><th scope=col>时间 · Time\
         <th scope=col>收件人 · To<th scope=col>内容 · Text<tbody>{rows}</table></main></html>"
    ))
}

fn row(item: &Item) -> String {
    let at = item.at.strftime("%F %T");
    match &item.message {
        Message::Sms { phone, values, .. } => {
            let values = values.as_object().into_iter().flatten();
            let values: Vec<_> = values.map(|(name, value)| format!("{name}: {}", plain(value))).collect();
            format!("<tr><td>{at}<td>短信 {}<td>{}</tr>", escaped(phone), escaped(&values.join(", ")))
        }
        Message::Mail { to, subject, text, via, .. } => {
            format!(
                "<tr><td>{at}<td>邮件 {}<br>{via}<td><b>{}</b><pre>{}</pre></tr>",
                escaped(to),
                escaped(subject),
                linked(text)
            )
        }
    }
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Escapes a text, and turns URLs into links.
fn linked(text: &str) -> String {
    let word = |word: &str| {
        let escaped = escaped(word);
        if word.starts_with("http") { format!("<a href=\"{escaped}\">{escaped}</a>") } else { escaped }
    };
    text.split_inclusive(char::is_whitespace)
        .map(|part| {
            let end = part.trim_end();
            word(end) + &part[end.len()..]
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_text_contains_links_and_escapes_markup() {
        let shown = linked("点击 http://a/b#c?d=1&e=\"x\"\n<script>");
        assert_eq!(
            shown,
            "点击 <a href=\"http://a/b#c?d=1&amp;e=&quot;x&quot;\">http://a/b#c?d=1&amp;e=&quot;x&quot;</a>\n&lt;script>"
        );
    }
}
