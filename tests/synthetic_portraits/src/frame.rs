//! Head coordinates and their map to the picture.
//!
//! Head coordinates have their origin at the nose bridge, `u` to the right of the picture and `v` down. The head
//! without hair is 280 units wide ([`HALF_WIDTH`] on each side), independent of the size of the picture.

/// Half the width of the face at the ear root, in head units.
pub(crate) const HALF_WIDTH: f32 = 140.0;

/// The map from head coordinates to picture pixels: scale, rotation, translation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    origin: [f32; 2],
    pub scale: f32,
    cos: f32,
    sin: f32,
}

impl Frame {
    /// `roll_deg` is positive clockwise.
    pub fn new(origin: [f32; 2], scale: f32, roll_deg: f32) -> Self {
        let (sin, cos) = roll_deg.to_radians().sin_cos();
        Self { origin, scale, cos, sin }
    }

    pub fn to_picture(self, u: f32, v: f32) -> [f32; 2] {
        [
            self.origin[0] + (u * self.cos - v * self.sin) * self.scale,
            self.origin[1] + (u * self.sin + v * self.cos) * self.scale,
        ]
    }

    pub fn to_head(self, x: f32, y: f32) -> [f32; 2] {
        let (dx, dy) = ((x - self.origin[0]) / self.scale, (y - self.origin[1]) / self.scale);
        [dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin]
    }

    /// The map without rotation and with the same image of the hinge: for parts that stay upright when the head is
    /// tilted.
    pub fn upright(self, hinge_v: f32) -> Self {
        let [x, y] = self.to_picture(0.0, hinge_v);
        Self { origin: [x, y - hinge_v * self.scale], cos: 1.0, sin: 0.0, ..self }
    }
}

/// The rotation of the head away from the camera. Features move on an ellipsoid; the outline does not move.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    yaw: f32,
    pitch: f32,
}

/// The position of a feature after the rotation, and its foreshortening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub u: f32,
    pub v: f32,
    pub wide: f32,
    pub tall: f32,
}

impl Spot {
    /// From head coordinates to coordinates of the feature.
    pub fn local(self, u: f32, v: f32) -> [f32; 2] {
        [(u - self.u) / self.wide, (v - self.v) / self.tall]
    }

    /// From coordinates of the feature to head coordinates.
    pub fn head(self, x: f32, y: f32) -> [f32; 2] {
        [self.u + x * self.wide, self.v + y * self.tall]
    }
}

impl Turn {
    pub fn new(yaw_deg: f32, pitch_deg: f32) -> Self {
        Self { yaw: yaw_deg.to_radians(), pitch: pitch_deg.to_radians() }
    }

    /// A feature at (`x`, `y`) on the frontal face, `lift` units in front of the ellipsoid (for example the tip of the
    /// nose).
    pub fn place(self, x: f32, y: f32, lift: f32) -> Spot {
        const RADII: [f32; 3] = [150.0, 240.0, 130.0];
        let root = (1.0 - (x / RADII[0]).powi(2) - (y / RADII[1]).powi(2)).max(0.1).sqrt();
        let depth = RADII[2] * root + lift;
        let slope = |at: f32, radius: f32| -RADII[2] * at / (radius * radius * root);
        let (yaw_sin, yaw_cos) = self.yaw.sin_cos();
        let (pitch_sin, pitch_cos) = self.pitch.sin_cos();
        Spot {
            u: x * yaw_cos + depth * yaw_sin,
            v: y * pitch_cos - depth * pitch_sin,
            wide: (yaw_cos + slope(x, RADII[0]) * yaw_sin).clamp(0.3, 1.3),
            tall: (pitch_cos - slope(y, RADII[1]) * pitch_sin).clamp(0.3, 1.3),
        }
    }

    /// Vertical position of the chin. It moves with the pitch because it is in front of the axis of the rotation.
    pub fn chin(self) -> f32 {
        let (sin, cos) = self.pitch.sin_cos();
        190.0 * cos - 60.0 * sin
    }

    /// Vertical shift of the hairline because of the pitch, negative up.
    pub fn hairline(self) -> f32 {
        -70.0 * self.pitch.sin()
    }

    pub fn yaw_sin(self) -> f32 {
        self.yaw.sin()
    }
}
