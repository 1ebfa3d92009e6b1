//! The check of all chains that grew within some days. It reports and repairs nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Subject, verify};
use crate::failure::Failure;
use crate::store::{BY_DAY, Query, Store, Table};

/// Days that one check covers, at most.
const DAYS_MAX: i32 = 4_000;

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The number of chains that were read, each from its first entry.
    pub subjects: u64,
    /// The chains that are not intact.
    pub broken: Vec<BrokenChain>,
}

/// A chain that was changed after it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenChain {
    /// `<kind>/<id>`, see [`Subject`].
    pub subject: String,
    /// The position of the first entry that was changed, removed or inserted.
    pub entry: u64,
}

/// Verifies the chain of every subject that has an entry between `from` and `to`, days in China, both included.
///
/// # Errors
/// [`Failure::Invalid`] for `/from` when `from` is after `to` or the span exceeds 4,000 days; [`Failure::Unavailable`]
/// when the store fails.
pub async fn check(store: &dyn Store, from: Date, to: Date) -> Result<Report, Failure> {
    if from > to || from.until(to).map_or(true, |span| span.get_days() > DAYS_MAX) {
        return Err(Failure::Invalid { field: "/from", code: "field-invalid" });
    }
    let mut subjects = BTreeSet::new();
    for day in from.series(jiff::Span::new().days(1)).take_while(|day| *day <= to) {
        collect_subjects(store, day, &mut subjects).await?;
    }
    let mut report = Report::default();
    for subject in subjects {
        report.subjects += 1;
        let subject = Subject(subject);
        if let Some(entry) = verify(store, &subject).await? {
            report.broken.push(BrokenChain { subject: subject.0, entry });
        }
    }
    Ok(report)
}

async fn collect_subjects(store: &dyn Store, day: Date, subjects: &mut BTreeSet<String>) -> Result<(), Failure> {
    let mut query = Query::index(Table::Audit, BY_DAY, day.to_string());
    loop {
        let page = store.query(&query).await?;
        // From the key, not from the attribute: an entry whose attribute names another subject was changed.
        let keys = page.rows.iter().filter_map(|row| row.get("pk").and_then(Value::as_str));
        subjects.extend(keys.filter_map(|pk| pk.strip_prefix("SUBJECT#")).map(str::to_owned));
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(()),
        }
    }
}
