//! The codec on unusual, damaged and malicious files. Every file is generated here.

mod jpeg_files;

use std::time::{Duration, Instant};

use inspection::codec::metrics::{Region, blockiness};
use inspection::codec::{
    self, Chroma, ColourMode, DecodeError, Decoded, Effort, EncodeSettings, FileKind, Limits, Orientation, Process,
    ProfileUse, TableFamily, Tables, Unsupported,
};
use inspection::image::Rgb8;
use jpeg_encoder::{ColorType, SamplingFactor};
use jpeg_files::never_panics::decode_any;
use jpeg_files::*;
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    codec::decode(bytes, &Limits::default(), None)
}

fn refusal(bytes: &[u8]) -> DecodeError {
    decode(bytes).expect_err("the file is refused")
}

/// Only JPEG is accepted, and the error contains the recognised format.
///
/// Covers: IC-26
#[test]
fn decode_of_another_format_names_the_format() {
    let cases: [(&[u8], Option<FileKind>); 8] = [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(FileKind::Png)),
        (b"GIF89a\x01\0", Some(FileKind::Gif)),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Some(FileKind::WebP)),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Some(FileKind::Heic)),
        (b"%PDF-1.7", Some(FileKind::Pdf)),
        (b"\xFF\x0A\xFA\x7F", Some(FileKind::JpegXl)),
        (b"hello", None),
        (b"\xFF\xD8\x00", None),
    ];
    for (bytes, looks_like) in cases {
        let error = refusal(bytes);
        assert_eq!(error, DecodeError::NotAJpeg { looks_like });
        assert_eq!(error.reason(), "not-a-jpeg");
    }
}

#[test]
fn decode_of_an_empty_file_fails_with_empty() {
    assert_eq!(refusal(b"").reason(), "empty");
}

/// 1,048,576 bytes are accepted; one more byte is refused.
///
/// Covers: IC-38
#[test]
fn decode_accepts_a_file_at_the_size_limit_and_refuses_a_larger_one() {
    let mut file = Written::default().file(&picture(64, 64, 4));
    file.resize(1_048_576, 0);
    assert!(decode(&file).is_ok());
    file.push(0);
    assert_eq!(refusal(&file), DecodeError::TooLargeFile { bytes: 1_048_577, limit: 1_048_576 });
}

#[test]
fn decode_of_a_truncated_file_fails_with_truncated() {
    let image = picture(120, 152, 8);
    for written in [
        Written::default(),
        Written { progressive: true, ..Written::default() },
        Written { optimised_tables: true, ..Written::default() },
        Written { restart_interval: 4, ..Written::default() },
    ] {
        let file = written.file(&image);
        for length in (1..file.len()).step_by(7).chain(file.len() - 3..file.len()) {
            assert_eq!(refusal(&file[..length]), DecodeError::Truncated, "{length} of {}", file.len());
        }
    }
}

#[test]
fn decode_of_a_truncated_file_with_an_appended_end_marker_fails() {
    let image = picture(120, 152, 8);
    for written in [Written::default(), Written { optimised_tables: true, ..Written::default() }] {
        let file = written.file(&image);
        let data = find_segment(&file, 0xDA) + 20;
        for length in (data..file.len() - 40).step_by(61) {
            let reason = refusal(&[&file[..length], b"\xFF\xD9"].concat()).reason();
            assert!(["truncated", "corrupt"].contains(&reason), "{length}: {reason}");
        }
    }
}

#[test]
fn decode_of_a_file_without_colour_scans_fails_with_truncated() {
    let file = Written { optimised_tables: true, ..Written::default() }.file(&picture(358, 441, 6));
    let scans: Vec<usize> = file.windows(2).enumerate().filter(|(_, w)| *w == [0xFF, 0xDA]).map(|(at, _)| at).collect();
    assert_eq!(scans.len(), 3, "this encoder writes one scan for each component");
    for &cut in &scans[1..] {
        assert_eq!(refusal(&[&file[..cut], b"\xFF\xD9"].concat()), DecodeError::Truncated);
    }
}

