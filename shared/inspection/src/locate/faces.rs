//! Finds faces with BlazeFace (short range): each of 896 fixed anchors predicts a box with six points.
//!
//! The network was trained on faces that fill between a fifth and nearly all of its 128 x 128 pixels and are rotated by
//! at most about 45 degrees. Larger, smaller and rotated faces are found by running it on other regions of the picture.

use std::f32::consts::{FRAC_PI_2, PI};
use std::iter;

use super::geometry::{Affine, Point};
use super::warp::{Outside, Range, warp};
use super::{Face, mesh};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 128;
/// Anchors per side of each grid, and anchors per grid cell.
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];
/// Numbers per anchor: centre, size and six points.
const NUMBERS: usize = 16;

/// Detections with a lower score are ignored.
const MIN_SCORE: f32 = 0.5;
/// Boxes with a higher overlap are the same face.
const SAME_FACE: f32 = 0.3;
/// Score that an upside-down face does not reach.
const SURE: f32 = 0.85;
/// Side of the window around one face, in face widths.
const CLOSE: f32 = 2.4;
/// Candidates per window that are examined, those with the highest scores first.
const MAX_FACES: usize = 12;
/// If no face is wider than this share of the shorter side with at least this score, the picture is searched in tiles.
const SMALL_FACE: f32 = 0.16;
const DOUBTFUL: f32 = 0.7;
/// Largest side of a tile as a share of the longer side of the picture.
const TILE: f32 = 0.4;
/// Smallest side of a tile as a share of the longer side: limits the number of tiles in an elongated picture.
const MIN_TILE: f32 = 0.2;
/// Step between tiles as a share of a tile.
const TILE_STEP: f32 = 0.65;

/// One square of the picture that the network searches.
#[derive(Debug, Clone, Copy)]
struct SearchWindow {
    centre: Point,
    side: f32,
    /// Rotation of the square in radians, clockwise.
    angle: f32,
}

/// Faces in the picture with their meshes, the most prominent first.
///
/// The detector alone sometimes reports shadows and hands, so a face counts only if the mesh network confirms it.
///
/// # Errors
///
/// [`RunError`] when a network fails to run.
pub fn find(detector: &dyn Network, mesh: &dyn Network, picture: &Rgb8) -> Result<Vec<Face>, RunError> {
    let search = Search { detector, mesh, picture };
    let (width, height) = (picture.width as f32, picture.height as f32);
    let short = width.min(height);
    let whole = SearchWindow { centre: [width / 2.0, height / 2.0], side: width.max(height), angle: 0.0 };
    let mut faces = search.faces_in(whole)?;
    // A wider window for a face that fills the picture, then rotated windows for a rotated face.
    let wider = SearchWindow { side: whole.side * 1.6, ..whole };
    let turned = [FRAC_PI_2, -FRAC_PI_2, PI].map(|angle| SearchWindow { angle, ..whole });
    for window in iter::once(wider).chain(turned) {
        if faces.is_empty() {
            faces = search.faces_in(window)?;
        }
    }
    if faces.iter().all(|face| face.bounds[2] < short * SMALL_FACE || face.score < DOUBTFUL) {
        for tile in tiles(width, height) {
            for face in search.faces_in(tile)? {
                merge(&mut faces, face);
            }
        }
    }
    faces.sort_by(|a, b| prominence(b).total_cmp(&prominence(a)));
    Ok(faces)
}

/// Overlapping squares in which small faces are large enough for the network.
fn tiles(width: f32, height: f32) -> Vec<SearchWindow> {
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
        SearchWindow { centre, side, angle: 0.0 }
    };
    (0..columns * rows).map(tile).collect()
}

/// Adds a face. If the face is already in the list, the detection with the higher score is kept.
fn merge(faces: &mut Vec<Face>, face: Face) {
    match faces.iter_mut().find(|known| overlap(&known.bounds, &face.bounds) > SAME_FACE) {
        Some(known) if known.score < face.score => *known = face,
        Some(_) => {}
        None => faces.push(face),
    }
}

