//! Random sequences of actions with faults of the store and of both providers; all invariants are checked after each action.
//!
//! An ordinary test run takes a sample. `tests/soak` runs many more cases.

use std::time::Duration;

use domain::image_number::ImageNumber;
use domain::money::coupon::Coupon;
use domain::money::number::PaymentNumber;
use domain::money::order::{Method, Order};
use domain::money::payment::Provider;
use proptest::prelude::*;

use crate::coupons::{self, FreezeChange};
use crate::store::Fault;
use crate::testing::{TestApp, TradeState, account, assert_all_ended, staff};

const SAMPLE: u32 = 48;
const STEPS: usize = 50;

#[derive(Debug, Clone)]
enum Action {
    Submit { who: u64, method: usize, key: u8 },
    Inspect { photo: usize, bytes: usize },
    Recharge { who: u64, fen: i64, key: u8 },
    Grant { who: u64, face: i64, days: i64 },
    Freeze { coupon: usize, unfreeze: bool },
    Place { photos: Vec<usize>, method: usize, coupon: Option<usize>, key: u8 },
    Change { order: usize, method: usize, coupon: Option<usize> },
    Pay { order: usize },
    Cancel { order: usize },
    Refund { order: usize },
    Scan { wechat: bool, trade: usize },
    PayAnyway { wechat: bool, trade: usize },
    Notify { wechat: bool, trade: usize, times: u8 },
    Tick { seconds: i64 },
    ProcessDue,
    StoreFault { call: usize, fault: usize },
    ProviderFault { wechat: bool, call: usize, fault: usize },
}

fn action() -> impl Strategy<Value = Action> {
    use Action::*;
    let n = || 0..64_usize;
    prop_oneof![
        4 => (0..2_u64, 0..3_usize, any::<u8>()).prop_map(|(who, method, key)| Submit { who, method, key }),
        4 => (n(), 0..3_usize).prop_map(|(photo, bytes)| Inspect { photo, bytes }),
        3 => (0..2_u64, 100..700_i64, any::<u8>()).prop_map(|(who, fen, key)| Recharge { who, fen, key }),
        2 => (0..2_u64, 1..4_i64, 1..3_i64).prop_map(|(who, face, days)| Grant { who, face: face * 60, days }),
        1 => (n(), any::<bool>()).prop_map(|(coupon, unfreeze)| Freeze { coupon, unfreeze }),
        4 => (prop::collection::vec(n(), 1..3), 0..3_usize, prop::option::of(n()), any::<u8>())
            .prop_map(|(photos, method, coupon, key)| Place { photos, method, coupon, key }),
        2 => (n(), 0..3_usize, prop::option::of(n())).prop_map(|(order, method, coupon)| Change { order, method, coupon }),
        4 => n().prop_map(|order| Pay { order }),
        1 => n().prop_map(|order| Cancel { order }),
        1 => n().prop_map(|order| Refund { order }),
        4 => (any::<bool>(), n()).prop_map(|(wechat, trade)| Scan { wechat, trade }),
        1 => (any::<bool>(), n()).prop_map(|(wechat, trade)| PayAnyway { wechat, trade }),
        3 => (any::<bool>(), n(), 1..4_u8).prop_map(|(wechat, trade, times)| Notify { wechat, trade, times }),
        3 => prop_oneof![Just(1_i64), Just(30), Just(181), Just(1801), Just(90_000)].prop_map(|seconds| Tick { seconds }),
        3 => Just(ProcessDue),
        2 => (0..8_usize, 0..Fault::ALL.len()).prop_map(|(call, fault)| StoreFault { call, fault }),
        1 => (any::<bool>(), 0..3_usize, 0..Fault::ALL.len()).prop_map(|(wechat, call, fault)| ProviderFault { wechat, call, fault }),
    ]
}

#[derive(Default)]
struct Model {
    photos: Vec<(u64, ImageNumber)>,
    coupons: Vec<Coupon>,
    orders: Vec<Order>,
}

fn one<T>(list: &[T], n: usize) -> Option<&T> {
    (!list.is_empty()).then(|| &list[n % list.len()])
}

fn provider(wechat: bool) -> Provider {
    if wechat { Provider::Wechat } else { Provider::Alipay }
}

fn trade(app: &TestApp, wechat: bool, n: usize) -> Option<PaymentNumber> {
    let trades: Vec<PaymentNumber> = app.payment_provider(provider(wechat)).trades().into_keys().collect();
    one(&trades, n).cloned()
}

