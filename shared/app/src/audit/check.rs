//! The check of the chains, for every subject that something was done to within some days. It reports and repairs nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Subject, verify};
use crate::failure::Failure;
use crate::store::{BY_DAY, Query, Store, Table};

/// Days that one check looks at, at most.
const DAYS_MAX: i32 = 4_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Chains that were read, each from its first line.
    pub subjects: u64,
    pub broken: Vec<Break>,
}

/// Where a chain stops being as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    pub subject: String,
    pub line: u64,
}

/// Recomputes the chains of all subjects that have a line of one of these days in China, both ends included.
pub async fn check(store: &dyn Store, from: Date, to: Date) -> Result<Report, Failure> {
    if from > to || from.until(to).map_or(true, |span| span.get_days() > DAYS_MAX) {
        return Err(Failure::Invalid { field: "/from", code: "field-invalid" });
    }
    let mut subjects = BTreeSet::new();
    for day in from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to) {
        touched(store, day, &mut subjects).await?;
    }
    let mut report = Report::default();
    for subject in subjects {
        report.subjects += 1;
        let chain = Subject(subject);
        if let Some(line) = verify(store, &chain).await? {
            report.broken.push(Break { subject: chain.0, line });
        }
    }
    Ok(report)
}

async fn touched(store: &dyn Store, day: Date, subjects: &mut BTreeSet<String>) -> Result<(), Failure> {
    let mut query = Query::index(Table::Audit, BY_DAY, day.to_string());
    loop {
        let page = store.query(&query).await?;
        // By its key and not by what it says: a line that says another subject is one that was changed.
        let keys = page.rows.iter().filter_map(|row| row.get("pk").and_then(Value::as_str));
        subjects.extend(keys.filter_map(|pk| pk.strip_prefix("SUBJECT#")).map(str::to_owned));
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(()),
        }
    }
}
