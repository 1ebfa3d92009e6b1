//! The codes of a receipt: two QR codes and one barcode (Code 128).

use barcoders::sym::code128::Code128;
use domain::image_number::ImageNumber;
use qrcode::{Color, EcLevel, QrCode};

use super::PdfError;

/// A QR code without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules per row.
    pub size: usize,
    /// Whether each module is dark, row by row.
    pub dark: Vec<bool>,
}

/// The QR code of `text` with error correction level M, which restores 15 % of the codewords on a folded or badly
/// printed page.
///
/// # Errors
///
/// If the text is too long.
pub fn qr(text: &str) -> Result<Qr, PdfError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|error| PdfError::Code(error.to_string()))?;
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Ok(Qr { size: code.width(), dark })
}

/// The modules of an image number in Code 128, `true` for dark: `A`, the check letter and one digit in character set B,
/// the other eight digits in pairs in character set C.
///
/// # Errors
///
/// Never for an image number: the library refuses only other characters.
pub fn bars(number: ImageNumber) -> Result<Vec<bool>, PdfError> {
    let number = number.to_string();
    let (head, pairs) = number.split_at(3);
    // U+0181 and U+0106 select the character sets B and C in this library.
    let code = Code128::new(format!("\u{0181}{head}\u{0106}{pairs}"));
    let code = code.map_err(|error| PdfError::Code(format!("{error:?}")))?;
    Ok(code.encode().into_iter().map(|module| module == 1).collect())
}

/// The runs of dark modules, as start and length.
pub fn runs(modules: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-92
    #[test]
    fn barcode_has_123_modules_and_ends_with_the_stop_pattern() {
        let bars = bars("AL200166498".parse().unwrap()).unwrap();
        // Start, three characters, the switch to set C, four pairs and the check character have eleven modules each;
        // the stop pattern has thirteen.
        assert_eq!(bars.len(), 10 * 11 + 13);
        let end: String = bars[bars.len() - 13..].iter().map(|dark| if *dark { '1' } else { '0' }).collect();
        assert_eq!(end, "1100011101011");
    }

    #[test]
    fn runs_are_exactly_the_dark_modules() {
        assert_eq!(runs(&[true, true, false, true]), [(0, 2), (3, 1)]);
        assert_eq!(runs(&[false, false]), []);
    }
}
