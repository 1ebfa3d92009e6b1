//! Portraits with exactly one fault, and the check that should find it.

use crate::colour::{BLACK, cloth, hair};
use crate::portrait::{Background, Cover, Glasses, HairShape, Portrait};

/// A passing portrait with one fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Unique name.
    pub name: &'static str,
    /// Code of the check that should find it; for some faults there is no check.
    pub check: &'static str,
    /// The portrait with the fault.
    pub portrait: Portrait,
}

/// All faults, grouped by subject.
pub fn faults() -> Vec<Fault> {
    [presence(), pose(), expression(), occlusion(), light(), background(), file()].concat()
}

/// The fault with this name.
pub fn fault(name: &str) -> Option<Fault> {
    faults().into_iter().find(|fault| fault.name == name)
}

fn wrong(name: &'static str, check: &'static str, change: impl FnOnce(Portrait) -> Portrait) -> Fault {
    Fault { name, check, portrait: change(Portrait::passing()) }
}

fn presence() -> Vec<Fault> {
    vec![
        wrong("no-face", "face.present", Portrait::without_person),
        wrong("two-faces", "face.single", Portrait::bystander),
        wrong("face-too-small", "framing.size", |p| p.face_width(150.0)),
        wrong("off-centre", "framing.margins", |p| p.centre(190.0, 466.0)),
        wrong("cut-at-the-top", "framing.head-cut", |p| p.centre(450.0, 190.0)),
        wrong("one-shoulder-missing", "shoulders.level", |p| p.shoulders(1.0, 0.36)),
    ]
}

fn pose() -> Vec<Fault> {
    vec![
        wrong("tilted", "pose.roll", |p| p.roll(14.0)),
        wrong("turned", "pose.yaw", |p| p.yaw(22.0)),
        wrong("looking-up", "pose.pitch", |p| p.pitch(30.0)),
        wrong("looking-down", "pose.pitch", |p| p.pitch(-30.0)),
    ]
}

fn expression() -> Vec<Fault> {
    vec![
        wrong("one-eye-closed", "eyes.open", |p| p.eyes_open(0.0, 1.0)),
        wrong("both-eyes-closed", "eyes.open", |p| p.eyes_open(0.0, 0.0)),
        wrong("looking-away", "eyes.gaze", |p| p.gaze(0.85, 0.0)),
        wrong("red-eyes", "eyes.red", Portrait::red_eyes),
        wrong("mouth-open", "mouth.closed", |p| p.mouth_open(0.9)),
        wrong("teeth", "mouth.closed", |p| p.smile(1.0, true)),
    ]
}

fn occlusion() -> Vec<Fault> {
    vec![
        wrong("hat", "occlusion.hat", |p| p.cover(Cover::Hat)),
        wrong("mask", "occlusion.mouth", |p| p.cover(Cover::Mask)),
        wrong("hand-over-mouth", "occlusion.mouth", |p| p.cover(Cover::Hand)),
        wrong("bar-over-eyes", "occlusion.eyes", |p| p.cover(Cover::EyeBar)),
        wrong("sunglasses", "occlusion.eyes", |p| p.glasses(Glasses::Tinted)),
        wrong("glasses-glare", "glasses.glare", |p| p.glasses(Glasses::Glare)),
        wrong("thick-frames", "glasses.frame", |p| p.glasses(Glasses::Thick)),
        wrong("fringe-over-eyes", "occlusion.brows", |p| p.hair(HairShape::EyeFringe, hair::BLACK)),
        wrong("fringe-over-brows", "occlusion.brows", |p| p.hair(HairShape::BrowFringe, hair::BLACK)),
        wrong("ears-covered", "occlusion.ears", |p| p.hair(HairShape::Long, hair::BLACK)),
        wrong("white-clothes", "clothes.contrast", |p| p.cloth(cloth::WHITE)),
    ]
}

fn light() -> Vec<Fault> {
    vec![
        wrong("too-dark", "light.dark", |p| p.light(|light| light.exposure = -2.6)),
        wrong("too-bright", "light.bright", |p| p.light(|light| light.exposure = 1.5)),
        wrong("side-light", "light.uneven", |p| p.light(|light| light.side = 0.9)),
        wrong("hot-spot", "light.hotspot", |p| p.light(|light| light.hot_spots = 1.0)),
        wrong("colour-cast", "colour.skin", |p| p.light(|light| light.cast = [0.72, 1.0, 0.98])),
        wrong("greyscale", "file.colour", Portrait::grey),
    ]
}

fn background() -> Vec<Fault> {
    let plain = |colour| move |p: Portrait| p.background(Background::Plain(colour));
    vec![
        wrong("coloured-background", "background.white", plain([67.0, 142.0, 219.0])),
        wrong("grey-background", "background.white", plain([196.0; 3])),
        wrong("uneven-background", "background.even", |p| {
            p.background(Background::Uneven { colour: [255.0; 3], strength: 90.0 })
        }),
        wrong("gradient-background", "background.gradient", |p| {
            p.background(Background::Gradient([255.0; 3], [170.0; 3]))
        }),
        wrong("brick-background", "background.even", |p| p.background(Background::Bricks)),
        wrong("shadow-behind-head", "background.shadow", |p| p.shadow(0.4)),
    ]
}

fn file() -> Vec<Fault> {
    vec![
        wrong("blurred", "image.sharp", |p| p.lens(|lens| lens.blur = 6.0)),
        wrong("motion-blurred", "image.motion", |p| p.lens(|lens| lens.motion = (26.0, 20.0))),
        wrong("noisy", "image.noise", |p| p.lens(|lens| lens.noise = 24.0)),
        wrong("pixelated", "image.blocks", |p| p.lens(|lens| lens.block = 12)),
        wrong("over-compressed", "file.quality", |p| p.quality(10).lens(|lens| lens.noise = 8.0)),
        wrong("border", "background.border", |p| p.border(14, BLACK)),
        wrong("text", "background.text", |p| p.stamp("2026")),
    ]
}
