//! Every row of the money table, for invariants over the whole store.

use std::collections::BTreeMap;

use domain::image_number::ImageNumber;
use serde::de::DeserializeOwned;

use super::TestApp;
use crate::store::{Key, Row, Table};

/// A copy of all rows of an app's store.
pub(crate) struct MoneyRows(BTreeMap<Key, Row>);

impl MoneyRows {
    /// Copies the rows; no fault applies.
    pub(crate) fn of(app: &TestApp) -> Self {
        Self(app.store.inner.dump())
    }

    /// The values of one kind, by the beginning of their sort key, e.g. `ORDER#` or `PAYMENT`.
    pub(crate) fn all<T: DeserializeOwned>(&self, prefix: &str) -> Vec<T> {
        let rows = self.0.iter().filter(|(key, _)| key.sk.starts_with(prefix) && key.table == Table::Money);
        let rows = rows.filter_map(|(_, row)| row.get("data"));
        rows.map(|data| serde_json::from_value(data.clone()).unwrap()).collect()
    }

    /// The name of a photo's state; empty if there is no such photo.
    pub(crate) fn photo_state(&self, image_no: ImageNumber) -> String {
        let row = self.0.iter().find(|(key, _)| key.pk == format!("PHOTO#{image_no}") && key.sk == "PHOTO");
        row.map_or_else(String::new, |(_, row)| row["state"].as_str().unwrap().to_owned())
    }
}
