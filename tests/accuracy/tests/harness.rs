//! Runs the measurement on synthetic portraits with known faults and checks the counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use accuracy::data_split::DataSplit;
use accuracy::judge::Judge;
use accuracy::run::Run;
use accuracy::score::{Tally, scores};
use accuracy::stability::{self, Change};
use accuracy::subject::Subject;
use accuracy::sweep_result::{self, Outcome};
use accuracy::{degradation_sweep, labels};
use domain::card::Card;
use inspection::locate::Locator;
use inspection::network::cache_folder;
use synthetic_portraits::{Cover, Portrait};

static JUDGE: LazyLock<Judge> =
    LazyLock::new(|| Judge::load(&cache_folder(), Card::ResidentId).expect("shared/inspection/models/fetch has run"));

const LABELS: &str = "\
file,faces,clean,eyes,mouth,roll,occluded,person
passing.jpg,1,yes,,,,,
person3.png,1,yes,,,,,
large.jpg,1,yes,,,,,
asleep.jpg,1,,closed,,,,
shouting.jpg,1,,,open,,,
leaning.jpg,1,,open,,tilted,,
masked.jpg,1,,,,,mask,
two.jpg,2,,,,,,
";

/// A folder with labelled synthetic portraits for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the folder can be created");
    let passing = Portrait::passing();
    let save = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).expect("a file can be written");
    save("passing.jpg", passing.jpeg());
    Portrait::person(3).render().save(folder.join("person3.png")).expect("a PNG can be written");
    save("large.jpg", Portrait::new(2400, 2960).lens(|lens| lens.noise = 9.0).quality(98).jpeg());
    save("asleep.jpg", passing.clone().eyes_open(0.0, 0.0).jpeg());
    save("shouting.jpg", passing.clone().mouth_open(0.9).jpeg());
    save("leaning.jpg", passing.clone().roll(16.0).jpeg());
    save("masked.jpg", passing.clone().cover(Cover::Mask).jpeg());
    save("two.jpg", passing.bystander().jpeg());
    save("labels.csv", LABELS.as_bytes().to_vec());
    folder
}

#[test]
fn run_counts_every_fault_of_the_synthetic_portraits() {
    let folder = folder("counted");
    assert!(
        fs::metadata(folder.join("large.jpg")).unwrap().len() > 1_048_576,
        "the file is larger than an upload may be"
    );
    let rows = labels::read(&folder.join("labels.csv")).unwrap();
    let run = Run::measure(&JUDGE, &folder, &rows, DataSplit::All).unwrap();
    let scores = scores(&run);
    let tally = |fault: &str| scores.iter().find(|score| score.expectation.fault == fault).map(|score| score.tally);
    let hit = |good| Some(Tally { hits: 1, passes: good, ..Tally::default() });
    assert_eq!(tally("closed eyes"), hit(4));
    assert_eq!(tally("open mouth"), hit(3));
    assert_eq!(tally("tilted"), hit(3));
    assert_eq!(tally("mask"), hit(3));
    assert_eq!(tally("several faces"), hit(7));
    assert_eq!(tally("no face"), Some(Tally { passes: 8, ..Tally::default() }));
    let again = Run::measure(&JUDGE, &folder, &rows, DataSplit::All).unwrap();
    assert_eq!(run, again, "the same photos get the same answers");
}

#[test]
fn checks_become_unsure_before_they_fail_and_a_resized_portrait_keeps_its_verdict() {
    let locator = Locator::load(&cache_folder()).unwrap();
    let subject = Subject::synthetic(&locator, Portrait::passing()).unwrap().expect("a face");
    let sweep = |name: &str| degradation_sweep::ALL.iter().find(|sweep| sweep.name == name).expect("a sweep");
    for name in ["blur", "tilt", "eyes closing", "lids coming down"] {
        let Outcome::Completed(result) = sweep_result::run_sweep(&JUDGE, sweep(name), &subject).unwrap() else {
            panic!("{name}: the sweep does not apply to the portrait")
        };
        let sweep = sweep(name);
        let progress = |strength: f32| (strength - sweep.from) / (sweep.to - sweep.from);
        let (unsure, fail) = (result.unsure.map(progress), result.fail.map(progress));
        assert!(fail.is_some_and(|fail| fail > 0.0), "{name}: {result:?}");
        assert!(unsure <= fail, "{name}: {result:?}");
    }
    let folder = folder("kept");
    // At half its size the portrait must still have enough pixels for a certificate.
    fs::write(folder.join("wide.jpg"), Portrait::new(1400, 1727).jpeg()).expect("a file can be written");
    let rows = labels::parse("file\nwide.jpg\n".as_bytes(), Path::new("labels.csv")).unwrap();
    let run = Run::measure(&JUDGE, &folder, &rows, DataSplit::All).unwrap();
    for change in [Change::HalfSize, Change::Quality90] {
        let stability = stability::measure(&JUDGE, &folder, &run, change).unwrap();
        assert_eq!((stability.photos, stability.kept), (1, 1), "{change:?}: {stability:?}");
    }
}

#[test]
fn command_prints_the_counts_and_compares_two_runs() {
    let folder = folder("command");
    let accuracy = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_accuracy")).args(arguments).output().expect("the command runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let [photos, before] = [folder.clone(), folder.join("before.json")].map(|path| path.display().to_string());
    let (code, text) = accuracy(&[&photos, "--json", &before, "--list"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("| closed eyes "), "{text}");
    let (code, text) = accuracy(&["--compare", &before, &before]);
    assert_eq!((code, text.lines().last()), (Some(0), Some("no difference")), "{text}");
    assert_eq!(accuracy(&[&photos, "--labels", &before]).0, Some(2), "the file has no labels");
    assert_eq!(accuracy(&[]).0, Some(2), "no arguments");
}
