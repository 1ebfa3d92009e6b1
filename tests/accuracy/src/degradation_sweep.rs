//! Degradations with a growing strength, and the checks that should fail because of them.

use image::RgbImage;
use synthetic_portraits::Portrait;
use synthetic_portraits::degrade::{self, Degradation};

use crate::MeasurementError;
use crate::subject::{self, Subject};

/// One degradation, from no effect to severe.
#[derive(Debug)]
pub struct DegradationSweep {
    /// Name in the table.
    pub name: &'static str,
    /// Unit of the strength.
    pub unit: &'static str,
    /// Strength without effect.
    pub from: f32,
    /// Largest strength.
    pub to: f32,
    /// At least one of these checks should fail.
    pub checks: &'static [&'static str],
    /// These checks may fail as well, because the degradation concerns them too.
    pub also: &'static [&'static str],
    method: Method,
}

#[derive(Debug)]
enum Method {
    /// Changes any picture.
    Picture(fn(&Subject, f32) -> RgbImage),
    /// Changes the quality of the file; the strength is the quality.
    File,
    /// Changes the parameters of a synthetic portrait.
    Synthetic(fn(Portrait, f32) -> Portrait),
}

impl DegradationSweep {
    /// The degraded file; `None` where the method cannot be applied to the subject.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Encode`] when the picture cannot be encoded.
    pub fn jpeg(&self, subject: &Subject, strength: f32) -> Result<Option<Vec<u8>>, MeasurementError> {
        let file = match (&self.method, &subject.portrait) {
            (Method::Picture(degrade), _) => subject::jpeg(degrade(subject, strength), subject::QUALITY)?,
            (Method::File, _) => subject::jpeg(subject.picture.clone(), strength.round() as u8)?,
            (Method::Synthetic(change), Some(portrait)) => change(portrait.clone(), strength).jpeg(),
            (Method::Synthetic(_), None) => return Ok(None),
        };
        Ok(Some(file))
    }

    const fn with(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

const fn sweep(
    name: &'static str,
    unit: &'static str,
    [from, to]: [f32; 2],
    checks: &'static [&'static str],
    method: Method,
) -> DegradationSweep {
    DegradationSweep { name, unit, from, to, checks, also: &[], method }
}

const SHARP: &[&str] = &["image.sharp"];
const STILL: &[&str] = &["image.motion", "image.sharp"];
const SKIN: &[&str] = &["colour.skin"];
const WHITE: &[&str] = &["background.white"];
const BLUE: [f32; 3] = [67.0, 142.0, 219.0];
const MASK: [u8; 3] = [176, 204, 220];

/// Every degradation. Lengths are pixels of a face that is [`subject::FACE_PX`] wide.
pub static ALL: [DegradationSweep; 24] = [
    sweep(
        "blur",
        "px",
        [0.0, 6.0],
        SHARP,
        Method::Picture(|s, v| degraded(s, Degradation::Blur { sigma_px: v * s.size })),
    ),
    sweep("motion blur", "px", [0.0, 30.0], STILL, Method::Picture(motion)),
    sweep(
        "fewer pixels",
        "share",
        [1.0, 0.05],
        SHARP,
        Method::Picture(|s, v| degraded(s, Degradation::Resolution { share: v })),
    ),
    sweep("noise", "levels", [0.0, 40.0], &["image.noise"], Method::Picture(noise)),
    sweep("JPEG quality", "", [95.0, 5.0], &["file.quality"], Method::File),
    sweep("underexposure", "stops", [0.0, -4.0], &["light.dark"], Method::Picture(exposure)),
    sweep(
        "dark gamma",
        "power",
        [1.0, 4.0],
        &["light.dark"],
        Method::Picture(|s, v| degraded(s, Degradation::Gamma { power: v })),
    ),
    sweep("overexposure", "stops", [0.0, 3.0], &["light.bright"], Method::Picture(exposure)),
    sweep(
        "warm cast",
        "strength",
        [0.0, 1.0],
        SKIN,
        Method::Picture(|s, v| cast(s, [1.0 + 0.2 * v, 1.0, 1.0 - 0.5 * v])),
    ),
    sweep(
        "cold cast",
        "strength",
        [0.0, 1.0],
        SKIN,
        Method::Picture(|s, v| cast(s, [1.0 - 0.5 * v, 1.0, 1.0 + 0.2 * v])),
    ),
    sweep(
        "tilt",
        "deg",
        [0.0, 30.0],
        &["pose.roll"],
        Method::Picture(|s, v| degraded(s, Degradation::Tilt { deg: v })),
    ),
    sweep("blue background", "share", [0.0, 1.0], WHITE, Method::Picture(blue)),
    sweep("grey background", "level", [255.0, 120.0], WHITE, Method::Picture(|s, v| background(s, [v; 3]))),
    sweep("bar over the eyes", "reach", [0.0, 0.4], &["occlusion.eyes"], Method::Picture(eye_bar)).with(&["eyes.open"]),
    sweep("cloth over the mouth", "reach", [0.0, 0.6], &["occlusion.mouth"], Method::Picture(mouth_cloth)),
    sweep("lids coming down", "share", [0.0, 1.0], &["eyes.open"], Method::Picture(lids_down)),
    sweep("turned", "deg", [0.0, 45.0], &["pose.yaw"], Method::Synthetic(Portrait::yaw)),
    sweep("raised", "deg", [0.0, 45.0], &["pose.pitch"], Method::Synthetic(Portrait::pitch)),
    sweep("bowed", "deg", [0.0, -45.0], &["pose.pitch"], Method::Synthetic(Portrait::pitch)),
    sweep("eyes closing", "open", [1.0, 0.0], &["eyes.open"], Method::Synthetic(|p, v| p.eyes_open(v, v))),
    sweep("one eye closing", "open", [1.0, 0.0], &["eyes.open"], Method::Synthetic(|p, v| p.eyes_open(v, 1.0))),
    sweep("mouth opening", "open", [0.0, 1.0], &["mouth.closed"], Method::Synthetic(Portrait::mouth_open)),
    sweep(
        "light from the side",
        "share",
        [0.0, 1.0],
        &["light.uneven"],
        Method::Synthetic(|p, v| p.light(|l| l.side = v)),
    ),
    sweep(
        "hot spots",
        "strength",
        [0.0, 1.0],
        &["light.hotspot"],
        Method::Synthetic(|p, v| p.light(|l| l.hot_spots = v)),
    ),
];

/// All degradations, or the one with the given name.
pub fn named(name: Option<&str>) -> Vec<&'static DegradationSweep> {
    ALL.iter().filter(|sweep| name.is_none_or(|name| sweep.name == name)).collect()
}

