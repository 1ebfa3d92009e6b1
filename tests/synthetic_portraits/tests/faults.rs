//! Each fault changes its part of the picture and nothing else.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use synthetic_portraits::{Drawing, Fault, GroundTruth, Portrait, fault, faults};

static PASSING: LazyLock<Drawing> = LazyLock::new(|| Portrait::passing().draw());
/// Rendered once for all tests.
static FAULTY: LazyLock<Vec<(Fault, Drawing)>> =
    LazyLock::new(|| faults().into_iter().map(|fault| (fault.clone(), fault.portrait.draw())).collect());

fn drawing_of(name: &str) -> &'static Drawing {
    &FAULTY.iter().find(|(fault, _)| fault.name == name).expect("a fault").1
}

/// A box in picture pixels: left, top, right, bottom.
type Box = [f32; 4];

fn around([x, y]: [f32; 2], half_width: f32, half_height: f32) -> Box {
    [x - half_width, y - half_height, x + half_width, y + half_height]
}

/// Mean absolute difference from the passing portrait inside (or outside) a box, in levels.
fn difference(a: &Drawing, b: &Drawing, area: Box, inside: bool) -> f32 {
    let [left, top, right, bottom] = area;
    let (mut sum, mut count) = (0.0, 0.0f32);
    for (x, y, pixel) in a.picture.enumerate_pixels() {
        let within = (left..right).contains(&(x as f32)) && (top..bottom).contains(&(y as f32));
        if within == inside {
            sum += (0..3).map(|c| f32::from(pixel.0[c].abs_diff(b.picture.get_pixel(x, y).0[c]))).sum::<f32>() / 3.0;
            count += 1.0;
        }
    }
    sum / count.max(1.0)
}

/// The box that a local fault may change; `None` for a fault that changes the whole picture or most of the person.
fn area_of(name: &str, truth: &GroundTruth) -> Option<Box> {
    let (eyes, mouth, d) = (truth.eye_middle(), truth.mouth, truth.eye_distance());
    let lips = [(mouth[0][0] + mouth[1][0]) / 2.0, mouth[0][1]];
    let head = [eyes[0], (truth.crown[1] + truth.chin[1]) / 2.0];
    Some(match name {
        "one-eye-closed" => around(truth.eyes[0], 0.45 * d, 0.3 * d),
        "both-eyes-closed" | "looking-away" | "red-eyes" => around(eyes, d, 0.3 * d),
        "sunglasses" | "glasses-glare" | "thick-frames" | "bar-over-eyes" => around(eyes, 1.4 * d, 0.55 * d),
        "mouth-open" | "teeth" => around(lips, 0.75 * d, 0.65 * d),
        "mask" => around(lips, 1.4 * d, d),
        "hand-over-mouth" => around([lips[0] + 0.4 * d, lips[1]], 1.5 * d, 1.1 * d),
        "fringe-over-eyes" | "fringe-over-brows" => around([eyes[0], eyes[1] - 0.5 * d], 1.3 * d, 0.9 * d),
        "hat" => around([eyes[0], eyes[1] - 1.4 * d], 1.8 * d, 1.1 * d),
        "hot-spot" => around(head, 1.3 * d, 1.8 * d),
        "text" => around([truth.crown[0] + 1.9 * d, truth.crown[1]], 1.1 * d, 0.5 * d),
        "one-shoulder-missing" => [eyes[0], truth.chin[1], 900.0, 1110.0],
        _ => return None,
    })
}

#[test]
fn fault_names_are_unique_and_can_be_looked_up() {
    let all = faults();
    let names: BTreeSet<_> = all.iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), all.len());
    for one in &all {
        assert_eq!(fault(one.name).as_ref(), Some(one));
        assert!(one.check.contains('.'), "{}", one.check);
    }
    assert_eq!(fault("unknown fault"), None);
}

#[test]
fn local_faults_change_only_their_area() {
    let mut seen = 0;
    for (fault, drawing) in FAULTY.iter() {
        let Some(area) = area_of(fault.name, &PASSING.truth) else { continue };
        let (here, elsewhere) = (difference(drawing, &PASSING, area, true), difference(drawing, &PASSING, area, false));
        assert!(here > 0.8, "{}: {here}", fault.name);
        assert!(elsewhere < 0.02 * here, "{}: {here} here, {elsewhere} elsewhere", fault.name);
        seen += 1;
    }
    assert_eq!(seen, 18);
}

#[test]
fn other_faults_change_the_picture_or_the_file_size() {
    let whole = [0.0, 0.0, 900.0, 1110.0];
    for (fault, drawing) in FAULTY.iter().filter(|(fault, _)| area_of(fault.name, &PASSING.truth).is_none()) {
        if fault.check == "file.quality" {
            assert!(fault.portrait.jpeg().len() < PASSING.jpeg(92).len() / 3);
        } else {
            let changed = difference(drawing, &PASSING, whole, true);
            assert!(changed > 1.0, "{}: {changed}", fault.name);
        }
    }
}

#[test]
fn light_faults_change_only_the_person_and_background_faults_only_the_background() {
    let part = |name: &str, person: bool| {
        let drawing = drawing_of(name);
        let (mut sum, mut count) = (0.0, 0.0);
        for (x, y, pixel) in drawing.picture.enumerate_pixels() {
            if PASSING.person.get_pixel(x, y).0[0] == if person { 255 } else { 0 } {
                sum +=
                    (0..3).map(|c| f64::from(pixel.0[c].abs_diff(PASSING.picture.get_pixel(x, y).0[c]))).sum::<f64>();
                count += 3.0;
            }
        }
        sum / count
    };
    for name in ["too-dark", "too-bright", "side-light", "colour-cast", "white-clothes"] {
        assert!(part(name, true) > 6.0, "{name} changes the person");
        assert!(part(name, false) < 0.05, "{name} does not change the background");
    }
    for name in [
        "coloured-background",
        "grey-background",
        "uneven-background",
        "gradient-background",
        "brick-background",
        "shadow-behind-head",
    ] {
        assert!(part(name, false) > 6.0, "{name} changes the background");
        assert!(part(name, true) < 1.0, "{name} changes the person by {}", part(name, true));
    }
}

#[test]
fn greyscale_has_no_colour_and_red_eyes_have_red_pupils() {
    let grey = drawing_of("greyscale");
    assert!(grey.picture.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]));
    let red = drawing_of("red-eyes");
    for [x, y] in red.truth.irises {
        let [r, g, b] = red.picture.get_pixel(x as u32 - 3, y as u32 + 3).0;
        assert!(r > 150 && g < 90 && b < 90, "{r} {g} {b}");
    }
}
