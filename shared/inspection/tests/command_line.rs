//! Runs the `idphoto` command.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use inspection::codec::{self, Limits};
use synthetic_portraits::Portrait;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be created");
    folder
}

fn idphoto(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idphoto")).args(arguments).output().expect("idphoto starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

#[test]
fn check_of_a_passing_photo_exits_with_0_and_writes_all_output_files() {
    let folder = folder("passing");
    let (photo, out, overlay) = (folder.join("in.jpg"), folder.join("out.jpg"), folder.join("lines.png"));
    fs::write(&photo, Portrait::passing().jpeg()).expect("the file can be written");
    let sheet = folder.join("sheet.jpg");
    let targets = ["--out", text(&out), "--overlay", text(&overlay), "--sheet", text(&sheet), "--paper", "five-inch"];
    let output = idphoto(&[&["check", text(&photo)], &targets[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.contains("合格") && stdout.contains("358 x 441 px, 350 dpi"), "{stdout}");
    assert!(stdout.contains("已作处理：裁剪、缩小、背景调白"), "{stdout}");
    let sheet = codec::decode(&fs::read(&sheet).expect("the sheet"), &Limits::default(), None).expect("a JPEG");
    assert_eq!((sheet.image.width, sheet.image.height), (1750, 1226));
    assert_eq!(sheet.header.density.map(|density| density.x_dpi.round()), Some(350.0));
    assert!(fs::read(&out).expect("the standard photo").starts_with(&[0xFF, 0xD8]));
    assert!(fs::read(&overlay).expect("the overlay").starts_with(b"\x89PNG"));
}

#[test]
fn check_of_a_failing_photo_exits_with_1_and_prints_the_reason_in_both_languages() {
    let photo = folder("failing").join("tilted.jpg");
    fs::write(&photo, Portrait::passing().roll(15.0).jpeg()).expect("the file can be written");
    let output = idphoto(&["check", text(&photo), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["verdict"], "fail");
    let reason = report["reasons"].as_array().expect("reasons").iter().find(|reason| reason["check"] == "pose.roll");
    let reason = reason.expect("pose.roll is a reason");
    assert!(reason["zh"].as_str().expect("zh").starts_with("头像不正"), "{reason}");
    assert!(reason["en"].as_str().expect("en").contains("leans"), "{reason}");
    let english = idphoto(&["check", text(&photo), "--lang", "en"]);
    assert!(String::from_utf8_lossy(&english.stdout).contains("both eyes on one level line"));
}

#[test]
fn check_of_an_unreadable_file_or_with_wrong_arguments_exits_with_2() {
    let folder = folder("unreadable");
    let photo = folder.join("broken.jpg");
    fs::write(&photo, &Portrait::passing().jpeg()[..20_000]).expect("the file can be written");
    for arguments in [
        vec!["check", text(&photo)],
        vec!["check", text(&folder.join("missing.jpg"))],
        vec!["check", text(&photo), "--card", "passport"],
        vec!["check"],
    ] {
        assert_eq!(idphoto(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    let no_models = idphoto(&["--models", text(&folder), "check", text(&photo)]);
    assert_eq!(no_models.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&no_models.stderr).contains("models/fetch"));
}

#[test]
fn check_of_a_folder_prints_a_table_and_writes_standard_photos() {
    let (photos, out) = (folder("folder"), folder("folder-out"));
    fs::write(photos.join("good.jpg"), Portrait::passing().jpeg()).expect("the file can be written");
    fs::write(photos.join("shut.jpg"), Portrait::passing().eyes_open(0.0, 0.0).jpeg())
        .expect("the file can be written");
    let output = idphoto(&["check", text(&photos), "--out", text(&out), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(stdout.contains("2 photos: 1 pass, 1 fail") && stdout.contains("Eyes open"), "{stdout}");
    assert!(out.join("good.jpg").exists());
    let lines = idphoto(&["check", text(&photos), "--json"]);
    assert_eq!(String::from_utf8_lossy(&lines.stdout).lines().count(), 2);
}
