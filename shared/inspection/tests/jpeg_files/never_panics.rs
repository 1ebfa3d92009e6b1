//! Invariants for arbitrary bytes, shared by the tests and the fuzz targets.

use std::time::{Duration, Instant};

use std::sync::LazyLock;

use inspection::codec::{self, Limits};
use inspection::{Engine, Options, network};
use rules::card::Card;
use rules::report::Report;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run"));

/// The inspection of arbitrary bytes does not panic, ends in time, gives the same report twice, and has a verdict that
/// matches its findings.
pub fn inspect_any(bytes: &[u8]) {
    let started = Instant::now();
    let inspect = |card| ENGINE.inspect(bytes, card, &Options::default()).expect("the networks run");
    let first = inspect(Card::ResidentId);
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!(first.report.verdict, Report::verdict_of(&first.report.findings));
    assert!(first.report.findings.iter().filter_map(|found| found.measured).all(f64::is_finite));
    assert_eq!(first.report.standard_photo.is_some(), first.standard_photo.is_some());
    assert_eq!(inspect(Card::ResidentId).report, first.report);
    inspect(Card::DrivingLicence);
}

/// Decoding of arbitrary bytes does not panic, ends in time, and gives as many pixels as the sides require. The limits
/// keep one run short.
pub fn decode_any(bytes: &[u8]) {
    let limits = Limits { side_px: 2_000, pixels: 1_000_000, ..Limits::default() };
    let started = Instant::now();
    if let Ok(decoded) = codec::decode(bytes, &limits, Some(512)) {
        let image = decoded.image;
        assert_eq!(image.pixels.len(), image.width as usize * image.height as usize * 3);
        assert!(decoded.header.complete);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
