//! Inspects one photo, or a folder of photos on all cores.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use indicatif::{ParallelProgressIterator, ProgressBar, ProgressStyle};
use inspection::render::sheet;
use inspection::{Engine, Inspection, RunError};
use rayon::prelude::*;
use rules::finding::{Group, Verdict};
use rules::photo_spec::PhotoSpec;
use rules::reason::{self, Language};
use rules::report::Report;

use crate::arguments::Check;
use crate::{FAIL, PASS, UNREADABLE, overlay, text};

#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Engine { path: PathBuf, source: RunError },
    #[error("no sheet can be made for {}", .0.display())]
    Sheet(PathBuf),
    #[error("no JPEG file in {}", .0.display())]
    Empty(PathBuf),
}

/// Larger files are not read: the engine would refuse them because of their size.
const READ_AT_MOST: u64 = 64 * 1024 * 1024;

pub fn run(engine: &Engine, check: &Check) -> Result<u8, BatchError> {
    let single = check.paths.len() == 1 && !check.paths[0].is_dir();
    if single { one(engine, check, &check.paths[0]) } else { many(engine, check) }
}

fn one(engine: &Engine, check: &Check, path: &Path) -> Result<u8, BatchError> {
    let (bytes, inspection) = inspect(engine, check, path)?;
    let targets = Targets { photo: check.out.clone(), overlay: check.overlay.clone(), sheet: check.sheet.clone() };
    targets.write(check, &bytes, &inspection)?;
    if check.json {
        println!(
            "{}",
            serde_json::to_string_pretty(&FileReport::new(path, &inspection.report))
                .expect("a report can be serialised")
        );
    } else {
        print!("{}", text::full(path, &inspection.report, check.lang.into()));
    }
    Ok(exit_code(&inspection.report))
}

fn many(engine: &Engine, check: &Check) -> Result<u8, BatchError> {
    let mut paths = Vec::new();
    for path in &check.paths {
        collect(path, &mut paths)?;
    }
    paths.sort();
    for folder in [&check.out, &check.overlay, &check.sheet].into_iter().flatten() {
        fs::create_dir_all(folder).map_err(|source| BatchError::Write { path: folder.clone(), source })?;
    }
    let bar = if check.json { ProgressBar::hidden() } else { ProgressBar::new(paths.len() as u64) };
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}").expect("the template is valid"));
    let reports: Vec<Result<(PathBuf, Report), BatchError>> =
        paths.into_par_iter().progress_with(bar).map(|path| member(engine, check, path)).collect();
    let mut worst = PASS;
    let mut done = Vec::new();
    for report in reports {
        match report {
            Ok((path, report)) => {
                worst = worst.max(exit_code(&report));
                if check.json {
                    println!(
                        "{}",
                        serde_json::to_string(&FileReport::new(&path, &report)).expect("a report can be serialised")
                    );
                }
                done.push((path, report));
            }
            Err(error) => {
                eprintln!("idphoto: {error}");
                worst = UNREADABLE;
            }
        }
    }
    if !check.json {
        summary(&done, check.lang.into());
    }
    Ok(worst)
}

fn member(engine: &Engine, check: &Check, path: PathBuf) -> Result<(PathBuf, Report), BatchError> {
    let (bytes, inspection) = inspect(engine, check, &path)?;
    let stem = path.file_stem().unwrap_or_default();
    let inside = |folder: &Option<PathBuf>, end: &str| folder.as_ref().map(|it| it.join(stem).with_extension(end));
    let targets = Targets {
        photo: inside(&check.out, "jpg"),
        overlay: inside(&check.overlay, "png"),
        sheet: inside(&check.sheet, "jpg"),
    };
    targets.write(check, &bytes, &inspection)?;
    Ok((path, inspection.report))
}

