//! Encodes the standard photo to a size within the byte window of its card: the highest quality that fits, found by
//! predicting sizes.

use thiserror::Error;

use crate::codec::{self, Chroma, Effort, EncodeError, EncodeSettings};
use crate::image::Rgb8;

/// Inclusive bounds of the file size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteWindow {
    /// Smallest size; 0 where the card sets none.
    pub min: u32,
    /// Largest size.
    pub max: u32,
}

/// The encoded file and how it was encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The JPEG file.
    pub bytes: Vec<u8>,
    /// IJG quality 1..=100.
    pub quality: u8,
    /// Resolution of the colour components.
    pub chroma: Chroma,
    /// Bytes of the comment segments that fill a very plain picture to the minimum; 0 for nearly every photo.
    pub filler_bytes: u32,
    /// Number of encodings that the search needed.
    pub encodes: u32,
}

/// Why a picture cannot be encoded into a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FitError {
    /// Every quality exceeds the window.
    #[error("even the lowest quality needs {smallest} bytes")]
    TooLarge {
        /// Size at the lowest quality.
        smallest: u32,
    },
    /// The minimum exceeds the maximum, or the window is narrower than a comment segment that would have to be added.
    #[error("the window {min}..={max} is empty or too narrow")]
    Window {
        /// The window's minimum.
        min: u32,
        /// The window's maximum.
        max: u32,
    },
    /// The encoder refused the picture.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// First quality to try; most portraits end within a few steps of it.
const FIRST_QUALITY: u8 = 88;
/// Typical exponent of the size as a power of the table scale (size ~ percent^-0.85), for photos of about 28 KB.
const TYPICAL_SLOPE: f64 = -0.85;
/// Smallest exponent observed there. If the next quality would exceed the window even with this exponent, it is not
/// tried.
const FLATTEST_SLOPE: f64 = -0.35;
/// After this many predictions the search becomes a binary search.
const PREDICTIONS_MAX: u32 = 5;
/// Bytes of the marker and the length field of a comment segment.
const COMMENT_OVERHEAD: u32 = 4;
/// Largest comment segment in bytes.
const COMMENT_MAX: u32 = 65_535 + 2;
/// Position of the comments: after the start marker and the JFIF segment, whose lengths are constant.
const AFTER_JFIF: usize = 20;

/// Encodes `image` with the resolution tag `dpi` to a size within `window`. The same input always gives the same bytes.
///
/// # Errors
///
/// [`FitError::TooLarge`] when even quality 1 exceeds the window, [`FitError::Window`] for an impossible window, and
/// [`FitError::Encode`] when the encoder refuses the picture.
pub fn fit(image: &Rgb8, dpi: u16, window: ByteWindow, effort: Effort) -> Result<Fitted, FitError> {
    if window.min > window.max {
        return Err(FitError::Window { min: window.min, max: window.max });
    }
    let settings = EncodeSettings { quality: FIRST_QUALITY, chroma: Chroma::Quarter, dpi, effort: Effort::Fast };
    let mut search = Search { image, max: window.max, encodes: 0 };
    let mut best = search.best(settings)?;
    if effort == Effort::Trellis && best.settings.quality < 100 {
        let start = (best.settings.quality + 3).min(100);
        best = search.best(EncodeSettings { quality: start, effort, ..settings })?;
    }
    if best.settings.quality == 100 && best.size() < window.min {
        best = search.best(EncodeSettings { quality: 100, chroma: Chroma::Full, ..settings })?;
    }
    let Attempt { settings, mut bytes } = best;
    let filler_bytes = fill(&mut bytes, window)?;
    let EncodeSettings { quality, chroma, .. } = settings;
    Ok(Fitted { bytes, quality, chroma, filler_bytes, encodes: search.encodes })
}

struct Search<'a> {
    image: &'a Rgb8,
    max: u32,
    encodes: u32,
}

struct Attempt {
    settings: EncodeSettings,
    bytes: Vec<u8>,
}

