//! Drawn portraits through the whole engine: the passing ones pass for every card, each fault is named by its check.

use std::sync::LazyLock;

use drawn::{Backdrop, Cover, Fault, Portrait};
use inspection::codec::{Codec, Limits, Mozjpeg};
use inspection::{Edits, Engine, Inspection, Options, Profile, Ruleset, network};
use rules::card::Card;
use rules::finding::Verdict;
use rules::photo_spec::PhotoSpec;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run"));

fn inspect(bytes: &[u8], card: Card) -> Inspection {
    ENGINE.inspect(bytes, card, &Options::default()).expect("the networks run")
}

fn named(inspection: &Inspection, check: &str) -> Option<Verdict> {
    inspection.report.findings.iter().find(|finding| finding.check == check).map(|finding| finding.verdict)
}

/// IC-47: a portrait without a fault passes, for every card, and gives a standard photo of the card's exact size,
/// resolution tag and byte window.
///
/// Covers: IC-47
#[test]
fn a_passing_portrait_gives_the_standard_photo_of_every_card() {
    let bytes = Portrait::passing().jpeg();
    for card in Card::ALL {
        let inspection = inspect(&bytes, card);
        let reasons: Vec<_> = inspection.report.reasons().into_iter().map(|f| (&f.check, f.measured)).collect();
        assert_eq!(inspection.report.verdict, Verdict::Pass, "{card}: {reasons:?}");
        let photo = inspection.standard_photo.unwrap_or_else(|| panic!("{card}: no standard photo"));
        let spec = PhotoSpec::of(card);
        let decoded = Mozjpeg.decode(&photo, &Limits::default(), None).expect("our own file decodes");
        assert_eq!((decoded.image.width, decoded.image.height), (spec.width_px, spec.height_px), "{card}");
        assert_eq!(decoded.header.density.map(|density| density.x_dpi.round() as u16), Some(spec.dpi), "{card}");
        assert!(spec.output_bytes.limit.contains(photo.len() as f64), "{card}: {} bytes", photo.len());
        assert!(decoded.header.software.is_none() && decoded.header.icc.is_none(), "{card}: metadata left");
    }
}

