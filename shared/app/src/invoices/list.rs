//! 我的发票 with its filters (manual 000, section 5.7), and the lists of staff.

use domain::actor::AccountId;
use domain::invoice::{CustomerState, Invoice};
use domain::money::Fen;
use jiff::civil::Date;

use crate::failure::Failure;
use crate::ledger::{owner_rows, page};
use crate::store::{BY_DUE, Cursor, Query, Span, Store, Table};

/// The most pages of the store that one call reads to fill one page of the list.
const READS_MAX: usize = 20;

/// Which invoices a list holds. An absent field allows everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// 发票编号: the whole number of the application, or the 发票号码 of the document.
    pub no: Option<String>,
    /// 申请状态.
    pub state: Option<CustomerState>,
    /// The smallest amount.
    pub least: Option<Fen>,
    /// The largest amount.
    pub most: Option<Fen>,
    /// The first day of the first application, in China.
    pub from: Option<Date>,
    /// The last day of the first application, in China.
    pub to: Option<Date>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Invoices {
    /// The invoices.
    pub invoices: Vec<Invoice>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

/// The lists of staff. The invoice that has waited longest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Applications that wait for a decision.
    Review,
    /// Requests that wait for the provider.
    Provider,
}

impl Filter {
    fn matches(&self, invoice: &Invoice) -> bool {
        let Some(customer_state) = invoice.state.customer_state() else { return false };
        let fiscal_no = invoice.state.issued().map(|issued| issued.fiscal_no.as_str());
        self.state.is_none_or(|state| state == customer_state)
            && self.no.as_deref().is_none_or(|no| no == invoice.no.as_str() || Some(no) == fiscal_no)
            && self.least.is_none_or(|least| invoice.amount_fen >= least)
            && self.most.is_none_or(|most| invoice.amount_fen <= most)
    }

    /// Numbers begin with the clock time of the first application in China, so that days are a range of sort keys.
    fn span(&self) -> Span {
        let digits = |day: Date| day.strftime("%Y%m%d").to_string();
        let from = self.from.map_or_else(|| "0".to_owned(), digits);
        let to = self.to.map_or_else(|| "9999".to_owned(), digits);
        Span::Between(format!("{KIND}{from}"), format!("{KIND}{to}~"))
    }
}

const KIND: &str = "INVOICE#";

/// One page of at most `limit` invoices of `owner`, newest first. A page can be short and still have a cursor.
///
/// # Errors
///
/// `Unavailable` or `Internal` from the store.
pub async fn list(
    store: &dyn Store,
    owner: AccountId,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Invoices, Failure> {
    let mut query = owner_rows(owner, KIND).span(filter.span()).descending().after(after);
    let mut invoices = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(invoices.len()).unwrap_or(limit);
        let (found, next) = page::<Invoice>(store, &query.clone().limit(limit - filled)).await?;
        invoices.extend(found.into_iter().map(|row| row.value).filter(|invoice| filter.matches(invoice)));
        match next {
            Some(next) if invoices.len() < limit as usize => query = query.after(Some(next)),
            next => return Ok(Invoices { invoices, next }),
        }
    }
    Ok(Invoices { invoices, next: query.after })
}

/// One page of at most `limit` waiting invoices of all accounts.
///
/// # Errors
///
/// `Unavailable` or `Internal` from the store.
pub async fn queue(store: &dyn Store, queue: Queue, limit: u32, after: Option<Cursor>) -> Result<Invoices, Failure> {
    let kind = match queue {
        Queue::Review => "invoice-review",
        Queue::Provider => "invoice-ask",
    };
    let query = Query::index(Table::Money, BY_DUE, kind).limit(limit).after(after);
    let (rows, next) = page::<Invoice>(store, &query).await?;
    Ok(Invoices { invoices: rows.into_iter().map(|row| row.value).collect(), next })
}
