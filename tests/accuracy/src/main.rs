//! `accuracy`: counts the correct and wrong results of each check on labelled photos.

mod arguments;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use accuracy::expectation::{is_clean, uncounted};
use accuracy::judge::Judge;
use accuracy::labels::{self, Row};
use accuracy::run::Run;
use accuracy::stability::{self, Change};
use accuracy::subject::Subject;
use accuracy::{MeasurementError, attribute_groups, compare, degradation_sweep, photo, score, sweep_result, text};
use clap::Parser;
use inspection::locate::Locator;
use inspection::network::cache_folder;
use synthetic_portraits::Portrait;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match (&arguments.compare, &arguments.folder) {
        (Some(runs), _) => show_changes(&arguments, &runs[0], &runs[1]),
        (None, Some(folder)) => measure(&arguments, folder),
        (None, None) => return ExitCode::from(2),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("accuracy: {error}");
            ExitCode::from(2)
        }
    }
}

fn show_changes(arguments: &Arguments, before: &Path, after: &Path) -> Result<(), MeasurementError> {
    let (before, after) = (Run::read(before)?, Run::read(after)?);
    println!("before: {}after:  {}", text::heading(&before), text::heading(&after));
    let (differences, flips) = (compare::differences(&before, &after), compare::flips(&before, &after));
    print!("{}", text::comparison(&differences, &flips, arguments.list));
    Ok(())
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<(), MeasurementError> {
    let rows = labels::read(&arguments.labels.clone().unwrap_or_else(|| folder.join("labels.csv")))?;
    let judge = Judge::load(&models(arguments), arguments.card)?;
    let run = Run::measure(&judge, folder, &rows, arguments.split)?;
    if let Some(path) = &arguments.json {
        run.write(path)?;
    }
    let scores = score::scores(&run);
    println!("{}\n{}", text::heading(&run), text::scores(&run, &scores));
    let splits = text::attribute_groups(&attribute_groups::groups(&run));
    if !splits.is_empty() {
        println!("{splits}");
    }
    note_uncounted(&rows);
    for file in &run.unreadable {
        println!("not counted: {file} is not a readable JPEG or PNG file");
    }
    if arguments.list {
        println!("{}", text::wrong(&scores));
    }
    if arguments.degrade {
        degrade(arguments, folder, &judge, &run)?;
    }
    Ok(())
}

fn degrade(arguments: &Arguments, folder: &Path, judge: &Judge, run: &Run) -> Result<(), MeasurementError> {
    let sweeps = degradation_sweep::named(arguments.only.as_deref());
    if sweeps.is_empty() {
        let known = degradation_sweep::named(None).iter().map(|sweep| sweep.name).collect::<Vec<_>>().join(", ");
        return Err(MeasurementError::UnknownSweep { known });
    }
    let locator = Locator::load(&models(arguments))?;
    let mut photographs = Vec::new();
    for judged in run.photos.iter().filter(|photo| arguments.all_photos || is_clean(&photo.row())) {
        photographs.extend(Subject::find(&locator, &photo::read(&folder.join(&judged.file), judge.max_bytes())?)?);
    }
    let mut synthetic = Vec::new();
    for seed in 1..=arguments.synthetic {
        synthetic.extend(Subject::synthetic(&locator, Portrait::person(seed))?);
    }
    let photos = if arguments.all_photos { "all photos" } else { "clean photos" };
    for (name, subjects) in [(photos, photographs), ("synthetic portraits", synthetic)] {
        println!("{name}, degraded; median [smallest, largest] strength\n");
        println!("{}", text::sweeps(&sweep_result::summaries(judge, &sweeps, &subjects)?));
    }
    if arguments.only.is_some() {
        return Ok(());
    }
    let rows = [("half size", Change::HalfSize), ("JPEG quality 90", Change::Quality90)];
    let rows: Result<Vec<_>, MeasurementError> =
        rows.into_iter().map(|(name, change)| Ok((name, stability::measure(judge, folder, run, change)?))).collect();
    println!("{}", text::stability(&rows?));
    Ok(())
}

/// Prints the labels that are not counted, so that a typing error is noticed.
fn note_uncounted(rows: &[Row]) {
    let mut uncounted_labels: BTreeMap<String, usize> = BTreeMap::new();
    for label in rows.iter().flat_map(uncounted) {
        *uncounted_labels.entry(label).or_default() += 1;
    }
    for (label, count) in uncounted_labels {
        println!("not counted: {label} ({count})");
    }
}

fn models(arguments: &Arguments) -> PathBuf {
    arguments.models.clone().or_else(|| env::var_os("MODELS_DIR").map(PathBuf::from)).unwrap_or_else(cache_folder)
}
