//! The keys and index attributes of each value of the money table.

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
use serde_json::{Value, json};

use super::Stored;
use super::key;
use crate::store::{BY_DUE, BY_OWNER, Key, Query, Table, sortable};

/// Lists a row under `kind` in the index of due rows, from the instant at which it is due.
fn due(kind: &'static str, at: Option<Timestamp>) -> Vec<(&'static str, Value)> {
    at.map_or_else(Vec::new, |at| vec![(BY_DUE.pk, json!(kind)), (BY_DUE.sk, json!(sortable(at)))])
}

impl Stored for Wallet {
    fn key(&self) -> Key {
        key::wallet(self.owner())
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("available", self.available().get().into()),
            (BY_OWNER.pk, json!(key::wallet_shard(self.owner()))),
            (BY_OWNER.sk, json!(self.owner())),
        ]
    }
}

impl Stored for Entry {
    fn key(&self) -> Key {
        key::entry(self.owner, self.seq)
    }
}

impl Stored for Hold {
    fn key(&self) -> Key {
        key::hold(self.owner, self.image_no)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        due("hold-expire", self.deadline())
    }
}

impl Stored for Coupon {
    fn key(&self) -> Key {
        key::coupon(self.owner, &self.id)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
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
        key::order(self.owner, &self.no)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        due("order-close", self.close_at())
    }
}

impl Stored for Recharge {
    fn key(&self) -> Key {
        key::recharge(self.owner, &self.no)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        due("recharge-lapse", self.expires_at())
    }
}

impl Stored for Payment {
    fn key(&self) -> Key {
        key::payment(&self.no)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        due("payment-ask", self.poll_at)
    }
}

impl Stored for Refund {
    fn key(&self) -> Key {
        key::refund(&self.payment_no)
    }

    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        due("refund-ask", self.poll_at)
    }
}

impl Stored for Invoice {
    fn key(&self) -> Key {
        key::invoice(self.owner, &self.no)
    }

    /// Due for staff or for the provider; also indexed by its number alone, because neither knows the owner.
    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        let mut attributes = match self.state {
            invoice::State::Applied { at } => due("invoice-review", Some(at)),
            _ => due("invoice-ask", self.poll_at),
        };
        attributes.push((BY_OWNER.pk, json!(invoice_partition(&self.no))));
        attributes.push((BY_OWNER.sk, json!(self.no)));
        attributes
    }
}

fn invoice_partition(no: &Number) -> String {
    format!("INVOICE#{no}")
}

/// The invoice with this number, of any customer.
pub fn invoice_by_number(no: &Number) -> Query {
    Query::index(Table::Money, BY_OWNER, invoice_partition(no)).limit(1)
}
