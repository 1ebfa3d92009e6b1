//! Ways to spoil a picture by growing amounts, and the check that should notice each.

use drawn::Portrait;
use drawn::degrade::{self, Degradation};
use image::RgbImage;

use crate::Trouble;
use crate::sitter::{self, Sitter};

/// One way, from nothing to severe.
#[derive(Debug)]
pub struct Ramp {
    pub name: &'static str,
    pub unit: &'static str,
    pub from: f32,
    pub to: f32,
    /// Any of these should notice.
    pub checks: &'static [&'static str],
    /// These may notice as well: the picture is wrong for them too.
    pub allies: &'static [&'static str],
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// Any picture can be spoiled so.
    Picture(fn(&Sitter, f32) -> RgbImage),
    /// The strength is the quality of the file.
    File,
    /// Only a portrait drawn anew.
    Drawn(fn(Portrait, f32) -> Portrait),
}

impl Ramp {
    /// The spoiled file; `None` where the sitter cannot be spoiled this way.
    pub fn jpeg(&self, sitter: &Sitter, strength: f32) -> Result<Option<Vec<u8>>, Trouble> {
        let file = match (&self.way, &sitter.drawn) {
            (Way::Picture(spoil), _) => sitter::jpeg(spoil(sitter, strength), sitter::QUALITY)?,
            (Way::File, _) => sitter::jpeg(sitter.picture.clone(), strength.round() as u8)?,
            (Way::Drawn(spoil), Some(portrait)) => spoil(portrait.clone(), strength).jpeg(),
            (Way::Drawn(_), None) => return Ok(None),
        };
        Ok(Some(file))
    }

    const fn with(self, allies: &'static [&'static str]) -> Self {
        Self { allies, ..self }
    }
}

const fn ramp(
    name: &'static str,
    unit: &'static str,
    [from, to]: [f32; 2],
    checks: &'static [&'static str],
    way: Way,
) -> Ramp {
    Ramp { name, unit, from, to, checks, allies: &[], way }
}

const SHARP: &[&str] = &["image.sharp"];
const STILL: &[&str] = &["image.motion", "image.sharp"];
const SKIN: &[&str] = &["colour.skin"];
const WHITE: &[&str] = &["background.white"];
const BLUE: [f32; 3] = [67.0, 142.0, 219.0];
const MASK: [u8; 3] = [176, 204, 220];

/// Lengths are in pixels of a face [`sitter::FACE_PX`] wide.
pub static ALL: [Ramp; 24] = [
    ramp("blur", "px", [0.0, 6.0], SHARP, Way::Picture(|s, v| spoiled(s, Degradation::Blur { sigma_px: v * s.size }))),
    ramp("motion blur", "px", [0.0, 30.0], STILL, Way::Picture(motion)),
    ramp(
        "fewer pixels",
        "share",
        [1.0, 0.05],
        SHARP,
        Way::Picture(|s, v| spoiled(s, Degradation::Resolution { share: v })),
    ),
    ramp("noise", "levels", [0.0, 40.0], &["image.noise"], Way::Picture(noise)),
    ramp("JPEG quality", "", [95.0, 5.0], &["file.quality"], Way::File),
    ramp("underexposure", "stops", [0.0, -4.0], &["light.dark"], Way::Picture(exposure)),
    ramp(
        "dark gamma",
        "power",
        [1.0, 4.0],
        &["light.dark"],
        Way::Picture(|s, v| spoiled(s, Degradation::Gamma { power: v })),
    ),
    ramp("overexposure", "stops", [0.0, 3.0], &["light.bright"], Way::Picture(exposure)),
    ramp("warm cast", "strength", [0.0, 1.0], SKIN, Way::Picture(|s, v| cast(s, [1.0 + 0.2 * v, 1.0, 1.0 - 0.5 * v]))),
    ramp("cold cast", "strength", [0.0, 1.0], SKIN, Way::Picture(|s, v| cast(s, [1.0 - 0.5 * v, 1.0, 1.0 + 0.2 * v]))),
    ramp("tilt", "deg", [0.0, 30.0], &["pose.roll"], Way::Picture(|s, v| spoiled(s, Degradation::Tilt { deg: v }))),
    ramp("blue backdrop", "share", [0.0, 1.0], WHITE, Way::Picture(blue)),
    ramp("grey backdrop", "level", [255.0, 120.0], WHITE, Way::Picture(|s, v| backdrop(s, [v; 3]))),
    ramp("bar over the eyes", "reach", [0.0, 0.4], &["occlusion.eyes"], Way::Picture(eye_bar)).with(&["eyes.open"]),
    ramp("cloth over the mouth", "reach", [0.0, 0.6], &["occlusion.mouth"], Way::Picture(mouth_cloth)),
    ramp("lids coming down", "share", [0.0, 1.0], &["eyes.open"], Way::Picture(lids_down)),
    ramp("turned", "deg", [0.0, 45.0], &["pose.yaw"], Way::Drawn(Portrait::yaw)),
    ramp("raised", "deg", [0.0, 45.0], &["pose.pitch"], Way::Drawn(Portrait::pitch)),
    ramp("bowed", "deg", [0.0, -45.0], &["pose.pitch"], Way::Drawn(Portrait::pitch)),
    ramp("eyes closing", "open", [1.0, 0.0], &["eyes.open"], Way::Drawn(|p, v| p.eyes_open(v, v))),
    ramp("one eye closing", "open", [1.0, 0.0], &["eyes.open"], Way::Drawn(|p, v| p.eyes_open(v, 1.0))),
    ramp("mouth opening", "open", [0.0, 1.0], &["mouth.closed"], Way::Drawn(Portrait::mouth_open)),
    ramp("light from the side", "share", [0.0, 1.0], &["light.uneven"], Way::Drawn(|p, v| p.light(|l| l.side = v))),
    ramp("hot spots", "strength", [0.0, 1.0], &["light.hotspot"], Way::Drawn(|p, v| p.light(|l| l.hot_spots = v))),
];

