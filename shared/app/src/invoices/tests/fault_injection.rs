//! A crash at every step, of every kind, then a retry and the chore: everything ends, every promise holds (I25).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use domain::invoice::Invoice;

use super::house::{House, person, special};
use super::invariants::all_ended;
use crate::invoices::{self, Filter};
use crate::store::Fault;

/// Longer than any scene waits for itself; the runtime's clock is a paused one.
const LIFE: Duration = Duration::from_secs(3600);

type Scene<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// How often each port was called.
fn calls(house: &House) -> [usize; 3] {
    [house.shop.store.calls(), house.office.plan().calls(), house.objects.plan.calls()]
}

/// Runs `scene` with each call to the store, to the provider and to the bucket failing in each way, the caller's death among them; then
/// once more without a fault, as a client would. The scene must be written to go on after any failure.
async fn at_every_step(name: &str, prepare: fn(&House) -> Scene<'_>, scene: fn(&House) -> Scene<'_>) -> usize {
    let house = House::new();
    prepare(&house).await;
    let before = calls(&house);
    scene(&house).await;
    let after = calls(&house);
    for port in 0..before.len() {
        for call in 0..after[port] - before[port] {
            for fault in Fault::ALL.into_iter().chain(Fault::KILLS) {
                let context = format!("{name}: port {port}, call {call}, {fault:?}");
                let house = House::new();
                prepare(&house).await;
                match port {
                    0 => house.shop.store.fail(call, fault),
                    1 => house.office.plan().fail(call, fault),
                    _ => house.objects.plan.fail(call, fault),
                }
                let _killed = tokio::time::timeout(LIFE, scene(&house)).await;
                house.assert_promises(&context).await;
                scene(&house).await;
                house.assert_promises(&context).await;
                house.settle_down().await;
                house.assert_promises(&context).await;
                all_ended(&house, &context);
            }
        }
    }
    (0..before.len()).map(|port| after[port] - before[port]).sum()
}

fn two_orders(house: &House) -> Scene<'_> {
    Box::pin(async {
        house.paid(person(1), 2).await;
    })
}

fn applied(house: &House) -> Scene<'_> {
    Box::pin(async {
        let paid = house.paid(person(1), 2).await;
        house.apply(person(1), &paid, "key").await.unwrap();
    })
}

fn issued(house: &House) -> Scene<'_> {
    Box::pin(async {
        let paid = house.paid(person(1), 2).await;
        let invoice = house.apply(person(1), &paid, "key").await.unwrap();
        house.issued(&invoice).await;
    })
}

/// The one invoice of the scene, read past all faults.
async fn the_invoice(house: &House) -> Invoice {
    let owner = person(1).to_string();
    invoices::list(&house.shop.store.inner, &owner, &Filter::default(), 1, None).await.unwrap().invoices.remove(0)
}

/// Covers: I25, I21
#[tokio::test(start_paused = true)]
async fn applied_and_withdrawn() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let nos = house.orders(person(1)).await.iter().map(|order| order.no().parse().unwrap()).collect();
            if let Ok(invoice) = house.apply_for(person(1), nos, special(), "key").await {
                let _ = house.withdraw(&invoice).await;
            }
        })
    }
    assert!(at_every_step("withdraw", two_orders, scene).await >= 8);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn approved_and_issued() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let invoice = the_invoice(house).await;
            let _ = house.approve(&invoice, "approve").await;
            house.office.work();
            house.shop.advance(60);
            let _ = invoices::process_due(&house.invoicing).await;
            if let Some(request_no) = house.office.papers().into_keys().next() {
                let _ = house.notify(&request_no).await;
            }
        })
    }
    assert!(at_every_step("issue", applied, scene).await > 10);
}

/// Covers: I25, I22
#[tokio::test(start_paused = true)]
async fn rejected_amended_rejected_and_deleted() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let invoice = Invoice::clone(&house.invoice(&all_invoices(house).remove(0)).await);
            let _ = house.reject(&invoice, "抬头有误", "reject").await;
            let _ = house.amend(&invoice, &special(), "amend").await;
            let _ = house.reject(&invoice, "税号有误", "reject again").await;
            let _ = house.delete(&invoice).await;
        })
    }
    assert!(at_every_step("delete", applied, scene).await > 12);
}

/// Covers: I25, I22, I20
#[tokio::test(start_paused = true)]
async fn reversed() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let invoice = the_invoice(house).await;
            let _ = house.reverse(&invoice, "订单退款", "reverse").await;
            house.office.work();
            house.shop.advance(60);
            let _ = invoices::process_due(&house.invoicing).await;
        })
    }
    assert!(at_every_step("reverse", issued, scene).await > 10);
}

/// Deleted ones, too.
fn all_invoices(house: &House) -> Vec<Invoice> {
    let rows = house.shop.store.inner.dump().into_iter().filter(|(key, _)| key.sk.starts_with("INVOICE#"));
    rows.map(|(_, row)| serde_json::from_value(row["data"].clone()).unwrap()).collect()
}
