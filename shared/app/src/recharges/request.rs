//! Asks for a QR code to recharge with.

use domain::money::Fen;
use domain::money::number::Number;
use domain::money::payment::{PayCode, Payment, Provider, Purpose};
use domain::money::recharge::{PAYABLE, Recharge};
use serde::{Deserialize, Serialize};

use crate::backoff::Backoff;
use crate::books::{Books, Loaded};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::provider::Scene;
use crate::payments::{PaymentService, submit};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub amount_fen: Fen,
    pub provider: Provider,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    pub recharge: Recharge,
    /// Absent once it is paid or its time is over.
    pub code: Option<PayCode>,
}

/// One request, one recharge, one payment: sending it again brings the same code.
pub async fn request(
    payments: &PaymentService,
    owner: &str,
    wish: &Request,
    scene: Scene,
    command: &Command,
) -> Result<Requested, Failure> {
    let no = write(payments, owner, wish, command).await?;
    let opened = submit(payments, &no.payment(1), scene).await?;
    let recharge = super::get(&*payments.money.store, owner, &no).await?;
    Ok(Requested { recharge, code: opened.code })
}

async fn write(payments: &PaymentService, owner: &str, wish: &Request, command: &Command) -> Result<Number, Failure> {
    let money = &payments.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(no) = command.response(&*money.store, now).await? {
            return Ok(no);
        }
        let no = money.number(now);
        let recharge = Recharge::request(no.clone(), owner.to_owned(), wish.amount_fen, wish.provider, now)
            .map_err(|_| Failure::Invalid { field: "/amountFen", code: "amount-out-of-range" })?;
        let purpose = Purpose::Recharge { no: no.clone() };
        let (owner, amount) = (owner.to_owned(), wish.amount_fen);
        let payment = Payment::create(no.payment(1), purpose, owner.clone(), wish.provider, amount, now + PAYABLE, now);
        let mut changes = Books::of(&*money.store, &owner).await?.changes()?;
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
