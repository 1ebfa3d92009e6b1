//! The published mappings of OFIQ 1.0.3 (reference implementation of ISO/IEC 29794-5) from native value to 0..=100.
//!
//! The native values are this engine's measurements in OFIQ's units. They are similar to OFIQ's own but not equal,
//! because the landmarks and masks come from other networks. OFIQ's maintainers warn that no scalar means "compliant".
//!
//! Every function takes the native value and returns the scalar, 0 (worst) to 100 (best).

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `h (a + s sigmoid((x - x0) / w))`, rounded and clamped.
fn curve(x: f64, [h, a, s, x0, w]: [f64; 5]) -> u8 {
    scalar(h * (a + s * sigmoid((x - x0) / w)))
}

fn scalar(value: f64) -> u8 {
    value.round().clamp(0.0, 100.0) as u8
}

/// SingleFacePresent, EyesVisible, FaceOcclusionPrevention: share of the occluded area, or area of the second face
/// divided by that of the first, 0 to 1.
pub fn complement(share: f64) -> u8 {
    scalar(100.0 * (1.0 - share))
}

/// BackgroundUniformity: mean Sobel magnitude over the background.
pub fn background_uniformity(native: f64) -> u8 {
    curve(native, [190.0, 1.0, -1.0, 10.0, 100.0])
}

/// IlluminationUniformity: histogram intersection of both cheeks, 0 to 1.
pub fn illumination_uniformity(native: f64) -> u8 {
    scalar(100.0 * native.max(0.0).powf(0.3))
}

/// LuminanceMean: mean luminance, 0 to 1.
pub fn luminance_mean(native: f64) -> u8 {
    scalar(100.0 * sigmoid((native - 0.2) / 0.05) * (1.0 - sigmoid((native - 0.8) / 0.05)))
}

/// LuminanceVariance: variance of the luminance.
pub fn luminance_variance(native: f64) -> u8 {
    let ratio = 60.0 * native / (60.0 * native + 1.0);
    scalar(100.0 * (std::f64::consts::PI * ratio).sin())
}

/// UnderExposurePrevention: share of underexposed pixels, 0 to 1.
pub fn under_exposure(native: f64) -> u8 {
    curve(native, [120.0, 0.832, -1.0, 0.92, 0.05])
}

/// OverExposurePrevention: share of overexposed pixels, 0 to 1.
pub fn over_exposure(native: f64) -> u8 {
    scalar(1.0 / (native + 0.01))
}

/// DynamicRange: entropy in bits.
pub fn dynamic_range(native: f64) -> u8 {
    scalar(12.5 * native)
}

/// NaturalColour: distance of the skin's a* and b* to the natural range.
pub fn natural_colour(native: f64) -> u8 {
    curve(native, [200.0, 1.0, -1.0, 0.0, 10.0])
}

/// EyesOpen: lid gap divided by the eye-to-chin distance.
pub fn eyes_open(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 0.02, 0.01])
}

/// MouthClosed: inner lip gap divided by the eye-to-chin distance.
pub fn mouth_closed(native: f64) -> u8 {
    curve(native, [100.0, 1.0, -1.0, 0.2, 0.06])
}

/// InterEyeDistance: pixels between the eyes, divided by the cosine of yaw.
pub fn inter_eye_distance(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 70.0, 20.0])
}

/// HeadSize: eye-to-chin distance divided by the picture height.
pub fn head_size(native: f64) -> u8 {
    curve((native - 0.45).abs(), [200.0, 1.0, -1.0, 0.0, 0.05])
}

/// LeftwardCrop and RightwardCrop: distance from the eye to the edge divided by the eye distance.
pub fn side_crop(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 0.9, 0.1])
}

/// MarginAbove: distance from the eyes to the top edge divided by the eye-to-chin distance.
pub fn margin_above(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 1.4, 0.1])
}

/// MarginBelow: distance from the eyes to the bottom edge divided by the eye-to-chin distance.
pub fn margin_below(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 1.8, 0.1])
}

/// HeadPoseYaw, HeadPosePitch, HeadPoseRoll: degrees.
pub fn pose(degrees: f64) -> u8 {
    scalar(100.0 * degrees.to_radians().cos().max(0.0).powi(2))
}