/// Some decoders return wrong pixels for these files without an error.
#[test]
fn decode_of_separate_scans_is_correct_at_sizes_that_are_no_multiple_of_the_block() {
    for (width, height) in [(358, 441), (352, 432), (344, 440), (350, 430)] {
        let image = picture(width, height, 6);
        let file = Written { optimised_tables: true, ..Written::default() }.file(&image);
        let decoded = decode(&file).expect("the file is valid");
        assert_eq!(decoded.header.scans, 3);
        assert!(psnr(&image, &decoded.image) > 30.0, "{width} x {height}: {}", psnr(&image, &decoded.image));
    }
}

#[test]
fn decode_supports_progressive_restart_markers_and_every_sampling() {
    let image = picture(211, 167, 6);
    for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2] {
        for progressive in [false, true] {
            for restart_interval in [0, 3] {
                let file = Written { sampling, progressive, restart_interval, ..Written::default() }.file(&image);
                let decoded = decode(&file).expect("the file is valid");
                assert!(psnr(&image, &decoded.image) > 30.0, "{sampling:?} {progressive} {restart_interval}");
            }
        }
    }
}

#[test]
fn decode_refuses_four_inks_and_accepts_grey() {
    let inks = vec![90; 64 * 64 * 4];
    for (colour, mode) in [(ColorType::Cmyk, ColourMode::Cmyk), (ColorType::CmykAsYcck, ColourMode::Ycck)] {
        let file = Written::default().file_of(&inks, 64, 64, colour);
        assert_eq!(refusal(&file), DecodeError::ColourMode(mode));
    }
    let grey = Written::default().file_of(&[120; 64 * 48], 64, 48, ColorType::Luma);
    let decoded = decode(&grey).expect("grey is decoded");
    assert_eq!(decoded.header.colour, ColourMode::Grey);
    assert_eq!(decoded.image.pixels.len(), 64 * 48 * 3);
    assert!(decoded.image.pixels.iter().all(|&value| value.abs_diff(120) <= 2));
}

#[test]
fn decode_of_a_header_with_huge_sides_fails_quickly() {
    let file = Written::default().file(&picture(64, 64, 4));
    let started = Instant::now();
    assert_eq!(
        refusal(&claiming_size(&file, 65_535, 65_535)),
        DecodeError::TooManyPixels { width: 65_535, height: 65_535 }
    );
    assert_eq!(refusal(&claiming_size(&file, 12_001, 10)).reason(), "too-many-pixels");
    assert_eq!(refusal(&claiming_size(&file, 64, 0)), DecodeError::Unsupported(Unsupported::LateHeight));
    assert_eq!(refusal(&claiming_size(&file, 0, 64)).reason(), "corrupt");
    assert!(started.elapsed() < Duration::from_millis(200));
    // Within the limits, but the data is that of a small picture.
    assert_eq!(refusal(&claiming_size(&file, 8_000, 6_000)), DecodeError::Truncated);
}

#[test]
fn decode_time_of_a_progressive_bomb_is_bounded() {
    let started = Instant::now();
    let worst = progressive_bomb(8_160, 6_144, 32);
    assert!(worst.len() < 1_048_576);
    let decoded = codec::decode(&worst, &Limits::default(), Some(1_600)).expect("the file is valid");
    assert_eq!((decoded.scale, decoded.image.width), (4, 2_040));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert_eq!(refusal(&progressive_bomb(64, 64, 33)), DecodeError::Unsupported(Unsupported::Scans(33)));
}

#[test]
fn decode_of_an_unsupported_process_names_the_process() {
    let file = Written::default().file(&picture(64, 64, 4));
    let frame = find_segment(&file, 0xC0);
    let with_frame = |marker: u8, bits: u8| {
        let mut file = file.clone();
        file[frame - 3] = marker;
        file[frame] = bits;
        refusal(&file)
    };
    assert_eq!(with_frame(0xC1, 12), DecodeError::Unsupported(Unsupported::BitDepth(12)));
    assert_eq!(with_frame(0xC9, 8), DecodeError::Unsupported(Unsupported::Arithmetic));
    assert_eq!(with_frame(0xCA, 8), DecodeError::Unsupported(Unsupported::Arithmetic));
    assert_eq!(with_frame(0xC3, 8), DecodeError::Unsupported(Unsupported::Lossless));
    assert_eq!(with_frame(0xC5, 8), DecodeError::Unsupported(Unsupported::Hierarchical));
    assert_eq!(with_frame(0xF7, 8), DecodeError::Unsupported(Unsupported::JpegLs));
}

