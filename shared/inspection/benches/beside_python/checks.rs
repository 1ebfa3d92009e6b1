//! Every check of the catalogue together with the measures they share: all that lies between a located face and the findings.

use std::error::Error;
use std::fs;
use std::path::Path;

use inspection::locate::Locator;
use inspection::{Options, check, look, network};
use rules::card::Card;

use crate::worker::cpu_ms;

/// Milliseconds of CPU for one photo, median of `rounds`.
pub fn median_ms(photo: &Path, rounds: usize) -> Result<f64, Box<dyn Error>> {
    let locator = Locator::load(&network::cache_folder())?;
    let (bytes, options) = (fs::read(photo)?, Options::default());
    let file = look::File::read(&bytes);
    let decoded = file.decoded.as_ref().map_err(|error| error.to_string())?;
    let faces = locator.faces(&decoded.image)?;
    let face = faces.first().ok_or("no face")?;
    let located = look::locate(&locator, &decoded.image, face)?.ok_or("no mesh")?;
    let mut scene = look::scene(&locator, &file, bytes.len(), Card::ResidentId, &options)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let located = located.clone();
        let began = cpu_ms();
        let subject = look::measure(decoded, located, scene.spec, &options);
        if let Some(view) = &mut scene.view {
            view.subject = Some(subject);
        }
        let findings = check::run(&scene);
        times.push(cpu_ms() - began);
        assert!(findings.len() > 40, "a photo with a face is judged by nearly every check");
    }
    times.sort_by(f64::total_cmp);
    Ok(times[rounds / 2])
}
