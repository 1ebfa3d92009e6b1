//! The parameters of a portrait, their defaults, and the setters.

use crate::colour::{Rgb, WHITE, cloth, hair, skin};

/// A hair style.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HairShape {
    /// Very short.
    Cropped,
    /// Short.
    Short,
    /// Down to the shoulders, covers the ears.
    Long,
    /// Tied behind the head, covers nothing.
    Tied,
    /// Far above the skull.
    Tall,
    /// A fringe that covers the brows.
    BrowFringe,
    /// A fringe that covers the eyes.
    EyeFringe,
}

/// Glasses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Glasses {
    /// No glasses.
    None,
    /// Thin frame, clear lenses.
    Clear,
    /// Clear lenses with bright reflections over the eyes.
    Glare,
    /// A thick black frame.
    Thick,
    /// Dark lenses.
    Tinted,
}

/// An object that covers a part of the head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cover {
    /// Nothing.
    None,
    /// A hat.
    Hat,
    /// A face mask from the nose to the chin.
    Mask,
    /// A hand over the mouth.
    Hand,
    /// A black bar over the eyes.
    EyeBar,
}

/// The background behind the person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Background {
    /// One colour.
    Plain(Rgb),
    /// From the first colour at the top to the second at the bottom.
    Gradient(Rgb, Rgb),
    /// Dark patches.
    Uneven {
        /// Colour between the patches.
        colour: Rgb,
        /// Depth of the patches in code values.
        strength: f32,
    },
    /// A wall of bricks.
    Bricks,
}

/// The light on the person. The light on the background is independent of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Light {
    /// Overexposure (positive) or underexposure (negative) in stops.
    pub exposure: f32,
    /// Direction: -1 (from the left of the picture) to 1 (from the right).
    pub side: f32,
    /// Strength of specular highlights on forehead, nose and cheeks, 0 to 1.
    pub hot_spots: f32,
    /// Factors of the channels.
    pub cast: Rgb,
}

/// Effects of the camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Standard deviation of the Gaussian blur in pixels.
    pub blur: f32,
    /// Length of the motion blur in pixels, and its direction in degrees from the x axis.
    pub motion: (f32, f32),
    /// Standard deviation of the sensor noise in code values.
    pub noise: f32,
    /// Side of the squares of equal colour in pixels; 0 or 1 for none.
    pub block: u32,
}

/// The parameters of a portrait. Start with [`Portrait::new`] or [`Portrait::passing`] and use the setters.
///
/// Left and right are those of the picture, angles are degrees, and lengths are pixels unless the field says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Portrait {
    /// Width of the picture.
    pub width: u32,
    /// Height of the picture.
    pub height: u32,
    /// Width of the face from ear root to ear root.
    pub face_width: f32,
    /// Position of the nose bridge of a frontal face.
    pub centre: [f32; 2],
    /// Tilt, positive clockwise.
    pub roll: f32,
    /// Rotation to the side, positive towards the right of the picture.
    pub yaw: f32,
    /// Rotation up or down, positive up.
    pub pitch: f32,
    /// Opening of the left and the right eye: 0 closed to 1 open.
    pub eyes_open: [f32; 2],
    /// Gaze to the right and down, -1 to 1: at 1 the iris touches the corner or the lid.
    pub gaze: [f32; 2],
    /// Red pupils.
    pub red_eyes: bool,
    /// Opening of the mouth: 0 closed to 1 wide open.
    pub mouth_open: f32,
    /// Smile: 0 neutral to 1 broad.
    pub smile: f32,
    /// Whether a smile shows teeth.
    pub teeth: bool,
    /// Colour of the skin.
    pub skin: Rgb,
    /// Hair style.
    pub hair: HairShape,
    /// Colour of the hair.
    pub hair_colour: Rgb,
    /// Whether the ears are visible.
    pub ears: bool,
    /// Glasses.
    pub glasses: Glasses,
    /// Object in front of the face.
    pub cover: Cover,
    /// Colour of the clothes.
    pub cloth: Rgb,
    /// Visible share of the left and the right shoulder, 0 to 1.
    pub shoulders: [f32; 2],
    /// Background.
    pub background: Background,
    /// Strength of the head's shadow on the background, 0 to 1.
    pub shadow: f32,
    /// Whether a second person is beside the first.
    pub bystander: bool,
    /// Whether there is a person in front of the background.
    pub has_person: bool,
    /// Light on the person.
    pub light: Light,
    /// Effects of the camera.
    pub lens: Lens,
    /// Thickness and colour of a frame around the picture.
    pub border: Option<(u32, Rgb)>,
    /// Digits and hyphens in a corner, like the date stamp of a camera.
    pub stamp: Option<&'static str>,
    /// Whether the picture is black and white.
    pub grey: bool,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// Seed of all noise.
    pub seed: u32,
}

