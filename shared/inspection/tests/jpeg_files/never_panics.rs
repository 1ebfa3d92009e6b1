//! What must hold for any bytes at all: shared by the everyday tests and the fuzz target.

use std::time::{Duration, Instant};

use inspection::codec::{Codec, Limits, Mozjpeg};

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
