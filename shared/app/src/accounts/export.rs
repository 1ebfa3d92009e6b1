//! 导出个人信息: everything the system holds about a person, as they may take it elsewhere.

use domain::actor::Actor;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Accounts, Failure, StepUp};
use crate::books::of_person;
use crate::store::{BY_OWNER, Query, Row, Table};

/// Rows of one kind at most: an answer of the front door holds six megabytes.
const ROWS_MAX: usize = 5_000;

/// A person's own data. Photos are named, not contained: they are downloaded one by one while they are kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    pub account: Value,
    pub sessions: Vec<Value>,
    pub wallet: Vec<Value>,
    pub transactions: Vec<Value>,
    pub orders: Vec<Value>,
    pub recharges: Vec<Value>,
    pub coupons: Vec<Value>,
    pub invoices: Vec<Value>,
    pub photos: Vec<Value>,
    /// There were more rows of some kind than one answer holds.
    pub cut: bool,
}

impl Accounts {
    /// Needs a step-up: here, and nowhere else, personal values stand in full.
    pub async fn export(&self, actor: &Actor, step_up: Option<&str>) -> Result<Export, Failure> {
        let now = self.now();
        self.spend_step_up(actor, StepUp::ExportData, step_up, now).await?;
        let account = self.account(actor.account).await?;
        let phone = self.own_phone(account.id).await?;
        let email = self.own_email(&account).await?;
        let (addresses, _) = self.book(account.id).await?;
        let addresses: Vec<_> = addresses.entries().iter().map(|entry| &entry.address).collect();
        let sessions = self.sessions(actor).await?;
        let sessions = sessions.into_iter().map(|session| {
            json!({"device": session.device.name, "address": session.device.address, "startedAt": session.started_at,
                "usedAt": session.used_at})
        });
        let owner = account.id.to_string();
        let mut cut = false;
        let wallet = self.money(&owner, "WALLET", &mut cut).await?;
        let transactions = self.money(&owner, "LEDGER#", &mut cut).await?;
        let orders = self.money(&owner, "ORDER#", &mut cut).await?;
        let recharges = self.money(&owner, "RECHARGE#", &mut cut).await?;
        let coupons = self.money(&owner, "COUPON#", &mut cut).await?;
        let invoices = self.money(&owner, "INVOICE#", &mut cut).await?;
        let photos = self.all(Query::index(Table::Photos, BY_OWNER, owner.clone()), &mut cut).await?;
        Ok(Export {
            account: json!({
                "accountId": account.id, "kind": account.kind, "userName": account.user_name, "nickname": account.nickname,
                "phone": phone.map(|phone| phone.digits().to_owned()), "consent": account.consent,
                "email": email, "addresses": addresses,
                "registeredAt": account.created_at,
            }),
            sessions: sessions.collect(),
            wallet,
            transactions,
            orders,
            recharges,
            coupons,
            invoices,
            photos: photos.into_iter().map(photo).collect(),
            cut,
        })
    }

    async fn money(&self, owner: &str, prefix: &str, cut: &mut bool) -> Result<Vec<Value>, Failure> {
        let rows = self.all(of_person(owner, prefix), cut).await?;
        Ok(rows.into_iter().filter_map(value).collect())
    }

    async fn all(&self, mut query: Query, cut: &mut bool) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        loop {
            let page = self.store.query(&query).await?;
            rows.extend(page.rows);
            match page.next {
                Some(_) if rows.len() >= ROWS_MAX => {
                    *cut = true;
                    return Ok(rows);
                }
                Some(next) => query = query.after(Some(next)),
                None => return Ok(rows),
            }
        }
    }
}

/// The value of a row of money, without who on the staff was concerned with it and what was said for the staff.
fn value(mut row: Row) -> Option<Value> {
    let mut value = row.remove("data")?;
    without_staff(&mut value);
    Some(value)
}

fn without_staff(value: &mut Value) {
    let Some(fields) = value.as_object_mut() else { return };
    fields.retain(|name, _| !matches!(name.as_str(), "grantedBy" | "by" | "cause" | "reversalRefused"));
    fields.values_mut().for_each(without_staff);
}

/// What a photo's row says, without what indexes and versions are made of.
fn photo(row: Row) -> Value {
    let told = [
        "number",
        "card",
        "ruleset",
        "region",
        "method",
        "fileName",
        "priceFen",
        "reservedAt",
        "state",
        "uploadedAt",
        "inspectedAt",
        "paidAt",
        "reasons",
    ];
    Value::Object(row.into_iter().filter(|(name, _)| told.contains(&name.as_str())).collect::<Map<_, _>>())
}
