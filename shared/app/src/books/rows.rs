//! One row per value: its key, what indexes see of it, and its two ways to be written.

use domain::invoice::{self, Invoice};
use domain::money::coupon::{self, Coupon};
use domain::money::hold::Hold;
use domain::money::ledger::Entry;
use domain::money::number::Number;
use domain::money::order::Order;
use domain::money::payment::Payment;
use domain::money::recharge::Recharge;
use domain::money::refund::Refund;
use domain::money::wallet::Wallet;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::store::{BY_DUE, BY_OWNER, Change, Cursor, Key, Query, Row, Span, Store, Table, sortable};

/// Where rows live.
pub mod key {
    use super::{Key, Number, Table};

    pub fn person(owner: &str) -> String {
        format!("USER#{owner}")
    }

    pub fn wallet(owner: &str) -> Key {
        Key::new(Table::Money, person(owner), "WALLET")
    }

    pub fn entry(owner: &str, seq: u64) -> Key {
        Key::new(Table::Money, person(owner), format!("LEDGER#{seq:020}"))
    }

    /// One transaction of a kind per order, payment or recharge: writing it twice collides.
    pub fn transaction(owner: &str, no: &str, what: &str) -> Key {
        Key::new(Table::Money, person(owner), format!("TX#{no}#{what}"))
    }

    /// A photo has at most one hold, so it is found by the photo.
    pub fn hold(owner: &str, image_no: &str) -> Key {
        Key::new(Table::Money, person(owner), format!("HOLD#{image_no}"))
    }

    pub fn coupon(owner: &str, id: &Number) -> Key {
        Key::new(Table::Money, person(owner), format!("COUPON#{id}"))
    }

    pub fn order(owner: &str, no: &Number) -> Key {
        Key::new(Table::Money, person(owner), format!("ORDER#{no}"))
    }

    pub fn recharge(owner: &str, no: &Number) -> Key {
        Key::new(Table::Money, person(owner), format!("RECHARGE#{no}"))
    }

    pub fn invoice(owner: &str, no: &Number) -> Key {
        Key::new(Table::Money, person(owner), format!("INVOICE#{no}"))
    }

    pub fn payment(no: &str) -> Key {
        Key::new(Table::Money, format!("PAY#{no}"), "PAYMENT")
    }

    pub fn refund(payment_no: &str) -> Key {
        Key::new(Table::Money, format!("PAY#{payment_no}"), "REFUND")
    }

    pub fn photo(image_no: &str) -> Key {
        Key::new(Table::Money, format!("PHOTO#{image_no}"), "ORDER")
    }
}

/// A value of the domain that has a row.
pub trait Stored: Serialize + DeserializeOwned + Sync {
    fn key(&self) -> Key;

    /// Attributes beside the value: what conditions and indexes read.
    fn facts(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

fn due(kind: &'static str, at: Option<Timestamp>) -> Vec<(&'static str, Value)> {
    at.map_or_else(Vec::new, |at| vec![(BY_DUE.pk, json!(kind)), (BY_DUE.sk, json!(sortable(at)))])
}

impl Stored for Wallet {
    fn key(&self) -> Key {
        key::wallet(self.owner())
    }

    /// All wallets stand in sixteen lists, so that a check can walk through them without a scan.
    fn facts(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("available", self.available().get().into()),
            (BY_OWNER.pk, json!(super::wallet::list_of(self.owner()))),
            (BY_OWNER.sk, json!(self.owner())),
        ]
    }
}

impl Stored for Entry {
    fn key(&self) -> Key {
        key::entry(&self.owner, self.seq)
    }
}

impl Stored for Hold {
    fn key(&self) -> Key {
        key::hold(&self.owner, &self.image_no)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        due("hold-expire", self.deadline())
    }
}

impl Stored for Coupon {
    fn key(&self) -> Key {
        key::coupon(&self.owner, &self.id)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        match self.remind_at() {
            Some(at) => due("coupon-remind", Some(at)),
            None => {
                let waits = matches!(self.state, coupon::State::Usable | coupon::State::Frozen { .. });
                due("coupon-expire", waits.then_some(self.expires_at))
            }
        }
    }
}

impl Stored for Order {
    fn key(&self) -> Key {
        key::order(&self.owner, &self.no)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        due("order-close", self.close_at())
    }
}

impl Stored for Recharge {
    fn key(&self) -> Key {
        key::recharge(&self.owner, &self.no)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        due("recharge-lapse", self.lapse_at())
    }
}

impl Stored for Payment {
    fn key(&self) -> Key {
        key::payment(&self.no)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        due("payment-ask", self.ask_at)
    }
}

impl Stored for Refund {
    fn key(&self) -> Key {
        key::refund(&self.payment_no)
    }

