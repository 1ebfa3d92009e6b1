//! What is drawn: every parameter of a portrait, its defaults, and the setters.

use crate::colour::{Rgb, WHITE, cloth, hair, skin};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HairShape {
    Cropped,
    Short,
    /// Falls to the shoulders and hides the ears.
    Long,
    /// Gathered behind: hides nothing.
    Tied,
    /// Rises far above the skull.
    Tall,
    /// A fringe that ends on the brows.
    BrowFringe,
    /// A fringe that hides the eyes.
    EyeFringe,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Glasses {
    None,
    /// Thin frame, clear lenses.
    Clear,
    /// Clear lenses with bright reflections over the eyes.
    Glare,
    /// A broad black frame.
    Thick,
    /// Dark lenses.
    Tinted,
}

/// What covers a part of the head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cover {
    None,
    Hat,
    /// A face mask from the nose to the chin.
    Mask,
    /// A hand over the mouth.
    Hand,
    /// A black bar over the eyes.
    EyeBar,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Backdrop {
    Plain(Rgb),
    /// From the first colour at the top to the second at the bottom.
    Gradient(Rgb, Rgb),
    /// Patches of unevenness, `strength` levels deep.
    Uneven {
        colour: Rgb,
        strength: f32,
    },
    /// A wall of bricks.
    Bricks,
}

/// The light on the person. The backdrop is lit apart, so that one can be wrong without the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Light {
    /// Stops over (positive) or under (negative) the right exposure.
    pub exposure: f32,
    /// -1 (all from the picture's left) to 1 (all from its right).
    pub side: f32,
    /// Strength of specular spots on forehead, nose and cheek, 0 to 1.
    pub hot_spots: f32,
    /// Multiplies the channels.
    pub cast: Rgb,
}

/// What the camera does to the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Deviation of the gaussian blur, px.
    pub blur: f32,
    /// Length of a motion blur, px, and its direction in degrees from the x axis.
    pub motion: (f32, f32),
    /// Deviation of the sensor noise, levels.
    pub noise: f32,
    /// Side of the squares that replace pixels; 0 or 1 leaves them.
    pub block: u32,
}

/// A portrait by its parameters. Build it with [`Portrait::new`] or [`Portrait::passing`] and the setters.
///
/// Left and right are always the picture's, angles are degrees, lengths are pixels unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    pub width: u32,
    pub height: u32,
    /// Face width, ear root to ear root.
    pub face_width: f32,
    /// Where the nose bridge of a frontal face lies.
    pub centre: [f32; 2],
    /// Clockwise.
    pub roll: f32,
    /// Positive turns towards the picture's right.
    pub yaw: f32,
    /// Positive looks up.
    pub pitch: f32,
    /// 0 closed to 1 open; left, right.
    pub eyes_open: [f32; 2],
    /// -1 to 1 to the right and down: 1 puts the iris against the corner or lid.
    pub gaze: [f32; 2],
    pub red_eyes: bool,
    /// 0 closed to 1 wide open.
    pub mouth_open: f32,
    /// 0 neutral to 1 broad.
    pub smile: f32,
    pub teeth: bool,
    pub skin: Rgb,
    pub hair: HairShape,
    pub hair_colour: Rgb,
    pub ears: bool,
    pub glasses: Glasses,
    pub cover: Cover,
    pub cloth: Rgb,
    /// Share of each shoulder that is there, left and right.
    pub shoulders: [f32; 2],
    pub backdrop: Backdrop,
    /// Darkness of the head's shadow on the backdrop, 0 to 1.
    pub shadow: f32,
    /// A second person beside the first.
    pub bystander: bool,
    /// False leaves the backdrop alone.
    pub somebody: bool,
    pub light: Light,
    pub lens: Lens,
    /// Thickness and colour of a printed frame.
    pub border: Option<(u32, Rgb)>,
    /// Digits and hyphens printed in a corner, as cameras stamp dates.
    pub stamp: Option<&'static str>,
    pub grey: bool,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    pub seed: u32,
}

