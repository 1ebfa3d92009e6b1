//! The error of this crate.

use std::io;
use std::path::PathBuf;

use inspection::codec::{DecodeError, EncodeError};
use inspection::{LoadError, RunError};

/// Why a measurement cannot be made.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are the path of the file, the name of a photo and the cause")]
pub enum MeasurementError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// The label file is not valid CSV.
    #[error("{}: {source}", path.display())]
    Labels { path: PathBuf, source: csv::Error },
    /// The label file has no column `file`.
    #[error("{}: no column `file`", .0.display())]
    NoFileColumn(PathBuf),
    /// The label file has two rows for one photo.
    #[error("{}: `{file}` is labelled twice", path.display())]
    Twice { path: PathBuf, file: String },
    /// A photo is neither a JPEG file nor a readable PNG file.
    #[error("{}: neither a JPEG nor a PNG file: {source}", path.display())]
    Png { path: PathBuf, source: image::ImageError },
    /// A JPEG file cannot be decoded.
    #[error("{}: {source}", path.display())]
    Jpeg { path: PathBuf, source: DecodeError },
    /// A picture cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A file was not written by `--json`.
    #[error("{}: not a run of this program: {source}", path.display())]
    Run { path: PathBuf, source: serde_json::Error },
    /// The models cannot be loaded.
    #[error(transparent)]
    Models(#[from] LoadError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] RunError),
    /// `--only` is not the name of a degradation.
    #[error("unknown degradation; known are: {known}")]
    UnknownSweep { known: String },
    /// No labelled photo is in the chosen part of the people.
    #[error("no photo is labelled in the chosen part")]
    Nothing,
}
