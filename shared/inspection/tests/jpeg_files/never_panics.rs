//! What must hold for any bytes at all: shared by the everyday tests and the fuzz target.

use std::time::{Duration, Instant};

use std::sync::LazyLock;

use inspection::codec::{Codec, Limits, Mozjpeg};
use inspection::{Engine, Options, network};
use rules::card::Card;
use rules::report::Report;

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run"));

/// Judges any bytes without a panic, in time, the same way twice, and says why where it refuses.
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

/// Decodes without a panic, in time, and with as many pixels as it says. The limits keep one run short.
pub fn decode_any(bytes: &[u8]) {
    let limits = Limits { side_px: 2_000, pixels: 1_000_000, ..Limits::default() };
    let started = Instant::now();
    if let Ok(decoded) = Mozjpeg.decode(bytes, &limits, Some(512)) {
        let image = decoded.image;
        assert_eq!(image.pixels.len(), image.width as usize * image.height as usize * 3);
        assert!(decoded.header.complete);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