fn inspect(engine: &Engine, check: &Check, path: &Path) -> Result<(Vec<u8>, Inspection), BatchError> {
    let read = |source| BatchError::Read { path: path.to_owned(), source };
    let size = fs::metadata(path).map_err(read)?.len();
    if size > READ_AT_MOST {
        return Err(read(io::Error::new(io::ErrorKind::FileTooLarge, "the file is too large for a photo")));
    }
    let bytes = fs::read(path).map_err(read)?;
    let inspection = engine
        .inspect(&bytes, check.card, &check.options())
        .map_err(|source| BatchError::Engine { path: path.to_owned(), source })?;
    Ok((bytes, inspection))
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), BatchError> {
    if !path.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    let before = into.len();
    let entries = fs::read_dir(path).map_err(|source| BatchError::Read { path: path.to_owned(), source })?;
    for entry in entries.flatten() {
        let path = entry.path();
        let is_jpeg =
            path.extension().is_some_and(|end| end.eq_ignore_ascii_case("jpg") || end.eq_ignore_ascii_case("jpeg"));
        if path.is_file() && is_jpeg {
            into.push(path);
        }
    }
    if into.len() == before { Err(BatchError::Empty(path.to_owned())) } else { Ok(()) }
}

/// The output files for one photo.
struct Targets {
    photo: Option<PathBuf>,
    overlay: Option<PathBuf>,
    sheet: Option<PathBuf>,
}

impl Targets {
    fn write(&self, check: &Check, bytes: &[u8], inspection: &Inspection) -> Result<(), BatchError> {
        if let (Some(path), Some(photo)) = (&self.photo, &inspection.standard_photo) {
            write(path, photo)?;
        }
        if let (Some(path), Some(photo)) = (&self.sheet, &inspection.standard_photo) {
            let copies = sheet::of_file(photo, PhotoSpec::of(check.card).dpi, check.paper.into());
            write(path, &copies.ok_or_else(|| BatchError::Sheet(path.clone()))?)?;
        }
        match &self.overlay {
            Some(path) => draw(path, bytes, &inspection.report),
            None => Ok(()),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BatchError> {
    fs::write(path, bytes).map_err(|source| BatchError::Write { path: path.to_owned(), source })
}

fn draw(path: &Path, bytes: &[u8], report: &Report) -> Result<(), BatchError> {
    let Some(png) = overlay::png(bytes, report) else { return Ok(()) };
    write(path, &png)
}

/// The exit code for one report: a file that cannot be decoded is `UNREADABLE`, not `FAIL`.
fn exit_code(report: &Report) -> u8 {
    let unreadable = report.picture.is_none();
    match report.verdict {
        Verdict::Fail if unreadable => UNREADABLE,
        Verdict::Fail => FAIL,
        Verdict::Pass | Verdict::Unsure => PASS,
    }
}

fn summary(done: &[(PathBuf, Report)], language: Language) {
    for (path, report) in done {
        println!("{}", text::row(path, report, language));
    }
    let passed = done.iter().filter(|(_, report)| report.verdict != Verdict::Fail).count();
    let mut causes: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for (_, report) in done {
        for finding in report.findings.iter().filter(|finding| finding.refuses()) {
            let order = usize::from(finding.group != Group::File);
            *causes.entry((order, finding.check.as_ref())).or_default() += 1;
        }
    }
    let mut causes: Vec<_> = causes.into_iter().map(|((_, check), count)| (count, check)).collect();
    causes.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
    match language {
        Language::Chinese => println!("\n共{}张：合格{passed}张，不合格{}张", done.len(), done.len() - passed),
        Language::English => println!("\n{} photos: {passed} pass, {} fail", done.len(), done.len() - passed),
    }
    for (count, check) in causes {
        let name = reason::entry(check).map_or(check, |entry| entry.name.get(language));
        println!("{count:>5}  {name}");
    }
}

/// A report together with the name of its file.
#[derive(serde::Serialize)]
struct FileReport<'a> {
    file: String,
    #[serde(flatten)]
    report: &'a Report,
    /// The blocking reasons in both languages, the most urgent first.
    reasons: Vec<ReasonText>,
}

#[derive(serde::Serialize)]
struct ReasonText {
    check: String,
    zh: String,
    en: String,
    hint: Hint,
}

#[derive(serde::Serialize)]
struct Hint {
    zh: String,
    en: String,
}

impl<'a> FileReport<'a> {
    fn new(path: &Path, report: &'a Report) -> Self {
        let reason_text = |finding: &rules::finding::Finding| ReasonText {
            check: finding.check.to_string(),
            zh: reason::text(finding, Language::Chinese),
            en: reason::text(finding, Language::English),
            hint: Hint { zh: reason::hint(finding, Language::Chinese), en: reason::hint(finding, Language::English) },
        };
        Self {
            file: path.display().to_string(),
            report,
            reasons: report.reasons().into_iter().map(reason_text).collect(),
        }
    }
}
