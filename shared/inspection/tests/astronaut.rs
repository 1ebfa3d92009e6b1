//! Inspects a real photograph: a smiling astronaut in front of a flag and a shuttle (NASA, public domain).

use std::{env, fs};

use inspection::codec::{self, Chroma, Effort, EncodeSettings};
use inspection::image::Rgb8;
use inspection::{Engine, Options, network};
use rules::card::Card;
use rules::finding::Verdict;

/// The PNG, encoded as a JPEG of a camera.
fn jpeg() -> Vec<u8> {
    let path = network::cache_folder().with_file_name("portrait").join("astronaut.png");
    let png = fs::read(&path).expect("shared/inspection/tests/portrait/fetch has run");
    let picture = image::load_from_memory(&png).expect("a PNG").to_rgb8();
    let picture = Rgb8::new(picture.width(), picture.height(), picture.into_raw()).expect("three bytes per pixel");
    let settings = EncodeSettings { quality: 95, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    codec::encode(&picture, &settings).expect("encodes")
}

/// The photo fails because of the teeth, the background that is not white, and a face that is too small for a standard
/// photo without enlarging. Checks about correct properties pass.
///
/// Covers: IC-48
#[test]
fn photo_of_a_smiling_astronaut_fails_for_the_correct_reasons() {
    assert!(env::var_os("MODELS_DIR").is_none(), "the test uses the models of the cache");
    let engine = Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run");
    let inspection = engine.inspect(&jpeg(), Card::ResidentId, &Options::default()).expect("the networks run");
    let verdict = |check: &str| {
        let findings = &inspection.report.findings;
        findings.iter().find(|finding| finding.check == check).map(|finding| finding.verdict)
    };
    assert_eq!(inspection.report.verdict, Verdict::Fail);
    for check in ["mouth.closed", "background.white", "framing.size"] {
        assert_eq!(verdict(check), Some(Verdict::Fail), "{check}");
    }
    for check in ["file.format", "file.bytes", "file.pixels", "face.present", "face.single", "pose.roll", "eyes.open"] {
        assert_eq!(verdict(check), Some(Verdict::Pass), "{check}");
    }
    assert!(inspection.standard_photo.is_none(), "a photo is never enlarged");
}
