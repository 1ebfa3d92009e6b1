//! The results of every check on every photo of a label file, and the JSON file that stores them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::card::Card;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data_split::DataSplit;
use crate::judge::{Answers, Judge};
use crate::labels::Row;
use crate::{MeasurementError, photo};

/// The results on all photos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Version of the engine.
    pub engine: String,
    /// The card type.
    pub card: Card,
    /// The part of the people.
    #[serde(alias = "half")]
    pub split: DataSplit,
    /// The photos, in the order of the label file.
    pub photos: Vec<Judged>,
    /// Labelled files that are damaged or neither JPEG nor PNG; they are not counted.
    #[serde(default)]
    pub unreadable: Vec<String>,
}

/// One photo with its labels and the results of the checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Path of the photo in the folder.
    pub file: String,
    /// The labels by column.
    pub seen: BTreeMap<String, String>,
    /// The results by check.
    pub answers: Answers,
}

impl Judged {
    fn of(judge: &Judge, folder: &Path, row: &Row) -> Result<Self, MeasurementError> {
        let jpeg = photo::read(&folder.join(&row.file), judge.max_bytes())?;
        Ok(Self { file: row.file.clone(), seen: row.seen.clone(), answers: judge.answers(&jpeg)? })
    }

    /// The labels of the photo.
    pub fn row(&self) -> Row {
        Row { file: self.file.clone(), seen: self.seen.clone() }
    }

    /// Whether a blocking check fails.
    pub fn is_refused(&self) -> bool {
        self.answers.values().any(|answer| answer.refuses())
    }
}

impl Run {
    /// Judges every photo of one part of the people.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Nothing`] when the part has no photo; other errors when a file cannot be read or the engine
    /// fails.
    pub fn measure(judge: &Judge, folder: &Path, rows: &[Row], split: DataSplit) -> Result<Self, MeasurementError> {
        let chosen: Vec<&Row> = rows.iter().filter(|row| split.contains(row.person())).collect();
        if chosen.is_empty() {
            return Err(MeasurementError::Nothing);
        }
        let outcomes: Vec<_> = chosen.par_iter().map(|row| Judged::of(judge, folder, row)).collect();
        let mut run = Self {
            engine: inspection::VERSION.to_owned(),
            card: judge.card,
            split,
            photos: vec![],
            unreadable: vec![],
        };
        for (row, outcome) in chosen.iter().zip(outcomes) {
            match outcome {
                Ok(judged) => run.photos.push(judged),
                Err(MeasurementError::Png { .. } | MeasurementError::Jpeg { .. }) => {
                    run.unreadable.push(row.file.clone())
                }
                Err(error) => return Err(error),
            }
        }
        Ok(run)
    }

    /// Reads a run from a file.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::File`] or [`MeasurementError::Run`] when the file cannot be read or is no run.
    pub fn read(path: &Path) -> Result<Self, MeasurementError> {
        let text =
            fs::read_to_string(path).map_err(|source| MeasurementError::File { path: path.to_owned(), source })?;
        serde_json::from_str(&text).map_err(|source| MeasurementError::Run { path: path.to_owned(), source })
    }

    /// Writes the run to a file.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::File`] when the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), MeasurementError> {
        let text = serde_json::to_string(self).expect("a run can be serialised");
        fs::write(path, text).map_err(|source| MeasurementError::File { path: path.to_owned(), source })
    }
}
