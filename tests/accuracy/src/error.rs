//! What can keep a measurement from being made.

use std::io;
use std::path::PathBuf;

use inspection::codec::{DecodeError, EncodeError};
use inspection::{LoadError, RunError};

#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Labels { path: PathBuf, source: csv::Error },
    #[error("{}: no column `file`", .0.display())]
    NoFileColumn(PathBuf),
    #[error("{}: `{file}` is labelled twice", path.display())]
    Twice { path: PathBuf, file: String },
    #[error("{}: neither a JPEG nor a PNG file: {source}", path.display())]
    Png { path: PathBuf, source: image::ImageError },
    #[error("{}: {source}", path.display())]
    Jpeg { path: PathBuf, source: DecodeError },
    #[error(transparent)]
    Encode(#[from] EncodeError),
    #[error("{}: not a run that this program wrote: {source}", path.display())]
    Run { path: PathBuf, source: serde_json::Error },
    #[error(transparent)]
    Models(#[from] LoadError),
    #[error(transparent)]
    Machine(#[from] RunError),
    #[error("no such way to spoil a photo; there are: {known}")]
    NoSuchRamp { known: String },
    #[error("no photo is labelled in the chosen half")]
    Nothing,
}
