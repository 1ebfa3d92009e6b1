//! The upright patch at a standard size: one cut from the picture that every photometric check shares.

use std::ops::Range;

use crate::head::{Head, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::Mask;
use crate::locate::geometry::{Affine, Point};
use crate::locate::walk::{Step, Walk};
use crate::measure::{colour, polygon};
use crate::render::resample;

/// Share of a pixel that must be person before it counts as person, and the most that counts as background.
pub const PERSON: f32 = 0.5;
pub const BACKGROUND: f32 = 0.08;

#[derive(Debug)]
pub struct Portrait {
    pub pixels: Rgb8,
    /// Luma, 0 to 255, of each pixel.
    pub luma: Vec<f32>,
    /// Does the pixel lie on the picture (or beyond its edge)?
    pub inside: Vec<bool>,
    /// 0 background to 1 person.
    pub person: Vec<f32>,
    /// Skin of the face: the face oval without eyes, brows and lips.
    pub skin: Vec<bool>,
    /// Where that skin is on the picture, in reading order.
    pub skin_places: Vec<usize>,
    /// Where the whole face oval is on the picture, in reading order.
    pub face_places: Vec<usize>,
    /// Top of the hair, in patch coordinates; `None` when the person reaches the edge of the picture first.
    pub crown: Option<f32>,
    /// Rows of background beyond the edge above the patch.
    pub head_cut: bool,
}

impl Portrait {
    pub const WIDTH: usize = PORTRAIT_WIDTH;
    pub const HEIGHT: usize = PORTRAIT_HEIGHT;

    pub fn cut(picture: &Rgb8, head: &Head, mask: &Mask) -> Self {
        let (width, height) = (PORTRAIT_WIDTH as u32, PORTRAIT_HEIGHT as u32);
        let pixels = resample::cut(picture, &head.frame, width, height);
        let luma = pixels.pixels.chunks_exact(3).map(|p| colour::luma([p[0], p[1], p[2]])).collect();
        let person = person(mask, &head.frame, PORTRAIT_WIDTH, PORTRAIT_HEIGHT);
        let (skin, inside) = (skin(head), inside(picture, &head.frame, PORTRAIT_WIDTH, PORTRAIT_HEIGHT));
        let crown = Crown::find(picture, head, mask, &person, &inside);
        let face_places = places(&head.outline(&landmark::FACE_OVAL), &inside);
        Self {
            skin_places: face_places.iter().copied().filter(|&at| skin[at]).collect(),
            face_places,
            inside,
            skin,
            crown: crown.row,
            head_cut: crown.cut,
            pixels,
            luma,
            person,
        }
    }

    /// Pixels inside an outline that lie on the picture, in reading order.
    pub fn places(&self, outline: &[Point]) -> Vec<usize> {
        places(outline, &self.inside)
    }

    pub fn rgb(&self, at: usize) -> colour::Rgb {
        let p = &self.pixels.pixels[at * 3..at * 3 + 3];
        [p[0], p[1], p[2]]
    }

    /// Pure background: far from the person's outline and on the picture.
    pub fn background(&self) -> Vec<bool> {
        let far: Vec<bool> =
            self.person.iter().zip(&self.inside).map(|(p, inside)| *inside && *p < BACKGROUND).collect();
        eroded(&far, PORTRAIT_WIDTH, 3)
    }
}

fn places(outline: &[Point], inside: &[bool]) -> Vec<usize> {
    let mut places = Vec::new();
    polygon::fill(outline, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, |x, y| places.push(y * PORTRAIT_WIDTH + x));
    places.retain(|&at| inside[at]);
    places
}

/// A patch-sized map of the pixels inside a polygon.
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

/// Which points of a grid of `width` x `height` lie on the picture, row by row.
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

/// The mask over a grid of `width` x `height` points that `frame` lays on the picture, row by row.
pub fn person(mask: &Mask, frame: &Affine, width: usize, height: usize) -> Vec<f32> {
    let Some(to_mask) = mask.to_picture.inverse() else { return vec![1.0; width * height] };
    let map = frame.then(&to_mask);
    // The mask was taken upright with the head, and most frames are too.
    if (map.0[1] * height as f32).abs() + (map.0[3] * width as f32).abs() < ROUNDING {
        return upright(mask, &map, width, height);
    }
    let mut person = Vec::with_capacity(width * height);
    for y in 0..height {
        let (within, walk) = Walk::within(&map, y, width, mask.width, mask.height);
        let edge = |x: usize| sample(mask, map.apply([x as f32 + 0.5, y as f32 + 0.5]));
        let Range { start, end } = within;
        person.extend((0..start).map(edge).chain(walk.map(|step| value(mask, step))).chain((end..width).map(edge)));
    }
    person
}

/// Mask pixels by which a grid may lean and still count as upright.
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
fn value(mask: &Mask, step: Step) -> f32 {
    let at = step.y * mask.width + step.x;
    let (upper, lower) = (&mask.values[at..at + 2], &mask.values[at + mask.width..at + mask.width + 2]);
    let top = upper[0] + (upper[1] - upper[0]) * step.beside();
    let bottom = lower[0] + (lower[1] - lower[0]) * step.beside();
    top + (bottom - top) * step.below()
}

/// Bilinear value of the mask at continuous mask coordinates; the border repeats.
pub fn sample(mask: &Mask, [x, y]: Point) -> f32 {
    let (x, y) = ((x - 0.5).clamp(0.0, (mask.width - 1) as f32), (y - 0.5).clamp(0.0, (mask.height - 1) as f32));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(mask.width - 1), (y0 + 1).min(mask.height - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let value = |x: usize, y: usize| mask.values[y * mask.width + x];
    (value(x0, y0) * (1.0 - fx) + value(x1, y0) * fx) * (1.0 - fy)
        + (value(x0, y1) * (1.0 - fx) + value(x1, y1) * fx) * fy
}

/// Removes `radius` pixels from the border of a map: what is left has a whole square of `2 radius + 1` around it.
pub fn eroded(map: &[bool], width: usize, radius: usize) -> Vec<bool> {
    let height = map.len() / width;
    let side = 2 * radius + 1;
    let mut out = vec![false; map.len()];
    if width < side || height < side {
        return out;
    }
    // Each square stands where it starts; those that reach over the end of a row are no squares.
    let squares = runs(runs(map.to_vec(), 1, side), width, side);
    let rows = squares.chunks_exact(width).zip(out[radius * width..].chunks_exact_mut(width));
    rows.take(height + 1 - side).for_each(|(squares, out)| {
        let count = width + 1 - side;
        out[radius..][..count].copy_from_slice(&squares[..count]);
    });
    out
}

/// Is each place, `step` from one to the next, the first of `length` that are all set? Pieces are joined to longer ones.
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
    /// Columns of the patch beside the middle that are searched, and how many must be person for a row to count.
    const HALF_WIDTH: usize = 80;
    const ENOUGH: usize = 12;
    /// Tall hair: how far above the patch the search goes.
    const ABOVE: usize = 160;

    /// `person` and `inside` are those of the patch.
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
