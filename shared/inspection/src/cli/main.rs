//! `idphoto`: the inspection on the command line.

mod arguments;
mod batch;
mod models;
mod overlay;
mod text;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Exit codes: what was asked for holds, a photo failed, a file cannot be read or the call is wrong.
const PASS: u8 = 0;
const FAIL: u8 = 1;
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
