//! The `idphoto` tool as a person calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use drawn::Portrait;
use inspection::codec::{Codec, Limits, Mozjpeg};

/// A folder of this test's own, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder is made");
    folder
}

fn idphoto(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_idphoto")).args(arguments).output().expect("the tool runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

#[test]
fn a_passing_photo_ends_with_0_and_leaves_the_standard_photo_and_the_overlay() {
    let folder = folder("passing");
    let (photo, out, overlay) = (folder.join("in.jpg"), folder.join("out.jpg"), folder.join("lines.png"));
    fs::write(&photo, Portrait::passing().jpeg()).expect("written");
    let sheet = folder.join("sheet.jpg");
    let targets = ["--out", text(&out), "--overlay", text(&overlay), "--sheet", text(&sheet), "--paper", "five-inch"];
    let output = idphoto(&[&["check", text(&photo)], &targets[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("合格") && said.contains("358 x 441 px, 350 dpi"), "{said}");
    assert!(said.contains("已作处理：裁剪、缩小、背景调白"), "{said}");
    let sheet = Mozjpeg.decode(&fs::read(&sheet).expect("the sheet"), &Limits::default(), None).expect("a JPEG");
    assert_eq!((sheet.image.width, sheet.image.height), (1750, 1226));
    assert_eq!(sheet.header.density.map(|density| density.x_dpi.round()), Some(350.0));
    assert!(fs::read(&out).expect("the standard photo").starts_with(&[0xFF, 0xD8]));
    assert!(fs::read(&overlay).expect("the overlay").starts_with(b"\x89PNG"));
}

#[test]
fn a_failing_photo_ends_with_1_and_says_why_in_both_languages() {
    let photo = folder("failing").join("tilted.jpg");
    fs::write(&photo, Portrait::passing().roll(15.0).jpeg()).expect("written");
    let output = idphoto(&["check", text(&photo), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["verdict"], "fail");
    let reason = report["reasons"].as_array().expect("reasons").iter().find(|reason| reason["check"] == "pose.roll");
    let reason = reason.expect("the tilt is named");
    assert!(reason["zh"].as_str().expect("zh").starts_with("头像不正"), "{reason}");
    assert!(reason["en"].as_str().expect("en").contains("leans"), "{reason}");
    let english = idphoto(&["check", text(&photo), "--lang", "en"]);
    assert!(String::from_utf8_lossy(&english.stdout).contains("both eyes on one level line"));
}

#[test]
fn what_cannot_be_read_or_is_wrongly_asked_ends_with_2() {
    let folder = folder("unreadable");
    let photo = folder.join("broken.jpg");
    fs::write(&photo, &Portrait::passing().jpeg()[..20_000]).expect("written");
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
fn a_folder_is_judged_as_a_table_with_one_standard_photo_each() {
    let (photos, out) = (folder("folder"), folder("folder-out"));
    fs::write(photos.join("good.jpg"), Portrait::passing().jpeg()).expect("written");
    fs::write(photos.join("shut.jpg"), Portrait::passing().eyes_open(0.0, 0.0).jpeg()).expect("written");
    let output = idphoto(&["check", text(&photos), "--out", text(&out), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.contains("2 photos: 1 pass, 1 fail") && said.contains("Eyes open"), "{said}");
    assert!(out.join("good.jpg").exists());
    let lines = idphoto(&["check", text(&photos), "--json"]);
    assert_eq!(String::from_utf8_lossy(&lines.stdout).lines().count(), 2);
}