impl Model {
    async fn apply(&mut self, app: &TestApp, action: Action) {
        match action {
            Action::Submit { who, method, key } => {
                if let Ok(number) = app.submit(account(who), Method::ALL[method], &key.to_string()).await {
                    self.photos.push((who, number));
                }
            }
            Action::Inspect { photo, bytes } => {
                if let Some((who, number)) = one(&self.photos, photo) {
                    let bytes: &[u8] = [b"pass".as_slice(), b"pass", b"fail"][bytes];
                    let _ = app.inspect(account(*who), *number, bytes).await;
                }
            }
            Action::Recharge { who, fen, key } => {
                let _ = app.recharge(account(who), fen, &key.to_string()).await;
            }
            Action::Grant { who, face, days } => {
                app.store.forget_faults();
                self.coupons.push(app.add_coupon(account(who), face, days).await);
            }
            Action::Freeze { coupon, unfreeze } => {
                if let Some(coupon) = one(&self.coupons, coupon) {
                    let (money, (by, why)) = (&app.payments.money, staff());
                    let change = if unfreeze { FreezeChange::Unfreeze } else { FreezeChange::Freeze };
                    let _ = coupons::change_freeze(money, &by, change, coupon.owner, &coupon.id, &why).await;
                }
            }
            Action::Place { photos, method, coupon, key } => {
                let Some((who, _)) = one(&self.photos, photos[0]) else { return };
                let numbers: Vec<ImageNumber> =
                    photos.iter().filter_map(|n| one(&self.photos, *n)).map(|(_, number)| *number).collect();
                let coupon = coupon.and_then(|n| one(&self.coupons, n));
                let key = key.to_string();
                let placed = app.place(account(*who), &numbers, Method::ALL[method], coupon, &key).await;
                self.orders.extend(placed);
            }
            Action::ProcessDue => app.process_due().await,
            Action::Tick { seconds } => app.advance(seconds),
            Action::StoreFault { call, fault } => app.store.fail(call, Fault::ALL[fault]),
            Action::ProviderFault { wechat, call, fault } => {
                app.payment_provider(provider(wechat)).faults().fail(call, Fault::ALL[fault])
            }
            other => self.apply_to_order_or_trade(app, other).await,
        }
    }

    async fn apply_to_order_or_trade(&mut self, app: &TestApp, action: Action) {
        match action {
            Action::Change { order, method, coupon } => {
                if let Some(order) = one(&self.orders, order) {
                    let coupon = coupon.and_then(|n| one(&self.coupons, n));
                    let _ = app.change(order, Method::ALL[method], coupon).await;
                }
            }
            Action::Pay { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = app.pay(order).await;
                }
            }
            Action::Cancel { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = app.cancel(order).await;
                }
            }
            Action::Refund { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = app.refund(order).await;
                }
            }
            Action::Scan { wechat, trade: n } => {
                if let Some(no) = trade(app, wechat, n) {
                    app.payment_provider(provider(wechat)).scan(&no);
                }
            }
            Action::PayAnyway { wechat, trade: n } => {
                let fake = app.payment_provider(provider(wechat));
                let closed: Vec<_> = fake.trades().into_iter().collect();
                if let Some((no, (amount, TradeState::Closed))) = one(&closed, n) {
                    fake.pay_anyway(no, *amount);
                }
            }
            Action::Notify { wechat, trade: n, times } => {
                let Some(no) = trade(app, wechat, n) else { return };
                let paid = app.payment_provider(provider(wechat)).trades()[&no].1;
                if !matches!(paid, TradeState::Paid | TradeState::Refunded) {
                    return;
                }
                for _ in 0..times {
                    let _ = app.notify(provider(wechat), &no).await;
                }
            }
            _ => {}
        }
    }
}

/// A payment that a provider accepted after it was asked to close it becomes known only by its callback.
async fn deliver_all_callbacks(app: &TestApp) {
    for provider in Provider::ALL {
        for (no, (_, state)) in app.payment_provider(provider).trades() {
            if matches!(state, TradeState::Paid) {
                app.notify(provider, &no).await.unwrap();
            }
        }
    }
}

async fn run_actions(seed: u64, actions: Vec<Action>) {
    let app = TestApp::with_seed(seed);
    let mut model = Model::default();
    for (step, action) in actions.into_iter().enumerate() {
        let context = format!("seed {seed}, step {step}, {action:?}");
        model.apply(&app, action).await;
        app.assert_invariants(&context).await;
    }
    app.store.forget_faults();
    app.wechat.faults().forget_faults();
    app.alipay.faults().forget_faults();
    deliver_all_callbacks(&app).await;
    app.run_until_settled().await;
    app.assert_invariants("at the end").await;
    assert_all_ended(&app, "at the end");
}

/// Covers: I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I13, I14, I15, I16, I17, I18, I19, I20, I25, I28, I29
#[test]
fn invariants_hold_after_every_action_of_a_random_sequence() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SAMPLE);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    proptest!(config, |(seed in any::<u64>(), actions in prop::collection::vec(action(), 1..=STEPS))| {
        let limit = Duration::from_secs(3600);
        runtime.block_on(async { tokio::time::timeout(limit, run_actions(seed, actions)).await }).expect("the sequence ends");
    });
}