impl Portrait {
    /// A plain frontal portrait: white backdrop, neutral face 40 % as wide as the picture.
    pub fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            face_width: width as f32 * 0.4,
            centre: [width as f32 / 2.0, height as f32 * 0.42],
            roll: 0.0,
            yaw: 0.0,
            pitch: 0.0,
            eyes_open: [1.0; 2],
            gaze: [0.0; 2],
            red_eyes: false,
            mouth_open: 0.0,
            smile: 0.0,
            teeth: false,
            skin: skin::FAIR,
            hair: HairShape::Short,
            hair_colour: hair::BLACK,
            ears: true,
            glasses: Glasses::None,
            cover: Cover::None,
            cloth: cloth::NAVY,
            shoulders: [1.0; 2],
            backdrop: Backdrop::Plain(WHITE),
            shadow: 0.0,
            bystander: false,
            somebody: true,
            light: Light { exposure: 0.0, side: 0.0, hot_spots: 0.0, cast: [1.0; 3] },
            lens: Lens { blur: 0.0, motion: (0.0, 0.0), noise: 2.2, block: 0 },
            border: None,
            stamp: None,
            grey: false,
            quality: 92,
            seed: 5,
        }
    }

    /// 900 by 1110 px with nothing wrong: the standard photo of every card type can be cut from it without enlarging.
    pub fn passing() -> Self {
        Self::new(900, 1110)
    }

    /// The passing portrait as one of many different people: complexion, hair, clothes, small poses.
    pub fn someone(seed: u32) -> Self {
        crate::people::someone(seed)
    }

    pub fn size(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    pub fn face_width(self, face_width: f32) -> Self {
        Self { face_width, ..self }
    }

    pub fn centre(self, x: f32, y: f32) -> Self {
        Self { centre: [x, y], ..self }
    }

    pub fn roll(self, roll: f32) -> Self {
        Self { roll, ..self }
    }

    pub fn yaw(self, yaw: f32) -> Self {
        Self { yaw, ..self }
    }

    pub fn pitch(self, pitch: f32) -> Self {
        Self { pitch, ..self }
    }

    pub fn eyes_open(self, left: f32, right: f32) -> Self {
        Self { eyes_open: [left, right], ..self }
    }

    pub fn gaze(self, right: f32, down: f32) -> Self {
        Self { gaze: [right, down], ..self }
    }

    pub fn red_eyes(self) -> Self {
        Self { red_eyes: true, ..self }
    }

    pub fn mouth_open(self, mouth_open: f32) -> Self {
        Self { mouth_open, ..self }
    }

    /// A smile, with the teeth showing or not.
    pub fn smile(self, smile: f32, teeth: bool) -> Self {
        Self { smile, teeth, ..self }
    }

    pub fn skin(self, skin: Rgb) -> Self {
        Self { skin, ..self }
    }

    /// Hair that falls over the ears hides them.
    pub fn hair(self, hair: HairShape, colour: Rgb) -> Self {
        Self { hair, hair_colour: colour, ears: hair != HairShape::Long, ..self }
    }

    pub fn ears(self, ears: bool) -> Self {
        Self { ears, ..self }
    }

    pub fn glasses(self, glasses: Glasses) -> Self {
        Self { glasses, ..self }
    }

    pub fn cover(self, cover: Cover) -> Self {
        Self { cover, ..self }
    }

    pub fn cloth(self, cloth: Rgb) -> Self {
        Self { cloth, ..self }
    }

    pub fn shoulders(self, left: f32, right: f32) -> Self {
        Self { shoulders: [left, right], ..self }
    }

    pub fn backdrop(self, backdrop: Backdrop) -> Self {
        Self { backdrop, ..self }
    }

    pub fn shadow(self, shadow: f32) -> Self {
        Self { shadow, ..self }
    }

    pub fn bystander(self) -> Self {
        Self { bystander: true, ..self }
    }

    pub fn nobody(self) -> Self {
        Self { somebody: false, ..self }
    }

    pub fn light(self, set: impl FnOnce(&mut Light)) -> Self {
        let mut light = self.light;
        set(&mut light);
        Self { light, ..self }
    }

    pub fn lens(self, set: impl FnOnce(&mut Lens)) -> Self {
        let mut lens = self.lens;
        set(&mut lens);
        Self { lens, ..self }
    }

    pub fn border(self, thickness: u32, colour: Rgb) -> Self {
        Self { border: Some((thickness, colour)), ..self }
    }

    pub fn stamp(self, text: &'static str) -> Self {
        Self { stamp: Some(text), ..self }
    }

    pub fn grey(self) -> Self {
        Self { grey: true, ..self }
    }

    pub fn quality(self, quality: u8) -> Self {
        Self { quality, ..self }
    }

    pub fn seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }
}
