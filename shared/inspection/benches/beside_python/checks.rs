//! Time of all checks together with their shared measurements: everything between a located face and the findings.

use std::error::Error;
use std::fs;
use std::path::Path;

use inspection::locate::Locator;
use inspection::{Options, check, network, pipeline};
use rules::card::Card;

use crate::worker::cpu_ms;

/// Milliseconds of CPU time for one photo, median of `rounds`.
pub fn median_ms(photo: &Path, rounds: usize) -> Result<f64, Box<dyn Error>> {
    let locator = Locator::load(&network::cache_folder())?;
    let (bytes, options) = (fs::read(photo)?, Options::default());
    let upload = pipeline::DecodedUpload::read(&bytes);
    let decoded = upload.decoded.as_ref().map_err(|error| error.to_string())?;
    let faces = locator.faces(&decoded.image)?;
    let face = faces.first().ok_or("no face")?;
    let located = pipeline::locate(&locator, &decoded.image, face)?.ok_or("no mesh")?;
    let mut context = pipeline::context(&locator, &upload, bytes.len(), Card::ResidentId, &options)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let located = located.clone();
        let start = cpu_ms();
        let subject = pipeline::measure(decoded, located, context.spec, &options);
        if let Some(view) = &mut context.view {
            view.subject = Some(subject);
        }
        let findings = check::run(&context);
        times.push(cpu_ms() - start);
        assert!(findings.len() > 40, "nearly every check applies to a photo with a face");
    }
    times.sort_by(f64::total_cmp);
    Ok(times[rounds / 2])
}
