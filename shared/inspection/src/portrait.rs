//! The upright patch around the head, at a standard size: cut from the picture once and shared by all photometric
//! checks.

use std::ops::Range;

use crate::colour;
use crate::head::{Head, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::Mask;
use crate::locate::geometry::{Affine, Point};
use crate::locate::row_sampler::{FixedPointRowSampler, SamplePosition};
use crate::polygon;
use crate::resample;

/// A pixel whose person share exceeds this counts as person.
pub const PERSON: f32 = 0.5;
/// A pixel whose person share is below this counts as background.
pub const BACKGROUND: f32 = 0.08;

/// The upright patch, [`Portrait::WIDTH`] x [`Portrait::HEIGHT`] pixels. All maps are row by row from the top.
#[derive(Debug)]
pub struct Portrait {
    /// The pixels; beyond the edge of the picture the border pixel repeats.
    pub pixels: Rgb8,
    /// Luma, 0 to 255, of each pixel.
    pub luma: Vec<f32>,
    /// Whether each pixel is inside the picture.
    pub inside: Vec<bool>,
    /// Person share of each pixel: 0 background to 1 person.
    pub person: Vec<f32>,
    /// Whether each pixel is facial skin: the face oval without eyes, brows and lips.
    pub skin: Vec<bool>,
    /// Indices of the facial skin pixels that are inside the picture, ascending.
    pub skin_indices: Vec<usize>,
    /// Indices of the pixels of the face oval that are inside the picture, ascending.
    pub face_indices: Vec<usize>,
    /// Row of the top of the hair, in patch coordinates; `None` when it was not found.
    pub crown: Option<f32>,
    /// Whether the head touches the top edge of the picture.
    pub head_cut: bool,
}

impl Portrait {
    /// Columns of the patch.
    pub const WIDTH: usize = PORTRAIT_WIDTH;
    /// Rows of the patch.
    pub const HEIGHT: usize = PORTRAIT_HEIGHT;

    /// Cuts the patch from the picture and classifies its pixels.
    pub fn cut(picture: &Rgb8, head: &Head, mask: &Mask) -> Self {
        let (width, height) = (PORTRAIT_WIDTH as u32, PORTRAIT_HEIGHT as u32);
        let pixels = resample::cut(picture, &head.frame, width, height);
        let luma = pixels.pixels.chunks_exact(3).map(|p| colour::luma([p[0], p[1], p[2]])).collect();
        let person = person(mask, &head.frame, PORTRAIT_WIDTH, PORTRAIT_HEIGHT);
        let (skin, inside) = (skin(head), inside(picture, &head.frame, PORTRAIT_WIDTH, PORTRAIT_HEIGHT));
        let crown = Crown::find(picture, head, mask, &person, &inside);
        let face_indices = indices_within(&head.outline(&landmark::FACE_OVAL), &inside);
        Self {
            skin_indices: face_indices.iter().copied().filter(|&at| skin[at]).collect(),
            face_indices,
            inside,
            skin,
            crown: crown.row,
            head_cut: crown.cut,
            pixels,
            luma,
            person,
        }
    }

    /// Indices of the pixels that are inside an outline (in patch coordinates) and inside the picture, ascending.
    pub fn indices_within(&self, outline: &[Point]) -> Vec<usize> {
        indices_within(outline, &self.inside)
    }

    /// Colour of the pixel with index `at`.
    ///
    /// # Panics
    ///
    /// When `at` is outside the patch.
    pub fn rgb(&self, at: usize) -> colour::Rgb {
        let p = &self.pixels.pixels[at * 3..at * 3 + 3];
        [p[0], p[1], p[2]]
    }

    /// For each pixel: whether it is pure background, at least three pixels from the person and inside the picture.
    pub fn background_mask(&self) -> Vec<bool> {
        let far: Vec<bool> =
            self.person.iter().zip(&self.inside).map(|(p, inside)| *inside && *p < BACKGROUND).collect();
        eroded(&far, PORTRAIT_WIDTH, 3)
    }
}

fn indices_within(outline: &[Point], inside: &[bool]) -> Vec<usize> {
    let mut indices = Vec::new();
    polygon::fill(outline, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, |x, y| indices.push(y * PORTRAIT_WIDTH + x));
    indices.retain(|&at| inside[at]);
    indices
}

/// For each pixel of the patch: whether it is inside a polygon.
pub fn region(outline: &[Point]) -> Vec<bool> {
    let mut map = vec![false; PORTRAIT_WIDTH * PORTRAIT_HEIGHT];
    polygon::fill(outline, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, |x, y| map[y * PORTRAIT_WIDTH + x] = true);
    map
}

fn skin(head: &Head) -> Vec<bool> {
    let mut map = region(&polygon::scaled(&head.outline(&landmark::FACE_OVAL), 0.92));
    let parts = landmark::EYES
        .iter()
        .map(|eye| polygon::scaled(&head.outline(eye), 1.5))
        .chain(landmark::BROWS.iter().map(|brow| polygon::scaled(&head.outline(brow), 1.2)))
        .chain([polygon::scaled(&head.outline(&landmark::LIPS_OUTER), 1.15)]);
    for part in parts {
        polygon::fill(&part, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, |x, y| map[y * PORTRAIT_WIDTH + x] = false);
    }
    map
}

/// For each point of a `width` x `height` grid, row by row: whether it is inside the picture.
fn inside(picture: &Rgb8, frame: &Affine, width: usize, height: usize) -> Vec<bool> {
    let on_picture = |[x, y]: Point| x >= 0.0 && y >= 0.0 && x < picture.width as f32 && y < picture.height as f32;
    let (right, bottom) = (width as f32, height as f32);
    if [[0.0, 0.0], [right, 0.0], [right, bottom], [0.0, bottom]].iter().all(|&corner| on_picture(frame.apply(corner)))
    {
        return vec![true; width * height];
    }
    let mut map = Vec::with_capacity(width * height);
    for y in 0..height {
        map.extend((0..width).map(|x| on_picture(frame.apply([x as f32 + 0.5, y as f32 + 0.5]))));
    }
    map
}

/// The mask at each point of a `width` x `height` grid, row by row. `frame` maps the grid to the picture.
pub fn person(mask: &Mask, frame: &Affine, width: usize, height: usize) -> Vec<f32> {
    let Some(to_mask) = mask.to_picture.inverse() else { return vec![1.0; width * height] };
    let map = frame.then(&to_mask);
    // The mask is aligned with the head, and most frames are as well.
    if (map.0[1] * height as f32).abs() + (map.0[3] * width as f32).abs() < ROUNDING {
        return upright(mask, &map, width, height);
    }
    let mut person = Vec::with_capacity(width * height);
    for y in 0..height {
        let (within, sampler) = FixedPointRowSampler::within(&map, y, width, mask.width, mask.height);
        let edge = |x: usize| sample(mask, map.apply([x as f32 + 0.5, y as f32 + 0.5]));
        let Range { start, end } = within;
        person.extend(
            (0..start).map(edge).chain(sampler.map(|position| value(mask, position))).chain((end..width).map(edge)),
        );
    }
    person
}

/// Deviation, in mask pixels, up to which a grid counts as aligned with the mask.
const ROUNDING: f32 = 0.02;

/// [`person`] for a grid whose rows are rows of the mask.
fn upright(mask: &Mask, map: &Affine, width: usize, height: usize) -> Vec<f32> {
    let between = |at: f32, count: usize| {
        let at = (at - 0.5).clamp(0.0, (count - 1) as f32);
        let low = (at as usize).min(count.saturating_sub(2));
        (low, at - low as f32)
    };
    let columns: Vec<(usize, f32)> =
        (0..width).map(|x| between(map.apply([x as f32 + 0.5, 0.5])[0], mask.width)).collect();
    let mut person = Vec::with_capacity(width * height);
    let mut line = vec![0.0; mask.width];
    for y in 0..height {
        let (row, share) = between(map.apply([0.5, y as f32 + 0.5])[1], mask.height);
        let rows = &mask.values[row * mask.width..(row + 2) * mask.width];
        let (upper, lower) = rows.split_at(mask.width);
        line.iter_mut().zip(upper.iter().zip(lower)).for_each(|(out, (a, b))| *out = a + (b - a) * share);
        person.extend(columns.iter().map(|&(at, share)| {
            let Some(&[a, b]) = line[at..].first_chunk::<2>() else { return 0.0 };
            a + (b - a) * share
        }));
    }
    person
}

#[inline]
fn value(mask: &Mask, position: SamplePosition) -> f32 {
    let at = position.y * mask.width + position.x;
    let (upper, lower) = (&mask.values[at..at + 2], &mask.values[at + mask.width..at + mask.width + 2]);
    let top = upper[0] + (upper[1] - upper[0]) * position.fraction_x();
    let bottom = lower[0] + (lower[1] - lower[0]) * position.fraction_x();
    top + (bottom - top) * position.fraction_y()
}

/// Bilinear value of the mask at continuous mask coordinates; beyond the border the border value is repeated.
pub fn sample(mask: &Mask, [x, y]: Point) -> f32 {
    let (x, y) = ((x - 0.5).clamp(0.0, (mask.width - 1) as f32), (y - 0.5).clamp(0.0, (mask.height - 1) as f32));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(mask.width - 1), (y0 + 1).min(mask.height - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let value = |x: usize, y: usize| mask.values[y * mask.width + x];
    (value(x0, y0) * (1.0 - fx) + value(x1, y0) * fx) * (1.0 - fy)
        + (value(x0, y1) * (1.0 - fx) + value(x1, y1) * fx) * fy
}

/// Removes `radius` pixels from the border of a map: a value stays set if the whole square of `2 radius + 1` around it
/// is set.
pub fn eroded(map: &[bool], width: usize, radius: usize) -> Vec<bool> {
    let height = map.len() / width;
    let side = 2 * radius + 1;
    let mut out = vec![false; map.len()];
    if width < side || height < side {
        return out;
    }
    // A square is stored at the index of its first pixel. Squares that would cross the end of a row are not copied.
    let squares = runs(runs(map.to_vec(), 1, side), width, side);
    let rows = squares.chunks_exact(width).zip(out[radius * width..].chunks_exact_mut(width));
    rows.take(height + 1 - side).for_each(|(squares, out)| {
        let count = width + 1 - side;
        out[radius..][..count].copy_from_slice(&squares[..count]);
    });
    out
}

/// For each index: whether it is the first of `length` set values at a distance of `step`. Short runs are combined into
/// longer ones.
fn runs(mut map: Vec<bool>, step: usize, length: usize) -> Vec<bool> {
    let mut known = 1;
    while known < length {
        let more = known.min(length - known);
        let (later, end) = (map[more * step..].to_vec(), map.len() - more * step);
        map[..end].iter_mut().zip(later).for_each(|(here, later)| *here &= later);
        map[end..].fill(false);
        known += more;
    }
    map
}

/// The top of the hair.
struct Crown {
    row: Option<f32>,
    cut: bool,
}

impl Crown {
    /// Columns on each side of the middle that are searched, and the number of person pixels at which a row counts.
    const HALF_WIDTH: usize = 80;
    const ENOUGH: usize = 12;
    /// Rows above the patch that are searched as well, for tall hair.
    const ABOVE: usize = 160;

    /// Finds the first row that belongs to the person. `person` and `inside` are the maps of the patch.
    fn find(picture: &Rgb8, head: &Head, mask: &Mask, person: &[f32], inside: &[bool]) -> Self {
        let (left, width) = (PORTRAIT_WIDTH / 2 - Self::HALF_WIDTH, 2 * Self::HALF_WIDTH);
        let counts = |person: &[f32], inside: &[bool]| {
            person.iter().zip(inside).filter(|(person, inside)| **inside && **person > PERSON).count()
        };
        let frame = Affine([1.0, 0.0, left as f32, 0.0, 1.0, -(Self::ABOVE as f32)]).then(&head.frame);
        let higher =
            (self::person(mask, &frame, width, Self::ABOVE), self::inside(picture, &frame, width, Self::ABOVE));
        let higher = higher.0.chunks_exact(width).zip(higher.1.chunks_exact(width));
        let patch = person.chunks_exact(PORTRAIT_WIDTH).zip(inside.chunks_exact(PORTRAIT_WIDTH));
        let rows = higher.chain(patch.map(|(person, inside)| (&person[left..][..width], &inside[left..][..width])));
        let mut above = 0;
        for (row, person) in rows.map(|(person, inside)| counts(person, inside)).enumerate() {
            if person >= Self::ENOUGH {
                let share = (Self::ENOUGH - above) as f32 / (person - above) as f32;
                let crown = row as f32 - Self::ABOVE as f32 - 1.0 + share;
                let [_, top] = head.frame.apply([PORTRAIT_WIDTH as f32 / 2.0, crown - 2.0]);
                return Self { row: Some(crown), cut: top <= 0.0 };
            }
            above = person;
        }
        Self { row: None, cut: false }
    }
}