/// The subject is the face with the largest product of area and score.
fn prominence(face: &Face) -> f32 {
    face.bounds[2] * face.bounds[3] * face.score
}

struct Search<'a> {
    detector: &'a dyn Network,
    mesh: &'a dyn Network,
    picture: &'a Rgb8,
}

impl Search<'_> {
    /// The faces in a window that both the detector and the mesh network report.
    fn faces_in(&self, window: SearchWindow) -> Result<Vec<Face>, RunError> {
        let mut faces = Vec::new();
        for candidate in self.candidates(window)?.into_iter().take(MAX_FACES) {
            let mut face = self.upright(candidate)?;
            face.mesh = mesh::measure(self.mesh, self.picture, &face)?;
            if face.mesh.is_some() {
                merge(&mut faces, face);
            }
        }
        Ok(faces)
    }

    /// The faces in a window that the detector reports, the highest score first.
    fn candidates(&self, window: SearchWindow) -> Result<Vec<Face>, RunError> {
        let map = Affine::onto_square(SIDE as f32, window.centre, window.side, window.angle);
        let outputs = self.detector.run(&warp(self.picture, &map, SIDE, Range::Signed, Outside::Black))?;
        let [regressors, scores] = &outputs[..] else { return Ok(Vec::new()) };
        Ok(non_max_suppression(detections(regressors, scores))
            .into_iter()
            .map(|detection| detection.face(&map))
            .collect())
    }

    /// The detector often reports an upside-down face as an upright one with a lower score. So the detector is run
    /// again on a window around a face with a low score, in four rotations until one has a high score. The detection
    /// with the highest score is returned.
    fn upright(&self, face: Face) -> Result<Face, RunError> {
        if face.score >= SURE {
            return Ok(face);
        }
        let [x, y, width, height] = face.bounds;
        let close = SearchWindow { centre: [x + width / 2.0, y + height / 2.0], side: width * CLOSE, angle: 0.0 };
        let mut best = face.clone();
        for angle in [0.0, FRAC_PI_2, PI, -FRAC_PI_2] {
            let same = |found: &Face| overlap(&found.bounds, &face.bounds) > SAME_FACE;
            let found = self.candidates(SearchWindow { angle, ..close })?.into_iter().find(same);
            best = found.filter(|found| found.score > best.score).unwrap_or(best);
            if best.score >= SURE {
                break;
            }
        }
        Ok(best)
    }
}

/// The prediction of one anchor, in pixels of the network's input.
#[derive(Debug, Clone, PartialEq)]
struct Detection {
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

fn detections(regressors: &[f32], scores: &[f32]) -> Vec<Detection> {
    let numbers = regressors.chunks_exact(NUMBERS);
    let all = anchors().zip(numbers).zip(scores).map(|((anchor, numbers), score)| {
        let point = |at: usize| [numbers[at] + anchor[0], numbers[at + 1] + anchor[1]];
        Detection {
            score: 1.0 / (1.0 + (-score).exp()),
            centre: point(0),
            size: [numbers[2], numbers[3]],
            points: std::array::from_fn(|index| point(4 + 2 * index)),
        }
    });
    all.filter(|detection| detection.score >= MIN_SCORE && detection.size[0] > 0.0 && detection.size[1] > 0.0).collect()
}

/// Replaces the overlapping detections of one face by their mean, weighted by score.
fn non_max_suppression(mut detections: Vec<Detection>) -> Vec<Detection> {
    detections.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(best) = detections.first().cloned() {
        let (same, rest): (Vec<_>, Vec<_>) =
            detections.into_iter().partition(|detection| overlap(&detection.bounds(), &best.bounds()) > SAME_FACE);
        faces.push(mean(best.score, &same));
        detections = rest;
    }
    faces
}

fn mean(score: f32, detections: &[Detection]) -> Detection {
    let total: f32 = detections.iter().map(|detection| detection.score).sum();
    let weighted = |pick: &dyn Fn(&Detection) -> Point| {
        let sum = detections.iter().fold([0.0; 2], |sum, detection| {
            let point = pick(detection);
            [sum[0] + point[0] * detection.score, sum[1] + point[1] * detection.score]
        });
        [sum[0] / total, sum[1] / total]
    };
    Detection {
        score,
        centre: weighted(&|detection| detection.centre),
        size: weighted(&|detection| detection.size),
        points: std::array::from_fn(|index| weighted(&|detection| detection.points[index])),
    }
}

/// Intersection over union of two boxes `[x, y, width, height]`, 0 to 1.
fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let shared = |axis: usize| {
        let end = (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]);
        (end - a[axis].max(b[axis])).max(0.0)
    };
    let both = shared(0) * shared(1);
    both / (a[2] * a[3] + b[2] * b[3] - both)
}

