//! Why a file could not be decoded. The reason codes are stable: reports, tests and texts refer to them.

use thiserror::Error;

use super::file_kind::FileKind;
use super::header::ColourMode;

/// Why a file could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than [`Limits::file_bytes`](super::Limits::file_bytes).
    #[error("the file has {bytes} bytes, the limit is {limit}")]
    TooLargeFile {
        /// Size of the file.
        bytes: u64,
        /// Largest accepted size.
        limit: u64,
    },
    /// The first bytes are not those of a JPEG file.
    #[error("not a JPEG file{}", .looks_like.map(|kind| format!(", it looks like {}", kind.name())).unwrap_or_default())]
    NotAJpeg {
        /// The format that the first bytes indicate, if it is known.
        looks_like: Option<FileKind>,
    },
    /// The file ends before the picture is complete.
    #[error("the file ends before the picture is complete")]
    Truncated,
    /// The structure or the coded data is damaged.
    #[error("the file is damaged: {detail}")]
    Corrupt {
        /// What is damaged; for logs only.
        detail: &'static str,
    },
    /// Neither grey, YCbCr nor RGB.
    #[error("the colour mode {0:?} is not accepted")]
    ColourMode(ColourMode),
    /// More pixels than [`Limits`](super::Limits) allows.
    #[error("{width} x {height} pixels are more than the limit")]
    TooManyPixels {
        /// Declared width.
        width: u32,
        /// Declared height.
        height: u32,
    },
    /// A valid JPEG process that is not decoded.
    #[error("the JPEG process is not supported: {0:?}")]
    Unsupported(Unsupported),
}

/// Valid kinds of JPEG that certificate systems do not support. They are refused, not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// Arithmetic coding instead of Huffman coding.
    Arithmetic,
    /// Lossless process (SOF3).
    Lossless,
    /// Hierarchical process (SOF5 to SOF7).
    Hierarchical,
    /// JPEG-LS (ISO/IEC 14495-1).
    JpegLs,
    /// Bits per sample other than 8 (12-bit in practice).
    BitDepth(u8),
    /// More scans than encoders write: decoding would take too long for the size of the file.
    Scans(u32),
    /// The height is declared after the first scan (DNL).
    LateHeight,
}

impl DecodeError {
    /// Stable code of the error, for example `truncated`.
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
