//! The due work of invoices: requests to the provider whose result is not known.

use domain::invoice::Invoice;

use super::{InvoiceService, progress};
use crate::failure::Failure;
use crate::ledger::{DueReport, due_rows};

/// Sends or polls every request that is due.
///
/// # Errors
///
/// If the list of due requests cannot be read.
pub async fn process_due(invoicing: &InvoiceService) -> Result<DueReport, Failure> {
    let now = invoicing.money.clock.now();
    let mut report = DueReport::default();
    for invoice in due_rows::<Invoice>(&*invoicing.money.store, "invoice-ask", now).await? {
        let after = progress(invoicing, invoice.owner, &invoice.no).await;
        report.count(after.map(|invoice| invoice.request_no().is_none()));
    }
    Ok(report)
}
