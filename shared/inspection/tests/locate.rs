//! The locator finds what was drawn, where it was drawn.

use std::sync::LazyLock;

use drawn::colour::{hair, skin};
use drawn::{Backdrop, Drawing, Glasses, HairShape, Portrait};
use inspection::image::Rgb8;
use inspection::locate::geometry::{Affine, Point, distance};
use inspection::locate::{Eye, Face, Locator};
use inspection::network::cache_folder;

static LOCATOR: LazyLock<Locator> =
    LazyLock::new(|| Locator::load(&cache_folder()).expect("shared/inspection/models/fetch has run"));

fn picture(drawing: &Drawing) -> Rgb8 {
    let picture = &drawing.picture;
    Rgb8::new(picture.width(), picture.height(), picture.as_raw().clone()).expect("a whole picture")
}

fn only_face(picture: &Rgb8, what: &str) -> Face {
    let mut faces = LOCATOR.faces(picture).expect("the networks run");
    assert_eq!(faces.len(), 1, "{what}: {faces:#?}", faces = faces.iter().map(|it| it.bounds).collect::<Vec<_>>());
    faces.remove(0)
}

fn eyes(picture: &Rgb8, face: &Face) -> [Eye; 2] {
    let mesh = face.mesh.as_ref().expect("a found face has a mesh");
    LOCATOR.eyes(picture, mesh).expect("the network runs").map(|eye| eye.expect("the eye is in the picture"))
}

/// Faces as they come, one thing different in each.
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
        ("blue backdrop", plain().backdrop(Backdrop::Plain([67.0, 142.0, 219.0]))),
        ("open mouth", plain().mouth_open(1.0)),
        ("large picture", Portrait::new(2400, 3000)),
        ("small picture", Portrait::new(180, 222)),
    ]
}

#[test]
fn every_drawn_face_is_found_once_with_its_irises_in_place() {
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
fn the_iris_is_as_large_as_it_was_drawn() {
    for (what, portrait) in variants().into_iter().filter(|(what, _)| !what.contains("turned")) {
        let drawing = portrait.draw();
        let picture = picture(&drawing);
        for eye in eyes(&picture, &only_face(&picture, what)) {
            let radius = distance(eye.iris[1], eye.iris[3]) / 2.0;
            let ratio = radius / drawing.truth.iris_radius;
            assert!((0.75..1.25).contains(&ratio), "{what}: {ratio} of the drawn radius");
        }
    }
}

#[test]
fn faces_of_many_people_are_found_once() {
    for seed in 0..24 {
        only_face(&picture(&Portrait::someone(seed).draw()), &format!("person {seed}"));
    }
}

#[test]
fn the_roll_follows_the_head() {
    for roll in [-40.0, -20.0, -5.0, 0.0, 5.0, 20.0, 40.0] {
        let drawing = Portrait::passing().roll(roll).draw();
        let picture = picture(&drawing);
        let [right, left] = eyes(&picture, &only_face(&picture, &format!("roll {roll}")));
        let found = (left.iris[0][1] - right.iris[0][1]).atan2(left.iris[0][0] - right.iris[0][0]).to_degrees();
        assert!((found - roll).abs() < 2.0, "{found} instead of {roll}");
    }
}

#[test]
fn a_picture_on_its_side_or_upside_down_is_found_with_its_roll() {
    let upright = picture(&Portrait::passing().draw());
    for (quarters, roll) in [(1, 90.0), (2, 180.0), (3, -90.0)] {
        let face = only_face(&upright.turned(quarters), &format!("{quarters} quarter turns"));
        let off = (face.roll_degrees() - roll + 540.0).rem_euclid(360.0) - 180.0;
        assert!(off.abs() < 8.0, "{quarters} quarter turns: roll {}", face.roll_degrees());
    }
}

#[test]
fn a_bystander_is_a_second_face_and_an_empty_backdrop_has_none() {
    let two = LOCATOR.faces(&picture(&Portrait::passing().bystander().draw())).expect("the networks run");
    assert_eq!(two.len(), 2);
    assert!(two[0].bounds[2] >= two[1].bounds[2], "the larger face comes first");
    let none = LOCATOR.faces(&picture(&Portrait::passing().nobody().draw())).expect("the networks run");
    assert_eq!(none.len(), 0);
}

#[test]
fn pictures_too_small_or_thin_to_show_anybody_have_no_face() {
    for (width, height) in [(1, 1), (2, 1), (1, 900), (3000, 2), (7, 7)] {
        let faces = LOCATOR.faces(&Rgb8::filled(width, height, [200, 160, 140])).expect("the networks run");
        assert!(faces.is_empty(), "{width} x {height}");
    }
}

#[test]
fn the_mask_covers_the_person_and_nothing_else() {
    let drawing = Portrait::passing().backdrop(Backdrop::Plain([67.0, 142.0, 219.0])).draw();
    let picture = picture(&drawing);
    let mask = LOCATOR.person(&picture, &Affine([900.0, 0.0, 0.0, 0.0, 1110.0, 0.0])).expect("the network runs");
    let (mut both, mut either) = (0, 0);
    for (at, value) in mask.values.iter().enumerate() {
        let centre: Point = [(at % mask.width) as f32 + 0.5, (at / mask.width) as f32 + 0.5];
        let [x, y] = mask.to_picture.apply(centre);
        let drawn = drawing.person.get_pixel(x as u32, y as u32).0[0] > 127;
        both += usize::from(drawn && *value > 0.5);
        either += usize::from(drawn || *value > 0.5);
    }
    assert_eq!(mask.values.len(), mask.width * mask.height);
    assert!(mask.values.iter().all(|value| (0.0..=1.0).contains(value)));
    let overlap = both as f32 / either as f32;
    assert!(overlap > 0.9, "the mask and the drawn person share {overlap}");
}

#[test]
fn the_same_picture_is_measured_the_same_way_every_time() {
    let picture = picture(&Portrait::passing().roll(7.0).draw());
    let once = || {
        let face = only_face(&picture, "once");
        let eyes = eyes(&picture, &face);
        (face, eyes)
    };
    assert_eq!(once(), once());
}
