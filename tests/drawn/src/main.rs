//! Writes drawn portraits as files.

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use drawn::{Portrait, fault, faults};

/// Drawn portraits for tests.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A portrait with nothing wrong; a number makes it somebody else.
    Passing { file: PathBuf, someone: Option<u32> },
    /// A portrait with one thing wrong.
    Fault { name: String, file: PathBuf },
    /// Every fault, one JPEG each, into a folder.
    Faults { folder: PathBuf },
    /// The names of the faults and the checks they are for.
    List,
}

fn main() -> Result<(), Box<dyn Error>> {
    match Arguments::parse().what {
        What::Passing { file, someone } => save(&someone.map_or_else(Portrait::passing, Portrait::someone), &file),
        What::Fault { name, file } => save(&fault(&name).ok_or("no such fault: see `list`")?.portrait, &file),
        What::Faults { folder } => {
            std::fs::create_dir_all(&folder)?;
            faults().iter().try_for_each(|fault| save(&fault.portrait, &folder.join(fault.name).with_extension("jpg")))
        }
        What::List => {
            faults().iter().for_each(|fault| println!("{:<24}{}", fault.name, fault.check));
            Ok(())
        }
    }
}

/// PNG or JPEG, by the file's name.
fn save(portrait: &Portrait, file: &Path) -> Result<(), Box<dyn Error>> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("png") => portrait.render().save(file)?,
        Some("jpg" | "jpeg") => std::fs::write(file, portrait.jpeg())?,
        _ => return Err("the file's name must end in .png or .jpg".into()),
    }
    Ok(())
}
