//! Reads the labels: a CSV file with a header and one row per photo.
//!
//! `file` is the path of the photo in the folder. Every other column is a property; an empty cell means no label.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::MeasurementError;

/// The labels of one photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Path of the photo in the folder.
    pub file: String,
    /// Labels by column, in lower case, without empty cells.
    pub seen: BTreeMap<String, String>,
}

impl Row {
    /// The name of the person; photos without a name count as different people. Results on photos of the same person
    /// are not independent.
    pub fn person(&self) -> &str {
        self.seen.get("person").unwrap_or(&self.file)
    }
}

/// Reads a label file.
///
/// # Errors
///
/// [`MeasurementError::File`] when the file cannot be opened; otherwise as [`parse`].
pub fn read(path: &Path) -> Result<Vec<Row>, MeasurementError> {
    let file = fs::File::open(path).map_err(|source| MeasurementError::File { path: path.to_owned(), source })?;
    parse(file, path)
}

/// Parses labels. `path` is used in errors.
///
/// # Errors
///
/// [`MeasurementError::Labels`], [`MeasurementError::NoFileColumn`] or [`MeasurementError::Twice`].
pub fn parse(csv: impl Read, path: &Path) -> Result<Vec<Row>, MeasurementError> {
    let wrong = |source| MeasurementError::Labels { path: path.to_owned(), source };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let columns = reader.headers().map_err(wrong)?.clone();
    let at = columns
        .iter()
        .position(|name| name == "file")
        .ok_or_else(|| MeasurementError::NoFileColumn(path.to_owned()))?;
    let mut known = BTreeSet::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let file = record[at].to_owned();
        if !known.insert(file.clone()) {
            return Err(MeasurementError::Twice { path: path.to_owned(), file });
        }
        let cells = columns.iter().zip(&record).filter(|(name, value)| *name != "file" && !value.is_empty());
        let seen = cells.map(|(name, value)| (name.to_lowercase(), value.to_lowercase())).collect();
        rows.push(Row { file, seen });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<Row>, MeasurementError> {
        parse(text.as_bytes(), Path::new("labels.csv"))
    }

    #[test]
    fn an_empty_cell_gives_no_label() {
        let rows = parsed("file,eyes,mouth,person\na.jpg,closed,,Ann\n\"b, c.png\",, Open ,\n").unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].seen.get("eyes").map(String::as_str), Some("closed"));
        assert!(!rows[0].seen.contains_key("mouth"));
        assert_eq!(rows[0].person(), "ann");
        assert_eq!((rows[1].file.as_str(), rows[1].person()), ("b, c.png", "b, c.png"));
        assert_eq!(rows[1].seen.get("mouth").map(String::as_str), Some("open"));
    }

    #[test]
    fn parse_refuses_a_missing_file_column_a_repeated_photo_and_a_short_row() {
        assert!(matches!(parsed("photo,eyes\na.jpg,open\n"), Err(MeasurementError::NoFileColumn(_))));
        assert!(matches!(parsed("file,eyes\na.jpg,open\na.jpg,closed\n"), Err(MeasurementError::Twice { .. })));
        assert!(matches!(parsed("file,eyes\na.jpg\n"), Err(MeasurementError::Labels { .. })));
    }
}
