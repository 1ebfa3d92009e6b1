//! Compares the ground truth with the pixels.

use synthetic_portraits::{Cover, Drawing, HairShape, Portrait, colour};

fn angle_deg(from: [f32; 2], to: [f32; 2]) -> f32 {
    (to[1] - from[1]).atan2(to[0] - from[0]).to_degrees()
}

fn brightness(drawing: &Drawing, [x, y]: [f32; 2]) -> f32 {
    let pixel = drawing.picture.get_pixel(x as u32, y as u32);
    pixel.0.iter().map(|&c| f32::from(c)).sum::<f32>() / 3.0
}

/// Columns of the row `y` that belong to the person, first and last.
fn span(drawing: &Drawing, y: u32) -> (u32, u32) {
    let inside = |x: &u32| drawing.person.get_pixel(*x, y).0[0] > 127;
    let width = drawing.person.width();
    ((0..width).find(inside).expect("a person"), (0..width).rev().find(inside).expect("a person"))
}

#[test]
fn eye_line_and_face_width_equal_the_parameters() {
    for roll in [-25.0f32, -3.0, 0.0, 8.0, 30.0] {
        let truth = Portrait::passing().roll(roll).face_width(300.0).truth();
        assert!((angle_deg(truth.eyes[0], truth.eyes[1]) - roll).abs() < 0.01);
        assert!((angle_deg(truth.crown, truth.chin) - 90.0 - roll).abs() < 0.01);
        assert!((truth.face_width() - 300.0).abs() < 0.01);
    }
}

#[test]
fn centre_and_face_width_move_and_scale_every_point() {
    let near = Portrait::passing().centre(400.0, 500.0).face_width(200.0).truth();
    let far = Portrait::passing().centre(420.0, 450.0).face_width(400.0).truth();
    for (a, b) in
        [(near.crown, far.crown), (near.chin, far.chin), (near.irises[1], far.irises[1]), (near.mouth[0], far.mouth[0])]
    {
        let expected = [420.0 + 2.0 * (a[0] - 400.0), 450.0 + 2.0 * (a[1] - 500.0)];
        assert!((b[0] - expected[0]).abs() < 0.01 && (b[1] - expected[1]).abs() < 0.01, "{b:?} {expected:?}");
    }
    assert!((far.iris_radius - 2.0 * near.iris_radius).abs() < 0.01);
}

#[test]
fn mask_starts_at_the_crown_and_is_as_wide_as_face_and_ears() {
    for hair in [HairShape::Short, HairShape::Cropped, HairShape::Tall] {
        let drawing = Portrait::passing().hair(hair, colour::hair::BLACK).draw();
        let truth = drawing.truth;
        let top = (0..1110).find(|&y| (0..900).any(|x| drawing.person.get_pixel(x, y).0[0] > 127)).expect("a person");
        assert!((top as f32 - truth.crown[1]).abs() < 4.0, "{hair:?}: {top} {:?}", truth.crown);
    }
    let drawing = Portrait::passing().draw();
    let (left, right) = span(&drawing, drawing.truth.cheeks[0][1] as u32 + 20);
    let width = (right - left) as f32;
    let face = drawing.truth.face_width();
    assert!(width > face && width < 1.2 * face, "{width} around a face of {face}");
}

#[test]
fn crown_is_higher_with_a_hat() {
    let bare = Portrait::passing().truth();
    let covered = Portrait::passing().cover(Cover::Hat).draw();
    assert!(covered.truth.crown[1] < bare.crown[1] - 20.0);
    let [x, y] = covered.truth.crown;
    assert!(covered.person.get_pixel(x as u32, y as u32 + 4).0[0] > 200);
    assert!(covered.person.get_pixel(x as u32, y as u32 - 6).0[0] < 50);
}

#[test]
fn pixels_are_dark_at_the_true_irises_and_light_beside_them() {
    for (roll, yaw, gaze) in [(0.0, 0.0, 0.0), (12.0, 0.0, 0.0), (0.0, 15.0, 0.0), (-8.0, -10.0, 0.0), (0.0, 0.0, -0.7)]
    {
        let drawing = Portrait::passing().roll(roll).yaw(yaw).gaze(gaze, 0.0).draw();
        for iris in drawing.truth.irises {
            assert!(brightness(&drawing, iris) < 60.0, "roll {roll} yaw {yaw} gaze {gaze}: {iris:?}");
        }
    }
    let truth = Portrait::passing().truth();
    let beside = [truth.irises[0][0] - 1.5 * truth.iris_radius, truth.irises[0][1]];
    assert!(brightness(&Portrait::passing().draw(), beside) > 150.0);
}

#[test]
fn eye_opening_is_proportional_to_the_parameter_of_each_eye() {
    let opening = |left, right| Portrait::passing().eyes_open(left, right).truth().eye_opening;
    assert_eq!(opening(0.0, 0.0), [0.0, 0.0]);
    let [left, right] = opening(0.5, 1.0);
    assert!((left - right / 2.0).abs() < 1e-4);
    assert!((0.25..0.36).contains(&right), "opening of an open eye: {right}");
    let shut = Portrait::passing().eyes_open(0.0, 1.0).draw();
    assert!(brightness(&shut, shut.truth.irises[0]) > 90.0, "a closed lid covers the pupil");
    assert!(brightness(&shut, shut.truth.irises[1]) < 60.0);
}

#[test]
fn gaze_moves_the_irises_but_not_the_eyes() {
    let ahead = Portrait::passing().truth();
    let aside = Portrait::passing().gaze(0.8, 0.3).truth();
    assert_eq!(ahead.eyes, aside.eyes);
    for side in 0..2 {
        assert!(aside.irises[side][0] > ahead.irises[side][0] + 0.8 * ahead.iris_radius);
        assert!(aside.irises[side][1] > ahead.irises[side][1]);
    }
}

#[test]
fn mouth_gap_grows_with_the_parameter_and_a_smile_widens_the_mouth() {
    let gap = |open| Portrait::passing().mouth_open(open).truth().mouth_gap;
    assert_eq!(gap(0.0), 0.0);
    assert!(gap(0.3) < gap(0.6) && gap(0.6) < gap(1.0));
    assert!((0.35..0.5).contains(&gap(1.0)));
    let wide = |p: Portrait| {
        let [left, right] = p.truth().mouth;
        right[0] - left[0]
    };
    assert!(wide(Portrait::passing().smile(1.0, true)) > 1.15 * wide(Portrait::passing()));
    assert_eq!(Portrait::passing().smile(1.0, false).truth().mouth_gap, 0.0);
    let open = Portrait::passing().mouth_open(1.0).draw();
    let [left, right] = open.truth.mouth;
    let middle = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0 + 0.08 * (right[0] - left[0])];
    assert!(brightness(&open, middle) < 70.0, "the gap between the lips is dark");
}

#[test]
fn yaw_and_pitch_move_the_features_in_their_direction() {
    let ahead = Portrait::passing().truth();
    let right = Portrait::passing().yaw(20.0).truth();
    let up = Portrait::passing().pitch(20.0).truth();
    assert!(right.eye_middle()[0] > ahead.eye_middle()[0] + 30.0);
    assert!(up.eye_middle()[1] < ahead.eye_middle()[1] - 30.0);
    assert!(up.chin[1] < ahead.chin[1]);
    assert!(right.eye_distance() < ahead.eye_distance());
    assert_eq!(right.cheeks, ahead.cheeks, "the outline does not move");
}
