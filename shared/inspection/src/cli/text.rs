//! Formats reports for a terminal.

use std::fmt::Write as _;
use std::path::Path;

use rules::finding::{Finding, Verdict};
use rules::reason::{self, Language};
use rules::report::Report;

/// The full report of one photo.
pub fn full(path: &Path, report: &Report, language: Language) -> String {
    let mut text = format!("{}  {}\n", path.display(), verdict(report.verdict, language));
    for finding in report.reasons() {
        line(&mut text, "✗", finding, language);
    }
    let more =
        report.findings.iter().filter(|finding| finding.refuses()).count().saturating_sub(report.reasons().len());
    if more > 0 {
        let words = match language {
            Language::Chinese => format!("  …另有{more}项未通过（见 --json）"),
            Language::English => format!("  …and {more} more (see --json)"),
        };
        writeln!(text, "{words}").expect("writing to a String does not fail");
    }
    for finding in report.advice() {
        line(&mut text, "!", finding, language);
    }
    if let Some(photo) = &report.standard_photo {
        let words = match language {
            Language::Chinese => "标准相片",
            Language::English => "standard photo",
        };
        let (width, height) = (photo.width_px, photo.height_px);
        writeln!(text, "  {words}: {width} x {height} px, {} dpi, {} bytes", photo.dpi, photo.bytes)
            .expect("writing to a String does not fail");
        if !photo.edits.is_empty() {
            writeln!(text, "  {}", edits(&photo.edits, language)).expect("writing to a String does not fail");
        }
    }
    text
}

/// The list of edits in the standard photo.
fn edits(edits: &[String], language: Language) -> String {
    let words = |edit: &String| match (edit.as_str(), language) {
        ("rotated", Language::Chinese) => "摆正".to_owned(),
        ("rotated", Language::English) => "put upright".to_owned(),
        ("cropped", Language::Chinese) => "裁剪".to_owned(),
        ("resized", Language::Chinese) => "缩小".to_owned(),
        ("resized", Language::English) => "made smaller".to_owned(),
        ("background-whitened", Language::Chinese) => "背景调白".to_owned(),
        ("background-whitened", Language::English) => "background made white".to_owned(),
        ("converted-to-srgb", Language::Chinese) => "转换为sRGB色彩".to_owned(),
        ("converted-to-srgb", Language::English) => "converted to sRGB".to_owned(),
        _ => edit.clone(),
    };
    let list: Vec<String> = edits.iter().map(words).collect();
    match language {
        Language::Chinese => format!("已作处理：{}", list.join("、")),
        Language::English => format!("changed: {}", list.join(", ")),
    }
}

fn line(text: &mut String, mark: &str, finding: &Finding, language: Language) {
    let (cause, hint) = (reason::text(finding, language), reason::hint(finding, language));
    writeln!(text, "  {mark} {cause}\n    → {hint}").expect("writing to a String does not fail");
}

/// One row of the summary table.
pub fn row(path: &Path, report: &Report, language: Language) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let cause = report.reasons().first().map(|finding| reason::text(finding, language)).unwrap_or_default();
    format!("{}  {name:<40.40}  {cause}", verdict(report.verdict, language))
}

pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::Fail, Language::Chinese) => "✗ 不合格",
        (_, Language::Chinese) => "✓ 合格  ",
        (Verdict::Fail, Language::English) => "✗ fail",
        (_, Language::English) => "✓ pass",
    }
}
