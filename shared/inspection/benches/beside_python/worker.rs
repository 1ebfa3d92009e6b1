//! The engine's worker process: one photo per input line, one answer per output line.

use std::error::Error;
use std::fs;
use std::io::{Write, stdin, stdout};

use inspection::{Engine, Options, network};
use rules::card::Card;
use rustix::time::{ClockId, clock_gettime};

pub const NAME: &str = "--engine-worker";

pub fn serve() -> Result<(), Box<dyn Error>> {
    let engine = Engine::load(&network::cache_folder())?;
    for line in stdin().lines() {
        let bytes = fs::read(line?.trim())?;
        let start = cpu_ms();
        let inspection = engine.inspect(&bytes, Card::ResidentId, &Options::default())?;
        let end = cpu_ms();
        let answer = serde_json::json!({
            "cpu_ms": end - start,
            "all_ms": end,
            "peak_mb": peak_mb()?,
            "bytes": inspection.standard_photo.map(|photo| photo.len()),
        });
        println!("{answer}");
        stdout().flush()?;
    }
    Ok(())
}

/// Processor time of all threads since the start of the process, from the clock that Python uses as well. `/proc` is
/// not used because it is updated only every few milliseconds.
pub fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn peak_mb() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
