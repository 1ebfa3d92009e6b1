//! Faults in every call of the use cases of invoices, then the same again and the due work: everything ends, and every invariant
//! holds (I25).

use domain::invoice::Invoice;

use super::house::{House, person, special};
use super::invariants::all_ended;
use crate::invoices::{self, Filter};
use crate::store::FaultPlan;
use crate::testing::faults::{FaultInjection, Scenario, fail_every_call};

impl FaultInjection for House {
    fn build() -> Self {
        Self::new()
    }

    fn ports(&self) -> Vec<&FaultPlan> {
        vec![self.shop.store.plan(), self.office.faults(), &self.objects.faults]
    }

    async fn run_until_settled(&self) {
        self.settle_down().await;
    }

    async fn assert_invariants(&self, context: &str) {
        self.assert_promises(context).await;
    }

    fn assert_all_ended(&self, context: &str) {
        all_ended(self, context);
    }
}

fn two_orders(house: &House) -> Scenario<'_> {
    Box::pin(async {
        house.paid(person(1), 2).await;
    })
}

fn applied(house: &House) -> Scenario<'_> {
    Box::pin(async {
        let paid = house.paid(person(1), 2).await;
        house.apply(person(1), &paid, "key").await.unwrap();
    })
}

fn issued(house: &House) -> Scenario<'_> {
    Box::pin(async {
        let paid = house.paid(person(1), 2).await;
        let invoice = house.apply(person(1), &paid, "key").await.unwrap();
        house.issued(&invoice).await;
    })
}

/// The only invoice of the scenario, read past all faults.
async fn the_invoice(house: &House) -> Invoice {
    let owner = person(1);
    invoices::list(&house.shop.store.inner, owner, &Filter::default(), 1, None).await.unwrap().invoices.remove(0)
}

/// Covers: I25, I21
#[tokio::test(start_paused = true)]
async fn applied_and_withdrawn() {
    fn scenario(house: &House) -> Scenario<'_> {
        Box::pin(async {
            let nos = house.orders(person(1)).await.iter().map(|order| order.no().parse().unwrap()).collect();
            if let Ok(invoice) = house.apply_for(person(1), nos, special(), "key").await {
                let _ = house.withdraw(&invoice).await;
            }
        })
    }
    assert!(fail_every_call("withdraw", two_orders, scenario).await >= 8);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn approved_and_issued() {
    fn scenario(house: &House) -> Scenario<'_> {
        Box::pin(async {
            let invoice = the_invoice(house).await;
            let _ = house.approve(&invoice, "approve").await;
            house.office.work();
            house.shop.advance(60);
            let _ = invoices::process_due(&house.invoicing).await;
            if let Some(request_no) = house.office.requests().into_keys().next() {
                let _ = house.notify(&request_no).await;
            }
        })
    }
    assert!(fail_every_call("issue", applied, scenario).await > 10);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn rejected_amended_rejected_and_deleted() {
    fn scenario(house: &House) -> Scenario<'_> {
        Box::pin(async {
            let invoice = Invoice::clone(&house.invoice(&all_invoices(house).remove(0)).await);
            let _ = house.reject(&invoice, "抬头有误", "reject").await;
            let _ = house.amend(&invoice, &special(), "amend").await;
            let _ = house.reject(&invoice, "税号有误", "reject again").await;
            let _ = house.delete(&invoice).await;
        })
    }
    assert!(fail_every_call("delete", applied, scenario).await > 12);
}

/// Covers: I25, I22, I20
#[tokio::test(start_paused = true)]
async fn reversed() {
    fn scenario(house: &House) -> Scenario<'_> {
        Box::pin(async {
            let invoice = the_invoice(house).await;
            let _ = house.reverse(&invoice, "订单退款", "reverse").await;
            house.office.work();
            house.shop.advance(60);
            let _ = invoices::process_due(&house.invoicing).await;
        })
    }
    assert!(fail_every_call("reverse", issued, scenario).await > 10);
}

/// Deleted ones, too.
fn all_invoices(house: &House) -> Vec<Invoice> {
    let rows = house.shop.store.inner.dump().into_iter().filter(|(key, _)| key.sk.starts_with("INVOICE#"));
    rows.map(|(_, row)| serde_json::from_value(row["data"].clone()).unwrap()).collect()
}
