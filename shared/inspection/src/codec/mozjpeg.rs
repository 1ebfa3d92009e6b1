//! Decoding and encoding with mozjpeg: the decoder of libjpeg-turbo with DCT scaling, and its encoder with optional
//! trellis quantisation.
//!
//! libjpeg reports damage as warnings and continues with grey pixels. Here the first warning that means lost picture
//! data ends the decode. This also bounds the time that a damaged file can take.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use mozjpeg::{ColorSpace, Compress, Decompress, PixelDensity, PixelDensityUnit, qtable};
use mozjpeg_sys as ffi;

use super::error::DecodeError;
use super::{Chroma, Effort, EncodeError, EncodeSettings};
use crate::image::Rgb8;

/// Stored pixels as RGB, each side divided by `scale` (1, 2, 4 or 8) and rounded up. The file must have passed
/// [`probe`](super::probe). Any damage is an error, never a partly grey picture.
pub(super) fn decode_pixels(bytes: &[u8], scale: u32) -> Result<Rgb8, DecodeError> {
    catch_unwind(AssertUnwindSafe(|| decompress(bytes, scale))).unwrap_or_else(|thrown| {
        Err(match thrown.downcast::<DecodeError>() {
            Ok(error) => *error,
            Err(_) => DecodeError::Corrupt { detail: "the decoder panicked" },
        })
    })
}

/// Encodes a picture as a baseline JFIF file without metadata.
///
/// # Errors
///
/// [`EncodeError`] when a side is zero or longer than JPEG allows, or `image.pixels` does not match the sides.
pub fn encode(image: &Rgb8, settings: &EncodeSettings) -> Result<Vec<u8>, EncodeError> {
    let refused = EncodeError { width: image.width, height: image.height };
    if image.pixels.len() != image.width as usize * image.height as usize * 3 {
        return Err(refused);
    }
    catch_unwind(AssertUnwindSafe(|| compress(image, settings))).ok().and_then(Result::ok).ok_or(refused)
}

fn decompress(bytes: &[u8], scale: u32) -> Result<Rgb8, DecodeError> {
    let broken = |_| DecodeError::Corrupt { detail: "the decoder ran out of data" };
    let mut header = Decompress::with_err(strict_errors()).from_mem(bytes).map_err(broken)?;
    header.scale((8 / scale) as u8);
    let mut picture = header.rgb().map_err(broken)?;
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let pixels = picture.read_scanlines::<u8>().map_err(broken)?;
    picture.finish().map_err(broken)?;
    Rgb8::new(width, height, pixels).ok_or(DecodeError::Corrupt { detail: "the picture has no pixels" })
}

fn compress(image: &Rgb8, settings: &EncodeSettings) -> std::io::Result<Vec<u8>> {
    let mut file = Compress::new(ColorSpace::JCS_RGB);
    file.set_size(image.width as usize, image.height as usize);
    let quality = table_quality(settings.quality);
    match settings.effort {
        Effort::Fast => file.set_fastest_defaults(),
        // One interleaved scan: old software that reads certificate photos supports nothing else.
        Effort::Trellis => file.set_optimize_scans(false),
    }
    // Quantisation steps stay within one byte, so the file is baseline even at quality 1.
    file.set_luma_qtable(&qtable::AnnexK_Luma.scaled(quality, quality));
    file.set_chroma_qtable(&qtable::AnnexK_Chroma.scaled(quality, quality));
    file.set_optimize_coding(settings.effort == Effort::Trellis);
    let sample = match settings.chroma {
        Chroma::Quarter => (2, 2),
        Chroma::Full => (1, 1),
    };
    file.set_chroma_sampling_pixel_sizes(sample, sample);
    file.set_pixel_density(PixelDensity { unit: PixelDensityUnit::Inches, x: settings.dpi, y: settings.dpi });
    let mut file = file.start_compress(Vec::with_capacity(32 * 1024))?;
    file.write_scanlines(&image.pixels)?;
    file.finish()
}

/// Below quality 50 the library scales tables by an unrounded percentage; the IJG definition rounds it down.
fn table_quality(quality: u8) -> f32 {
    let quality = quality.clamp(1, 100);
    if quality >= 50 {
        return quality.into();
    }
    // The small addition prevents exact halves from being rounded down when the library divides back.
    5000.0 / (f32::from(5000 / u16::from(quality)) + 0.001)
}

fn strict_errors() -> ffi::jpeg_error_mgr {
    ffi::jpeg_error_mgr {
        error_exit: Some(throw_error),
        emit_message: Some(throw_damage),
        output_message: Some(ignore),
        format_message: None,
        reset_error_mgr: Some(ignore),
        msg_code: 0,
        msg_parm: ffi::msg_parm_union { _bindgen_data_: [0; 20] },
        trace_level: 0,
        num_warnings: 0,
        jpeg_message_table: ptr::null(),
        last_jpeg_message: 0,
        addon_message_table: ptr::null(),
        first_addon_message: 0,
        last_addon_message: 0,
    }
}

extern "C-unwind" fn ignore(_: &mut ffi::jpeg_common_struct) {}

/// libjpeg requires that this function does not return. It is compiled with unwind tables, so unwinding through it is
/// safe.
extern "C-unwind" fn throw_error(state: &mut ffi::jpeg_common_struct) {
    resume_unwind(Box::new(match message_code(state) {
        ffi::JERR_FILE_READ | ffi::JERR_INPUT_EOF | ffi::JERR_INPUT_EMPTY => DecodeError::Truncated,
        _ => DecodeError::Corrupt { detail: "the decoder refused the file" },
    }));
}

/// Warnings have level -1, traces 0 and above.
extern "C-unwind" fn throw_damage(state: &mut ffi::jpeg_common_struct, level: i32) {
    if level >= 0 {
        return;
    }
    let damage = match message_code(state) {
        ffi::JWRN_JPEG_EOF | ffi::JWRN_HIT_MARKER => DecodeError::Truncated,
        ffi::JWRN_HUFF_BAD_CODE => DecodeError::Corrupt { detail: "bad Huffman code" },
        ffi::JWRN_MUST_RESYNC => DecodeError::Corrupt { detail: "restart markers out of step" },
        ffi::JWRN_BOGUS_PROGRESSION => DecodeError::Corrupt { detail: "progressive scans out of order" },
        // Harmless: stray bytes between segments, an unknown Adobe transform or JFIF version, an ICC chunk.
        _ => return,
    };
    resume_unwind(Box::new(damage));
}

#[allow(unsafe_code)]
fn message_code(state: &ffi::jpeg_common_struct) -> ffi::J_MESSAGE_CODE {
    // SAFETY: libjpeg calls the two handlers with the error manager it was given, which `Decompress` owns and keeps
    // alive until after the last call; nothing else borrows it during the call.
    unsafe { (*state.err).msg_code as ffi::J_MESSAGE_CODE }
}
