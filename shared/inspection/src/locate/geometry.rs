//! Points and affine maps.
//!
//! Coordinates are continuous: the pixel in column `i` covers `i..i + 1`, and its centre is at `i + 0.5`.
//! `x` grows to the right and `y` downwards, so a positive angle is clockwise in the picture.

/// `[x, y]`.
pub type Point = [f32; 2];

/// Distance between two points.
pub fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Middle between two points.
pub fn midpoint(a: Point, b: Point) -> Point {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

/// Angle in radians of the direction from `a` to `b`; zero is to the right.
pub fn direction(a: Point, b: Point) -> f32 {
    (b[1] - a[1]).atan2(b[0] - a[0])
}

/// An affine map `x' = a x + b y + c`, `y' = d x + e y + f`, stored as `[a, b, c, d, e, f]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f32; 6]);

impl Affine {
    /// Maps every point to itself.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);

    /// Maps the grid `0..columns` x `0..rows` onto the upright rectangle `[x, y, width, height]`.
    pub fn onto_rectangle(columns: f32, rows: f32, [x, y, width, height]: [f32; 4]) -> Self {
        Self([width / columns, 0.0, x, 0.0, height / rows, y])
    }

    /// Maps the grid `0..side` x `0..side` onto a square of `size` around `centre`, rotated by `angle` radians.
    pub fn onto_square(side: f32, centre: Point, size: f32, angle: f32) -> Self {
        let scale = size / side;
        let (cos, sin) = (angle.cos() * scale, angle.sin() * scale);
        let half = side / 2.0;
        Self([cos, -sin, centre[0] - half * (cos - sin), sin, cos, centre[1] - half * (sin + cos)])
    }

    /// The image of a point.
    pub fn apply(&self, [x, y]: Point) -> Point {
        let m = &self.0;
        [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]]
    }

    /// The map that applies `self` first and `next` afterwards.
    pub fn then(&self, next: &Self) -> Self {
        let (m, n) = (&self.0, &next.0);
        Self([
            n[0] * m[0] + n[1] * m[3],
            n[0] * m[1] + n[1] * m[4],
            n[0] * m[2] + n[1] * m[5] + n[2],
            n[3] * m[0] + n[4] * m[3],
            n[3] * m[1] + n[4] * m[4],
            n[3] * m[2] + n[4] * m[5] + n[5],
        ])
    }

    /// The inverse map; `None` when the determinant is zero.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let determinant = a * e - b * d;
        if !determinant.is_normal() {
            return None;
        }
        let (ia, ib, id, ie) = (e / determinant, -b / determinant, -d / determinant, a / determinant);
        Some(Self([ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)]))
    }

    /// Target units per source unit: the square root of the change of area.
    pub fn scale(&self) -> f32 {
        let m = &self.0;
        (m[0] * m[4] - m[1] * m[3]).abs().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Point, b: Point) -> bool {
        distance(a, b) < 1e-4
    }

    #[test]
    fn onto_square_with_a_quarter_turn_maps_the_first_corner_to_the_top_right() {
        let map = Affine::onto_square(10.0, [100.0, 50.0], 20.0, std::f32::consts::FRAC_PI_2);
        assert!(near(map.apply([5.0, 5.0]), [100.0, 50.0]));
        assert!(near(map.apply([0.0, 0.0]), [110.0, 40.0]));
        assert!((map.scale() - 2.0).abs() < 1e-6);
    }

    #[test]
    fn a_map_and_its_inverse_cancel_and_a_singular_map_has_no_inverse() {
        let map = Affine::onto_square(64.0, [12.0, -7.0], 31.0, 0.7);
        let back = map.inverse().expect("the map of a square is invertible");
        assert!(near(map.then(&back).apply([3.0, 4.0]), [3.0, 4.0]));
        assert_eq!(Affine([1.0, 2.0, 0.0, 2.0, 4.0, 0.0]).inverse(), None);
    }
}
