//! Limits of memory and time for one inspection. The test runs in its own process, so that only the inspection is
//! measured.
#![cfg(target_os = "linux")]

mod jpeg_files;

use std::fs;
use std::time::Duration;

use inspection::codec::{self, Chroma, Effort, EncodeSettings};
use inspection::image::Rgb8;
use inspection::{Engine, Options, network};
use rules::card::Card;

/// The largest resident size since the last call of [`reset_peak`], in megabytes.
fn peak_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the file exists on Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("the peak can be reset");
}

/// Processor time of this thread; other programs on the machine do not affect it.
fn cpu_time() -> Duration {
    let times = fs::read_to_string("/proc/thread-self/schedstat").expect("the file exists on Linux");
    Duration::from_nanos(times.split(' ').next().and_then(|first| first.parse().ok()).expect("nanoseconds"))
}

/// A portrait of twelve megapixels in less than 1 MB, enlarged without a second copy in memory.
fn twelve_megapixels() -> Vec<u8> {
    let face = synthetic_portraits::Portrait::passing().size(750, 925).face_width(300.0).centre(375.0, 390.0).render();
    let mut picture = Rgb8::filled(3000, 3700, [0; 3]);
    for y in 0..3700 {
        for x in 0..3000 {
            picture.set_pixel(x, y, face.get_pixel(x / 4, y / 4).0);
        }
    }
    let settings = EncodeSettings { quality: 70, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    codec::encode(&picture, &settings).expect("encodes")
}

/// The only test of this process. Twelve megapixels need less than 200 MB; the most expensive valid file needs less
/// than 640 MB and eight seconds of processor time.
#[test]
fn inspection_stays_within_its_memory_and_time_limits() {
    let large = twelve_megapixels();
    let engine = Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run");
    let inspect =
        |bytes: &[u8]| engine.inspect(bytes, Card::ResidentId, &Options::default()).expect("the networks run");

    reset_peak();
    let inspection = inspect(&large);
    assert_eq!(inspection.report.picture.expect("decoded").faces, 1);
    assert!(peak_mb() < 200, "12 megapixels: {} MB", peak_mb());

    let worst = jpeg_files::progressive_bomb(8_160, 6_144, 32);
    reset_peak();
    let started = cpu_time();
    inspect(&worst);
    let took = cpu_time() - started;
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert!(peak_mb() < 640, "50 megapixels in 32 scans: {} MB", peak_mb());
}
