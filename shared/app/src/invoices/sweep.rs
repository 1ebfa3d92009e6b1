//! The chore: requests whose outcome nobody has told us.

use domain::invoice::Invoice;

use super::{Invoicing, advance};
use crate::failure::Failure;
use crate::payments::sweep::{Swept, due};

/// Sends or asks for everything that is due.
pub async fn ask_provider(invoicing: &Invoicing) -> Result<Swept, Failure> {
    let now = invoicing.money.clock.now();
    let mut swept = Swept::default();
    for invoice in due::<Invoice>(&*invoicing.money.store, "invoice-ask", now).await? {
        let after = advance(invoicing, &invoice.owner, &invoice.no).await;
        swept.count(after.map(|invoice| invoice.request_no().is_none()));
    }
    Ok(swept)
}
