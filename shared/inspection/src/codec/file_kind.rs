//! The format of a file by its first bytes, independent of its name.

/// A file format that customers upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// JPEG (ISO/IEC 10918-1).
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// HEIC or HEIF, the format of iPhones.
    Heic,
    /// AVIF.
    Avif,
    /// Windows bitmap.
    Bmp,
    /// TIFF, also many camera raw formats.
    Tiff,
    /// JPEG 2000.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
    /// PDF.
    Pdf,
    /// ZIP archive, also office documents.
    Zip,
    /// HTML page.
    Html,
}

impl FileKind {
    /// The format that the first bytes indicate; `None` for an unknown one.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        Some(match () {
            () if starts(b"\xFF\xD8\xFF") => Self::Jpeg,
            () if starts(b"\x89PNG\r\n\x1a\n") => Self::Png,
            () if starts(b"GIF8") => Self::Gif,
            () if starts(b"RIFF") && at(8, b"WEBP") => Self::WebP,
            () if at(4, b"ftypavif") || at(4, b"ftypavis") => Self::Avif,
            () if [&b"heic"[..], b"heix", b"heif", b"hevc", b"mif1", b"msf1"]
                .iter()
                .any(|brand| at(4, b"ftyp") && at(8, brand)) =>
            {
                Self::Heic
            }
            () if starts(b"BM") && at(6, &[0; 4]) => Self::Bmp,
            () if starts(b"II*\0") || starts(b"MM\0*") => Self::Tiff,
            () if starts(b"\0\0\0\x0CjP  \r\n\x87\n") => Self::Jpeg2000,
            () if starts(b"\xFF\x0A") || starts(b"\0\0\0\x0CJXL \r\n\x87\n") => Self::JpegXl,
            () if starts(b"%PDF") => Self::Pdf,
            () if starts(b"PK\x03\x04") => Self::Zip,
            () if starts(b"<!DOCTYPE") || starts(b"<html") || starts(b"<HTML") => Self::Html,
            () => return None,
        })
    }

    /// Name of the format for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Jpeg2000 => "JPEG 2000",
            Self::JpegXl => "JPEG XL",
            Self::Pdf => "PDF",
            Self::Zip => "ZIP",
            Self::Html => "HTML",
        }
    }
}
