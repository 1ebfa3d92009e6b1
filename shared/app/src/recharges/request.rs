//! Requesting a recharge.

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::payment::{PayCode, Payment, Provider, Purpose};
use domain::money::recharge::{PAYABLE, Recharge};
use serde::{Deserialize, Serialize};

use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, MoneyContext, WalletTransaction};
use crate::payments::provider::Scene;
use crate::payments::{PaymentService, submit};

/// How much a customer recharges, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RechargeRequest {
    /// 150 to 60000 fen.
    pub amount_fen: Fen,
    /// The provider that collects the money.
    pub provider: Provider,
}

/// A recharge, and what the customer pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedRecharge {
    /// The recharge after the call.
    pub recharge: Recharge,
    /// `None` once it is paid or its time is over.
    pub code: Option<PayCode>,
}

/// Opens a recharge with its only payment. A repeated command returns the same code.
///
/// # Errors
///
/// [`Failure::Invalid`] for an amount outside 150 to 60000 fen; `payment-refused` (409) if the provider refuses;
/// [`Failure::Unavailable`] if the provider's answer is unknown; [`Failure::KeyReused`].
pub async fn request(
    payments: &PaymentService,
    owner: AccountId,
    request: &RechargeRequest,
    scene: Scene,
    command: &Command,
) -> Result<OpenedRecharge, Failure> {
    let no = write(&payments.money, owner, request, command).await?;
    let submitted = submit(payments, &no.payment(1), scene).await?;
    let recharge = super::get(&*payments.money.store, owner, &no).await?;
    Ok(OpenedRecharge { recharge, code: submitted.code })
}

/// Writes recharge and payment before the provider is called.
async fn write(
    money: &MoneyContext,
    owner: AccountId,
    request: &RechargeRequest,
    command: &Command,
) -> Result<Number, Failure> {
    let RechargeRequest { amount_fen, provider } = *request;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(no) = command.response(&*money.store, now).await? {
            return Ok(no);
        }
        let no = money.new_number(now);
        let recharge = Recharge::request(no.clone(), owner, amount_fen, provider, now)
            .map_err(|_| Failure::Invalid { field: "/amountFen", code: "amount-out-of-range" })?;
        let purpose = Purpose::Recharge { no: no.clone() };
        let payment = Payment::create(no.payment(1), purpose, owner, provider, amount_fen, now + PAYABLE, now);
        let mut changes = WalletTransaction::load(&*money.store, owner).await?.into_changes()?;
        changes.push(Loaded::new(recharge.clone()).replace(&recharge)?);
        changes.push(Loaded::new(payment.clone()).replace(&payment)?);
        changes.push(command.record(&no, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(no),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
