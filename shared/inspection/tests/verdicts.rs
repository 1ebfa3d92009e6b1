//! Inspects synthetic portraits: passing ones pass for every card, and each fault is found by its check.

use std::sync::LazyLock;

use inspection::codec::{self, Limits};
use inspection::{Edits, Engine, Inspection, Options, Profile, Ruleset, network};
use rules::card::Card;
use rules::finding::Verdict;
use rules::photo_spec::PhotoSpec;
use synthetic_portraits::{Background, Cover, Fault, Portrait};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run"));

fn inspect(bytes: &[u8], card: Card) -> Inspection {
    ENGINE.inspect(bytes, card, &Options::default()).expect("the networks run")
}

fn verdict_of(inspection: &Inspection, check: &str) -> Option<Verdict> {
    inspection.report.findings.iter().find(|finding| finding.check == check).map(|finding| finding.verdict)
}

/// A portrait without a fault passes for every card. Its standard photo has the card's exact size, resolution tag and a
/// file size within the byte window.
///
/// Covers: IC-47
#[test]
fn passing_portrait_gives_a_valid_standard_photo_for_every_card() {
    let bytes = Portrait::passing().jpeg();
    for card in Card::ALL {
        let inspection = inspect(&bytes, card);
        let reasons: Vec<_> = inspection.report.reasons().into_iter().map(|f| (&f.check, f.measured)).collect();
        assert_eq!(inspection.report.verdict, Verdict::Pass, "{card}: {reasons:?}");
        let photo = inspection.standard_photo.unwrap_or_else(|| panic!("{card}: no standard photo"));
        let spec = PhotoSpec::of(card);
        let decoded = codec::decode(&photo, &Limits::default(), None).expect("the file decodes");
        assert_eq!((decoded.image.width, decoded.image.height), (spec.width_px, spec.height_px), "{card}");
        assert_eq!(decoded.header.density.map(|density| density.x_dpi.round() as u16), Some(spec.dpi), "{card}");
        assert!(spec.output_bytes.limit.contains(photo.len() as f64), "{card}: {} bytes", photo.len());
        assert!(
            decoded.header.software.is_none() && decoded.header.icc.is_none(),
            "{card}: the file contains metadata"
        );
    }
}

/// Covers: IC-204
#[test]
fn every_fault_is_found_by_its_check() {
    let missed: Vec<String> = synthetic_portraits::faults().iter().filter_map(missed).collect();
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
}

fn missed(fault: &Fault) -> Option<String> {
    let inspection = inspect(&fault.portrait.jpeg(), Card::ResidentId);
    let verdict = verdict_of(&inspection, fault.check);
    let known = inspection::check::ALL.iter().any(|check| check.code == fault.check);
    let found = matches!(verdict, Some(Verdict::Fail | Verdict::Unsure));
    (known && !found).then(|| {
        let finding = inspection.report.findings.iter().find(|finding| finding.check == fault.check);
        format!("{}: {} says {:?}", fault.name, fault.check, finding.map(|f| (f.verdict, f.measured)))
    })
}

/// The same bytes give the same report and the same bytes of the standard photo.
#[test]
fn inspection_of_the_same_file_gives_the_same_result() {
    let bytes = Portrait::passing().roll(3.0).jpeg();
    let (first, second) = (inspect(&bytes, Card::ResidentId), inspect(&bytes, Card::ResidentId));
    assert_eq!(first.report, second.report);
    assert_eq!(first.standard_photo, second.standard_photo);
    assert!(first.standard_photo.is_some());
}

/// A second measurement of the standard photo is within two pixels of every rule, for many people, sizes, positions and
/// tilts, and for every card with different rules.
#[test]
fn standard_photo_meets_its_rules_when_measured_again() {
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
    let mut all: Vec<Portrait> = (1..=9).map(Portrait::person).collect();
    for (face_width, roll) in [(300.0, -7.0), (340.0, -3.0), (380.0, 1.5), (400.0, 4.0), (330.0, 7.0)] {
        all.push(Portrait::passing().face_width(face_width).roll(roll));
    }
    for (x, y) in [(410.0, 440.0), (490.0, 480.0), (450.0, 520.0), (430.0, 500.0)] {
        all.push(Portrait::passing().face_width(310.0).centre(x, y).roll((x - 450.0) / 10.0));
    }
    all
}

/// Without edits the list contains only crop and resize, and the background and the tilt are unchanged.
#[test]
fn standard_photo_without_edits_is_only_cropped_and_scaled() {
    let portrait = Portrait::passing().roll(5.0).background(Background::Plain([236.0; 3]));
    let bytes = portrait.jpeg();
    let plain = Options { edits: Edits::None, ..Options::default() };
    let untouched = ENGINE.inspect(&bytes, Card::ResidentId, &plain).expect("the networks run");
    let usual = inspect(&bytes, Card::ResidentId);
    let edits = |inspection: &Inspection| inspection.report.standard_photo.clone().expect("a standard photo").edits;
    assert_eq!(edits(&untouched), ["cropped", "resized"]);
    assert_eq!(edits(&usual), ["rotated", "cropped", "resized", "background-whitened"]);
    let measure = |inspection: Inspection| {
        let photo = inspection.standard_photo.expect("a standard photo");
        let picture = codec::decode(&photo, &Limits::default(), None).expect("the file decodes").image;
        let strict = Options { ruleset: Ruleset::Strict, ..Options::default() };
        let again = ENGINE.inspect(&photo, Card::ResidentId, &strict).expect("the networks run").report;
        let roll = again.findings.iter().find(|f| f.check == "pose.roll").and_then(|f| f.measured).expect("a tilt");
        (picture.pixel(4, 4)[0], roll)
    };
    let ((background, tilt), (whitened, straightened)) = (measure(untouched), measure(usual));
    assert!(background < 240 && (tilt - 5.0).abs() < 1.5, "{background} {tilt}");
    assert!(whitened > 252 && straightened.abs() < 1.0, "{whitened} {straightened}");
}

/// In the relaxed profile (优检), faults of pose and expression are advice; all other faults refuse the photo.
#[test]
fn relaxed_profile_turns_pose_and_expression_faults_into_advice() {
    let relaxed = Options { profile: Profile::Relaxed, ..Options::default() };
    let verdict = |portrait: Portrait, options: &Options| {
        ENGINE.inspect(&portrait.jpeg(), Card::ResidentId, options).expect("the networks run").report.verdict
    };
    let pose_and_expression_faults =
        || [Portrait::passing().roll(12.0), Portrait::passing().mouth_open(0.9), Portrait::passing().yaw(24.0)];
    for portrait in pose_and_expression_faults() {
        assert_eq!(verdict(portrait, &Options::default()), Verdict::Fail);
    }
    for portrait in pose_and_expression_faults() {
        assert_eq!(verdict(portrait, &relaxed), Verdict::Pass);
    }
    assert_eq!(verdict(Portrait::passing().cover(Cover::Mask), &relaxed), Verdict::Fail);
}

/// A file that is no photo gets a reason and no standard photo.
#[test]
fn file_that_is_no_photo_fails_with_its_reason() {
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
