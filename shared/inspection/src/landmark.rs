//! Indices of the points of MediaPipe's face mesh (468 points) that the checks use. "Right" and "left" are the person's
//! own.

use crate::locate::Mesh;
use crate::locate::geometry::Point;

/// Lowest point of the chin.
pub const CHIN: usize = 152;
/// Top of the face oval.
pub const FOREHEAD: usize = 10;
/// Tip of the nose.
pub const NOSE_TIP: usize = 1;
/// Right end of the face width, at the ear root.
pub const RIGHT_CHEEK_EDGE: usize = 234;
/// Left end of the face width, at the ear root.
pub const LEFT_CHEEK_EDGE: usize = 454;
/// Middle of the inner edge of the upper lip.
pub const UPPER_LIP: usize = 13;
/// Middle of the inner edge of the lower lip.
pub const LOWER_LIP: usize = 14;
/// Right inner corner of the mouth.
pub const MOUTH_RIGHT: usize = 78;
/// Left inner corner of the mouth.
pub const MOUTH_LEFT: usize = 308;
/// Outer corners of the mouth: right, left.
pub const MOUTH_CORNERS: [usize; 2] = [61, 291];
/// Outer and inner corner of the right eye, then of the left eye.
pub const EYE_CORNERS: [[usize; 2]; 2] = [[33, 133], [263, 362]];

/// Pairs of points that mirror each other: right, left.
pub const MIRRORED: [[usize; 2]; 10] =
    [[234, 454], [127, 356], [93, 323], [132, 361], [58, 288], [172, 397], [33, 263], [133, 362], [61, 291], [50, 280]];

/// Outline of the face, clockwise in the picture from the forehead.
pub const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// Outer outline of the lips.
pub const LIPS_OUTER: [usize; 20] =
    [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146];
/// Inner outline of the lips.
pub const LIPS_INNER: [usize; 20] =
    [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95];
/// Outlines of the eyes: right, left.
pub const EYES: [[usize; 16]; 2] = [
    [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
    [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
];
/// Outlines of the brows: right, left. The first five points are the upper edge.
pub const BROWS: [[usize; 10]; 2] =
    [[70, 63, 105, 66, 107, 55, 65, 52, 53, 46], [300, 293, 334, 296, 336, 285, 295, 282, 283, 276]];

/// The picture coordinates of one landmark, without its depth.
///
/// # Panics
///
/// When `index` is not below the number of points of the mesh.
pub fn at(mesh: &Mesh, index: usize) -> Point {
    let [x, y, _] = mesh.points[index];
    [x, y]
}
