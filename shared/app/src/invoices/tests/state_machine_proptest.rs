//! Seasons of random acts, with faults of the store and of the provider, against every promise.
//!
//! The everyday run takes a sample. `PROPTEST_CASES=10000 cargo test -p app --release a_season_of_invoices` takes the full measure.

use std::time::Duration;

use domain::invoice::Invoice;
use domain::money::order::Order;
use proptest::prelude::*;

use super::house::{House, details, person, special};
use super::invariants::all_ended;
use crate::invoices::process_due;
use crate::store::Fault;

const SAMPLE: u32 = 48;
const STEPS: usize = 50;
const PEOPLE: u64 = 2;
const ORDERS: usize = 4;

#[derive(Debug, Clone)]
enum Act {
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
    OfficeFault { call: usize, fault: usize },
}

fn act() -> impl Strategy<Value = Act> {
    use Act::*;
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
        2 => (0..3_usize, 0..Fault::ALL.len()).prop_map(|(call, fault)| OfficeFault { call, fault }),
    ]
}

struct World {
    orders: Vec<Order>,
    invoices: Vec<Invoice>,
}

fn one<T>(list: &[T], n: usize) -> Option<&T> {
    (!list.is_empty()).then(|| &list[n % list.len()])
}

impl World {
    async fn open(house: &House) -> Self {
        let mut orders = Vec::new();
        for who in 0..PEOPLE {
            orders.extend(house.paid(person(who), ORDERS).await);
        }
        Self { orders, invoices: Vec::new() }
    }

    async fn act(&mut self, house: &House, act: Act) {
        match act {
            Act::Apply { who, orders, key } => {
                let nos = orders.iter().map(|n| self.orders[n % self.orders.len()].no.clone()).collect();
                let applied = house.apply_for(person(who), nos, details(), &format!("apply {key}")).await;
                self.invoices.extend(applied);
            }
            Act::Refund { order } => {
                let _ = house.refund(&self.orders[order % self.orders.len()]).await;
            }
            Act::Work { refuse } => {
                house.office.set_refusing(refuse);
                house.office.work();
            }
            Act::Notify { paper, times } => {
                let papers: Vec<String> = house.office.requests().into_keys().collect();
                let Some(request_no) = one(&papers, paper) else { return };
                for _ in 0..times {
                    let _ = house.notify(request_no).await;
                }
            }
            Act::Ask => {
                let _ = process_due(&house.invoicing).await;
            }
            Act::Tick { seconds } => house.shop.advance(seconds),
            Act::StoreFault { call, fault } => house.shop.store.fail(call, Fault::ALL[fault]),
            Act::OfficeFault { call, fault } => house.office.faults().fail(call, Fault::ALL[fault]),
            other => self.with_invoice(house, other).await,
        }
    }

    async fn with_invoice(&self, house: &House, act: Act) {
        let (Act::Withdraw { invoice }
        | Act::Amend { invoice, .. }
        | Act::Delete { invoice }
        | Act::Approve { invoice, .. }
        | Act::Reject { invoice, .. }
        | Act::Reverse { invoice, .. }) = act
        else {
            return;
        };
        let Some(invoice) = one(&self.invoices, invoice) else { return };
        let _ = match act {
            Act::Withdraw { .. } => house.withdraw(invoice).await,
            Act::Delete { .. } => house.delete(invoice).await,
            Act::Amend { key, .. } => house.amend(invoice, &special(), &format!("amend {key}")).await,
            Act::Approve { key, .. } => house.approve(invoice, &format!("decide {key}")).await,
            Act::Reject { key, .. } => house.reject(invoice, "抬头有误", &format!("decide {key}")).await,
            Act::Reverse { key, .. } => house.reverse(invoice, "订单退款", &format!("reverse {key}")).await,
            _ => return,
        };
    }
}

async fn live_through_a_season(seed: u64, acts: Vec<Act>) {
    let house = House::seeded(seed);
    let mut world = World::open(&house).await;
    for (step, act) in acts.into_iter().enumerate() {
        let context = format!("seed {seed}, step {step}, {act:?}");
        world.act(&house, act).await;
        house.assert_promises(&context).await;
    }
    house.shop.store.forget_faults();
    house.office.faults().forget_faults();
    house.office.set_refusing(false);
    house.settle_down().await;
    house.assert_promises("at the end of the season").await;
    all_ended(&house, "at the end of the season");
    house.shop.assert_invariants("the books after a season").await;
}

/// Covers: I21, I22, I25
#[test]
fn hold_through_a_season_of_invoices() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SAMPLE);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    proptest!(config, |(seed in any::<u64>(), acts in prop::collection::vec(act(), 1..=STEPS))| {
        let limit = Duration::from_secs(3600);
        runtime.block_on(async { tokio::time::timeout(limit, live_through_a_season(seed, acts)).await }).expect("it ends");
    });
}
