//! Benchmarks of decoding and of encoding to a size, on generated pictures: `cargo bench -p inspection --bench codec`.

#[path = "../tests/jpeg_files/mod.rs"]
mod jpeg_files;

use criterion::{Criterion, criterion_group, criterion_main};
use inspection::codec::{self, Effort, Limits};
use inspection::render::bytes::{ByteWindow, fit};
use jpeg_files::{Written, picture, with_icc};

const WINDOW: ByteWindow = ByteWindow { min: 14_336, max: 28_672 };

fn decode(c: &mut Criterion) {
    let limits = Limits::default();
    let small = Written::default().file(&picture(600, 800, 12));
    c.bench_function("probe 600x800", |b| b.iter(|| codec::probe(&small, &limits)));
    c.bench_function("decode 600x800", |b| b.iter(|| codec::decode(&small, &limits, Some(1_600))));

    let image = picture(3_000, 4_000, 12);
    let large = Written { quality: 76, ..Written::default() }.file(&image);
    let progressive = Written { quality: 70, progressive: true, ..Written::default() }.file(&image);
    let p3 = with_icc(&large, &moxcms::ColorProfile::new_display_p3().encode().expect("a profile"));
    println!("12 MP: {} bytes, progressive {} bytes", large.len(), progressive.len());
    c.bench_function("probe 12 MP", |b| b.iter(|| codec::probe(&large, &limits)));
    c.bench_function("decode 12 MP whole", |b| b.iter(|| codec::decode(&large, &limits, None)));
    c.bench_function("decode 12 MP to 1600", |b| b.iter(|| codec::decode(&large, &limits, Some(1_600))));
    c.bench_function("decode 12 MP to 1000", |b| b.iter(|| codec::decode(&large, &limits, Some(1_000))));
    c.bench_function("decode 12 MP to 1600, Display P3", |b| b.iter(|| codec::decode(&p3, &limits, Some(1_600))));
    c.bench_function("decode 12 MP to 1600, progressive", |b| {
        b.iter(|| codec::decode(&progressive, &limits, Some(1_600)));
    });
}

fn encode(c: &mut Criterion) {
    for grain in [6, 12, 24] {
        let image = picture(358, 441, grain);
        let fitted = fit(&image, 350, WINDOW, Effort::Fast).expect("fits");
        println!("grain {grain}: quality {}, {} encodes", fitted.quality, fitted.encodes);
        c.bench_function(&format!("fit 358x441, grain {grain}"), |b| {
            b.iter(|| fit(&image, 350, WINDOW, Effort::Fast));
        });
    }
    let image = picture(358, 441, 12);
    c.bench_function("fit 358x441, trellis", |b| b.iter(|| fit(&image, 350, WINDOW, Effort::Trellis)));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).without_plots();
    targets = decode, encode
}
criterion_main!(benches);
