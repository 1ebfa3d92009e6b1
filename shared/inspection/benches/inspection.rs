//! The whole inspection and its parts, one thread: `cargo bench -p inspection --bench inspection`.

use criterion::{Criterion, criterion_group, criterion_main};
use drawn::Portrait;
use image::imageops::{FilterType, resize};
use inspection::codec::{Chroma, Codec, Effort, EncodeSettings, Limits, Mozjpeg};
use inspection::image::Rgb8;
use inspection::locate::Locator;
use inspection::{Engine, Options, look, network};
use rules::card::Card;

/// A phone's 12 megapixels, under 1 MB.
fn twelve_megapixels() -> Vec<u8> {
    let picture = resize(&Portrait::passing().render(), 3000, 3700, FilterType::CatmullRom);
    let picture = Rgb8::new(3000, 3700, picture.into_raw()).expect("three bytes a pixel");
    let settings = EncodeSettings { quality: 82, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    Mozjpeg.encode(&picture, &settings).expect("encodes")
}

fn inspection(c: &mut Criterion) {
    let folder = network::cache_folder();
    let engine = Engine::load(&folder).expect("shared/inspection/models/fetch has run");
    let locator = Locator::load(&folder).expect("shared/inspection/models/fetch has run");
    let (options, card) = (Options::default(), Card::ResidentId);
    for (name, bytes) in [("900x1110", Portrait::passing().jpeg()), ("12 megapixels", twelve_megapixels())] {
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        group.bench_function("whole", |b| b.iter(|| engine.inspect(&bytes, card, &options)));
        group.bench_function("judged, no standard photo", |b| {
            let options = Options { render: false, ..options };
            b.iter(|| engine.inspect(&bytes, card, &options))
        });
        group.bench_function("decode", |b| b.iter(|| look::File::read(&bytes)));
        let file = look::File::read(&bytes);
        group.bench_function("locate and measure", |b| {
            b.iter(|| look::scene(&locator, &file, bytes.len(), card, &options).expect("the networks run"))
        });
        let scene = look::scene(&locator, &file, bytes.len(), card, &options).expect("the networks run");
        group.bench_function("checks", |b| b.iter(|| inspection::check::run(&scene)));
        let picture = Mozjpeg.decode(&bytes, &Limits::default(), Some(1_400)).expect("decodes").image;
        group.bench_function("faces", |b| b.iter(|| locator.faces(&picture).expect("the networks run")));
        group.finish();
    }
}

criterion_group!(benches, inspection);
criterion_main!(benches);
