//! Every degradation grows with its strength, has the described effect, and is reproducible.

use image::RgbImage;
use synthetic_portraits::Portrait;
use synthetic_portraits::degrade::{DEGRADATION_KINDS, Degradation, Lids, bar, lid_lowered, recolour};

fn portrait() -> RgbImage {
    Portrait::new(300, 370).render()
}

fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: f64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / a.as_raw().len() as f64
}

fn mean(picture: &RgbImage, channel: usize) -> f64 {
    let sum: f64 = picture.pixels().map(|pixel| f64::from(pixel.0[channel])).sum();
    sum / f64::from(picture.width() * picture.height())
}

/// Mean difference of neighbouring pixels in a row: smaller after blur, larger after noise.
fn detail(picture: &RgbImage) -> f64 {
    let (width, height) = picture.dimensions();
    let steps = (0..height).flat_map(|y| (1..width).map(move |x| (x, y)));
    let sum: f64 =
        steps.map(|(x, y)| f64::from(picture.get_pixel(x, y).0[1].abs_diff(picture.get_pixel(x - 1, y).0[1]))).sum();
    sum / f64::from((width - 1) * height)
}

#[test]
fn degradation_changes_nothing_at_strength_zero_and_more_at_higher_strength() {
    let picture = portrait();
    for kind in DEGRADATION_KINDS {
        let changed = |strength| difference(&(kind.at)(strength).apply(&picture), &picture);
        let (none, some, much) = (changed(0.0), changed(0.4), changed(1.0));
        let rounding = if kind.name == "compression" { 0.8 } else { 0.0 };
        assert!(none <= rounding, "{}: {none}", kind.name);
        assert!(some > none + 0.2 && much > some, "{}: {none} {some} {much}", kind.name);
    }
}

#[test]
fn degradation_of_the_same_picture_gives_the_same_result() {
    let picture = portrait();
    for kind in DEGRADATION_KINDS {
        assert_eq!((kind.at)(0.7).apply(&picture), (kind.at)(0.7).apply(&picture), "{}", kind.name);
    }
}

#[test]
fn blur_motion_and_resolution_reduce_detail_and_noise_increases_it() {
    let picture = portrait();
    let after = |degradation: Degradation| detail(&degradation.apply(&picture));
    let before = detail(&picture);
    assert!(after(Degradation::Blur { sigma_px: 3.0 }) < 0.6 * before);
    assert!(after(Degradation::Motion { length_px: 12.0, angle_deg: 0.0 }) < 0.6 * before);
    assert!(after(Degradation::Resolution { share: 0.2 }) < 0.7 * before);
    assert!(after(Degradation::Noise { sigma: 12.0, seed: 1 }) > 1.5 * before);
}

#[test]
fn blur_keeps_the_mean_of_each_channel() {
    let picture = portrait();
    let blurred = Degradation::Blur { sigma_px: 4.0 }.apply(&picture);
    for channel in 0..3 {
        assert!((mean(&blurred, channel) - mean(&picture, channel)).abs() < 1.5);
    }
}

#[test]
fn exposure_of_minus_one_stop_halves_the_light() {
    let grey = RgbImage::from_pixel(8, 8, image::Rgb([180; 3]));
    let darker = Degradation::Exposure { stops: -1.0 }.apply(&grey).get_pixel(3, 3).0[0];
    let light = |level: f64| (level / 255.0).powf(2.2);
    assert!((light(f64::from(darker)) / light(180.0) - 0.5).abs() < 0.01, "{darker}");
    let gamma = Degradation::Gamma { power: 2.0 }.apply(&grey).get_pixel(3, 3).0[0];
    assert_eq!(gamma, (180.0f64 * 180.0 / 255.0).round() as u8);
}

