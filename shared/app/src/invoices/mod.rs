//! The use cases of invoices (发票): customers apply for them, staff decide, and a provider issues them asynchronously.
//!
//! An invoice locks its orders in the commit that creates it and releases them in the commit that ends it, so an order
//! is never in two live invoices (I21). The provider's callbacks and the results of polls both go through
//! [`record_result()`]. An unknown outcome changes nothing until a callback or a poll resolves it.

mod amend;
mod apply;
mod callback;
mod decide;
mod due;
mod email;
mod list;
mod progress;
mod provider;
mod read;
mod record_result;
#[cfg(test)]
pub(crate) mod tests;
mod withdraw;

use std::sync::Arc;

pub use amend::amend;
pub use apply::{InvoiceApplication, apply};
pub use callback::handle_callback;
pub use decide::{Decision, decide, reverse};
pub use due::process_due;
pub use email::EmailComposer;
pub use list::{Filter, Invoices, Queue, list, queue};
pub use progress::progress;
pub use provider::{
    Document, InvoiceCallback, InvoiceFile, InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest,
};
pub use read::{LINK_LIFE, by_number, get, link};
pub use record_result::record_result;
pub use withdraw::{delete, withdraw};

use domain::Refused;

use crate::failure::Failure;
use crate::ledger::MoneyContext;
use crate::objects::Objects;

/// What the use cases of invoices work with.
#[derive(Clone)]
pub struct InvoiceService {
    /// Store, clock and generator of the ledger.
    pub money: MoneyContext,
    /// Issues the documents.
    pub provider: Arc<dyn InvoiceProvider>,
    /// Keeps the documents.
    pub objects: Arc<dyn Objects>,
    /// Writes the e-mails to customers.
    pub emails: Arc<EmailComposer>,
}

impl std::fmt::Debug for InvoiceService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvoiceService").field("money", &self.money).finish_non_exhaustive()
    }
}

/// The error of an action that does not fit the state of the invoice.
fn refused(refused: Refused) -> Failure {
    let code = match (refused.event, refused.from) {
        ("withdraw", "issuing") => "invoice-being-issued",
        ("withdraw", _) => "invoice-not-withdrawable",
        ("amend", _) => "invoice-not-amendable",
        ("delete", _) => "invoice-not-deletable",
        ("approve" | "reject", _) => "invoice-not-decidable",
        ("reverse", _) => "invoice-not-reversible",
        _ => return Failure::internal(refused),
    };
    Failure::Conflict { code }
}
