//! `synthetic_portraits`: writes synthetic portraits as files.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use synthetic_portraits::{Portrait, fault, faults};

/// Synthetic portraits for tests.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A portrait without faults; a number selects another person.
    Passing { file: PathBuf, person: Option<u32> },
    /// A portrait with one fault.
    Fault { name: String, file: PathBuf },
    /// One JPEG file for every fault, in a folder.
    Faults { folder: PathBuf },
    /// The names of the faults and of the checks that should find them.
    List,
}

fn main() -> Result<(), Box<dyn Error>> {
    match Arguments::parse().command {
        Command::Passing { file, person } => save(&person.map_or_else(Portrait::passing, Portrait::person), &file),
        Command::Fault { name, file } => {
            save(&fault(&name).ok_or("unknown fault; `list` prints all names")?.portrait, &file)
        }
        Command::Faults { folder } => {
            std::fs::create_dir_all(&folder)?;
            faults().iter().try_for_each(|fault| save(&fault.portrait, &folder.join(fault.name).with_extension("jpg")))
        }
        Command::List => {
            faults().iter().for_each(|fault| println!("{:<24}{}", fault.name, fault.check));
            Ok(())
        }
    }
}

/// Writes a PNG or JPEG file, depending on the extension.
fn save(portrait: &Portrait, file: &Path) -> Result<(), Box<dyn Error>> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("png") => portrait.render().save(file)?,
        Some("jpg" | "jpeg") => std::fs::write(file, portrait.jpeg())?,
        _ => return Err("the file's name must end in .png or .jpg".into()),
    }
    Ok(())
}
