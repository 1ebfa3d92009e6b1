//! Tables, their indexes, and the keys of rows.

use std::fmt;

use jiff::Timestamp;

/// The attribute that tells the store when to delete a row, in seconds since 1970. The store deletes late, by hours or
/// days: compute whether something has expired from another attribute of the row.
pub const TTL: &str = "ttl";

/// One table per bounded context, and two technical ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Photos, their reports, the counter of image numbers, and units.
    Photos,
    /// Accounts, sessions and personal data.
    Accounts,
    /// Wallets, ledger entries, orders, payments, refunds, coupons and invoices.
    Money,
    /// Rows with a [`TTL`]: idempotency records, one-time codes, rate limits, quotas, captchas and sign-in tickets.
    Ephemeral,
    /// Messages on their way to the relay.
    Outbox,
    /// The audit log. Rows are only added.
    Audit,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 6] = [Self::Photos, Self::Accounts, Self::Money, Self::Ephemeral, Self::Outbox, Self::Audit];

    /// The name in lower case. The environment variable with the deployed name is `PHOTOS_TABLE` and so on.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Accounts => "accounts",
            Self::Money => "money",
            Self::Ephemeral => "ephemeral",
            Self::Outbox => "outbox",
            Self::Audit => "audit",
        }
    }

    /// The secondary indexes.
    pub const fn indexes(self) -> &'static [Index] {
        match self {
            Self::Photos | Self::Accounts | Self::Money => &[BY_OWNER, BY_DUE],
            Self::Audit => &[BY_DAY, BY_ACTOR],
            Self::Ephemeral | Self::Outbox => &[],
        }
    }
}

/// A secondary index of a table. It holds the rows that have both attributes, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The name in the store.
    pub name: &'static str,
    /// The attribute that is the partition key.
    pub pk: &'static str,
    /// The attribute that is the sort key.
    pub sk: &'static str,
}

/// Rows of one owner, sorted by time.
pub const BY_OWNER: Index = Index { name: "byOwner", pk: "owner", sk: "ownerSort" };

/// Rows with a due time, by kind. A row has the attributes only as long as it waits.
pub const BY_DUE: Index = Index { name: "byDue", pk: "due", sk: "dueAt" };

/// Audit entries of one day in China.
pub const BY_DAY: Index = Index { name: "byDay", pk: "day", sk: "sort" };

/// Audit entries of one actor.
pub const BY_ACTOR: Index = Index { name: "byActor", pk: "by", sk: "sort" };

/// The primary key of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The table.
    pub table: Table,
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    /// The key `pk`, `sk` of `table`.
    pub fn new(table: Table, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { table, pk: pk.into(), sk: sk.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table.name(), self.pk, self.sk)
    }
}

/// An instant as text that sorts by time, to the millisecond: `2024-01-15T05:36:56.000Z`.
pub fn sortable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sortable_instant_has_milliseconds_and_parses_back() {
        let at = Timestamp::from_millisecond(1_705_296_000_070).unwrap();
        assert_eq!(sortable(at), "2024-01-15T05:20:00.070Z");
        assert_eq!(sortable(at).parse::<Timestamp>().unwrap(), at);
    }
}
