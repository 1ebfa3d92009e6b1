//! What scanners read: two QR codes and a Code 128.

use barcoders::sym::code128::Code128;
use domain::image_number::ImageNumber;
use qrcode::{Color, EcLevel, QrCode};

use super::PaperFailure;

/// Dark modules of a QR code, row by row, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    pub size: usize,
    pub dark: Vec<bool>,
}

/// A folded or printed page loses some modules: of its codewords 15 % may be unreadable.
pub fn qr(text: &str) -> Result<Qr, PaperFailure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|error| PaperFailure::Code(error.to_string()))?;
    let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
    Ok(Qr { size: code.width(), dark })
}

/// The bars of an image number in Code 128: `A`, its letter and one digit as such, the other eight digits in pairs.
pub fn bars(number: ImageNumber) -> Result<Vec<bool>, PaperFailure> {
    let number = number.to_string();
    let (head, pairs) = number.split_at(3);
    // The library's marks for the character sets B and C.
    let code = Code128::new(format!("\u{0181}{head}\u{0106}{pairs}"));
    let code = code.map_err(|error| PaperFailure::Code(format!("{error:?}")))?;
    Ok(code.encode().into_iter().map(|module| module == 1).collect())
}

/// Runs of dark modules in a row, as start and length.
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
    fn the_bars_of_a_number_are_short_and_end_as_code_128_does() {
        let bars = bars("AL200166498".parse().unwrap()).unwrap();
        // Start, three letters, the change of set, four pairs, check: eleven modules each; and the end's thirteen.
        assert_eq!(bars.len(), 10 * 11 + 13);
        let end: String = bars[bars.len() - 13..].iter().map(|dark| if *dark { '1' } else { '0' }).collect();
        assert_eq!(end, "1100011101011");
    }

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        assert_eq!(runs(&[true, true, false, true]), [(0, 2), (3, 1)]);
        assert_eq!(runs(&[false, false]), []);
    }
}
