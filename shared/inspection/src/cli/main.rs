//! `idphoto`: the inspection engine on the command line.

mod arguments;
mod batch;
mod models;
mod overlay;
mod text;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Exit code: all photos pass.
const PASS: u8 = 0;
/// Exit code: at least one photo fails.
const FAIL: u8 = 1;
/// Exit code: a file cannot be read, or the arguments are wrong.
const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let engine = match models::load(arguments.models.as_deref()) {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("idphoto: {error}");
            return ExitCode::from(UNREADABLE);
        }
    };
    let outcome = match &arguments.command {
        Command::Check(check) => batch::run(&engine, check),
    };
    outcome.map_or_else(
        |error| {
            eprintln!("idphoto: {error}");
            ExitCode::from(UNREADABLE)
        },
        ExitCode::from,
    )
}
