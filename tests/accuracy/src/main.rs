//! `accuracy`: labelled photos in, counts per check out.

mod arguments;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use accuracy::expectation::{is_clean, uncounted};
use accuracy::judge::Judge;
use accuracy::labels::{self, Row};
use accuracy::run::Run;
use accuracy::sitter::Sitter;
use accuracy::stability::{self, Change};
use accuracy::{Trouble, climb, compare, photo, ramp, score, split, text};
use clap::Parser;
use drawn::Portrait;
use inspection::locate::Locator;
use inspection::network::cache_folder;

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
        Err(trouble) => {
            eprintln!("accuracy: {trouble}");
            ExitCode::from(2)
        }
    }
}

fn show_changes(arguments: &Arguments, before: &Path, after: &Path) -> Result<(), Trouble> {
    let (before, after) = (Run::read(before)?, Run::read(after)?);
    println!("before: {}after:  {}", text::heading(&before), text::heading(&after));
    let (differences, flips) = (compare::differences(&before, &after), compare::flips(&before, &after));
    print!("{}", text::comparison(&differences, &flips, arguments.list));
    Ok(())
}

fn measure(arguments: &Arguments, folder: &Path) -> Result<(), Trouble> {
    let rows = labels::read(&arguments.labels.clone().unwrap_or_else(|| folder.join("labels.csv")))?;
    let judge = Judge::load(&models(arguments), arguments.card)?;
    let run = Run::measure(&judge, folder, &rows, arguments.half)?;
    if let Some(path) = &arguments.json {
        run.write(path)?;
    }
    let scores = score::scores(&run);
    println!("{}\n{}", text::heading(&run), text::scores(&run, &scores));
    let splits = text::splits(&split::splits(&run));
    if !splits.is_empty() {
        println!("{splits}");
    }
    note_uncounted(&rows);
    for file in &run.unreadable {
        println!("not counted: {file} is no readable JPEG or PNG");
    }
    if arguments.list {
        println!("{}", text::wrong(&scores));
    }
    if arguments.degrade {
        degrade(arguments, folder, &judge, &run)?;
    }
    Ok(())
}

fn degrade(arguments: &Arguments, folder: &Path, judge: &Judge, run: &Run) -> Result<(), Trouble> {
    let ramps = ramp::called(arguments.only.as_deref());
    if ramps.is_empty() {
        let known = ramp::called(None).iter().map(|ramp| ramp.name).collect::<Vec<_>>().join(", ");
        return Err(Trouble::NoSuchRamp { known });
    }
    let locator = Locator::load(&models(arguments))?;
    let mut photographed = Vec::new();
    for judged in run.photos.iter().filter(|photo| arguments.all_photos || is_clean(&photo.row())) {
        photographed.extend(Sitter::find(&locator, &photo::read(&folder.join(&judged.file), judge.most_bytes())?)?);
    }
    let mut drawn = Vec::new();
    for seed in 1..=arguments.drawn {
        drawn.extend(Sitter::drawn(&locator, Portrait::someone(seed))?);
    }
    let photos = if arguments.all_photos { "all photos" } else { "clean photos" };
    for (name, sitters) in [(photos, photographed), ("drawn portraits", drawn)] {
        println!("{name}, spoiled; median [smallest, largest] strength\n");
        println!("{}", text::ramps(&climb::summaries(judge, &ramps, &sitters)?));
    }
    if arguments.only.is_some() {
        return Ok(());
    }
    let rows = [("half size", Change::HalfSize), ("JPEG quality 90", Change::Quality90)];
    let rows: Result<Vec<_>, Trouble> =
        rows.into_iter().map(|(name, change)| Ok((name, stability::measure(judge, folder, run, change)?))).collect();
    println!("{}", text::stability(&rows?));
    Ok(())
}

/// Labels that no figure holds are named, so that a slip of the pen does not go unnoticed.
fn note_uncounted(rows: &[Row]) {
    let mut odd: BTreeMap<String, usize> = BTreeMap::new();
    for label in rows.iter().flat_map(uncounted) {
        *odd.entry(label).or_default() += 1;
    }
    for (label, count) in odd {
        println!("not counted: {label} ({count})");
    }
}

fn models(arguments: &Arguments) -> PathBuf {
    arguments.models.clone().or_else(|| env::var_os("MODELS_DIR").map(PathBuf::from)).unwrap_or_else(cache_folder)
}
