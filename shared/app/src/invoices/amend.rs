//! 修改: the customer corrects a failed application and applies again.

use domain::actor::AccountId;
use domain::invoice::{Details, Invoice};
use domain::money::number::Number;

use super::{InvoiceService, refused};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;

/// Replaces the details of the failed application `no` and applies again. Orders and amount do not change (IC-180).
///
/// # Errors
///
/// - `NotFound` if `owner` has no such invoice.
/// - `Conflict` with `invoice-not-amendable` unless it has failed.
/// - `KeyReused` if the idempotency key was used with another request; `Unavailable` or `Internal` from the store.
pub async fn amend(
    invoicing: &InvoiceService,
    owner: AccountId,
    no: &Number,
    details: &Details,
    command: &Command,
) -> Result<Invoice, Failure> {
    let money = &invoicing.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.response(&*money.store, now).await? {
            return Ok(done);
        }
        let row = super::read::visible(&*money.store, owner, no).await?;
        let amended = row.value.clone().amend(details.clone(), now).map_err(refused)?;
        let changes = vec![row.replace(&amended)?, command.record(&amended, now)?];
        match money.commit(now, changes).await {
            Ok(()) => return Ok(amended),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
