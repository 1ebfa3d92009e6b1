//! Random actions on invoices, with faults of the store and of the provider. The invariants are checked after each
//! action.
//!
//! A normal run takes a sample. `PROPTEST_CASES=10000 cargo test -p app --release
//! invariants_hold_for_random_actions_on_invoices` takes more.

use std::time::Duration;

use domain::invoice::Invoice;
use domain::money::order::Order;
use proptest::prelude::*;

use super::invariants::all_ended;
use super::test_app::{InvoiceTestApp, customer, details, special};
use crate::invoices::process_due;
use crate::store::Fault;

const SAMPLE: u32 = 48;
const STEPS: usize = 50;
const PEOPLE: u64 = 2;
const ORDERS: usize = 4;

#[derive(Debug, Clone)]
enum Action {
    Apply { who: u64, orders: Vec<usize>, key: u8 },
    Withdraw { invoice: usize },
    Amend { invoice: usize, key: u8 },
    Delete { invoice: usize },
    Approve { invoice: usize, key: u8 },
    Reject { invoice: usize, key: u8 },
    Reverse { invoice: usize, key: u8 },
    Refund { order: usize },
    Work { refuse: bool },
    Notify { paper: usize, times: u8 },
    Ask,
    Tick { seconds: i64 },
    StoreFault { call: usize, fault: usize },
    ProviderFault { call: usize, fault: usize },
}

fn action() -> impl Strategy<Value = Action> {
    use Action::*;
    let n = || 0..64_usize;
    prop_oneof![
        5 => (0..PEOPLE, prop::collection::vec(n(), 1..4), any::<u8>())
            .prop_map(|(who, orders, key)| Apply { who, orders, key }),
        2 => n().prop_map(|invoice| Withdraw { invoice }),
        2 => (n(), any::<u8>()).prop_map(|(invoice, key)| Amend { invoice, key }),
        2 => n().prop_map(|invoice| Delete { invoice }),
        4 => (n(), any::<u8>()).prop_map(|(invoice, key)| Approve { invoice, key }),
        2 => (n(), any::<u8>()).prop_map(|(invoice, key)| Reject { invoice, key }),
        2 => (n(), any::<u8>()).prop_map(|(invoice, key)| Reverse { invoice, key }),
        1 => n().prop_map(|order| Refund { order }),
        4 => prop::bool::weighted(0.2).prop_map(|refuse| Work { refuse }),
        4 => (n(), 1..4_u8).prop_map(|(paper, times)| Notify { paper, times }),
        3 => Just(Ask),
        3 => prop_oneof![Just(1_i64), Just(31), Just(301), Just(1801)].prop_map(|seconds| Tick { seconds }),
        2 => (0..8_usize, 0..Fault::ALL.len()).prop_map(|(call, fault)| StoreFault { call, fault }),
        2 => (0..3_usize, 0..Fault::ALL.len()).prop_map(|(call, fault)| ProviderFault { call, fault }),
    ]
}

struct Model {
    orders: Vec<Order>,
    invoices: Vec<Invoice>,
}

fn one<T>(list: &[T], n: usize) -> Option<&T> {
    (!list.is_empty()).then(|| &list[n % list.len()])
}

impl Model {
    async fn new(app: &InvoiceTestApp) -> Self {
        let mut orders = Vec::new();
        for who in 0..PEOPLE {
            orders.extend(app.paid(customer(who), ORDERS).await);
        }
        Self { orders, invoices: Vec::new() }
    }

    async fn action(&mut self, app: &InvoiceTestApp, action: Action) {
        match action {
            Action::Apply { who, orders, key } => {
                let nos = orders.iter().map(|n| self.orders[n % self.orders.len()].no.clone()).collect();
                let applied = app.apply_for(customer(who), nos, details(), &format!("apply {key}")).await;
                self.invoices.extend(applied);
            }
            Action::Refund { order } => {
                let _ = app.refund(&self.orders[order % self.orders.len()]).await;
            }
            Action::Work { refuse } => {
                app.provider.set_refusing(refuse);
                app.provider.work();
            }
            Action::Notify { paper, times } => {
                let papers: Vec<String> = app.provider.requests().into_keys().collect();
                let Some(request_no) = one(&papers, paper) else { return };
                for _ in 0..times {
                    let _ = app.notify(request_no).await;
                }
            }
            Action::Ask => {
                let _ = process_due(&app.invoicing).await;
            }
            Action::Tick { seconds } => app.money_app.advance(seconds),
            Action::StoreFault { call, fault } => app.money_app.store.fail(call, Fault::ALL[fault]),
            Action::ProviderFault { call, fault } => app.provider.faults().fail(call, Fault::ALL[fault]),
            other => self.act_on_invoice(app, other).await,
        }
    }

    async fn act_on_invoice(&self, app: &InvoiceTestApp, action: Action) {
        let (Action::Withdraw { invoice }
        | Action::Amend { invoice, .. }
        | Action::Delete { invoice }
        | Action::Approve { invoice, .. }
        | Action::Reject { invoice, .. }
        | Action::Reverse { invoice, .. }) = action
        else {
            return;
        };
        let Some(invoice) = one(&self.invoices, invoice) else { return };
        let _ = match action {
            Action::Withdraw { .. } => app.withdraw(invoice).await,
            Action::Delete { .. } => app.delete(invoice).await,
            Action::Amend { key, .. } => app.amend(invoice, &special(), &format!("amend {key}")).await,
            Action::Approve { key, .. } => app.approve(invoice, &format!("decide {key}")).await,
            Action::Reject { key, .. } => app.reject(invoice, "抬头有误", &format!("decide {key}")).await,
            Action::Reverse { key, .. } => app.reverse(invoice, "订单退款", &format!("reverse {key}")).await,
            _ => return,
        };
    }
}

async fn run_actions(seed: u64, actions: Vec<Action>) {
    let app = InvoiceTestApp::seeded(seed);
    let mut model = Model::new(&app).await;
    for (step, action) in actions.into_iter().enumerate() {
        let context = format!("seed {seed}, step {step}, {action:?}");
        model.action(&app, action).await;
        app.assert_invariants(&context).await;
    }
    app.money_app.store.forget_faults();
    app.provider.faults().forget_faults();
    app.provider.set_refusing(false);
    app.run_until_settled().await;
    app.assert_invariants("after all actions").await;
    all_ended(&app, "after all actions");
    app.money_app.assert_invariants("the ledger after all actions").await;
}

/// Covers: I21, I22, I25
#[test]
fn invariants_hold_for_random_actions_on_invoices() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SAMPLE);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    proptest!(config, |(seed in any::<u64>(), actions in prop::collection::vec(action(), 1..=STEPS))| {
        let limit = Duration::from_secs(3600);
        runtime.block_on(async { tokio::time::timeout(limit, run_actions(seed, actions)).await }).expect("it ends");
    });
}
