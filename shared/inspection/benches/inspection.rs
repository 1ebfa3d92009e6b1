//! Benchmarks of the whole inspection and its stages, on one thread: `cargo bench -p inspection --bench inspection`.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use image::imageops::{FilterType, resize};
use inspection::codec::{self, Chroma, Effort, EncodeSettings, Limits};
use inspection::image::Rgb8;
use inspection::locate::Locator;
use inspection::{Engine, Options, network, pipeline};
use rules::card::Card;
use synthetic_portraits::Portrait;

/// A photo of 12 megapixels in less than 1 MB, as a phone writes it.
fn twelve_megapixels() -> Vec<u8> {
    let picture = resize(&Portrait::passing().roll(2.0).render(), 3000, 3700, FilterType::CatmullRom);
    let picture = Rgb8::new(3000, 3700, picture.into_raw()).expect("three bytes per pixel");
    let settings = EncodeSettings { quality: 82, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    codec::encode(&picture, &settings).expect("encodes")
}

fn inspection(c: &mut Criterion) {
    let folder = network::cache_folder();
    let engine = Engine::load(&folder).expect("shared/inspection/models/fetch has run");
    let locator = Locator::load(&folder).expect("shared/inspection/models/fetch has run");
    let (options, card) = (Options::default(), Card::ResidentId);
    let small = Portrait::new(600, 740).roll(2.0).jpeg();
    for (name, bytes) in [("600x740", small), ("12 megapixels", twelve_megapixels())] {
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        group.bench_function("whole", |b| b.iter(|| engine.inspect(&bytes, card, &options)));
        group.bench_function("whole, without standard photo", |b| {
            let options = Options { render: false, ..options };
            b.iter(|| engine.inspect(&bytes, card, &options))
        });
        group.bench_function("decode", |b| b.iter(|| pipeline::DecodedUpload::read(&bytes)));
        let upload = pipeline::DecodedUpload::read(&bytes);
        group.bench_function("locate and measure", |b| {
            b.iter(|| pipeline::context(&locator, &upload, bytes.len(), card, &options).expect("the networks run"))
        });
        group.bench_function("all checks with their shared measurements", |b| {
            let decoded = upload.decoded.as_ref().expect("decodes");
            let faces = locator.faces(&decoded.image).expect("the networks run");
            let located =
                pipeline::locate(&locator, &decoded.image, &faces[0]).expect("the networks run").expect("a face");
            // One context is reused, because a new one for each iteration would copy the decoded picture.
            let mut context =
                pipeline::context(&locator, &upload, bytes.len(), card, &options).expect("the networks run");
            b.iter_batched(
                || located.clone(),
                |located| {
                    let subject = pipeline::measure(decoded, located, context.spec, &options);
                    context.view.as_mut().expect("decodes").subject = Some(subject);
                    inspection::check::run(&context)
                },
                BatchSize::SmallInput,
            )
        });
        let picture = codec::decode(&bytes, &Limits::default(), Some(1_400)).expect("decodes").image;
        group.bench_function("faces", |b| b.iter(|| locator.faces(&picture).expect("the networks run")));
        group.finish();
    }
}

criterion_group!(benches, inspection);
criterion_main!(benches);