#[test]
fn decode_counts_and_ignores_bytes_after_the_end_marker() {
    let image = picture(96, 80, 6);
    let file = Written::default().file(&image);
    let plain = decode(&file).expect("the file is valid");
    let with_archive = decode(&[&file[..], b"PK\x03\x04 and so on \xFF\xD8\xFF\xDB"].concat()).expect("decodes");
    assert_eq!(with_archive.header.trailing_bytes, 19);
    assert_eq!(with_archive.image, plain.image);
}

#[test]
fn decode_with_a_second_start_marker_or_frame_header_fails_with_corrupt() {
    let file = Written::default().file(&picture(64, 64, 4));
    assert_eq!(refusal(&with_segment(&file, 0xD8, b"")).reason(), "corrupt");
    let frame = find_segment(&file, 0xC0);
    let copy = file[frame..frame + 15].to_vec();
    assert_eq!(refusal(&with_segment(&file, 0xC0, &copy)).reason(), "corrupt");
}

/// The corner that is dark in the stored picture must be in the corner that EXIF specifies.
#[test]
fn decode_applies_all_eight_orientations() {
    let mut stored = Rgb8::filled(96, 64, [230, 230, 230]);
    for (y, x) in (0..16).flat_map(|y| (0..32).map(move |x| (y, x))) {
        stored.set_pixel(x, y, [20, 20, 20]);
    }
    let file = Written::default().file(&stored);
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 0), (1, 1), (0, 1)];
    for (value, (right, bottom)) in (1..=8).zip(corners) {
        let decoded = decode(&with_orientation(&file, value)).expect("the file is valid");
        let (width, height) = decoded.header.upright_size();
        assert_eq!((decoded.image.width, decoded.image.height), (width, height));
        assert_eq!((width, height), if value >= 5 { (64, 96) } else { (96, 64) }, "orientation {value}");
        // The dark patch is 32 along the stored rows and 16 across them.
        let (along_x, along_y) = if value >= 5 { (8, 24) } else { (24, 8) };
        let x = if right == 1 { width - 1 - along_x } else { along_x };
        let y = if bottom == 1 { height - 1 - along_y } else { along_y };
        assert!(decoded.image.pixel(x, y)[0] < 60, "orientation {value}");
        let opposite = decoded.image.pixel(width - 1 - x, height - 1 - y)[0];
        assert!(opposite > 200, "orientation {value}");
    }
    assert_eq!(decode(&with_orientation(&file, 9)).expect("decodes").header.orientation, Orientation::Upright);
}

#[test]
fn decode_converts_profiles_to_srgb() {
    let colour = [200, 90, 60];
    let file = Written { sampling: SamplingFactor::F_1_1, quality: 98, ..Written::default() }
        .file(&Rgb8::filled(64, 64, colour));
    let srgb = moxcms::ColorProfile::new_srgb();
    for profile in [moxcms::ColorProfile::new_display_p3(), moxcms::ColorProfile::new_adobe_rgb()] {
        let decoded = decode(&with_icc(&file, &profile.encode().expect("a profile"))).expect("the file is valid");
        assert_eq!(decoded.profile, ProfileUse::Converted);
        // The profile has wider primaries: the same code values are a more saturated red.
        let red = decoded.image.pixel(30, 30);
        assert!(red[0] > colour[0] + 8 && red[2] < colour[2], "{red:?}");
    }
    let same = decode(&with_icc(&file, &srgb.encode().expect("a profile"))).expect("the file is valid");
    assert_eq!(same.profile, ProfileUse::Srgb);
    assert_eq!(same.image, decode(&file).expect("the file is valid").image);
}

