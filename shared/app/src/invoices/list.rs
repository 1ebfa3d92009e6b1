//! 我的发票 with the manual's filters (manual 000, section 5.7), and the lists of the staff.

use domain::invoice::{Invoice, Shown};
use domain::money::Fen;
use jiff::civil::Date;

use crate::books::{of_person, page};
use crate::failure::Failure;
use crate::store::{BY_DUE, Cursor, Query, Span, Store, Table};

/// One call reads at most this many pages of the store to fill one page of the answer.
const READS_MAX: usize = 20;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// 发票编号: the number of the application, or the 发票号码 of the document.
    pub no: Option<String>,
    pub state: Option<Shown>,
    /// Both ends belong to it.
    pub least: Option<Fen>,
    pub most: Option<Fen>,
    /// Days in China on which it was first applied for, both included.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Invoices {
    pub invoices: Vec<Invoice>,
    pub next: Option<Cursor>,
}

/// What staff look at, the longest waiting first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// For a decision.
    Review,
    /// For the provider.
    Provider,
}

impl Filter {
    fn takes(&self, invoice: &Invoice) -> bool {
        let Some(shown) = invoice.state.shown() else { return false };
        let fiscal_no = invoice.state.issued().map(|issued| issued.fiscal_no.as_str());
        self.state.is_none_or(|state| state == shown)
            && self.no.as_deref().is_none_or(|no| no == invoice.no.as_str() || Some(no) == fiscal_no)
            && self.least.is_none_or(|least| invoice.amount_fen >= least)
            && self.most.is_none_or(|most| invoice.amount_fen <= most)
    }

    /// Numbers begin with the second of the first application in China, so days are a span of keys.
    fn span(&self) -> Span {
        let digits = |day: Date| day.strftime("%Y%m%d").to_string();
        let from = self.from.map_or_else(|| "0".to_owned(), digits);
        let to = self.to.map_or_else(|| "9999".to_owned(), digits);
        Span::Between(format!("{KIND}{from}"), format!("{KIND}{to}~"))
    }
}

const KIND: &str = "INVOICE#";

/// One page of at most `limit` invoices, newest first. It may hold fewer and still have a next one.
pub async fn list(
    store: &dyn Store,
    owner: &str,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Invoices, Failure> {
    let mut query = of_person(owner, KIND).span(filter.span()).descending().after(after);
    let mut invoices = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(invoices.len()).unwrap_or(limit);
        let (found, next) = page::<Invoice>(store, &query.clone().limit(limit - filled)).await?;
        invoices.extend(found.into_iter().map(|row| row.value).filter(|invoice| filter.takes(invoice)));
        match next {
            Some(next) if invoices.len() < limit as usize => query = query.after(Some(next)),
            next => return Ok(Invoices { invoices, next }),
        }
    }
    Ok(Invoices { invoices, next: query.after })
}

/// One page of everybody's invoices that wait for this.
pub async fn queue(store: &dyn Store, queue: Queue, limit: u32, after: Option<Cursor>) -> Result<Invoices, Failure> {
    let kind = match queue {
        Queue::Review => "invoice-review",
        Queue::Provider => "invoice-ask",
    };
    let query = Query::index(Table::Money, BY_DUE, kind).limit(limit).after(after);
    let (rows, next) = page::<Invoice>(store, &query).await?;
    Ok(Invoices { invoices: rows.into_iter().map(|row| row.value).collect(), next })
}
