//! The customer's list of orders, with the filters of manual 000, section 5.1: state, type, number, date.

use domain::actor::AccountId;
use domain::china_time;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::Order;
use domain::money::recharge::{self, Recharge};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::ledger::{key, load, owner_rows, page};
use crate::store::{Cursor, Span, Store};

/// The most pages of the store that are read to fill one page of the list.
const READS_MAX: usize = 20;

/// 订单类型
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderType {
    /// 相片检测
    Photos,
    /// 账户充值
    Recharge,
}

/// Which orders to list; `None` leaves a criterion out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A name of [`domain::money::order::State`]; see [`Listed::state`] for recharges.
    pub state: Option<String>,
    /// The whole number, as the customer typed it.
    pub no: Option<String>,
    /// First day in China on which it was placed.
    pub from: Option<Date>,
    /// Last day in China on which it was placed.
    pub to: Option<Date>,
}

/// An item of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// An order of photos.
    Photos(Order),
    /// A recharge.
    Recharge(Recharge),
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// Newest first.
    pub orders: Vec<Listed>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<Cursor>,
}

impl Listed {
    /// The name of its state. A recharge is `awaiting-payment`, `paid` or `closed`.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Photos(order) => order.state.name(),
            Self::Recharge(recharge) => match recharge.state {
                recharge::State::Requested { .. } => "awaiting-payment",
                recharge::State::Credited { .. } => "paid",
                recharge::State::Expired { .. } => "closed",
            },
        }
    }

    /// When it was placed or requested.
    pub const fn placed_at(&self) -> Timestamp {
        match self {
            Self::Photos(order) => order.placed_at,
            Self::Recharge(recharge) => recharge.requested_at,
        }
    }

    /// Its number, 22 digits.
    pub fn no(&self) -> &str {
        match self {
            Self::Photos(order) => order.no.as_str(),
            Self::Recharge(recharge) => recharge.no.as_str(),
        }
    }

    /// What is to be paid or was paid.
    pub fn net(&self) -> Fen {
        match self {
            Self::Photos(order) => order.payable(),
            Self::Recharge(recharge) => recharge.amount_fen,
        }
    }

    /// Whether an invoice can be requested for it. Never for a recharge: recharged money is invoiced when it is spent (IC-143).
    pub fn is_invoiceable(&self) -> bool {
        matches!(self, Self::Photos(order) if order.is_invoiceable() && order.invoice.is_none())
    }

    /// The live invoice that contains it.
    pub const fn invoice(&self) -> Option<&Number> {
        match self {
            Self::Photos(order) => order.invoice.as_ref(),
            Self::Recharge(_) => None,
        }
    }
}

impl Filter {
    fn matches(&self, listed: &Listed) -> bool {
        let day = china_time::date(listed.placed_at());
        self.state.as_ref().is_none_or(|state| state == listed.state())
            && self.no.as_ref().is_none_or(|no| listed.no() == no)
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }

    /// Numbers begin with the time in China at which they were placed, so that days are a range of sort keys.
    fn span(&self, prefix: &str) -> Span {
        let digits = |day: Date| day.strftime("%Y%m%d").to_string();
        let from = self.from.map_or_else(|| "0".to_owned(), digits);
        let to = self.to.map_or_else(|| "9999".to_owned(), digits);
        Span::Between(format!("{prefix}{from}"), format!("{prefix}{to}~"))
    }
}

/// One page of at most `limit` items of one type. It can hold fewer and still have a next page.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn list(
    store: &dyn Store,
    owner: AccountId,
    kind: OrderType,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<OrderPage, Failure> {
    if let Some(no) = filter.no.as_ref() {
        let found = by_number(store, owner, kind, no).await?.filter(|listed| filter.matches(listed));
        return Ok(OrderPage { orders: found.into_iter().collect(), next: None });
    }
    let prefix = if kind == OrderType::Photos { "ORDER#" } else { "RECHARGE#" };
    let mut query = owner_rows(owner, prefix).span(filter.span(prefix)).descending().after(after);
    let mut orders: Vec<Listed> = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(orders.len()).unwrap_or(limit);
        let query_page = query.clone().limit(limit - filled);
        let (found, next): (Vec<Listed>, _) = match kind {
            OrderType::Photos => {
                let (rows, next) = page::<Order>(store, &query_page).await?;
                (rows.into_iter().map(|row| Listed::Photos(row.value)).collect(), next)
            }
            OrderType::Recharge => {
                let (rows, next) = page::<Recharge>(store, &query_page).await?;
                (rows.into_iter().map(|row| Listed::Recharge(row.value)).collect(), next)
            }
        };
        orders.extend(found.into_iter().filter(|listed| filter.matches(listed)));
        match next {
            Some(next) if orders.len() < limit as usize => query = query.after(Some(next)),
            next => return Ok(OrderPage { orders, next }),
        }
    }
    Ok(OrderPage { orders, next: query.after })
}

async fn by_number(store: &dyn Store, owner: AccountId, kind: OrderType, no: &str) -> Result<Option<Listed>, Failure> {
    let Ok(no) = no.parse() else { return Ok(None) };
    Ok(match kind {
        OrderType::Photos => load(store, &key::order(owner, &no)).await?.map(|row| Listed::Photos(row.value)),
        OrderType::Recharge => load(store, &key::recharge(owner, &no)).await?.map(|row| Listed::Recharge(row.value)),
    })
}
