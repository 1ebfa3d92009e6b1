//! What every check said about every photo of a label file, and the file it is kept in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::card::Card;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::half::Half;
use crate::judge::{Answers, Judge};
use crate::labels::Row;
use crate::{Trouble, photo};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub engine: String,
    pub card: Card,
    pub half: Half,
    pub photos: Vec<Judged>,
    /// Labelled files that are no JPEG or PNG, or damaged ones: nothing is counted for them.
    #[serde(default)]
    pub unreadable: Vec<String>,
}

/// One photo: what a person saw and what the checks said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub file: String,
    pub seen: BTreeMap<String, String>,
    pub answers: Answers,
}

impl Judged {
    fn of(judge: &Judge, folder: &Path, row: &Row) -> Result<Self, Trouble> {
        let jpeg = photo::read(&folder.join(&row.file), judge.most_bytes())?;
        Ok(Self { file: row.file.clone(), seen: row.seen.clone(), answers: judge.answers(&jpeg)? })
    }

    pub fn row(&self) -> Row {
        Row { file: self.file.clone(), seen: self.seen.clone() }
    }

    pub fn is_refused(&self) -> bool {
        self.answers.values().any(|answer| answer.refuses())
    }
}

impl Run {
    /// Judges every photo of the half, in the order of the label file.
    pub fn measure(judge: &Judge, folder: &Path, rows: &[Row], half: Half) -> Result<Self, Trouble> {
        let chosen: Vec<&Row> = rows.iter().filter(|row| half.holds(row.person())).collect();
        if chosen.is_empty() {
            return Err(Trouble::Nothing);
        }
        let outcomes: Vec<_> = chosen.par_iter().map(|row| Judged::of(judge, folder, row)).collect();
        let mut run =
            Self { engine: inspection::VERSION.to_owned(), card: judge.card, half, photos: vec![], unreadable: vec![] };
        for (row, outcome) in chosen.iter().zip(outcomes) {
            match outcome {
                Ok(judged) => run.photos.push(judged),
                Err(Trouble::Png { .. } | Trouble::Jpeg { .. }) => run.unreadable.push(row.file.clone()),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(run)
    }

    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = fs::read_to_string(path).map_err(|source| Trouble::File { path: path.to_owned(), source })?;
        serde_json::from_str(&text).map_err(|source| Trouble::Run { path: path.to_owned(), source })
    }

    pub fn write(&self, path: &Path) -> Result<(), Trouble> {
        let text = serde_json::to_string(self).expect("a run is plain data");
        fs::write(path, text).map_err(|source| Trouble::File { path: path.to_owned(), source })
    }
}
