//! The list of orders with the manual's filters (manual 000, section 5.1): state, type, number, date.

use domain::china_time;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::Order;
use domain::money::recharge::{self, Recharge};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::books::{key, load, of_person, page};
use crate::failure::Failure;
use crate::store::{Cursor, Span, Store};

/// One call reads at most this many pages of the store to fill one page of the answer.
const READS_MAX: usize = 20;

/// 订单类型
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// 相片检测
    Photos,
    /// 账户充值
    Recharge,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of the names of `domain::money::order::State`; a recharge is awaiting payment, paid or closed.
    pub state: Option<String>,
    pub no: Option<String>,
    /// Days in China on which it was placed, both included.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    Photos(Order),
    Recharge(Recharge),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orders {
    /// Newest first.
    pub orders: Vec<Listed>,
    pub next: Option<Cursor>,
}

impl Listed {
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Photos(order) => order.state.name(),
            Self::Recharge(recharge) => match recharge.state {
                recharge::State::Requested { .. } => "awaiting-payment",
                recharge::State::Credited { .. } => "paid",
                recharge::State::Lapsed { .. } => "closed",
            },
        }
    }

    pub const fn placed_at(&self) -> Timestamp {
        match self {
            Self::Photos(order) => order.placed_at,
            Self::Recharge(recharge) => recharge.requested_at,
        }
    }

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

    /// May an invoice be asked for it? Only for money that paid for photos: recharged money is invoiced when it is spent (IC-143).
    pub fn is_invoiceable(&self) -> bool {
        matches!(self, Self::Photos(order) if order.is_invoiceable() && order.invoice.is_none())
    }

    /// The live invoice it stands in.
    pub const fn invoice(&self) -> Option<&Number> {
        match self {
            Self::Photos(order) => order.invoice.as_ref(),
            Self::Recharge(_) => None,
        }
    }
}

impl Filter {
    fn takes(&self, listed: &Listed) -> bool {
        let day = china_time::date(listed.placed_at());
        self.state.as_ref().is_none_or(|state| state == listed.state())
            && self.no.as_ref().is_none_or(|no| listed.no() == no)
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }

    /// Numbers begin with the second of their placing in China, so days are a span of keys.
    fn span(&self, prefix: &str) -> Span {
        let digits = |day: Date| day.strftime("%Y%m%d").to_string();
        let from = self.from.map_or_else(|| "0".to_owned(), digits);
        let to = self.to.map_or_else(|| "9999".to_owned(), digits);
        Span::Between(format!("{prefix}{from}"), format!("{prefix}{to}~"))
    }
}

/// One page of at most `limit` orders of one type. It may hold fewer and still have a next one.
pub async fn list(
    store: &dyn Store,
    owner: &str,
    kind: Type,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Orders, Failure> {
    if let Some(no) = filter.no.as_ref() {
        let found = one(store, owner, kind, no).await?.filter(|listed| filter.takes(listed));
        return Ok(Orders { orders: found.into_iter().collect(), next: None });
    }
    let prefix = if kind == Type::Photos { "ORDER#" } else { "RECHARGE#" };
    let mut query = of_person(owner, prefix).span(filter.span(prefix)).descending().after(after);
    let mut orders: Vec<Listed> = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(orders.len()).unwrap_or(limit);
        let asked = query.clone().limit(limit - filled);
        let (found, next): (Vec<Listed>, _) = match kind {
            Type::Photos => {
                let (rows, next) = page::<Order>(store, &asked).await?;
                (rows.into_iter().map(|row| Listed::Photos(row.value)).collect(), next)
            }
            Type::Recharge => {
                let (rows, next) = page::<Recharge>(store, &asked).await?;
                (rows.into_iter().map(|row| Listed::Recharge(row.value)).collect(), next)
            }
        };
        orders.extend(found.into_iter().filter(|listed| filter.takes(listed)));
        match next {
            Some(next) if orders.len() < limit as usize => query = query.after(Some(next)),
            next => return Ok(Orders { orders, next }),
        }
    }
    Ok(Orders { orders, next: query.after })
}

async fn one(store: &dyn Store, owner: &str, kind: Type, no: &str) -> Result<Option<Listed>, Failure> {
    let Ok(no) = no.parse() else { return Ok(None) };
    Ok(match kind {
        Type::Photos => load(store, &key::order(owner, &no)).await?.map(|row| Listed::Photos(row.value)),
        Type::Recharge => load(store, &key::recharge(owner, &no)).await?.map(|row| Listed::Recharge(row.value)),
    })
}
