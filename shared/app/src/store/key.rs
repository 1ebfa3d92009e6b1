//! Where a row lives.

use std::fmt;

use jiff::Timestamp;

/// The attribute by which a table's own garbage collection removes a row (seconds since 1970). Removal comes late by hours:
/// whether something has expired is always computed from the row's own instant.
pub const TTL: &str = "ttl";

/// One table per bounded context, and two technical ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    Photos,
    Accounts,
    Money,
    /// Idempotency records, one-time codes, rate limits, tickets, quotas: everything that has a [`TTL`].
    Guards,
    /// Events on their way to queues and messages.
    Outbox,
    /// Lines that are only ever added.
    Audit,
}

impl Table {
    pub const ALL: [Self; 6] = [Self::Photos, Self::Accounts, Self::Money, Self::Guards, Self::Outbox, Self::Audit];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Accounts => "accounts",
            Self::Money => "money",
            Self::Guards => "guards",
            Self::Outbox => "outbox",
            Self::Audit => "audit",
        }
    }

    pub const fn indexes(self) -> &'static [Index] {
        match self {
            Self::Photos | Self::Accounts | Self::Money => &[BY_OWNER, BY_DUE],
            Self::Audit => &[BY_DAY, BY_ACTOR],
            Self::Guards | Self::Outbox => &[],
        }
    }
}

/// A second order over a table's rows. A row without both attributes (strings) is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    pub name: &'static str,
    pub pk: &'static str,
    pub sk: &'static str,
}

/// What belongs to one account, newest or oldest first.
pub const BY_OWNER: Index = Index { name: "byOwner", pk: "owner", sk: "ownerSort" };

/// What waits for an instant: rows carry it only as long as they wait.
pub const BY_DUE: Index = Index { name: "byDue", pk: "due", sk: "dueAt" };

/// The log of one day in China.
pub const BY_DAY: Index = Index { name: "byDay", pk: "day", sk: "sort" };

/// The log of one person's deeds.
pub const BY_ACTOR: Index = Index { name: "byActor", pk: "by", sk: "sort" };

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub table: Table,
    pub pk: String,
    pub sk: String,
}

impl Key {
    pub fn new(table: Table, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { table, pk: pk.into(), sk: sk.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table.name(), self.pk, self.sk)
    }
}

/// An instant as text whose order is the order of time: `2024-01-15T05:36:56.000Z`.
pub fn sortable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sortable_instants_have_one_width_and_parse_back() {
        let at = Timestamp::from_millisecond(1_705_296_000_070).unwrap();
        assert_eq!(sortable(at), "2024-01-15T05:20:00.070Z");
        assert_eq!(sortable(at).parse::<Timestamp>().unwrap(), at);
    }
}
