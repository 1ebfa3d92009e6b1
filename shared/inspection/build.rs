//! Lists the files of `src/check` so that adding a check is adding one file.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets the manifest folder"));
    let folder = root.join("src/check");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("src/check exists")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod")
        .collect();
    names.sort();

    let mut code = String::new();
    for name in &names {
        writeln!(code, "#[path = {:?}]\npub mod {name};", folder.join(format!("{name}.rs"))).expect("a string grows");
    }
    writeln!(code, "/// Every check, in the order of its file's name.\npub static ALL: &[&Check] = &[")
        .expect("a string grows");
    for name in &names {
        writeln!(code, "    &{name}::CHECK,").expect("a string grows");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets the output folder"));
    fs::write(out.join("checks.rs"), code).expect("the output folder is writable");
}
