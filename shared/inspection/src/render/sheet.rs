//! Lays several copies of the standard photo on one sheet of photo paper, with cut marks.
//!
//! A sheet has the photo's resolution, so every copy keeps its pixels and its size in millimetres.

use crate::codec::{self, Chroma, Effort, EncodeSettings, Limits};
use crate::image::Rgb8;

/// White border of the sheet, because printers do not print to the edge.
const BORDER_MM: f32 = 4.0;
/// White gap between the copies.
const GAP_MM: f32 = 3.0;
/// Length of a cut mark.
const MARK_MM: f32 = 1.1;
/// Distance between a photo's corner and its marks, so that an imprecise cut leaves no line on the photo.
const CLEAR_MM: f32 = 0.3;
const MARK_COLOUR: [u8; 3] = [96; 3];
/// The copies are encoded a second time; at this quality and with 4:4:4 chroma the loss is invisible.
const QUALITY: u8 = 95;

/// Paper sizes of photo shops and home printers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 89 x 127 mm (五寸).
    FiveInch,
    /// 102 x 152 mm (六寸).
    SixInch,
    /// 210 x 297 mm.
    A4,
}

impl Paper {
    /// All papers, the smallest first.
    pub const ALL: [Self; 3] = [Self::FiveInch, Self::SixInch, Self::A4];

    /// The shorter side, then the longer side.
    pub const fn millimetres(self) -> [f32; 2] {
        match self {
            Self::FiveInch => [89.0, 127.0],
            Self::SixInch => [102.0, 152.0],
            Self::A4 => [210.0, 297.0],
        }
    }
}

/// Positions of the copies on a sheet, in its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Width of the sheet.
    pub width: u32,
    /// Height of the sheet.
    pub height: u32,
    /// Top left corner of each copy.
    pub copies: Vec<[u32; 2]>,
}

impl Layout {
    /// As many copies as fit, in the paper orientation that holds more; portrait orientation if both hold the same
    /// number. `photo` is the width and height of one copy in pixels.
    pub fn of(paper: Paper, photo: [u32; 2], dpi: u16) -> Self {
        let [short, long] = paper.millimetres();
        let (upright, across) = (Self::oriented([short, long], photo, dpi), Self::oriented([long, short], photo, dpi));
        if across.copies.len() > upright.copies.len() { across } else { upright }
    }

    fn oriented(paper_mm: [f32; 2], photo: [u32; 2], dpi: u16) -> Self {
        let px = |mm: f32| (mm / 25.4 * f32::from(dpi)).round() as u32;
        let (sides, border, gap) = (paper_mm.map(px), px(BORDER_MM), px(GAP_MM));
        let starts = |axis: usize| -> Vec<u32> {
            let count = (sides[axis].saturating_sub(2 * border) + gap) / (photo[axis] + gap);
            let used = (count * (photo[axis] + gap)).saturating_sub(gap);
            let first = (sides[axis] - used) / 2;
            (0..count).map(|index| first + index * (photo[axis] + gap)).collect()
        };
        let (columns, rows) = (starts(0), starts(1));
        let copies = rows.iter().flat_map(|&y| columns.iter().map(move |&x| [x, y])).collect();
        Self { width: sides[0], height: sides[1], copies }
    }
}

/// The sheet as a picture.
pub fn lay(photo: &Rgb8, dpi: u16, paper: Paper) -> Rgb8 {
    let layout = Layout::of(paper, [photo.width, photo.height], dpi);
    let mut sheet = Rgb8::filled(layout.width, layout.height, [255; 3]);
    for &[x, y] in &layout.copies {
        place(&mut sheet, photo, x, y);
        mark(&mut sheet, [x, y], [photo.width, photo.height], dpi);
    }
    sheet
}

