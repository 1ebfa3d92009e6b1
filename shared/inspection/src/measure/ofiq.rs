//! The published mappings of OFIQ 1.0.3 (reference implementation of ISO/IEC 29794-5) from native value to 0..=100.
//!
//! The native values here are our own measures in OFIQ's units: near its own, not equal, because the landmarks and
//! masks come from other networks. OFIQ's maintainers warn against reading any scalar as "compliant".

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

/// Share of occluded or other area, 0 to 1 (SingleFacePresent: second face by first).
pub fn complement(share: f64) -> u8 {
    scalar(100.0 * (1.0 - share))
}

/// Mean Sobel magnitude over the background.
pub fn background_uniformity(native: f64) -> u8 {
    curve(native, [190.0, 1.0, -1.0, 10.0, 100.0])
}

/// Histogram intersection of both cheeks, 0 to 1.
pub fn illumination_uniformity(native: f64) -> u8 {
    scalar(100.0 * native.max(0.0).powf(0.3))
}

/// Mean luminance, 0 to 1.
pub fn luminance_mean(native: f64) -> u8 {
    scalar(100.0 * sigmoid((native - 0.2) / 0.05) * (1.0 - sigmoid((native - 0.8) / 0.05)))
}

/// Variance of luminance.
pub fn luminance_variance(native: f64) -> u8 {
    let ratio = 60.0 * native / (60.0 * native + 1.0);
    scalar(100.0 * (std::f64::consts::PI * ratio).sin())
}

/// Share of dark pixels.
pub fn under_exposure(native: f64) -> u8 {
    curve(native, [120.0, 0.832, -1.0, 0.92, 0.05])
}

/// Share of burnt-out pixels.
pub fn over_exposure(native: f64) -> u8 {
    scalar(1.0 / (native + 0.01))
}

/// Entropy in bits.
pub fn dynamic_range(native: f64) -> u8 {
    scalar(12.5 * native)
}

/// Distance of the skin's a* and b* to the natural range.
pub fn natural_colour(native: f64) -> u8 {
    curve(native, [200.0, 1.0, -1.0, 0.0, 10.0])
}

/// Lid gap by eye-to-chin distance.
pub fn eyes_open(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 0.02, 0.01])
}

/// Inner lip gap by eye-to-chin distance.
pub fn mouth_closed(native: f64) -> u8 {
    curve(native, [100.0, 1.0, -1.0, 0.2, 0.06])
}

/// Pixels between the eyes, by the cosine of yaw.
pub fn inter_eye_distance(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 70.0, 20.0])
}

/// Eye-to-chin distance by picture height.
pub fn head_size(native: f64) -> u8 {
    curve((native - 0.45).abs(), [200.0, 1.0, -1.0, 0.0, 0.05])
}

/// Eye-edge distance by eye distance, left or right.
pub fn side_crop(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 0.9, 0.1])
}

/// Room above (1.4) or below (1.8) the eyes by eye-to-chin distance.
pub fn margin_above(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 1.4, 0.1])
}

pub fn margin_below(native: f64) -> u8 {
    curve(native, [100.0, 0.0, 1.0, 1.8, 0.1])
}

/// Degrees of yaw, pitch or roll.
pub fn pose(degrees: f64) -> u8 {
    scalar(100.0 * degrees.to_radians().cos().max(0.0).powi(2))
}