/// IC-204: every drawn fault is named by the check it belongs to.
///
/// Covers: IC-204
#[test]
fn every_fault_is_named_by_its_check() {
    let missed: Vec<String> = drawn::faults().iter().filter_map(missed).collect();
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

fn missed(fault: &Fault) -> Option<String> {
    let inspection = inspect(&fault.portrait.jpeg(), Card::ResidentId);
    let verdict = named(&inspection, fault.check);
    let known = inspection::check::ALL.iter().any(|check| check.code == fault.check);
    let found = matches!(verdict, Some(Verdict::Fail | Verdict::Unsure));
    (known && !found).then(|| {
        let finding = inspection.report.findings.iter().find(|finding| finding.check == fault.check);
        format!("{}: {} says {:?}", fault.name, fault.check, finding.map(|f| (f.verdict, f.measured)))
    })
}

/// The same bytes give the same report, and the same standard photo to the byte.
#[test]
fn the_same_picture_gets_the_same_verdict_twice() {
    let bytes = Portrait::passing().roll(3.0).jpeg();
    let (first, second) = (inspect(&bytes, Card::ResidentId), inspect(&bytes, Card::ResidentId));
    assert_eq!(first.report, second.report);
    assert_eq!(first.standard_photo, second.standard_photo);
    assert!(first.standard_photo.is_some());
}

/// The standard photo, measured again by the engine, lies within two pixels of every rule: for many people, sizes, places
/// and leans, and for every card with rules of its own.
#[test]
fn the_standard_photo_measures_as_its_rules_say() {
    let mut wrong = Vec::new();
    for (index, portrait) in variations().into_iter().enumerate() {
        let card = [Card::ResidentId, Card::SocialSecurity, Card::DrivingLicence][index % 3];
        let photo = inspect(&portrait.jpeg(), card).standard_photo.expect("the crop is feasible");
        let strict = Options { ruleset: Ruleset::Strict, ..Options::default() };
        let again = ENGINE.inspect(&photo, card, &strict).expect("the networks run").report;
        let spec = PhotoSpec::of(card);
        for (check, rule) in [
            ("framing.face-width", &spec.face_width_px),
            ("framing.crown", &spec.crown_px),
            ("framing.eye-line", &spec.eyes_from_bottom_px),
            ("framing.centring", &spec.eye_middle_px),
        ] {
            let value = again.findings.iter().find(|f| f.check == check).and_then(|f| f.measured);
            if value.is_none_or(|value| rule.limit.excess(value) > 2.0) {
                wrong.push(format!("{index} {card}: {check} {value:?} is not within {:?}", rule.limit));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn variations() -> Vec<Portrait> {
    let mut all: Vec<Portrait> = (1..=9).map(Portrait::someone).collect();
    for (face_width, roll) in [(300.0, -7.0), (340.0, -3.0), (380.0, 1.5), (400.0, 4.0), (330.0, 7.0)] {
        all.push(Portrait::passing().face_width(face_width).roll(roll));
    }
    for (x, y) in [(410.0, 440.0), (490.0, 480.0), (450.0, 520.0), (430.0, 500.0)] {
        all.push(Portrait::passing().face_width(310.0).centre(x, y).roll((x - 450.0) / 10.0));
    }
    all
}

/// Cut and scaled, nothing else: the list of changes says so, and the wall and the lean stay as they were.
#[test]
fn without_edits_the_standard_photo_is_only_cut_and_scaled() {
    let portrait = Portrait::passing().roll(5.0).backdrop(Backdrop::Plain([236.0; 3]));
    let bytes = portrait.jpeg();
    let plain = Options { edits: Edits::None, ..Options::default() };
    let untouched = ENGINE.inspect(&bytes, Card::ResidentId, &plain).expect("the networks run");
    let usual = inspect(&bytes, Card::ResidentId);
    let edits = |inspection: &Inspection| inspection.report.standard_photo.clone().expect("a standard photo").edits;
    assert_eq!(edits(&untouched), ["cropped", "resized"]);
    assert_eq!(edits(&usual), ["rotated", "cropped", "resized", "background-whitened"]);
    let look = |inspection: Inspection| {
        let photo = inspection.standard_photo.expect("a standard photo");
        let picture = Mozjpeg.decode(&photo, &Limits::default(), None).expect("our own file decodes").image;
        let strict = Options { ruleset: Ruleset::Strict, ..Options::default() };
        let again = ENGINE.inspect(&photo, Card::ResidentId, &strict).expect("the networks run").report;
        let roll = again.findings.iter().find(|f| f.check == "pose.roll").and_then(|f| f.measured).expect("a lean");
        (picture.pixel(4, 4)[0], roll)
    };
    let ((wall, lean), (white, level)) = (look(untouched), look(usual));
    assert!(wall < 240 && (lean - 5.0).abs() < 1.5, "{wall} {lean}");
    assert!(white > 252 && level.abs() < 1.0, "{white} {level}");
}

/// 优检: what a person cannot help is advice, everything else refuses as ever.
#[test]
fn the_relaxed_profile_leaves_pose_and_expression_to_a_person() {
    let relaxed = Options { profile: Profile::Relaxed, ..Options::default() };
    let verdict = |portrait: Portrait, options: &Options| {
        ENGINE.inspect(&portrait.jpeg(), Card::ResidentId, options).expect("the networks run").report.verdict
    };
    let cannot_help =
        || [Portrait::passing().roll(12.0), Portrait::passing().mouth_open(0.9), Portrait::passing().yaw(24.0)];
    for portrait in cannot_help() {
        assert_eq!(verdict(portrait, &Options::default()), Verdict::Fail);
    }
    for portrait in cannot_help() {
        assert_eq!(verdict(portrait, &relaxed), Verdict::Pass);
    }
    assert_eq!(verdict(Portrait::passing().cover(Cover::Mask), &relaxed), Verdict::Fail);
}

/// Nothing that is not a portrait gets a standard photo, and nothing panics.
#[test]
fn files_that_are_no_photos_end_with_a_named_reason() {
    let png = {
        let mut png = std::io::Cursor::new(Vec::new());
        Portrait::passing().render().write_to(&mut png, image::ImageFormat::Png).expect("a PNG is written");
        png.into_inner()
    };
    let truncated = &Portrait::passing().jpeg()[..30_000];
    for (bytes, reason) in [(&b""[..], "empty"), (&png[..], "not-a-jpeg"), (truncated, "truncated")] {
        let inspection = inspect(bytes, Card::ResidentId);
        assert_eq!(inspection.report.verdict, Verdict::Fail, "{reason}");
        assert_eq!(inspection.report.reasons()[0].reason, reason);
        assert!(inspection.standard_photo.is_none());
    }
}
