//! Finds faces with BlazeFace (short range): 896 fixed anchors vote for boxes with six points each.
//!
//! The network was made for faces that fill a fifth to nearly all of its 128 x 128 pixels, upright within about 45
//! degrees. Larger, smaller and turned faces are found by looking again at another region of the picture.

use std::f32::consts::{FRAC_PI_2, PI};
use std::iter;

use super::geometry::{Affine, Point};
use super::warp::{Outside, Range, warp};
use super::{Face, mesh};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 128;
/// Anchors per side of each grid, and anchors that share a place in it.
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];
/// Numbers per anchor: centre, size, then six points.
const NUMBERS: usize = 16;

/// Votes below this are noise.
const MIN_SCORE: f32 = 0.5;
/// Boxes that share more of their area than this are one face.
const SAME_FACE: f32 = 0.3;
/// A score that an upside-down face does not reach.
const SURE: f32 = 0.85;
/// Side of a close look, in widths of the face.
const CLOSE: f32 = 2.4;
/// Faces looked at closely per look, the surest first.
const MAX_FACES: usize = 12;
/// If no face is wider than this part of the shorter side and fairly sure, the picture is searched tile by tile.
const SMALL_FACE: f32 = 0.16;
const DOUBTFUL: f32 = 0.7;
/// Side of a tile as a part of the longer side, and the step between tiles as a part of a tile.
const TILE: f32 = 0.4;
/// Keeps the number of tiles small in a picture much longer than wide.
const MIN_TILE: f32 = 0.2;
const TILE_STEP: f32 = 0.65;

/// A look at one square of the picture.
#[derive(Debug, Clone, Copy)]
struct Look {
    centre: Point,
    side: f32,
    /// Radians; the network sees the region turned back by this.
    angle: f32,
}

/// Faces in the picture with their meshes, the most prominent first.
///
/// The detector alone takes shadows and hands for faces now and then, so a face counts only if the mesh network sees
/// one there too.
pub fn find(detector: &dyn Network, mesh: &dyn Network, picture: &Rgb8) -> Result<Vec<Face>, RunError> {
    let search = Search { detector, mesh, picture };
    let (width, height) = (picture.width as f32, picture.height as f32);
    let short = width.min(height);
    let whole = Look { centre: [width / 2.0, height / 2.0], side: width.max(height), angle: 0.0 };
    let mut faces = search.look(whole)?;
    // A face that fills the frame shrinks to a size the network knows; a turned one comes upright.
    let wider = Look { side: whole.side * 1.6, ..whole };
    let turned = [FRAC_PI_2, -FRAC_PI_2, PI].map(|angle| Look { angle, ..whole });
    for again in iter::once(wider).chain(turned) {
        if faces.is_empty() {
            faces = search.look(again)?;
        }
    }
    if faces.iter().all(|face| face.bounds[2] < short * SMALL_FACE || face.score < DOUBTFUL) {
        for tile in tiles(width, height) {
            for face in search.look(tile)? {
                join(&mut faces, face);
            }
        }
    }
    faces.sort_by(|a, b| prominence(b).total_cmp(&prominence(a)));
    Ok(faces)
}

/// Overlapping squares in which small faces are large enough.
fn tiles(width: f32, height: f32) -> Vec<Look> {
    let (long, short) = (width.max(height), width.min(height));
    let side = short.clamp(long * MIN_TILE, long * TILE);
    let count = |length: f32| ((length / side - 1.0) / TILE_STEP).ceil().max(0.0) as usize + 1;
    let place = |index: usize, count: usize, length: f32| match count {
        1 => length / 2.0,
        _ => side / 2.0 + (length - side) * index as f32 / (count - 1) as f32,
    };
    let (columns, rows) = (count(width), count(height));
    let tile = |index: usize| {
        let centre = [place(index % columns, columns, width), place(index / columns, rows, height)];
        Look { centre, side, angle: 0.0 }
    };
    (0..columns * rows).map(tile).collect()
}

/// Adds a face unless it is there already; of two sightings the surer one stays.
fn join(faces: &mut Vec<Face>, face: Face) {
    match faces.iter_mut().find(|known| overlap(&known.bounds, &face.bounds) > SAME_FACE) {
        Some(known) if known.score < face.score => *known = face,
        Some(_) => {}
        None => faces.push(face),
    }
}

/// Size counts more than certainty: the person in front is the one the picture is of.
fn prominence(face: &Face) -> f32 {
    face.bounds[2] * face.bounds[3] * face.score
}

