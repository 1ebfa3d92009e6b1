//! What a measurement of a drawn portrait should find.

use crate::cover;
use crate::eyes::{Eye, IRIS};
use crate::frame::{Frame, HALF_WIDTH, Turn};
use crate::hair;
use crate::mouth::Mouth;
use crate::portrait::{Cover, Portrait};

/// Ground truth in picture pixels and degrees. Pairs are the picture's left, then right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Middle between each eye's corners.
    pub eyes: [[f32; 2]; 2],
    /// Centre of each iris, which the gaze moves.
    pub irises: [[f32; 2]; 2],
    pub iris_radius: f32,
    /// Lid gap over eye width, each eye: 0 closed, about 0.32 open.
    pub eye_opening: [f32; 2],
    /// Ends of the mouth.
    pub mouth: [[f32; 2]; 2],
    /// Gap between the lips over the mouth's width.
    pub mouth_gap: f32,
    /// Top of the hair, or of the hat on it.
    pub crown: [f32; 2],
    pub chin: [f32; 2],
    /// Where the face ends at the ear root; their distance is the face width.
    pub cheeks: [[f32; 2]; 2],
    /// Clockwise.
    pub roll_deg: f32,
    /// Positive towards the picture's right.
    pub yaw_deg: f32,
    /// Positive up.
    pub pitch_deg: f32,
}

impl Truth {
    pub fn face_width(&self) -> f32 {
        distance(self.cheeks[0], self.cheeks[1])
    }

    /// Crown to chin.
    pub fn head_length(&self) -> f32 {
        distance(self.crown, self.chin)
    }

    /// Middle between the eyes.
    pub fn eye_middle(&self) -> [f32; 2] {
        let [left, right] = self.eyes;
        [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0]
    }

    /// Between the eye middles.
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

    /// What a measurement should find, whatever covers it.
    pub fn truth(&self) -> Truth {
        let frame = self.frame();
        let put = |[u, v]: [f32; 2]| frame.to_picture(u, v);
        let eyes = Eye::pair(self);
        let mouth = Mouth::of(self);
        let hair_top = hair::crown(self.hair);
        let top = if self.cover == Cover::Hat { hair_top.min(cover::HAT_TOP) } else { hair_top };
        Truth {
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
