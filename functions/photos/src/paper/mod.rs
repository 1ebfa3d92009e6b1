//! The receipt on paper: one page of A4 as a PDF, with the glyphs it uses and nothing else.
//!
//! [`receipt`] lays out, [`sheet`] draws, [`font`] and [`wrap`] set the type, [`codes`] makes what scanners read.

pub mod codes;
mod font;
mod receipt;
mod sheet;
mod wrap;

use std::path::PathBuf;

pub use font::Font;
pub use receipt::print;

#[derive(Debug, thiserror::Error)]
pub enum PaperFailure {
    #[error("the font at {0}: {1}")]
    Font(PathBuf, String),
    #[error("a code cannot hold its text: {0}")]
    Code(String),
    #[error("the photo is not a JPEG: {0}")]
    Picture(String),
}

/// Beside the program, as the function's package has it, unless `FONTS_DIR` says otherwise.
pub fn fonts_dir() -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("fonts")));
    std::env::var_os("FONTS_DIR").map(PathBuf::from).or_else(beside).unwrap_or_else(|| "fonts".into())
}
