//! The file of the standard photo is within the byte window of its card for every kind of picture.

mod jpeg_files;

use inspection::codec::{self, Effort, EncodeSettings, Limits, Process};
use inspection::image::Rgb8;
use inspection::render::bytes::{ByteWindow, FitError, Fitted, fit};
use jpeg_files::*;
use proptest::prelude::*;
use rules::card::Card;
use rules::photo_spec::PhotoSpec;

fn window(card: Card) -> ByteWindow {
    let limit = &PhotoSpec::of(card).output_bytes.limit;
    ByteWindow { min: limit.min.unwrap_or(0.0) as u32, max: limit.max.expect("every card has a largest size") as u32 }
}

fn fit_card(card: Card, image: &Rgb8, effort: Effort) -> Fitted {
    let window = window(card);
    let fitted = fit(image, PhotoSpec::of(card).dpi, window, effort).expect("every picture fits");
    let bytes = fitted.bytes.len() as u32;
    assert!((window.min..=window.max).contains(&bytes), "{card}: {bytes} bytes");
    fitted
}

fn sample(card: Card, kind: u8) -> Rgb8 {
    let spec = PhotoSpec::of(card);
    match kind {
        0 => Rgb8::filled(spec.width_px, spec.height_px, [255; 3]),
        1 => pure_noise(spec.width_px, spec.height_px),
        grain => picture(spec.width_px, spec.height_px, (grain - 2) * 4),
    }
}

#[test]
fn fit_keeps_the_window_of_every_card_for_every_kind_of_picture() {
    for card in Card::ALL {
        for kind in 0..8 {
            let image = sample(card, kind);
            let fitted = fit_card(card, &image, Effort::Fast);
            assert!(fitted.encodes <= 9, "{card} {kind}: {} encodes", fitted.encodes);
            let decoded = codec::decode(&fitted.bytes, &Limits::default(), None).expect("the file is valid");
            assert_eq!((decoded.image.width, decoded.image.height), (image.width, image.height));
            let header = decoded.header;
            let density = header.density.expect("a density");
            let dpi = f32::from(PhotoSpec::of(card).dpi);
            assert_eq!((density.x_dpi, density.y_dpi), (dpi, dpi));
            assert_eq!((header.process, header.scans), (Process::Baseline, 1));
            assert_eq!(header.quality(), Some(fitted.quality));
        }
    }
}

#[test]
fn fit_returns_the_highest_quality_that_fits() {
    for card in [Card::ResidentId, Card::DrivingLicence] {
        for kind in 1..18 {
            let image = sample(card, kind);
            let fitted = fit_card(card, &image, Effort::Fast);
            if fitted.quality == 100 {
                continue;
            }
            let (quality, chroma, dpi) = (fitted.quality + 1, fitted.chroma, PhotoSpec::of(card).dpi);
            let better = EncodeSettings { quality, chroma, dpi, effort: Effort::Fast };
            let bytes = codec::encode(&image, &better).expect("encodes").len() as u32;
            assert!(bytes > window(card).max, "{card} {kind}: quality {quality} has {bytes} bytes");
        }
    }
}

#[test]
fn fit_with_trellis_keeps_the_window_and_the_quality() {
    let image = sample(Card::ResidentId, 6);
    let decode = |file: &[u8]| codec::decode(file, &Limits::default(), None).expect("the file decodes").image;
    let fast = fit_card(Card::ResidentId, &image, Effort::Fast);
    let fine = fit_card(Card::ResidentId, &image, Effort::Trellis);
    assert!(fine.quality >= fast.quality);
    assert!(psnr(&image, &decode(&fine.bytes)) > psnr(&image, &decode(&fast.bytes)) - 0.1);
}

#[test]
fn fit_of_a_plain_picture_reaches_the_minimum_with_comment_segments() {
    let white = sample(Card::ResidentId, 0);
    let fitted = fit_card(Card::ResidentId, &white, Effort::Fast);
    assert_eq!(fitted.bytes.len(), 14_336);
    assert!(fitted.filler_bytes > 0);
    let decoded = codec::decode(&fitted.bytes, &Limits::default(), None).expect("the file is valid");
    assert_eq!(decoded.image, white);
    assert_eq!(decoded.header.trailing_bytes, 0);
}

#[test]
fn fit_of_the_same_picture_gives_the_same_bytes() {
    for effort in [Effort::Fast, Effort::Trellis] {
        let image = sample(Card::DrivingLicence, 5);
        assert_eq!(fit_card(Card::DrivingLicence, &image, effort), fit_card(Card::DrivingLicence, &image, effort));
    }
}

#[test]
fn fit_refuses_impossible_windows() {
    let noise = sample(Card::ResidentId, 1);
    let fit = |min, max| fit(&noise, 350, ByteWindow { min, max }, Effort::Fast);
    assert!(matches!(fit(0, 900), Err(FitError::TooLarge { smallest }) if smallest > 900));
    assert!(matches!(fit(20_000, 10_000), Err(FitError::Window { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn fit_keeps_any_valid_window_for_any_picture(
        card in prop::sample::select(Card::ALL.to_vec()),
        grain in 0..64u8,
        mix in 0.0..1.0f32,
        max in 12_000..60_000u32,
    ) {
        let spec = PhotoSpec::of(card);
        let mut image = picture(spec.width_px, spec.height_px, grain);
        let noise = pure_noise(spec.width_px, spec.height_px);
        for (pixel, speck) in image.pixels.iter_mut().zip(&noise.pixels) {
            *pixel = (f32::from(*pixel) * (1.0 - mix) + f32::from(*speck) * mix) as u8;
        }
        let window = ByteWindow { min: max / 2, max };
        let fitted = fit(&image, spec.dpi, window, Effort::Fast).expect("fits");
        prop_assert!((window.min..=window.max).contains(&(fitted.bytes.len() as u32)));
        prop_assert!(codec::decode(&fitted.bytes, &Limits::default(), None).is_ok());
    }
}
