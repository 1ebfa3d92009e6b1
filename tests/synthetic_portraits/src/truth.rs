//! The ground truth of a portrait.

use crate::cover;
use crate::eyes::{Eye, IRIS};
use crate::frame::{Frame, HALF_WIDTH, Turn};
use crate::hair;
use crate::mouth::Mouth;
use crate::portrait::{Cover, Portrait};

/// True positions in picture pixels and angles in degrees. In pairs, the left of the picture comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundTruth {
    /// Middle between each eye's corners.
    pub eyes: [[f32; 2]; 2],
    /// Centre of each iris; it depends on the gaze.
    pub irises: [[f32; 2]; 2],
    /// Radius of an iris.
    pub iris_radius: f32,
    /// Lid gap of each eye divided by the eye width: 0 closed, about 0.32 open.
    pub eye_opening: [f32; 2],
    /// Corners of the mouth.
    pub mouth: [[f32; 2]; 2],
    /// Gap between the lips divided by the width of the mouth.
    pub mouth_gap: f32,
    /// Top of the hair, or of the hat.
    pub crown: [f32; 2],
    /// Lowest point of the chin.
    pub chin: [f32; 2],
    /// Ends of the face at the ear root; their distance is the face width.
    pub cheeks: [[f32; 2]; 2],
    /// Tilt, positive clockwise.
    pub roll_deg: f32,
    /// Rotation to the side, positive towards the right of the picture.
    pub yaw_deg: f32,
    /// Rotation up or down, positive up.
    pub pitch_deg: f32,
}

impl GroundTruth {
    /// Width of the face.
    pub fn face_width(&self) -> f32 {
        distance(self.cheeks[0], self.cheeks[1])
    }

    /// Distance from crown to chin.
    pub fn head_length(&self) -> f32 {
        distance(self.crown, self.chin)
    }

    /// Middle between the eyes.
    pub fn eye_middle(&self) -> [f32; 2] {
        let [left, right] = self.eyes;
        [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0]
    }

    /// Distance between the eyes.
    pub fn eye_distance(&self) -> f32 {
        distance(self.eyes[0], self.eyes[1])
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

impl Portrait {
    pub(crate) fn frame(&self) -> Frame {
        Frame::new(self.centre, self.face_width / (2.0 * HALF_WIDTH), self.roll)
    }

    /// The ground truth, also of covered positions.
    pub fn truth(&self) -> GroundTruth {
        let frame = self.frame();
        let put = |[u, v]: [f32; 2]| frame.to_picture(u, v);
        let eyes = Eye::pair(self);
        let mouth = Mouth::of(self);
        let hair_top = hair::crown(self.hair);
        let top = if self.cover == Cover::Hat { hair_top.min(cover::HAT_TOP) } else { hair_top };
        GroundTruth {
            eyes: eyes.map(|eye| put(eye.middle())),
            irises: eyes.map(|eye| put(eye.iris())),
            iris_radius: IRIS * frame.scale,
            eye_opening: eyes.map(|eye| eye.opening()),
            mouth: mouth.corners().map(put),
            mouth_gap: mouth.gap_ratio(),
            crown: put([0.0, top]),
            chin: put([0.0, Turn::new(self.yaw, self.pitch).chin()]),
            cheeks: [-1.0, 1.0].map(|side| put([side * HALF_WIDTH, 0.0])),
            roll_deg: self.roll,
            yaw_deg: self.yaw,
            pitch_deg: self.pitch,
        }
    }
}