/// All of them, or the one of that name.
pub fn called(name: Option<&str>) -> Vec<&'static Ramp> {
    ALL.iter().filter(|ramp| name.is_none_or(|name| ramp.name == name)).collect()
}

fn spoiled(sitter: &Sitter, degradation: Degradation) -> RgbImage {
    degradation.apply(&sitter.picture)
}

fn motion(sitter: &Sitter, length: f32) -> RgbImage {
    spoiled(sitter, Degradation::Motion { length_px: length * sitter.size, angle_deg: 20.0 })
}

fn noise(sitter: &Sitter, sigma: f32) -> RgbImage {
    spoiled(sitter, Degradation::Noise { sigma, seed: 9 })
}

fn exposure(sitter: &Sitter, stops: f32) -> RgbImage {
    spoiled(sitter, Degradation::Exposure { stops })
}

fn cast(sitter: &Sitter, gains: [f32; 3]) -> RgbImage {
    spoiled(sitter, Degradation::Cast { gains })
}

fn backdrop(sitter: &Sitter, colour: [f32; 3]) -> RgbImage {
    degrade::recolour(&sitter.picture, &sitter.person, colour.map(|c| c.round() as u8))
}

fn blue(sitter: &Sitter, share: f32) -> RgbImage {
    backdrop(sitter, BLUE.map(|c| 255.0 + (c - 255.0) * share))
}

/// The reach is a share of the distance between the eyes.
fn eye_bar(sitter: &Sitter, reach: f32) -> RgbImage {
    covered(sitter, sitter.eyes, reach, [12, 12, 14])
}

fn mouth_cloth(sitter: &Sitter, reach: f32) -> RgbImage {
    covered(sitter, sitter.mouth, reach, MASK)
}

fn lids_down(sitter: &Sitter, share: f32) -> RgbImage {
    sitter.lids.iter().fold(sitter.picture.clone(), |picture, lids| degrade::lid_drawn_down(&picture, lids, share))
}

fn covered(sitter: &Sitter, [from, to]: [[f32; 2]; 2], reach: f32, colour: [u8; 3]) -> RgbImage {
    if reach <= 0.0 {
        return sitter.picture.clone();
    }
    degrade::bar(&sitter.picture, from, to, reach * sitter.between_eyes(), colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_that_should_notice_exists() {
        let known = |code: &&&str| inspection::check::ALL.iter().any(|check| check.code == **code);
        let unknown: Vec<_> =
            ALL.iter().flat_map(|r| r.checks.iter().chain(r.allies)).filter(|code| !known(code)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