fn degraded(subject: &Subject, degradation: Degradation) -> RgbImage {
    degradation.apply(&subject.picture)
}

fn motion(subject: &Subject, length: f32) -> RgbImage {
    degraded(subject, Degradation::Motion { length_px: length * subject.size, angle_deg: 20.0 })
}

fn noise(subject: &Subject, sigma: f32) -> RgbImage {
    degraded(subject, Degradation::Noise { sigma, seed: 9 })
}

fn exposure(subject: &Subject, stops: f32) -> RgbImage {
    degraded(subject, Degradation::Exposure { stops })
}

fn cast(subject: &Subject, gains: [f32; 3]) -> RgbImage {
    degraded(subject, Degradation::Cast { gains })
}

fn background(subject: &Subject, colour: [f32; 3]) -> RgbImage {
    degrade::recolour(&subject.picture, &subject.person, colour.map(|c| c.round() as u8))
}

fn blue(subject: &Subject, share: f32) -> RgbImage {
    background(subject, BLUE.map(|c| 255.0 + (c - 255.0) * share))
}

/// `reach` is a share of the distance between the eyes.
fn eye_bar(subject: &Subject, reach: f32) -> RgbImage {
    covered(subject, subject.eyes, reach, [12, 12, 14])
}

fn mouth_cloth(subject: &Subject, reach: f32) -> RgbImage {
    covered(subject, subject.mouth, reach, MASK)
}

fn lids_down(subject: &Subject, share: f32) -> RgbImage {
    subject.lids.iter().fold(subject.picture.clone(), |picture, lids| degrade::lid_lowered(&picture, lids, share))
}

fn covered(subject: &Subject, [from, to]: [[f32; 2]; 2], reach: f32, colour: [u8; 3]) -> RgbImage {
    if reach <= 0.0 {
        return subject.picture.clone();
    }
    degrade::bar(&subject.picture, from, to, reach * subject.between_eyes(), colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sweep_contains_only_known_checks() {
        let known = |code: &&&str| inspection::check::ALL.iter().any(|check| check.code == **code);
        let unknown: Vec<_> =
            ALL.iter().flat_map(|r| r.checks.iter().chain(r.also)).filter(|code| !known(code)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
