//! What a person saw: a CSV file with a header and one row a photo.
//!
//! `file` is the photo's path inside the folder. Every other cell holds what was judged; an empty one was not judged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::Trouble;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub file: String,
    /// Column to value, in lower case, filled cells only.
    pub seen: BTreeMap<String, String>,
}

impl Row {
    /// Photos of one person share their answers to many checks; unnamed photos count as one person each.
    pub fn person(&self) -> &str {
        self.seen.get("person").unwrap_or(&self.file)
    }
}

pub fn read(path: &Path) -> Result<Vec<Row>, Trouble> {
    let file = fs::File::open(path).map_err(|source| Trouble::File { path: path.to_owned(), source })?;
    parse(file, path)
}

/// `path` is named in errors.
pub fn parse(csv: impl Read, path: &Path) -> Result<Vec<Row>, Trouble> {
    let wrong = |source| Trouble::Labels { path: path.to_owned(), source };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let columns = reader.headers().map_err(wrong)?.clone();
    let at = columns.iter().position(|name| name == "file").ok_or_else(|| Trouble::NoFileColumn(path.to_owned()))?;
    let mut known = BTreeSet::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let file = record[at].to_owned();
        if !known.insert(file.clone()) {
            return Err(Trouble::Twice { path: path.to_owned(), file });
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

    fn parsed(text: &str) -> Result<Vec<Row>, Trouble> {
        parse(text.as_bytes(), Path::new("labels.csv"))
    }

    #[test]
    fn an_empty_cell_was_not_judged() {
        let rows = parsed("file,eyes,mouth,person\na.jpg,closed,,Ann\n\"b, c.png\",, Open ,\n").unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].seen.get("eyes").map(String::as_str), Some("closed"));
        assert!(!rows[0].seen.contains_key("mouth"));
        assert_eq!(rows[0].person(), "ann");
        assert_eq!((rows[1].file.as_str(), rows[1].person()), ("b, c.png", "b, c.png"));
        assert_eq!(rows[1].seen.get("mouth").map(String::as_str), Some("open"));
    }

    #[test]
    fn a_file_without_names_a_repeated_photo_and_a_short_row_are_refused() {
        assert!(matches!(parsed("photo,eyes\na.jpg,open\n"), Err(Trouble::NoFileColumn(_))));
        assert!(matches!(parsed("file,eyes\na.jpg,open\na.jpg,closed\n"), Err(Trouble::Twice { .. })));
        assert!(matches!(parsed("file,eyes\na.jpg\n"), Err(Trouble::Labels { .. })));
    }
}