#[test]
fn decode_reports_damaged_and_oversized_profiles_as_unusable() {
    let file = Written::default().file(&picture(64, 64, 4));
    let profile = moxcms::ColorProfile::new_display_p3().encode().expect("a profile");
    for bad in [&profile[..profile.len() / 2], &[0; 300]] {
        let decoded = decode(&with_icc(&file, bad)).expect("the picture is valid");
        assert_eq!(decoded.profile, ProfileUse::Unusable);
    }
    let chunk = [&b"ICC_PROFILE\0\x02\x02"[..], &[0; 40_000]].concat();
    let first = [&b"ICC_PROFILE\0\x01\x02"[..], &[0; 40_000]].concat();
    let decoded = decode(&with_segment(&with_segment(&file, 0xE2, &chunk), 0xE2, &first)).expect("decodes");
    assert_eq!((decoded.header.icc_bytes, decoded.header.icc.is_none()), (80_000, true));
    assert_eq!(decoded.profile, ProfileUse::Unusable);
}

#[test]
fn probe_returns_quality_density_and_size() {
    let image = picture(358, 441, 6);
    for quality in 1..=100 {
        let effort = if quality % 30 == 1 { Effort::Trellis } else { Effort::Fast };
        let settings = EncodeSettings { quality, chroma: Chroma::Quarter, dpi: 350, effort };
        let file = codec::encode(&image, &settings).expect("encodes");
        let header = codec::probe(&file, &Limits::default()).expect("the file is valid");
        assert_eq!(header.tables, Some(Tables { quality, family: TableFamily::AnnexK }));
        assert_eq!(header.process, Process::Baseline);
        let density = header.density.expect("a density");
        assert_eq!((density.x_dpi, density.y_dpi), (350.0, 350.0));
        assert_eq!((header.width, header.height, header.sampling[0]), (358, 441, (2, 2)));
        assert!(header.complete && header.editor_traces.is_empty() && header.icc_bytes == 0);
    }
}

#[test]
fn decode_reduces_a_large_picture_and_keeps_the_size_in_the_header() {
    let image = picture(1_603, 1_201, 4);
    let file = Written::default().file(&image);
    for (enough, scale, size) in [(1_600, 1, (1_603, 1_201)), (801, 2, (802, 601)), (400, 4, (401, 301))] {
        let decoded = codec::decode(&file, &Limits::default(), Some(enough)).expect("the file is valid");
        assert_eq!(decoded.scale, scale, "{enough}");
        assert_eq!((decoded.image.width, decoded.image.height), size);
        assert_eq!((decoded.header.width, decoded.header.height), (1_603, 1_201));
    }
}

/// The block grid must match the file's blocks, also after a rotation of a picture whose sides are no multiple of 8.
#[test]
fn blockiness_is_high_for_coarse_files_at_every_orientation() {
    let image = picture(243, 197, 10);
    let coarse = Written { quality: 8, sampling: SamplingFactor::F_1_1, ..Written::default() }.file(&image);
    let fine = Written { quality: 96, sampling: SamplingFactor::F_1_1, ..Written::default() }.file(&image);
    for orientation in 1..=8 {
        let measure = |file: &[u8]| {
            let decoded = decode(&with_orientation(file, orientation)).expect("the file is valid");
            let grid = decoded.block_grid().expect("blocks of 8 pixels");
            blockiness(&decoded.image, Region::whole(&decoded.image), grid)
        };
        assert!(measure(&coarse) > 1.6, "orientation {orientation}: {}", measure(&coarse));
        assert!(measure(&fine) < 1.2, "orientation {orientation}: {}", measure(&fine));
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let image = picture(90, 70, 12);
    let icc = moxcms::ColorProfile::new_display_p3().encode().expect("a profile");
    let plain = Written::default().file(&image);
    vec![
        with_orientation(&with_icc(&plain, &icc), 6),
        Written { progressive: true, restart_interval: 5, ..Written::default() }.file(&image),
        Written { optimised_tables: true, ..Written::default() }.file(&image),
        Written::default().file_of(&[77; 64 * 64], 64, 64, ColorType::Luma),
        progressive_bomb(160, 120, 12),
        plain,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn decode_of_changed_bytes_does_not_panic_or_hang(
        seed in 0..6usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = seeds().swap_remove(seed);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        decode_any(&bytes);
    }

    #[test]
    fn decode_of_arbitrary_bytes_after_the_magic_does_not_panic(tail in prop::collection::vec(any::<u8>(), 0..600)) {
        decode_any(&[b"\xFF\xD8\xFF", &tail[..]].concat());
    }
}
