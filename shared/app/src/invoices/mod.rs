//! 发票: asked for by the customer, decided by staff, issued by a provider that takes its time.
//!
//! An invoice locks its orders in the commit that makes it and frees them in the commit that ends it, so an order is never in two
//! live invoices (I21). What the provider says, by callback or because we asked, runs through [`note()`]; an outcome nobody knows
//! changes nothing until somebody tells.

mod advance;
mod amend;
mod apply;
mod callback;
mod decide;
mod email;
mod give_up;
mod list;
mod note;
mod provider;
mod read;
mod sweep;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

pub use advance::advance;
pub use amend::amend;
pub use apply::{Apply, apply};
pub use callback::handle_callback;
pub use decide::{Decision, decide, reverse};
pub use email::EmailComposer;
pub use give_up::{delete, withdraw};
pub use list::{Filter, Invoices, Queue, list, queue};
pub use note::note;
pub use provider::{
    Document, InvoiceCallback, InvoiceFile, InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest,
};
pub use read::{LINK_LIFE, by_number, get, link};
pub use sweep::ask_provider;

use domain::Refused;

use crate::books::MoneyContext;
use crate::failure::Failure;
use crate::objects::Objects;

/// A money with the provider that issues its invoices, the bucket they are kept in, and where customers are written to.
#[derive(Clone)]
pub struct Invoicing {
    pub money: MoneyContext,
    pub provider: Arc<dyn InvoiceProvider>,
    pub objects: Arc<dyn Objects>,
    pub emails: Arc<EmailComposer>,
}

impl std::fmt::Debug for Invoicing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invoicing").field("money", &self.money).finish_non_exhaustive()
    }
}

/// What the customer or the clerk wanted does not fit the state; the code says which it was.
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
