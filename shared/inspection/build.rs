//! Generates the list of checks from the files of `src/check`, so that a new check is one new file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let folder = root.join("src/check");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut checks: Vec<(String, String)> = fs::read_dir(&folder)
        .expect("src/check can be read")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|module| module != "mod")
        .map(|module| (code_of(&folder.join(format!("{module}.rs"))), module))
        .collect();
    checks.sort();

    let mut code = String::new();
    for (_, module) in &checks {
        writeln!(code, "#[path = {:?}]\npub mod {module};", folder.join(format!("{module}.rs")))
            .expect("writing to a String does not fail");
    }
    code.push_str("/// Every check, in the order of the codes.\npub static ALL: &[&Check] = &[\n");
    for (_, module) in &checks {
        writeln!(code, "    &{module}::CHECK,").expect("writing to a String does not fail");
    }
    code.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("checks.rs"), code).expect("OUT_DIR can be written");
}

/// The code of the check that a file defines: reports list findings in the order of the codes.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a check file can be read");
    let line = text.lines().find_map(|line| line.trim().strip_prefix("code: \""));
    line.and_then(|rest| rest.strip_suffix("\","))
        .unwrap_or_else(|| panic!("{} has no code", file.display()))
        .to_owned()
}
