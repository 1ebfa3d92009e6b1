//! Portraits of different people that all pass: the properties that may vary.

use crate::colour::{Rgb, cloth, hair, mix, skin};
use crate::grain;
use crate::portrait::{Background, Glasses, HairShape, Portrait};

const SKINS: [Rgb; 6] = [skin::PALE, skin::FAIR, skin::MEDIUM, skin::TAN, skin::DARK, skin::DEEP];
const HAIRS: [Rgb; 4] = [hair::BLACK, hair::BLACK, hair::BROWN, hair::GREY];
const SHAPES: [HairShape; 3] = [HairShape::Short, HairShape::Cropped, HairShape::Tied];
const CLOTHS: [Rgb; 4] = [cloth::NAVY, cloth::CHARCOAL, cloth::WINE, cloth::GREEN];

impl Portrait {
    /// A passing portrait of another person: complexion, hair, clothes and small rotations depend on the seed.
    pub fn person(seed: u32) -> Self {
        let share = |what: i32| grain::uniform(what, 0, seed);
        let around = |what: i32, reach: f32| (share(what) * 2.0 - 1.0) * reach;
        let pick = |what: i32, count: usize| ((share(what) * count as f32) as usize).min(count - 1);
        let tone = pick(1, SKINS.len() - 1);
        let white = 250.0 + 5.0 * share(5);
        Self::passing()
            .face_width(350.0 + around(6, 20.0))
            .centre(450.0 + around(7, 12.0), 466.0 + around(8, 14.0))
            .roll(around(9, 1.5))
            .yaw(around(10, 2.5))
            .pitch(around(11, 2.0))
            .skin(mix(SKINS[tone], SKINS[tone + 1], share(2)))
            .hair(SHAPES[pick(3, SHAPES.len())], HAIRS[pick(4, HAIRS.len())])
            .cloth(CLOTHS[pick(12, CLOTHS.len())])
            .glasses(if share(13) < 0.2 { Glasses::Clear } else { Glasses::None })
            .background(Background::Plain([white; 3]))
            .lens(|lens| lens.noise = 1.6 + share(14))
            .seed(seed)
    }
}
