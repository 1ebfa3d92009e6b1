//! Converts pixels from the embedded ICC profile to sRGB.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

use super::header::{ColourMode, Header};
use crate::image::Rgb8;

/// How the embedded ICC profile was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileUse {
    /// The file has no profile; pixels are treated as sRGB.
    Absent,
    /// The profile is sRGB except for rounding; pixels are unchanged.
    Srgb,
    /// Pixels were converted to sRGB.
    Converted,
    /// The profile is damaged, too large, or not RGB; pixels are treated as sRGB.
    Unusable,
}

/// Largest difference, in code values, at which a profile counts as sRGB: different sRGB profiles differ by this much.
const SAME_WITHIN: u8 = 2;

pub(super) fn convert_to_srgb(image: &mut Rgb8, header: &Header) -> ProfileUse {
    if header.icc_bytes == 0 {
        return ProfileUse::Absent;
    }
    let Some(icc) = header.icc.as_deref().filter(|_| header.colour != ColourMode::Grey) else {
        return ProfileUse::Unusable;
    };
    // The profile is untrusted input: a panic of the colour library must not end the inspection.
    catch_unwind(AssertUnwindSafe(|| convert(image, icc))).ok().flatten().unwrap_or(ProfileUse::Unusable)
}

fn convert(image: &mut Rgb8, icc: &[u8]) -> Option<ProfileUse> {
    let Some(transform) = transform(icc)? else { return Some(ProfileUse::Srgb) };
    let stride = image.width as usize * 3;
    let mut row = vec![0; stride];
    for pixels in image.pixels.chunks_exact_mut(stride) {
        row.copy_from_slice(pixels);
        transform.transform(&row, pixels).ok()?;
    }
    Some(ProfileUse::Converted)
}

/// `None` when it would not change any colour.
type Transform = Option<Arc<Transform8BitExecutor>>;

/// The transform of a profile. Creating one takes longer than applying it to a small photo, and the photos of one
/// camera have the same profile, so the last transform is cached.
fn transform(icc: &[u8]) -> Option<Transform> {
    static LAST: Mutex<Option<(Vec<u8>, Transform)>> = Mutex::new(None);
    let last = || LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, transform)) = last().as_ref().filter(|(of, _)| of == icc) {
        return Some(transform.clone());
    }
    let created = create_transform(icc)?;
    *last() = Some((icc.to_vec(), created.clone()));
    Some(created)
}

fn create_transform(icc: &[u8]) -> Option<Transform> {
    let profile = ColorProfile::new_from_slice(icc).ok()?;
    if profile.color_space != DataColorSpace::Rgb {
        return None;
    }
    let transform = profile
        .create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, TransformOptions::default())
        .ok()?;
    let samples = sample_colours();
    let mut converted = vec![0; samples.len()];
    transform.transform(&samples, &mut converted).ok()?;
    let same = samples.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= SAME_WITHIN);
    Some((!same).then_some(transform))
}

/// 6 x 6 x 6 colours, evenly distributed in the RGB cube.
fn sample_colours() -> Vec<u8> {
    (0..216).flat_map(|n| [n / 36, n / 6 % 6, n % 6].map(|step| step * 51)).collect()
}
