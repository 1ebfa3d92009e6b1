//! Why a file could not be decoded. The reasons are stable: reports, tests and texts refer to them.

use thiserror::Error;

use super::file_kind::FileKind;
use super::header::ColourMode;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has {bytes} bytes, the limit is {limit}")]
    TooLargeFile { bytes: u64, limit: u64 },
    #[error("not a JPEG file{}", .looks_like.map(|kind| format!(", it looks like {}", kind.name())).unwrap_or_default())]
    NotAJpeg { looks_like: Option<FileKind> },
    #[error("the file ends before the picture does")]
    Truncated,
    /// The detail is for logs only.
    #[error("the file is damaged: {detail}")]
    Corrupt { detail: &'static str },
    #[error("the colour mode {0:?} is not accepted")]
    ColourMode(ColourMode),
    #[error("{width} x {height} pixels are more than the limit")]
    TooManyPixels { width: u32, height: u32 },
    #[error("the JPEG process is not supported: {0:?}")]
    Unsupported(Unsupported),
}

/// Lawful JPEG that no certificate system reads, and that is therefore refused rather than decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    Arithmetic,
    Lossless,
    Hierarchical,
    JpegLs,
    /// Bits per sample other than 8 (12-bit in practice).
    BitDepth(u8),
    /// More scans than any encoder writes: costs time out of proportion to the file.
    Scans(u32),
    /// Height given after the first scan (DNL).
    LateHeight,
}

impl DecodeError {
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLargeFile { .. } => "too-large-file",
            Self::NotAJpeg { .. } => "not-a-jpeg",
            Self::Truncated => "truncated",
            Self::Corrupt { .. } => "corrupt",
            Self::ColourMode(_) => "colour-mode",
            Self::TooManyPixels { .. } => "too-many-pixels",
            Self::Unsupported(_) => "unsupported",
        }
    }
}