impl Detection {
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

    fn detection(score: f32, x: f32, y: f32, size: f32) -> Detection {
        Detection { score, centre: [x, y], size: [size, size], points: [[x, y]; 6] }
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
    fn non_max_suppression_averages_detections_of_one_face_and_keeps_another_face() {
        let faces = non_max_suppression(vec![
            detection(0.6, 54.0, 50.0, 20.0),
            detection(0.9, 50.0, 50.0, 20.0),
            detection(0.7, 90.0, 50.0, 20.0),
        ]);
        assert_eq!(faces.len(), 2);
        assert!((faces[0].centre[0] - (50.0 * 0.9 + 54.0 * 0.6) / 1.5).abs() < 1e-4);
        assert_eq!((faces[0].score, faces[1].score), (0.9, 0.7));
        assert!((faces[1].centre[0] - 90.0).abs() < 1e-4);
    }

    #[test]
    fn overlap_is_one_for_equal_boxes_and_zero_for_separate_boxes() {
        let square = |x: f32| [x, 5.0, 4.0, 4.0];
        assert_eq!(overlap(&square(5.0), &square(5.0)), 1.0);
        assert_eq!(overlap(&square(5.0), &square(15.0)), 0.0);
        assert!((overlap(&square(5.0), &square(7.0)) - 1.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn detections_drops_low_scores_and_adds_the_anchor_to_the_others() {
        let mut regressors = vec![0.0; 896 * NUMBERS];
        let mut scores = vec![-50.0; 896];
        scores[600] = 3.0;
        regressors[600 * NUMBERS..600 * NUMBERS + 6].copy_from_slice(&[1.0, -2.0, 30.0, 32.0, -6.0, -5.0]);
        let detections = detections(&regressors, &scores);
        let anchor = anchors().nth(600).expect("an anchor");
        assert_eq!(detections.len(), 1);
        assert_eq!(detections[0].centre, [anchor[0] + 1.0, anchor[1] - 2.0]);
        assert_eq!(detections[0].points[0], [anchor[0] - 6.0, anchor[1] - 5.0]);
    }

    #[test]
    fn tiles_cover_the_whole_picture() {
        let tiles = tiles(3000.0, 2000.0);
        let covers = |x: f32, y: f32| {
            let inside =
                |tile: &&SearchWindow| (tile.centre[0] - x).abs().max((tile.centre[1] - y).abs()) <= tile.side / 2.0;
            tiles.iter().filter(inside).count()
        };
        for (x, y) in [(0.0, 0.0), (3000.0, 0.0), (0.0, 2000.0), (3000.0, 2000.0)] {
            assert_eq!(covers(x, y), 1);
        }
        assert!(tiles.len() < 16 && super::tiles(3000.0, 2.0).len() < 16);
        assert!((0..30).all(|x| (0..20).all(|y| covers(x as f32 * 100.0, y as f32 * 100.0) > 0)));
    }
}
