//! 修改: corrected and applied for again.

use domain::invoice::{Details, Invoice};
use domain::money::number::Number;

use super::{Invoicing, refused};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::tries::Tries;

/// After it failed; orders and amount stay (IC-180).
pub async fn amend(
    invoicing: &Invoicing,
    owner: &str,
    no: &Number,
    details: &Details,
    command: &Command,
) -> Result<Invoice, Failure> {
    let money = &invoicing.money;
    let mut tries = Tries::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.answer(&*money.store, now).await? {
            return Ok(done);
        }
        let row = super::read::visible(&*money.store, owner, no).await?;
        let amended = row.value.clone().amend(details.clone(), now).map_err(refused)?;
        let changes = vec![row.replace(&amended)?, command.record(&amended, now)?];
        match money.commit(now, changes).await {
            Ok(()) => return Ok(amended),
            Err(Failure::Raced) => tries.again(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
