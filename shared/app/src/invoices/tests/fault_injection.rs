//! Faults in every call of the use cases of invoices, then the same again and the due work: everything ends, and every
//! invariant holds (I25).

use domain::invoice::Invoice;

use super::invariants::all_ended;
use super::test_app::{InvoiceTestApp, customer, special};
use crate::invoices::{self, Filter};
use crate::store::FaultPlan;
use crate::testing::faults::{FaultInjection, Scenario, fail_every_call};

impl FaultInjection for InvoiceTestApp {
    fn build() -> Self {
        Self::new()
    }

    fn ports(&self) -> Vec<&FaultPlan> {
        vec![self.money_app.store.plan(), self.provider.faults(), &self.objects.faults]
    }

    async fn run_until_settled(&self) {
        Self::run_until_settled(self).await;
    }

    async fn assert_invariants(&self, context: &str) {
        Self::assert_invariants(self, context).await;
    }

    fn assert_all_ended(&self, context: &str) {
        all_ended(self, context);
    }
}

fn two_orders(app: &InvoiceTestApp) -> Scenario<'_> {
    Box::pin(async {
        app.paid(customer(1), 2).await;
    })
}

fn applied(app: &InvoiceTestApp) -> Scenario<'_> {
    Box::pin(async {
        let paid = app.paid(customer(1), 2).await;
        app.apply(customer(1), &paid, "key").await.unwrap();
    })
}

fn issued(app: &InvoiceTestApp) -> Scenario<'_> {
    Box::pin(async {
        let paid = app.paid(customer(1), 2).await;
        let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
        app.issued(&invoice).await;
    })
}

/// The only invoice of the scenario, read past all faults.
async fn the_invoice(app: &InvoiceTestApp) -> Invoice {
    let owner = customer(1);
    invoices::list(&app.money_app.store.inner, owner, &Filter::default(), 1, None).await.unwrap().invoices.remove(0)
}

/// Covers: I25, I21
#[tokio::test(start_paused = true)]
async fn apply_and_withdraw_with_any_fault_keep_the_invariants() {
    fn scenario(app: &InvoiceTestApp) -> Scenario<'_> {
        Box::pin(async {
            let nos = app.orders(customer(1)).await.iter().map(|order| order.no().parse().unwrap()).collect();
            if let Ok(invoice) = app.apply_for(customer(1), nos, special(), "key").await {
                let _ = app.withdraw(&invoice).await;
            }
        })
    }
    assert!(fail_every_call("withdraw", two_orders, scenario).await >= 8);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn approve_and_issue_with_any_fault_keep_the_invariants() {
    fn scenario(app: &InvoiceTestApp) -> Scenario<'_> {
        Box::pin(async {
            let invoice = the_invoice(app).await;
            let _ = app.approve(&invoice, "approve").await;
            app.provider.work();
            app.money_app.advance(60);
            let _ = invoices::process_due(&app.invoicing).await;
            if let Some(request_no) = app.provider.requests().into_keys().next() {
                let _ = app.notify(&request_no).await;
            }
        })
    }
    assert!(fail_every_call("issue", applied, scenario).await > 10);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn reject_amend_and_delete_with_any_fault_keep_the_invariants() {
    fn scenario(app: &InvoiceTestApp) -> Scenario<'_> {
        Box::pin(async {
            let invoice = Invoice::clone(&app.invoice(&all_invoices(app).remove(0)).await);
            let _ = app.reject(&invoice, "抬头有误", "reject").await;
            let _ = app.amend(&invoice, &special(), "amend").await;
            let _ = app.reject(&invoice, "税号有误", "reject again").await;
            let _ = app.delete(&invoice).await;
        })
    }
    assert!(fail_every_call("delete", applied, scenario).await > 12);
}

/// Covers: I25, I22, I20
#[tokio::test(start_paused = true)]
async fn reverse_with_any_fault_keeps_the_invariants() {
    fn scenario(app: &InvoiceTestApp) -> Scenario<'_> {
        Box::pin(async {
            let invoice = the_invoice(app).await;
            let _ = app.reverse(&invoice, "订单退款", "reverse").await;
            app.provider.work();
            app.money_app.advance(60);
            let _ = invoices::process_due(&app.invoicing).await;
        })
    }
    assert!(fail_every_call("reverse", issued, scenario).await > 10);
}

/// All invoices, including deleted ones.
fn all_invoices(app: &InvoiceTestApp) -> Vec<Invoice> {
    let rows = app.money_app.store.inner.dump().into_iter().filter(|(key, _)| key.sk.starts_with("INVOICE#"));
    rows.map(|(_, row)| serde_json::from_value(row["data"].clone()).unwrap()).collect()
}
