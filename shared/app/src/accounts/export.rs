//! 导出个人信息: everything the system stores about a person, as JSON for their own use.

use domain::actor::{AccountId, Actor};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{AccountError, Accounts, StepUp};
use crate::ledger::owner_rows;
use crate::store::{BY_OWNER, Query, Row, Table};

/// Rows of one kind, about: a response of the gateway can have six megabytes.
const ROWS_MAX: usize = 5_000;

/// A person's own data. It lists photos without their files: those are downloaded one by one while they are stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// Names, phone, e-mail, addresses and consent, in full.
    pub account: Value,
    /// The open sessions, with device names and network addresses.
    pub sessions: Vec<Value>,
    /// The wallet; empty before the first recharge.
    pub wallet: Vec<Value>,
    /// 交易记录: the wallet's transactions.
    pub transactions: Vec<Value>,
    /// 订单
    pub orders: Vec<Value>,
    /// 充值记录
    pub recharges: Vec<Value>,
    /// 优惠券
    pub coupons: Vec<Value>,
    /// 发票
    pub invoices: Vec<Value>,
    /// 照片: numbers, states and times.
    pub photos: Vec<Value>,
    /// Whether some kind has more rows than the answer holds.
    pub cut: bool,
}

impl Accounts {
    /// Collects the actor's data. Needs a step-up token for [`StepUp::ExportData`], because only this answer shows
    /// personal values in full.
    ///
    /// # Errors
    /// [`AccountError::StepUpNeeded`].
    pub async fn export(&self, actor: &Actor, step_up: Option<&str>) -> Result<Export, AccountError> {
        let now = self.now();
        self.redeem_step_up(actor, StepUp::ExportData, step_up, now).await?;
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
        let owner = account.id;
        let mut cut = false;
        let wallet = self.money(owner, "WALLET", &mut cut).await?;
        let transactions = self.money(owner, "LEDGER#", &mut cut).await?;
        let orders = self.money(owner, "ORDER#", &mut cut).await?;
        let recharges = self.money(owner, "RECHARGE#", &mut cut).await?;
        let coupons = self.money(owner, "COUPON#", &mut cut).await?;
        let invoices = self.money(owner, "INVOICE#", &mut cut).await?;
        let photos = self.all(Query::index(Table::Photos, BY_OWNER, owner.to_string()), &mut cut).await?;
        Ok(Export {
            account: json!({
                "accountId": account.id, "kind": account.kind, "userName": account.user_name,
                "nickname": account.nickname,
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

    async fn money(&self, owner: AccountId, prefix: &str, cut: &mut bool) -> Result<Vec<Value>, AccountError> {
        let rows = self.all(owner_rows(owner, prefix), cut).await?;
        Ok(rows.into_iter().filter_map(value).collect())
    }

    async fn all(&self, mut query: Query, cut: &mut bool) -> Result<Vec<Row>, AccountError> {
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

/// The value of a money row, without the names and notes of staff.
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

/// A photo's row, without keys, index attributes and version.
fn photo(row: Row) -> Value {
    let shown = [
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
    Value::Object(row.into_iter().filter(|(name, _)| shown.contains(&name.as_str())).collect::<Map<_, _>>())
}
