//! The locator finds synthetic faces at their true positions.

use std::sync::LazyLock;

use inspection::image::Rgb8;
use inspection::locate::geometry::{Affine, Point, distance};
use inspection::locate::{Eye, Face, Locator};
use inspection::network::cache_folder;
use synthetic_portraits::colour::{hair, skin};
use synthetic_portraits::{Background, Drawing, Glasses, HairShape, Portrait};

static LOCATOR: LazyLock<Locator> =
    LazyLock::new(|| Locator::load(&cache_folder()).expect("shared/inspection/models/fetch has run"));

fn picture(drawing: &Drawing) -> Rgb8 {
    let picture = &drawing.picture;
    Rgb8::new(picture.width(), picture.height(), picture.as_raw().clone()).expect("three bytes per pixel")
}

fn only_face(picture: &Rgb8, what: &str) -> Face {
    let mut faces = LOCATOR.faces(picture).expect("the networks run");
    assert_eq!(faces.len(), 1, "{what}: {faces:#?}", faces = faces.iter().map(|it| it.bounds).collect::<Vec<_>>());
    faces.remove(0)
}

fn eyes(picture: &Rgb8, face: &Face) -> [Eye; 2] {
    let mesh = face.mesh.as_ref().expect("a detected face has a mesh");
    LOCATOR.eyes(picture, mesh).expect("the network runs").map(|eye| eye.expect("the eye is in the picture"))
}

/// Ordinary faces; each one differs from the first in one property.
fn variants() -> Vec<(&'static str, Portrait)> {
    let plain = Portrait::passing;
    vec![
        ("plain", plain()),
        ("small", plain().face_width(216.0)),
        ("very small", plain().face_width(126.0)),
        ("large", plain().face_width(470.0).centre(450.0, 540.0)),
        ("off centre", plain().centre(300.0, 466.0)),
        ("rolled right", plain().roll(12.0)),
        ("rolled left", plain().roll(-20.0)),
        ("turned right", plain().yaw(12.0)),
        ("turned left", plain().yaw(-12.0)),
        ("dark skin", plain().skin(skin::DEEP)),
        ("light skin", plain().skin(skin::PALE)),
        ("long hair", plain().hair(HairShape::Long, hair::BLACK)),
        ("glasses", plain().glasses(Glasses::Clear)),
        ("blue background", plain().background(Background::Plain([67.0, 142.0, 219.0]))),
        ("open mouth", plain().mouth_open(1.0)),
        ("large picture", Portrait::new(2400, 3000)),
        ("small picture", Portrait::new(180, 222)),
    ]
}

#[test]
fn faces_finds_every_variant_once_with_the_irises_at_their_true_positions() {
    for (what, portrait) in variants() {
        let drawing = portrait.draw();
        let picture = picture(&drawing);
        let found = eyes(&picture, &only_face(&picture, what));
        for (eye, truth) in found.iter().zip(drawing.truth.irises) {
            let error = distance(eye.iris[0], truth) / drawing.truth.eye_distance();
            assert!(error < 0.04, "{what}: an iris is {error} eye distances away");
        }
    }
}

#[test]
fn measured_iris_radius_is_near_the_true_radius() {
    for (what, portrait) in variants().into_iter().filter(|(what, _)| !what.contains("turned")) {
        let drawing = portrait.draw();
        let picture = picture(&drawing);
        for eye in eyes(&picture, &only_face(&picture, what)) {
            let radius = distance(eye.iris[1], eye.iris[3]) / 2.0;
            let ratio = radius / drawing.truth.iris_radius;
            assert!((0.75..1.25).contains(&ratio), "{what}: {ratio} of the true radius");
        }
    }
}

#[test]
fn faces_finds_the_face_of_every_generated_person_once() {
    for seed in 0..24 {
        only_face(&picture(&Portrait::person(seed).draw()), &format!("person {seed}"));
    }
}

#[test]
fn iris_positions_follow_the_roll_of_the_head() {
    for roll in [-40.0, -20.0, -5.0, 0.0, 5.0, 20.0, 40.0] {
        let drawing = Portrait::passing().roll(roll).draw();
        let picture = picture(&drawing);
        let [right, left] = eyes(&picture, &only_face(&picture, &format!("roll {roll}")));
        let found = (left.iris[0][1] - right.iris[0][1]).atan2(left.iris[0][0] - right.iris[0][0]).to_degrees();
        assert!((found - roll).abs() < 2.0, "{found} instead of {roll}");
    }
}

#[test]
fn faces_finds_the_face_of_a_rotated_picture_with_its_roll() {
    let upright = picture(&Portrait::passing().draw());
    for (quarters, roll) in [(1, 90.0), (2, 180.0), (3, -90.0)] {
        let face = only_face(&upright.turned(quarters), &format!("{quarters} quarter turns"));
        let off = (face.roll_degrees() - roll + 540.0).rem_euclid(360.0) - 180.0;
        assert!(off.abs() < 8.0, "{quarters} quarter turns: roll {}", face.roll_degrees());
    }
}

#[test]
fn faces_finds_two_faces_with_a_bystander_and_none_on_a_background() {
    let two = LOCATOR.faces(&picture(&Portrait::passing().bystander().draw())).expect("the networks run");
    assert_eq!(two.len(), 2);
    assert!(two[0].bounds[2] >= two[1].bounds[2], "the larger face comes first");
    let none = LOCATOR.faces(&picture(&Portrait::passing().without_person().draw())).expect("the networks run");
    assert_eq!(none.len(), 0);
}

#[test]
fn faces_finds_no_face_in_very_small_or_narrow_pictures() {
    for (width, height) in [(1, 1), (2, 1), (1, 900), (3000, 2), (7, 7)] {
        let faces = LOCATOR.faces(&Rgb8::filled(width, height, [200, 160, 140])).expect("the networks run");
        assert!(faces.is_empty(), "{width} x {height}");
    }
}

#[test]
fn mask_overlaps_the_person_by_more_than_90_percent() {
    let drawing = Portrait::passing().background(Background::Plain([67.0, 142.0, 219.0])).draw();
    let picture = picture(&drawing);
    let mask = LOCATOR.person(&picture, &Affine([900.0, 0.0, 0.0, 0.0, 1110.0, 0.0])).expect("the network runs");
    let (mut both, mut either) = (0, 0);
    for (at, value) in mask.values.iter().enumerate() {
        let centre: Point = [(at % mask.width) as f32 + 0.5, (at / mask.width) as f32 + 0.5];
        let [x, y] = mask.to_picture.apply(centre);
        let truth = drawing.person.get_pixel(x as u32, y as u32).0[0] > 127;
        both += usize::from(truth && *value > 0.5);
        either += usize::from(truth || *value > 0.5);
    }
    assert_eq!(mask.values.len(), mask.width * mask.height);
    assert!(mask.values.iter().all(|value| (0.0..=1.0).contains(value)));
    let overlap = both as f32 / either as f32;
    assert!(overlap > 0.9, "the overlap of the mask with the person is {overlap}");
}

#[test]
fn measurements_of_the_same_picture_are_equal() {
    let picture = picture(&Portrait::passing().roll(7.0).draw());
    let once = || {
        let face = only_face(&picture, "once");
        let eyes = eyes(&picture, &face);
        (face, eyes)
    };
    assert_eq!(once(), once());
}
