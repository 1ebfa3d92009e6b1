//! Properties of the passing portraits on which other tests rely.

use domain::card::Card;
use domain::photo_spec::PhotoSpec;
use synthetic_portraits::{GroundTruth, Portrait};

const PEOPLE: std::ops::Range<u32> = 0..24;

/// Whether the standard photo can be cut at some scale: with the face width, the crown and the eye line of the card.
fn can_be_cut(truth: &GroundTruth, width: u32, height: u32, spec: &PhotoSpec) -> bool {
    let (card_width, card_height) = (f64::from(spec.width_px), f64::from(spec.height_px));
    let face = f64::from(truth.face_width());
    (0..=100).any(|step| {
        let limit = spec.face_width_px.limit;
        let (least, most) = (limit.min.expect("a least width"), limit.max.expect("a greatest width"));
        let scale = (least + (most - least) * f64::from(step) / 100.0) / face;
        let at = |value: f32| f64::from(value) * scale;
        let crown = spec.crown_px.limit.max.expect("a greatest margin").min(14.0);
        let (left, top) = (at(truth.eye_middle()[0]) - card_width / 2.0, at(truth.crown[1]) - crown);
        let eyes_from_bottom = card_height - (at(truth.eye_middle()[1]) - top);
        let head = at(truth.head_length());
        scale <= 1.0
            && left >= 0.0
            && top >= 0.0
            && left + card_width <= f64::from(width) * scale
            && top + card_height <= f64::from(height) * scale
            && spec.eyes_from_bottom_px.limit.contains(eyes_from_bottom)
            && spec.head_length_px.as_ref().is_none_or(|rule| rule.limit.contains(head))
    })
}

#[test]
fn standard_photo_of_every_card_can_be_cut_without_enlarging() {
    for portrait in PEOPLE.map(Portrait::person).chain([Portrait::passing()]) {
        assert!(portrait.face_width >= 230.0);
        for card in Card::ALL {
            let spec = PhotoSpec::of(card);
            assert!(
                can_be_cut(&portrait.truth(), portrait.width, portrait.height, spec),
                "{card}: seed {}",
                portrait.seed
            );
        }
    }
}

#[test]
fn file_has_an_accepted_size_and_is_a_baseline_jpeg() {
    for portrait in PEOPLE.map(Portrait::person).chain([Portrait::passing()]) {
        let bytes = portrait.jpeg();
        assert!((30_720..=1_048_576).contains(&bytes.len()), "{} bytes", bytes.len());
        assert_eq!(bytes[..3], [0xFF, 0xD8, 0xFF]);
        assert!(bytes.windows(2).any(|marker| marker == [0xFF, 0xC0]), "a baseline frame");
    }
}

#[test]
fn background_is_white_and_clothes_are_dark() {
    let drawing = Portrait::passing().draw();
    let (mut background, mut cloth) = (0, 0);
    for (x, y, pixel) in drawing.picture.enumerate_pixels() {
        match drawing.person.get_pixel(x, y).0[0] {
            0 => {
                assert!(pixel.0.iter().all(|&c| c >= 253), "{x},{y}: {pixel:?}");
                background += 1;
            }
            255 if y > 1000 => {
                assert!(pixel.0.iter().all(|&c| c < 150), "{x},{y}: {pixel:?}");
                cloth += 1;
            }
            _ => {}
        }
    }
    assert!(background > 300_000 && cloth > 50_000);
}

#[test]
fn both_shoulders_extend_to_the_bottom_edge() {
    let drawing = Portrait::passing().draw();
    let truth = drawing.truth;
    for side in [-0.9f32, 0.9] {
        let x = truth.eye_middle()[0] + side * truth.face_width();
        assert_eq!(drawing.person.get_pixel(x as u32, 1109).0[0], 255);
    }
}

#[test]
fn same_parameters_give_the_same_bytes_and_different_seeds_do_not() {
    for portrait in [Portrait::passing(), Portrait::person(7)] {
        assert_eq!(portrait.render(), portrait.render());
        assert_eq!(portrait.jpeg(), portrait.jpeg());
        assert_eq!(portrait.render(), portrait.draw().picture);
    }
    assert_ne!(Portrait::person(1).render(), Portrait::person(2).render());
    assert_ne!(Portrait::passing().render(), Portrait::passing().seed(6).render());
}

#[test]
fn portraits_of_any_size_can_be_rendered() {
    for (width, height) in [(1, 1), (3, 200), (640, 20), (358, 441)] {
        assert_eq!(Portrait::new(width, height).render().dimensions(), (width, height));
    }
    let outside = Portrait::new(64, 64).centre(-5000.0, 9000.0).render();
    assert!(outside.pixels().all(|pixel| pixel.0.iter().all(|&c| c > 248)));
}
