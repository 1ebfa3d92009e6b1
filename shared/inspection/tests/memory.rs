//! What an inspection may cost in memory and time, in a process of its own so that nothing else is counted.
#![cfg(target_os = "linux")]

mod jpeg_files;

use std::fs;
use std::time::Duration;

use inspection::codec::{Chroma, Codec, Effort, EncodeSettings, Mozjpeg};
use inspection::image::Rgb8;
use inspection::{Engine, Options, network};
use rules::card::Card;

/// The largest resident size since the last call of [`forget_peak`], in megabytes.
fn peak_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

fn forget_peak() {
    fs::write("/proc/self/clear_refs", "5").expect("the peak can be reset");
}

/// Processor time of this thread: other programs on the machine do not count.
fn busy() -> Duration {
    let times = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells");
    Duration::from_nanos(times.split(' ').next().and_then(|first| first.parse().ok()).expect("nanoseconds"))
}

/// Twelve megapixels under a megabyte: a head-sized spot on a light wall, enlarged without a second copy in memory.
fn twelve_megapixels() -> Vec<u8> {
    let face = drawn::Portrait::passing().size(750, 925).face_width(300.0).centre(375.0, 390.0).render();
    let mut picture = Rgb8::filled(3000, 3700, [0; 3]);
    for y in 0..3700 {
        for x in 0..3000 {
            picture.set_pixel(x, y, face.get_pixel(x / 4, y / 4).0);
        }
    }
    let settings = EncodeSettings { quality: 70, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    Mozjpeg.encode(&picture, &settings).expect("encodes")
}

/// One test, so that no other shares the process: twelve megapixels stay below 200 MB, the worst lawful file below 640 MB
/// and eight seconds of the processor.
#[test]
fn memory_and_time_are_bounded() {
    let large = twelve_megapixels();
    let engine = Engine::load(&network::cache_folder()).expect("shared/inspection/models/fetch has run");
    let inspect =
        |bytes: &[u8]| engine.inspect(bytes, Card::ResidentId, &Options::default()).expect("the networks run");

    forget_peak();
    let inspection = inspect(&large);
    assert_eq!(inspection.report.picture.expect("decoded").faces, 1);
    assert!(peak_mb() < 200, "12 megapixels: {} MB", peak_mb());

    let worst = jpeg_files::progressive_bomb(8_160, 6_144, 32);
    forget_peak();
    let started = busy();
    inspect(&worst);
    let took = busy() - started;
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert!(peak_mb() < 640, "50 megapixels in 32 scans: {} MB", peak_mb());
}