    fn facts(&self) -> Vec<(&'static str, Value)> {
        due("refund-ask", self.ask_at)
    }
}

impl Stored for Invoice {
    fn key(&self) -> Key {
        key::invoice(&self.owner, &self.no)
    }

    /// Waits for staff or for the provider, and is found by its number alone: both know no owner.
    fn facts(&self) -> Vec<(&'static str, Value)> {
        let mut facts = match self.state {
            invoice::State::Applied { at } => due("invoice-review", Some(at)),
            _ => due("invoice-ask", self.poll_at),
        };
        facts.push((BY_OWNER.pk, json!(invoice_list(&self.no))));
        facts.push((BY_OWNER.sk, json!(self.no)));
        facts
    }
}

fn invoice_list(no: &Number) -> String {
    format!("INVOICE#{no}")
}

/// The invoice with this number, whoever's it is.
pub fn invoice_named(no: &Number) -> Query {
    Query::index(Table::Money, BY_OWNER, invoice_list(no)).limit(1)
}

/// A value as it was read; written back only if nobody else wrote meanwhile.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    pub value: T,
    version: i64,
}

impl<T: Stored> Loaded<T> {
    /// A value that has no row yet.
    pub const fn new(value: T) -> Self {
        Self { value, version: 0 }
    }

    /// The value takes this row's place.
    pub fn replace(&self, value: &T) -> Result<Change, Failure> {
        let change = Change::put(value.key(), row(value, self.version + 1)?);
        Ok(if self.version == 0 { change.if_absent() } else { change.if_version(self.version) })
    }

    pub const fn is_stored(&self) -> bool {
        self.version > 0
    }

    fn read(mut row: Row) -> Result<Self, Failure> {
        let version = row.get("version").and_then(Value::as_i64);
        let version = version.ok_or_else(|| Failure::internal("a row without a version"))?;
        let data = row.remove("data").ok_or_else(|| Failure::internal("a row without data"))?;
        Ok(Self { value: serde_json::from_value(data).map_err(Failure::internal)?, version })
    }
}

fn row<T: Stored>(value: &T, version: i64) -> Result<Row, Failure> {
    let mut row = Row::new();
    row.insert("version".into(), version.into());
    row.insert("data".into(), serde_json::to_value(value).map_err(Failure::internal)?);
    row.extend(value.facts().into_iter().map(|(name, fact)| (name.to_owned(), fact)));
    Ok(row)
}

pub async fn load<T: Stored>(store: &dyn Store, key: &Key) -> Result<Option<Loaded<T>>, Failure> {
    store.get(key).await?.map(Loaded::read).transpose()
}

/// One page of values of one kind.
pub async fn page<T: Stored>(store: &dyn Store, query: &Query) -> Result<(Vec<Loaded<T>>, Option<Cursor>), Failure> {
    let page = store.query(query).await?;
    let values: Result<Vec<_>, _> = page.rows.into_iter().map(Loaded::read).collect();
    Ok((values?, page.next))
}

/// All of one person's rows of one kind.
pub fn of_person(owner: &str, prefix: &str) -> Query {
    Query::table(Table::Money, key::person(owner)).span(Span::Prefix(prefix.to_owned()))
}

/// A photo is in at most one open or paid order (I8): taken with the order, given back when it closes. The row stays, as all rows
/// of money do.
pub mod photo_lock {
    use super::{Change, Failure, Number, Store, key};

    const TAKER: &str = "orderNo";

    pub fn take(image_no: &str, order: &Number) -> Change {
        Change::update(key::photo(image_no)).set(TAKER, order.as_str()).if_missing(TAKER)
    }

    pub fn give_back(image_no: &str, order: &Number) -> Change {
        Change::update(key::photo(image_no)).remove(TAKER).if_equals(TAKER, order.as_str())
    }

    pub async fn is_taken(store: &dyn Store, image_no: &str) -> Result<bool, Failure> {
        Ok(store.get(&key::photo(image_no)).await?.is_some_and(|row| row.contains_key(TAKER)))
    }
}