impl Attempt {
    fn size(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn next_exceeds(&self, max: u32) -> bool {
        let quality = self.settings.quality;
        let growth = FLATTEST_SLOPE * (log_percent(quality + 1) - log_percent(quality));
        quality < 97 && self.point().1 + growth > f64::from(max).ln()
    }

    fn point(&self) -> (f64, f64) {
        (log_percent(self.settings.quality), f64::from(self.size()).ln())
    }
}

impl Search<'_> {
    /// The highest quality whose file has at most `max` bytes. `settings.quality` is tried first.
    fn best(&mut self, settings: EncodeSettings) -> Result<Attempt, FitError> {
        let mut fits: Option<Attempt> = None;
        let mut exceeds: Option<Attempt> = None;
        let mut quality = settings.quality;
        for round in 1.. {
            let attempt = self.encode(EncodeSettings { quality, ..settings })?;
            let side = if attempt.size() <= self.max { &mut fits } else { &mut exceeds };
            let previous = side.replace(attempt);
            let low = fits.as_ref().map_or(0, |attempt| attempt.settings.quality);
            let high = exceeds.as_ref().map_or(101, |attempt| attempt.settings.quality);
            if high - low == 1 || fits.as_ref().is_some_and(|attempt| attempt.next_exceeds(self.max)) {
                break;
            }
            quality = if round > PREDICTIONS_MAX {
                low.midpoint(high)
            } else {
                let known = [&fits, &exceeds, &previous].map(Option::as_ref).into_iter().flatten();
                predict(&known.map(Attempt::point).collect::<Vec<_>>(), self.max)
            };
            quality = quality.clamp(low + 1, high - 1);
        }
        fits.ok_or_else(|| FitError::TooLarge { smallest: exceeds.map_or(0, |attempt| attempt.size()) })
    }

    fn encode(&mut self, settings: EncodeSettings) -> Result<Attempt, FitError> {
        self.encodes += 1;
        Ok(Attempt { settings, bytes: codec::encode(self.image, &settings)? })
    }
}

/// The highest quality that is expected to have at most `max` bytes. The logarithm of the size is nearly linear in the
/// logarithm of the table scale: the line goes through two known points, or through one with the typical slope.
fn predict(known: &[(f64, f64)], max: u32) -> u8 {
    let from = known[0];
    let slope = match known.get(1) {
        Some(to) if (to.0 - from.0).abs() > 1e-9 => ((to.1 - from.1) / (to.0 - from.0)).clamp(-3.0, -0.2),
        _ => TYPICAL_SLOPE,
    };
    let target = f64::from(max).ln();
    (1..=100).rev().find(|&quality| from.1 + slope * (log_percent(quality) - from.0) <= target).unwrap_or(1)
}

/// Logarithm of the percentage by which the annex K tables are scaled.
fn log_percent(quality: u8) -> f64 {
    let quality = f64::from(quality.max(1));
    let percent = if quality < 50.0 { 5000.0 / quality } else { 200.0 - 2.0 * quality };
    // The tables of quality 100 consist of ones, which is about one percent.
    percent.max(1.0).ln()
}

/// Adds comment segments of spaces until the file has `window.min` bytes.
fn fill(bytes: &mut Vec<u8>, window: ByteWindow) -> Result<u32, FitError> {
    let before = bytes.len() as u32;
    let mut missing = window.min.saturating_sub(before);
    if missing == 0 {
        return Ok(0);
    }
    let mut comments = Vec::new();
    while missing > 0 {
        let size = missing.clamp(COMMENT_OVERHEAD, COMMENT_MAX);
        comments.extend([0xFF, 0xFE]);
        comments.extend(((size - 2) as u16).to_be_bytes());
        comments.resize(comments.len() + (size - COMMENT_OVERHEAD) as usize, b' ');
        missing = missing.saturating_sub(size);
    }
    if before + comments.len() as u32 > window.max {
        return Err(FitError::Window { min: window.min, max: window.max });
    }
    bytes.splice(AFTER_JFIF..AFTER_JFIF, comments.iter().copied());
    Ok(comments.len() as u32)
}