struct Search<'a> {
    detector: &'a dyn Network,
    mesh: &'a dyn Network,
    picture: &'a Rgb8,
}

impl Search<'_> {
    /// What the detector and the mesh network both take for faces.
    fn look(&self, look: Look) -> Result<Vec<Face>, RunError> {
        let mut faces = Vec::new();
        for candidate in self.candidates(look)?.into_iter().take(MAX_FACES) {
            let mut face = self.upright(candidate)?;
            face.mesh = mesh::measure(self.mesh, self.picture, &face)?;
            if face.mesh.is_some() {
                join(&mut faces, face);
            }
        }
        Ok(faces)
    }

    /// What the detector alone takes for faces, the surest first.
    fn candidates(&self, look: Look) -> Result<Vec<Face>, RunError> {
        let map = Affine::onto_square(SIDE as f32, look.centre, look.side, look.angle);
        let outputs = self.detector.run(&warp(self.picture, &map, SIDE, Range::Signed, Outside::Black))?;
        let [regressors, scores] = &outputs[..] else { return Ok(Vec::new()) };
        Ok(suppress(votes(regressors, scores)).into_iter().map(|vote| vote.face(&map)).collect())
    }

    /// An upside-down face is often taken for an upright one, less surely. So a doubtful face is looked at again from
    /// close by, from all four sides until one is sure, and the surest sight of it counts.
    fn upright(&self, face: Face) -> Result<Face, RunError> {
        if face.score >= SURE {
            return Ok(face);
        }
        let [x, y, width, height] = face.bounds;
        let close = Look { centre: [x + width / 2.0, y + height / 2.0], side: width * CLOSE, angle: 0.0 };
        let mut best = face.clone();
        for angle in [0.0, FRAC_PI_2, PI, -FRAC_PI_2] {
            let same = |seen: &Face| overlap(&seen.bounds, &face.bounds) > SAME_FACE;
            let seen = self.candidates(Look { angle, ..close })?.into_iter().find(same);
            best = seen.filter(|seen| seen.score > best.score).unwrap_or(best);
            if best.score >= SURE {
                break;
            }
        }
        Ok(best)
    }
}

/// One anchor's opinion, in the network's pixels.
#[derive(Debug, Clone, PartialEq)]
struct Vote {
    score: f32,
    centre: Point,
    size: Point,
    points: [Point; 6],
}

/// The centres of the anchors, in the order of the network's outputs.
fn anchors() -> impl Iterator<Item = Point> {
    GRIDS.into_iter().flat_map(|(grid, shared)| {
        let cell = SIDE as f32 / grid as f32;
        (0..grid * grid * shared).map(move |index| {
            let place = index / shared;
            [((place % grid) as f32 + 0.5) * cell, ((place / grid) as f32 + 0.5) * cell]
        })
    })
}

fn votes(regressors: &[f32], scores: &[f32]) -> Vec<Vote> {
    let numbers = regressors.chunks_exact(NUMBERS);
    let all = anchors().zip(numbers).zip(scores).map(|((anchor, numbers), score)| {
        let point = |at: usize| [numbers[at] + anchor[0], numbers[at + 1] + anchor[1]];
        Vote {
            score: 1.0 / (1.0 + (-score).exp()),
            centre: point(0),
            size: [numbers[2], numbers[3]],
            points: std::array::from_fn(|index| point(4 + 2 * index)),
        }
    });
    all.filter(|vote| vote.score >= MIN_SCORE && vote.size[0] > 0.0 && vote.size[1] > 0.0).collect()
}

/// Joins the votes for one face into their mean, weighted by score.
fn suppress(mut votes: Vec<Vote>) -> Vec<Vote> {
    votes.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(best) = votes.first().cloned() {
        let (same, rest): (Vec<_>, Vec<_>) =
            votes.into_iter().partition(|vote| overlap(&vote.bounds(), &best.bounds()) > SAME_FACE);
        faces.push(mean(best.score, &same));
        votes = rest;
    }
    faces
}

fn mean(score: f32, votes: &[Vote]) -> Vote {
    let total: f32 = votes.iter().map(|vote| vote.score).sum();
    let weighted = |pick: &dyn Fn(&Vote) -> Point| {
        let sum = votes.iter().fold([0.0; 2], |sum, vote| {
            let point = pick(vote);
            [sum[0] + point[0] * vote.score, sum[1] + point[1] * vote.score]
        });
        [sum[0] / total, sum[1] / total]
    };
    Vote {
        score,
        centre: weighted(&|vote| vote.centre),
        size: weighted(&|vote| vote.size),
        points: std::array::from_fn(|index| weighted(&|vote| vote.points[index])),
    }
}