/// The sheet of a finished standard photo, as a JPEG file with the correct resolution tag. `None` when the photo cannot
/// be decoded or the sheet cannot be encoded.
pub fn of_file(standard_photo: &[u8], dpi: u16, paper: Paper) -> Option<Vec<u8>> {
    let photo = codec::decode(standard_photo, &Limits::default(), None).ok()?.image;
    let settings = EncodeSettings { quality: QUALITY, chroma: Chroma::Full, dpi, effort: Effort::Fast };
    codec::encode(&lay(&photo, dpi, paper), &settings).ok()
}

fn place(sheet: &mut Rgb8, photo: &Rgb8, x: u32, y: u32) {
    let stride = sheet.width as usize * 3;
    for row in 0..photo.height {
        let start = (y + row) as usize * stride + x as usize * 3;
        let line = photo.row(row);
        sheet.pixels[start..start + line.len()].copy_from_slice(line);
    }
}

/// Two short lines at each corner, in the white outside the photo, along its four edges.
fn mark(sheet: &mut Rgb8, [x, y]: [u32; 2], [width, height]: [u32; 2], dpi: u16) {
    let px = |mm: f32| (mm / 25.4 * f32::from(dpi)).round() as u32;
    let (clear, length) = (px(CLEAR_MM), px(MARK_MM));
    // The lines are just outside the photo, so a cut along them leaves no line on it.
    let (left, right, top, bottom) = (x - 1, x + width, y - 1, y + height);
    for step in clear..clear + length {
        for column in [left, right] {
            sheet.set_pixel(column, top - step, MARK_COLOUR);
            sheet.set_pixel(column, bottom + step, MARK_COLOUR);
        }
        for row in [top, bottom] {
            sheet.set_pixel(left - step, row, MARK_COLOUR);
            sheet.set_pixel(right + step, row, MARK_COLOUR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: [u32; 2] = [358, 441];
    const LICENCE: [u32; 2] = [260, 378];

    #[test]
    fn layout_fits_as_many_copies_on_each_paper_as_photo_shops_do() {
        let count = |paper, photo, dpi| Layout::of(paper, photo, dpi).copies.len();
        assert_eq!(Paper::ALL.map(|paper| count(paper, ID, 350)), [8, 12, 56]);
        assert_eq!(Paper::ALL.map(|paper| count(paper, LICENCE, 300)), [9, 12, 64]);
    }

    #[test]
    fn sheet_has_the_size_of_the_paper_at_the_resolution_of_the_photo() {
        for (paper, sides) in Paper::ALL.into_iter().zip([[1226, 1750], [1406, 2094], [2894, 4093]]) {
            let layout = Layout::of(paper, ID, 350);
            let mut found = [layout.width, layout.height];
            found.sort_unstable();
            assert_eq!(found, sides, "{paper:?}");
        }
    }

    #[test]
    fn copies_keep_their_pixels_and_marks_do_not_overlap_them() {
        let mut photo = Rgb8::filled(358, 441, [200, 150, 120]);
        photo.set_pixel(0, 0, [1, 2, 3]);
        photo.set_pixel(357, 440, [4, 5, 6]);
        for (paper, dpi) in [(Paper::FiveInch, 350), (Paper::SixInch, 350), (Paper::A4, 350), (Paper::SixInch, 300)] {
            let (sheet, layout) = (lay(&photo, dpi, paper), Layout::of(paper, ID, dpi));
            for &[x, y] in &layout.copies {
                for row in 0..photo.height {
                    let start = ((y + row) * sheet.width + x) as usize * 3;
                    assert_eq!(&sheet.pixels[start..start + 358 * 3], photo.row(row));
                }
            }
            let dark = sheet.pixels.chunks_exact(3).filter(|pixel| **pixel == MARK_COLOUR).count();
            let marks = layout.copies.len() * 8 * (MARK_MM / 25.4 * f32::from(dpi)).round() as usize;
            assert_eq!(dark, marks, "{paper:?}: every mark is complete and none overlaps another");
        }
    }
}