#[test]
fn cast_changes_only_its_channel() {
    let picture = portrait();
    let cold = Degradation::Cast { gains: [0.5, 1.0, 1.0] }.apply(&picture);
    assert!((mean(&cold, 0) - 0.5 * mean(&picture, 0)).abs() < 1.0);
    assert_eq!((mean(&cold, 1), mean(&cold, 2)), (mean(&picture, 1), mean(&picture, 2)));
}

#[test]
fn tilt_rotates_clockwise_about_the_centre() {
    let mut picture = RgbImage::from_pixel(101, 101, image::Rgb([255; 3]));
    for (x, y) in [(79, 49), (79, 50), (79, 51), (80, 49), (80, 50), (80, 51), (81, 50)] {
        picture.put_pixel(x, y, image::Rgb([0; 3]));
    }
    let turned = Degradation::Tilt { deg: 90.0 }.apply(&picture);
    assert!(turned.get_pixel(50, 80).0[0] < 40, "from the right of the centre to below it");
    assert!(turned.get_pixel(80, 50).0[0] > 215);
}

#[test]
fn recolour_replaces_the_background_and_keeps_the_person() {
    let drawing = Portrait::new(300, 370).draw();
    let blue = recolour(&drawing.picture, &drawing.person, [67, 142, 219]);
    assert_eq!(blue.get_pixel(3, 3).0, [67, 142, 219]);
    for (x, y, mask) in drawing.person.enumerate_pixels() {
        match mask.0[0] {
            255 => assert_eq!(blue.get_pixel(x, y), drawing.picture.get_pixel(x, y)),
            0 => assert_eq!(blue.get_pixel(x, y).0, [67, 142, 219]),
            _ => {}
        }
    }
}

#[test]
fn bar_covers_both_eyes_of_a_tilted_face_and_keeps_the_mouth() {
    let drawing = Portrait::new(300, 370).roll(20.0).draw();
    let truth = drawing.truth;
    let reach = 0.4 * truth.eye_distance();
    let barred = bar(&drawing.picture, truth.irises[0], truth.irises[1], reach, [0; 3]);
    for [x, y] in truth.irises {
        assert_eq!(barred.get_pixel(x as u32, y as u32).0, [0; 3]);
        let above = [x as u32, (y - 1.3 * reach) as u32];
        assert_eq!(barred.get_pixel(above[0], above[1]), drawing.picture.get_pixel(above[0], above[1]));
    }
    for [x, y] in truth.mouth {
        assert_eq!(barred.get_pixel(x as u32, y as u32), drawing.picture.get_pixel(x as u32, y as u32));
    }
}

#[test]
fn lid_lowered_covers_the_iris_and_changes_nothing_below_the_eye() {
    let drawing = Portrait::new(300, 370).draw();
    let (truth, picture) = (drawing.truth, &drawing.picture);
    for side in 0..2 {
        let ([x, y], reach) = (truth.eyes[side], truth.eye_distance() / 4.0);
        let gap = truth.eye_opening[side] * reach;
        let lids = Lids {
            upper: vec![[x - reach, y], [x, y - gap], [x + reach, y]],
            lower: vec![[x - reach, y], [x, y + gap], [x + reach, y]],
        };
        let mirrored = Lids {
            upper: lids.upper.iter().rev().copied().collect(),
            lower: lids.lower.iter().rev().copied().collect(),
        };
        let shut = lid_lowered(picture, &lids, 1.0);
        assert_eq!(
            lid_lowered(picture, &mirrored, 1.0),
            shut,
            "the result does not depend on the order of the corners"
        );
        let [iris_x, iris_y] = truth.irises[side].map(|c| c as u32);
        let bright =
            |picture: &RgbImage| picture.get_pixel(iris_x, iris_y).0.iter().map(|&c| u32::from(c)).sum::<u32>();
        assert!(bright(&shut) > bright(picture) + 150, "skin covers the iris");
        let below = [x as u32, (y + gap + 0.2 * reach) as u32 + 1];
        assert_eq!(shut.get_pixel(below[0], below[1]), picture.get_pixel(below[0], below[1]));
    }
}
