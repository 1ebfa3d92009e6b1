//! Drawn portraits through the whole engine: the passing ones pass for every card, each fault is named by its check.

use std::sync::LazyLock;

use domain::card::Card;
use domain::finding::Verdict;
use domain::photo_spec::PhotoSpec;
use drawn::{Fault, Portrait};
use inspection::codec::{Codec, Limits, Mozjpeg};
use inspection::{Engine, Inspection, Options, network};

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
#[test]
fn ic_47_a_passing_portrait_gives_the_standard_photo_of_every_card() {
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
#[test]
fn ic_204_every_fault_is_named_by_its_check() {
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

/// The standard photo, measured again, lies where its rules want it.
#[test]
fn the_standard_photo_measures_as_its_rules_say() {
    let spec = PhotoSpec::of(Card::ResidentId);
    for portrait in [Portrait::passing(), Portrait::passing().roll(4.0), Portrait::someone(3)] {
        let photo = inspect(&portrait.jpeg(), Card::ResidentId).standard_photo.expect("the crop is feasible");
        let strict = Options { ruleset: inspection::Ruleset::Strict, ..Options::default() };
        let again = ENGINE.inspect(&photo, Card::ResidentId, &strict).expect("the networks run").report;
        let measured =
            |check: &str| again.findings.iter().find(|f| f.check == check).and_then(|f| f.measured).unwrap_or(f64::NAN);
        for (check, rule) in [
            ("framing.face-width", &spec.face_width_px),
            ("framing.crown", &spec.crown_px),
            ("framing.eye-line", &spec.eyes_from_bottom_px),
            ("framing.centring", &spec.eye_middle_px),
        ] {
            let value = measured(check);
            assert!(rule.limit.excess(value) <= 2.0, "{check} {value} is not within {:?}", rule.limit);
        }
    }
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