impl Portrait {
    /// A frontal portrait with a white background and a neutral face of 40 % of the picture's width.
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
            background: Background::Plain(WHITE),
            shadow: 0.0,
            bystander: false,
            has_person: true,
            light: Light { exposure: 0.0, side: 0.0, hot_spots: 0.0, cast: [1.0; 3] },
            lens: Lens { blur: 0.0, motion: (0.0, 0.0), noise: 2.2, block: 0 },
            border: None,
            stamp: None,
            grey: false,
            quality: 92,
            seed: 5,
        }
    }

    /// A portrait of 900 x 1110 pixels without faults. The standard photo of every card type can be cut from it without
    /// enlarging.
    pub fn passing() -> Self {
        Self::new(900, 1110)
    }

    /// Sets the size of the picture.
    pub fn size(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    /// Sets the width of the face.
    pub fn face_width(self, face_width: f32) -> Self {
        Self { face_width, ..self }
    }

    /// Sets the position of the nose bridge.
    pub fn centre(self, x: f32, y: f32) -> Self {
        Self { centre: [x, y], ..self }
    }

    /// Sets the tilt, positive clockwise.
    pub fn roll(self, roll: f32) -> Self {
        Self { roll, ..self }
    }

    /// Sets the rotation to the side, positive towards the right of the picture.
    pub fn yaw(self, yaw: f32) -> Self {
        Self { yaw, ..self }
    }

    /// Sets the rotation up or down, positive up.
    pub fn pitch(self, pitch: f32) -> Self {
        Self { pitch, ..self }
    }

    /// Sets the opening of both eyes, 0 to 1.
    pub fn eyes_open(self, left: f32, right: f32) -> Self {
        Self { eyes_open: [left, right], ..self }
    }

    /// Sets the gaze, -1 to 1.
    pub fn gaze(self, right: f32, down: f32) -> Self {
        Self { gaze: [right, down], ..self }
    }

    /// Gives the eyes red pupils.
    pub fn red_eyes(self) -> Self {
        Self { red_eyes: true, ..self }
    }

    /// Sets the opening of the mouth, 0 to 1.
    pub fn mouth_open(self, mouth_open: f32) -> Self {
        Self { mouth_open, ..self }
    }

    /// Sets the smile, with or without visible teeth.
    pub fn smile(self, smile: f32, teeth: bool) -> Self {
        Self { smile, teeth, ..self }
    }

    /// Sets the colour of the skin.
    pub fn skin(self, skin: Rgb) -> Self {
        Self { skin, ..self }
    }

    /// Sets the hair. Long hair covers the ears.
    pub fn hair(self, hair: HairShape, colour: Rgb) -> Self {
        Self { hair, hair_colour: colour, ears: hair != HairShape::Long, ..self }
    }

    /// Shows or hides the ears.
    pub fn ears(self, ears: bool) -> Self {
        Self { ears, ..self }
    }

    /// Sets the glasses.
    pub fn glasses(self, glasses: Glasses) -> Self {
        Self { glasses, ..self }
    }

    /// Sets the object in front of the face.
    pub fn cover(self, cover: Cover) -> Self {
        Self { cover, ..self }
    }

    /// Sets the colour of the clothes.
    pub fn cloth(self, cloth: Rgb) -> Self {
        Self { cloth, ..self }
    }

    /// Sets the visible share of both shoulders, 0 to 1.
    pub fn shoulders(self, left: f32, right: f32) -> Self {
        Self { shoulders: [left, right], ..self }
    }

    /// Sets the background.
    pub fn background(self, background: Background) -> Self {
        Self { background, ..self }
    }

    /// Sets the strength of the head's shadow on the background, 0 to 1.
    pub fn shadow(self, shadow: f32) -> Self {
        Self { shadow, ..self }
    }

    /// Adds a second person.
    pub fn bystander(self) -> Self {
        Self { bystander: true, ..self }
    }

    /// Removes the person.
    pub fn without_person(self) -> Self {
        Self { has_person: false, ..self }
    }

    /// Changes the light on the person.
    pub fn light(self, set: impl FnOnce(&mut Light)) -> Self {
        let mut light = self.light;
        set(&mut light);
        Self { light, ..self }
    }

    /// Changes the effects of the camera.
    pub fn lens(self, set: impl FnOnce(&mut Lens)) -> Self {
        let mut lens = self.lens;
        set(&mut lens);
        Self { lens, ..self }
    }

    /// Adds a frame around the picture.
    pub fn border(self, thickness: u32, colour: Rgb) -> Self {
        Self { border: Some((thickness, colour)), ..self }
    }

    /// Adds a date stamp.
    pub fn stamp(self, text: &'static str) -> Self {
        Self { stamp: Some(text), ..self }
    }

    /// Makes the picture black and white.
    pub fn grey(self) -> Self {
        Self { grey: true, ..self }
    }

    /// Sets the JPEG quality, 1 to 100.
    pub fn quality(self, quality: u8) -> Self {
        Self { quality, ..self }
    }

    /// Sets the seed of all noise.
    pub fn seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }
}