/// Shared area of two boxes `[x, y, width, height]` as a part of their joint area, 0 to 1.
fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let shared = |axis: usize| {
        let end = (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]);
        (end - a[axis].max(b[axis])).max(0.0)
    };
    let both = shared(0) * shared(1);
    both / (a[2] * a[3] + b[2] * b[3] - both)
}

impl Vote {
    fn bounds(&self) -> [f32; 4] {
        let ([x, y], [width, height]) = (self.centre, self.size);
        [x - width / 2.0, y - height / 2.0, width, height]
    }

    fn face(&self, to_picture: &Affine) -> Face {
        let [x, y] = to_picture.apply(self.centre);
        let [width, height] = self.size.map(|side| side * to_picture.scale());
        Face {
            score: self.score,
            bounds: [x - width / 2.0, y - height / 2.0, width, height],
            keypoints: self.points.map(|point| to_picture.apply(point)),
            mesh: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(score: f32, x: f32, y: f32, size: f32) -> Vote {
        Vote { score, centre: [x, y], size: [size, size], points: [[x, y]; 6] }
    }

    #[test]
    fn anchors_cover_both_grids_from_the_top_left() {
        let anchors: Vec<Point> = anchors().collect();
        assert_eq!(anchors.len(), 896);
        assert_eq!(anchors[..3], [[4.0, 4.0], [4.0, 4.0], [12.0, 4.0]]);
        assert_eq!((anchors[511], anchors[512]), ([124.0, 124.0], [8.0, 8.0]));
        assert_eq!((anchors[517], anchors[518], anchors[895]), ([8.0, 8.0], [24.0, 8.0], [120.0, 120.0]));
    }

    #[test]
    fn votes_for_one_face_become_their_weighted_mean_and_another_face_stays() {
        let faces =
            suppress(vec![vote(0.6, 54.0, 50.0, 20.0), vote(0.9, 50.0, 50.0, 20.0), vote(0.7, 90.0, 50.0, 20.0)]);
        assert_eq!(faces.len(), 2);
        assert!((faces[0].centre[0] - (50.0 * 0.9 + 54.0 * 0.6) / 1.5).abs() < 1e-4);
        assert_eq!((faces[0].score, faces[1].score), (0.9, 0.7));
        assert!((faces[1].centre[0] - 90.0).abs() < 1e-4);
    }

    #[test]
    fn overlap_is_one_for_the_same_box_and_zero_for_boxes_apart() {
        let square = |x: f32| [x, 5.0, 4.0, 4.0];
        assert_eq!(overlap(&square(5.0), &square(5.0)), 1.0);
        assert_eq!(overlap(&square(5.0), &square(15.0)), 0.0);
        assert!((overlap(&square(5.0), &square(7.0)) - 1.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn weak_votes_are_dropped_and_strong_ones_read_from_their_anchor() {
        let mut regressors = vec![0.0; 896 * NUMBERS];
        let mut scores = vec![-50.0; 896];
        scores[600] = 3.0;
        regressors[600 * NUMBERS..600 * NUMBERS + 6].copy_from_slice(&[1.0, -2.0, 30.0, 32.0, -6.0, -5.0]);
        let votes = votes(&regressors, &scores);
        let anchor = anchors().nth(600).expect("an anchor");
        assert_eq!(votes.len(), 1);
        assert_eq!(votes[0].centre, [anchor[0] + 1.0, anchor[1] - 2.0]);
        assert_eq!(votes[0].points[0], [anchor[0] - 6.0, anchor[1] - 5.0]);
    }

    #[test]
    fn tiles_reach_every_corner_and_overlap() {
        let tiles = tiles(3000.0, 2000.0);
        let covers = |x: f32, y: f32| {
            let inside = |look: &&Look| (look.centre[0] - x).abs().max((look.centre[1] - y).abs()) <= look.side / 2.0;
            tiles.iter().filter(inside).count()
        };
        for (x, y) in [(0.0, 0.0), (3000.0, 0.0), (0.0, 2000.0), (3000.0, 2000.0)] {
            assert_eq!(covers(x, y), 1);
        }
        assert!(tiles.len() < 16 && super::tiles(3000.0, 2.0).len() < 16);
        assert!((0..30).all(|x| (0..20).all(|y| covers(x as f32 * 100.0, y as f32 * 100.0) > 0)));
    }
}
