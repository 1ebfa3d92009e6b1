//! The printed receipt: a PDF of one A4 page, with an embedded subset of the font.
//!
//! `receipt` is the layout, `sheet` draws on the page, `font` and `wrap` set text, `codes` makes QR codes and
//! barcodes.

pub mod codes;
mod font;
mod receipt;
mod sheet;
mod wrap;

use std::path::PathBuf;

pub use font::Font;
pub use receipt::print;

/// Why a receipt cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The font file is missing or unusable.
    #[error("the font at {0}: {1}")]
    Font(PathBuf, String),
    /// The text is too long for its code.
    #[error("a code cannot hold its text: {0}")]
    Code(String),
    /// The standard photo cannot be embedded.
    #[error("the photo is not a JPEG: {0}")]
    Picture(String),
}

/// The folder of the font: `FONTS_DIR`, or `fonts` beside the program as in the function's package.
pub fn fonts_dir() -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("fonts")));
    std::env::var_os("FONTS_DIR").map(PathBuf::from).or_else(beside).unwrap_or_else(|| "fonts".into())
}
