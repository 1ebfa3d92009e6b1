//! Compares the engine with the same stages in Python (MediaPipe, OpenCV):
//! `cargo bench -p inspection --bench beside_python`.
//!
//! Each side is a warm process with one thread. They process photos alternately, and the CPU time per photo is
//! measured. `install` first installs Python's packages into the cache.

mod checks;
mod worker;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use image::imageops::{FilterType, resize};
use inspection::codec::{self, Chroma, Effort, EncodeSettings};
use inspection::image::Rgb8;
use serde_json::Value;
use synthetic_portraits::Portrait;

const WARM_UP: usize = 3;
const ROUNDS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == worker::NAME) {
        return worker::serve();
    }
    let python = python()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("beside-python");
    let photos = photos(&folder)?;
    println!(
        "CPU time in ms for one photo, one thread: medians of {ROUNDS} rounds, and quartiles of the ratios per round\n"
    );
    println!("{:<34}{:>8}{:>8}{:>8}", "", "engine", "Python", "ratio");
    for (name, photo, reduced) in [
        ("600 x 740", &photos[0], false),
        ("12 megapixels", &photos[1], false),
        ("12 megapixels, Python at half size", &photos[1], true),
    ] {
        let mut sides = [engine()?, Side::start(pipeline(&python, reduced))?];
        let rounds = rounds(&mut sides, photo)?;
        let quantile = |share: f64, of: fn(&[f64; 2]) -> f64| {
            let mut all: Vec<f64> = rounds.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[((all.len() - 1) as f64 * share).round() as usize]
        };
        let [least, ratio, most] =
            [0.25, 0.5, 0.75].map(|share| quantile(share, |[engine, python]| 100.0 * engine / python));
        let [engine_ms, python_ms] = [quantile(0.5, |round| round[0]), quantile(0.5, |round| round[1])];
        println!("{name:<34}{engine_ms:>8.1}{python_ms:>8.1}{ratio:>7.0}% ({least:.0} to {most:.0})");
    }
    println!("\n{:<34}{:>8}{:>8}", "process start to first verdict", "engine", "Python");
    for (name, photo) in [("600 x 740, ms", &photos[0]), ("12 megapixels, ms", &photos[1])] {
        let [engine, python] = [engine()?.first(photo)?, Side::start(pipeline(&python, false))?.first(photo)?];
        println!("{name:<34}{:>8.0}{:>8.0}", engine.cpu_ms, python.cpu_ms);
        println!("{:<34}{:>8.0}{:>8.0}", "  peak memory, MB", engine.peak_mb, python.peak_mb);
    }
    println!("\n{:<34}{:>8}", "all checks with shared measurements", "engine");
    for (name, photo) in [("600 x 740, ms", &photos[0]), ("12 megapixels, ms", &photos[1])] {
        println!("{name:<34}{:>8.1}", checks::median_ms(photo, ROUNDS)?);
    }
    Ok(())
}

/// The interpreter of the benchmark's virtual environment.
fn python() -> Result<PathBuf, Box<dyn Error>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/beside_python/install");
    let output = Command::new(&script).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the Python side could not be installed".into());
    }
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

/// A small photo and one of twelve megapixels, both of a slightly tilted head.
fn photos(folder: &Path) -> Result<[PathBuf; 2], Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let [small, large] = ["small.jpg", "large.jpg"].map(|name| folder.join(name));
    fs::write(&small, Portrait::new(600, 740).roll(2.0).jpeg())?;
    let picture = resize(&Portrait::passing().roll(2.0).render(), 3000, 3700, FilterType::CatmullRom);
    let picture = Rgb8::new(3000, 3700, picture.into_raw()).ok_or("three bytes per pixel")?;
    let settings = EncodeSettings { quality: 82, chroma: Chroma::Quarter, dpi: 72, effort: Effort::Fast };
    fs::write(&large, codec::encode(&picture, &settings)?)?;
    Ok([small, large])
}

fn engine() -> Result<Side, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(worker::NAME);
    Side::start(command)
}

fn pipeline(python: &Path, reduced: bool) -> Command {
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/beside_python/pipeline.py"));
    if reduced {
        command.arg("--reduced");
    }
    command
}

/// CPU time of both sides for the photo, per round. Other load on the machine varies and slows down both sides, so only
/// times of the same round are comparable.
fn rounds(sides: &mut [Side; 2], photo: &Path) -> Result<Vec<[f64; 2]>, Box<dyn Error>> {
    let mut rounds = Vec::new();
    for round in 0..WARM_UP + ROUNDS {
        let times = [sides[0].inspect(photo)?.cpu_ms, sides[1].inspect(photo)?.cpu_ms];
        rounds.extend((round >= WARM_UP).then_some(times));
    }
    Ok(rounds)
}

/// A worker process: reads the names of photos, writes one line of JSON per photo.
struct Side {
    process: Child,
    answers: BufReader<ChildStdout>,
}

struct Answer {
    cpu_ms: f64,
    /// CPU time since the start of the process.
    all_ms: f64,
    peak_mb: f64,
}

impl Side {
    fn start(mut command: Command) -> Result<Self, Box<dyn Error>> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let answers = BufReader::new(process.stdout.take().ok_or("the worker has no standard output")?);
        Ok(Self { process, answers })
    }

    fn inspect(&mut self, photo: &Path) -> Result<Answer, Box<dyn Error>> {
        writeln!(self.process.stdin.as_mut().ok_or("the worker has no standard input")?, "{}", photo.display())?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)?;
        let number = |name: &str| answer[name].as_f64().ok_or_else(|| format!("no {name} in {line}"));
        Ok(Answer { cpu_ms: number("cpu_ms")?, all_ms: number("all_ms")?, peak_mb: number("peak_mb")? })
    }

    /// The first photo of a new process, with the time since its start.
    fn first(mut self, photo: &Path) -> Result<Answer, Box<dyn Error>> {
        let answer = self.inspect(photo)?;
        Ok(Answer { cpu_ms: answer.all_ms, ..answer })
    }
}

impl Drop for Side {
    /// Closing the standard input ends the process.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
