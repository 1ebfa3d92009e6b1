//! Submitting a payment to its provider.

use domain::money::number::PaymentNumber;
use domain::money::payment::{PayCode, Payment, Provider, State};

use super::PaymentService;
use super::provider::{ChargeRequest, ProviderError, Scene};
use crate::failure::Failure;
use crate::ledger::{Loaded, key, load};

/// The provider shows it to the payer, beside the order's number.
const SUBJECT: &str = "证件数码相片质量检测";

/// The provider refused this attempt; a further attempt is another payment.
const REFUSED: Failure = Failure::Conflict { code: "payment-refused" };

/// A payment and what the customer pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedPayment {
    /// The payment after the call.
    pub payment: Payment,
    /// `None` if the payment cannot or need not be paid any more.
    pub code: Option<PayCode>,
}

/// Submits a payment that was written before, and returns what the customer pays with. A repeated call returns the same code.
///
/// # Errors
///
/// `payment-refused` (409) if the provider refuses the payment; [`Failure::Unavailable`] if its outcome is unknown: the payment
/// stays as it is and the call can be repeated; [`Failure::NotFound`] if there is no such payment.
pub async fn submit(
    payments: &PaymentService,
    payment_no: &PaymentNumber,
    scene: Scene,
) -> Result<SubmittedPayment, Failure> {
    let row: Loaded<Payment> =
        load(&*payments.money.store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)?;
    let payment = &row.value;
    if let Some(code) = payment.code().filter(|code| fits(code, &scene)) {
        return Ok(SubmittedPayment { code: Some(code.clone()), payment: payment.clone() });
    }
    if matches!(payment.state, State::Failed { .. }) {
        return Err(REFUSED);
    }
    if !payment.is_open() {
        return Ok(SubmittedPayment { payment: payment.clone(), code: None });
    }
    let charge = ChargeRequest {
        payment_no: payment.no.to_string(),
        amount: payment.amount_fen,
        subject: SUBJECT.to_owned(),
        expires_at: payment.expires_at,
        scene: if payment.provider == Provider::Alipay { scene } else { Scene::Qr },
    };
    let answer = payments.provider(payment.provider).create(&charge).await;
    let now = payments.money.clock.now();
    let code = match answer {
        Ok(code) => code,
        Err(ProviderError::Unknown(cause)) => return Err(Failure::Unavailable(cause)),
        Err(ProviderError::Refused(_)) => {
            if let Ok(failed) = payment.clone().fail(now) {
                payments.money.commit(now, vec![row.replace(&failed)?]).await?;
            }
            return Err(REFUSED);
        }
    };
    let Ok(submitted) = payment.clone().submit(code.clone(), now) else {
        return Ok(SubmittedPayment { payment: payment.clone(), code: Some(code) });
    };
    match payments.money.commit(now, vec![row.replace(&submitted)?]).await {
        // After a lost race the code is valid as well: the other writer recorded the same code, or the payment's success.
        Ok(()) | Err(Failure::Raced) => Ok(SubmittedPayment { payment: submitted, code: Some(code) }),
        Err(failure) => Err(failure),
    }
}

const fn fits(code: &PayCode, scene: &Scene) -> bool {
    matches!((code, scene), (PayCode::Qr { .. }, Scene::Qr) | (PayCode::Page { .. }, Scene::Page { .. }))
}
