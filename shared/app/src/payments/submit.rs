//! Makes a written payment known to its provider.

use domain::money::payment::{PayCode, Payment, Provider, State};

use super::PaymentService;
use super::provider::{ChargeRequest, ProviderError, Scene};
use crate::books::{Loaded, key, load};
use crate::failure::Failure;

/// Shown by the provider; the order's number is beside it.
const SUBJECT: &str = "证件数码相片质量检测";

/// The provider said no to this attempt; another attempt is another payment.
const REFUSED: Failure = Failure::Conflict { code: "payment-refused" };

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub payment: Payment,
    /// Absent when it needs no paying any more.
    pub code: Option<PayCode>,
}

/// Answers what the customer pays by. A code given before is given again; an outcome nobody knows leaves the payment as it is, so
/// that asking once more settles it.
pub async fn submit(payments: &PaymentService, payment_no: &str, scene: Scene) -> Result<Opened, Failure> {
    let row: Loaded<Payment> =
        load(&*payments.money.store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)?;
    let payment = &row.value;
    if let Some(code) = payment.code().filter(|code| fits(code, &scene)) {
        return Ok(Opened { code: Some(code.clone()), payment: payment.clone() });
    }
    if matches!(payment.state, State::Failed { .. }) {
        return Err(REFUSED);
    }
    if !payment.is_open() {
        return Ok(Opened { payment: payment.clone(), code: None });
    }
    let charge = ChargeRequest {
        payment_no: payment.no.clone(),
        amount: payment.amount_fen,
        subject: SUBJECT.to_owned(),
        expires_at: payment.expires_at,
        scene: if payment.provider == Provider::Alipay { scene } else { Scene::Qr },
    };
    let answer = payments.at(payment.provider).create(&charge).await;
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
        return Ok(Opened { payment: payment.clone(), code: Some(code) });
    };
    match payments.money.commit(now, vec![row.replace(&submitted)?]).await {
        Ok(()) => Ok(Opened { payment: submitted, code: Some(code) }),
        // Somebody else noted it, or its success, meanwhile; the code is good all the same.
        Err(Failure::Raced) => Ok(Opened { payment: submitted, code: Some(code) }),
        Err(failure) => Err(failure),
    }
}

const fn fits(code: &PayCode, scene: &Scene) -> bool {
    matches!((code, scene), (PayCode::Qr { .. }, Scene::Qr) | (PayCode::Page { .. }, Scene::Page { .. }))
}
