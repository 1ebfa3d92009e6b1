//! The layout of the receipt: the part for the holder, the line to cut along, and the part for the office.

use app::receipts::Receipt;
use domain::china_time;
use domain::photo_spec::PhotoSpec;

use super::PdfError;
use super::codes::{bars, qr};
use super::font::Font;
use super::sheet::{Area, Colour, Sheet, Style, bold, plain};

const LEFT: f32 = 20.0;
const RIGHT: f32 = 190.0;
const MIDDLE: f32 = 105.0;
const TEXT_WIDTH: f32 = RIGHT - LEFT;
const QR_MM: f32 = 36.0;
/// The width of the barcode: a third of a millimetre for each of its 123 modules.
const BARS_MM: f32 = 41.0;
const SMALL: Style = Style { pt: 9.0, bold: false, colour: Colour::Grey(0.35) };

/// Prints `receipt` with the standard photo `jpeg`.
///
/// # Errors
///
/// If the font cannot be read, a code cannot hold its text, or `jpeg` is no picture.
pub fn print(font: &Font, receipt: &Receipt, jpeg: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut sheet = Sheet::new(font)?;
    holder_part(&mut sheet, receipt)?;
    let text = &receipt.text;
    sheet.line((0.0, 223.0), (210.0, 223.0), true);
    sheet.text(LEFT, 221.5, SMALL, &text.common.cut);
    office_part(&mut sheet, receipt)?;
    sheet.finish(&format!("{} {}", text.title, receipt.number), jpeg)
}

fn holder_part(sheet: &mut Sheet<'_>, receipt: &Receipt) -> Result<(), PdfError> {
    let text = &receipt.text;
    sheet.right(RIGHT, 13.0, SMALL, &text.common.holder_part);
    sheet.centred(MIDDLE, 25.0, bold(18.0), &text.title);
    sheet.paragraph((LEFT, 37.0, TEXT_WIDTH), 7.0, plain(12.0), &format!("{}{}", text.conformity, text.validity));
    for (middle, url, label) in
        [(60.0, &receipt.check_url, &text.check_label), (150.0, &receipt.service_url, &text.service_label)]
    {
        sheet.qr(Area(middle - QR_MM / 2.0, 60.0, QR_MM, QR_MM), &qr(url)?);
        sheet.centred(middle, 103.0, bold(13.0), label);
    }
    let mut y = 113.0;
    for note in &text.notes {
        y = sheet.paragraph((LEFT, y, TEXT_WIDTH), 6.0, plain(10.5), note);
    }
    facts(sheet, receipt);
    let picture = picture(receipt, 150.0, 139.0);
    sheet.picture(picture);
    number(sheet, receipt, (150.0, 174.0))?;
    if receipt.expired {
        sheet.stamp(Area(80.0, 175.0, 42.0, 15.0), 26.0, &text.common.expired);
    }
    let y = sheet.paragraph((LEFT, 199.0, TEXT_WIDTH), 5.5, plain(10.5), &text.common.declaration);
    for (label, x) in text.common.signature.iter().zip([LEFT, 95.0]) {
        let label = format!("{label}: ");
        let end = x + sheet.width(plain(11.0), &label);
        sheet.text(x, y + 5.0, plain(11.0), &label);
        sheet.line((end, y + 6.0), (end + 45.0, y + 6.0), false);
    }
    Ok(())
}

fn facts(sheet: &mut Sheet<'_>, receipt: &Receipt) {
    let common = receipt.text.common;
    let facts = [
        (&common.unit, receipt.unit.name().to_owned()),
        (&common.phone, receipt.unit.phone().to_owned()),
        (&common.taken_at, china_time::text(receipt.taken_at)),
        (&common.valid_until, china_time::text(receipt.valid_until)),
    ];
    let mut y = 147.0;
    for (label, value) in facts {
        // Up to the photo on the right.
        y = 2.5 + sheet.paragraph((LEFT, y, 112.0), 5.5, plain(11.0), &format!("{label}: {value}"));
    }
}

/// The image number as a barcode and as text, centred at `x`, below `y`.
fn number(sheet: &mut Sheet<'_>, receipt: &Receipt, (x, y): (f32, f32)) -> Result<(), PdfError> {
    sheet.bars(Area(x - BARS_MM / 2.0, y, BARS_MM, 10.0), &bars(receipt.number)?);
    sheet.centred(x, y + 15.5, bold(14.0), &receipt.number.to_string());
    Ok(())
}

/// The area of the photo. Its size is that of its pixels at its resolution.
fn picture(receipt: &Receipt, middle: f32, top: f32) -> Area {
    let spec = PhotoSpec::of(receipt.card);
    let mm = |px: u32| px as f32 / f32::from(spec.dpi) * 25.4;
    Area(middle - mm(spec.width_px) / 2.0, top, mm(spec.width_px), mm(spec.height_px))
}

fn office_part(sheet: &mut Sheet<'_>, receipt: &Receipt) -> Result<(), PdfError> {
    let text = &receipt.text;
    sheet.right(RIGHT, 229.0, SMALL, &text.common.office_part);
    sheet.centred(MIDDLE, 237.0, bold(15.0), &text.title);
    sheet.paragraph((LEFT, 247.0, 122.0), 6.0, plain(10.5), &format!("{}{}", text.conformity, text.validity));
    number(sheet, receipt, (LEFT + BARS_MM / 2.0 + 3.0, 273.0))?;
    sheet.picture(picture(receipt, 170.0, 243.0));
    if receipt.expired {
        sheet.stamp(Area(85.0, 273.0, 42.0, 15.0), 26.0, &text.common.expired);
    }
    Ok(())
}
