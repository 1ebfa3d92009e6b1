//! Whole days of trading in random order, with faults, against every promise.
//!
//! The everyday run takes a sample. `tests/days` takes the full measure.

use std::time::Duration;

use domain::image_number::ImageNumber;
use domain::money::coupon::Coupon;
use domain::money::order::{Method, Order};
use domain::money::payment::Provider;
use proptest::prelude::*;

use super::house::{House, person, staff};
use super::promises::all_ended;
use crate::store::Fault;

const SAMPLE: u32 = 48;
const STEPS: usize = 50;

#[derive(Debug, Clone)]
enum Act {
    Submit { who: u64, method: usize, key: u8 },
    Inspect { photo: usize, bytes: usize },
    Recharge { who: u64, fen: i64, key: u8 },
    Grant { who: u64, face: i64, days: i64 },
    Freeze { coupon: usize, thaw: bool },
    Place { photos: Vec<usize>, method: usize, coupon: Option<usize>, key: u8 },
    Change { order: usize, method: usize, coupon: Option<usize> },
    Pay { order: usize },
    Cancel { order: usize },
    Refund { order: usize },
    Scan { bank: bool, trade: usize },
    PayAnyway { bank: bool, trade: usize },
    Notify { bank: bool, trade: usize, times: u8 },
    Tick { seconds: i64 },
    Sweep,
    StoreFault { call: usize, fault: usize },
    BankFault { bank: bool, call: usize, fault: usize },
}

fn act() -> impl Strategy<Value = Act> {
    use Act::*;
    let n = || 0..64_usize;
    prop_oneof![
        4 => (0..2_u64, 0..3_usize, any::<u8>()).prop_map(|(who, method, key)| Submit { who, method, key }),
        4 => (n(), 0..3_usize).prop_map(|(photo, bytes)| Inspect { photo, bytes }),
        3 => (0..2_u64, 100..700_i64, any::<u8>()).prop_map(|(who, fen, key)| Recharge { who, fen, key }),
        2 => (0..2_u64, 1..4_i64, 1..3_i64).prop_map(|(who, face, days)| Grant { who, face: face * 60, days }),
        1 => (n(), any::<bool>()).prop_map(|(coupon, thaw)| Freeze { coupon, thaw }),
        4 => (prop::collection::vec(n(), 1..3), 0..3_usize, prop::option::of(n()), any::<u8>())
            .prop_map(|(photos, method, coupon, key)| Place { photos, method, coupon, key }),
        2 => (n(), 0..3_usize, prop::option::of(n())).prop_map(|(order, method, coupon)| Change { order, method, coupon }),
        4 => n().prop_map(|order| Pay { order }),
        1 => n().prop_map(|order| Cancel { order }),
        1 => n().prop_map(|order| Refund { order }),
        4 => (any::<bool>(), n()).prop_map(|(bank, trade)| Scan { bank, trade }),
        1 => (any::<bool>(), n()).prop_map(|(bank, trade)| PayAnyway { bank, trade }),
        3 => (any::<bool>(), n(), 1..4_u8).prop_map(|(bank, trade, times)| Notify { bank, trade, times }),
        3 => prop_oneof![Just(1_i64), Just(30), Just(181), Just(1801), Just(90_000)].prop_map(|seconds| Tick { seconds }),
        3 => Just(Sweep),
        2 => (0..8_usize, 0..Fault::ALL.len()).prop_map(|(call, fault)| StoreFault { call, fault }),
        1 => (any::<bool>(), 0..3_usize, 0..Fault::ALL.len()).prop_map(|(bank, call, fault)| BankFault { bank, call, fault }),
    ]
}

#[derive(Default)]
struct World {
    photos: Vec<(u64, ImageNumber)>,
    coupons: Vec<Coupon>,
    orders: Vec<Order>,
}

fn one<T>(list: &[T], n: usize) -> Option<&T> {
    (!list.is_empty()).then(|| &list[n % list.len()])
}

fn provider(bank: bool) -> Provider {
    if bank { Provider::Wechat } else { Provider::Alipay }
}

fn trade(house: &House, bank: bool, n: usize) -> Option<String> {
    let trades: Vec<String> = house.bank(provider(bank)).trades().into_keys().collect();
    one(&trades, n).cloned()
}

impl World {
    async fn act(&mut self, house: &House, act: Act) {
        match act {
            Act::Submit { who, method, key } => {
                if let Ok(number) = house.submit(person(who), Method::ALL[method], &key.to_string()).await {
                    self.photos.push((who, number));
                }
            }
            Act::Inspect { photo, bytes } => {
                if let Some((who, number)) = one(&self.photos, photo) {
                    let bytes: &[u8] = [b"pass".as_slice(), b"pass", b"fail"][bytes];
                    let _ = house.inspect(person(*who), *number, bytes).await;
                }
            }
            Act::Recharge { who, fen, key } => {
                let _ = house.recharge(person(who), fen, &key.to_string()).await;
            }
            Act::Grant { who, face, days } => {
                house.store.forget_faults();
                self.coupons.push(house.granted(person(who), face, days).await);
            }
            Act::Freeze { coupon, thaw } => {
                if let Some(coupon) = one(&self.coupons, coupon) {
                    let (money, (by, why)) = (&house.payments.money, staff());
                    let _ = if thaw {
                        crate::coupons::thaw(money, &by, &coupon.owner, &coupon.id, &why).await
                    } else {
                        crate::coupons::freeze(money, &by, &coupon.owner, &coupon.id, &why).await
                    };
                }
            }
            Act::Place { photos, method, coupon, key } => {
                let Some((who, _)) = one(&self.photos, photos[0]) else { return };
                let numbers: Vec<ImageNumber> =
                    photos.iter().filter_map(|n| one(&self.photos, *n)).map(|(_, number)| *number).collect();
                let coupon = coupon.and_then(|n| one(&self.coupons, n));
                let key = key.to_string();
                let placed = house.place(person(*who), &numbers, Method::ALL[method], coupon, &key).await;
                self.orders.extend(placed);
            }
            Act::Sweep => house.sweep().await,
            Act::Tick { seconds } => house.advance(seconds),
            Act::StoreFault { call, fault } => house.store.fail(call, Fault::ALL[fault]),
            Act::BankFault { bank, call, fault } => house.bank(provider(bank)).plan().fail(call, Fault::ALL[fault]),
            other => self.with_order_or_trade(house, other).await,
        }
    }

    async fn with_order_or_trade(&mut self, house: &House, act: Act) {
        match act {
            Act::Change { order, method, coupon } => {
                if let Some(order) = one(&self.orders, order) {
                    let coupon = coupon.and_then(|n| one(&self.coupons, n));
                    let _ = house.change(order, Method::ALL[method], coupon).await;
                }
            }
            Act::Pay { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = house.pay(order).await;
                }
            }
            Act::Cancel { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = house.cancel(order).await;
                }
            }
            Act::Refund { order } => {
                if let Some(order) = one(&self.orders, order) {
                    let _ = house.refund(order).await;
                }
            }
            Act::Scan { bank, trade: n } => {
                if let Some(no) = trade(house, bank, n) {
                    house.bank(provider(bank)).scan(&no);
                }
            }
            Act::PayAnyway { bank, trade: n } => {
                let bank = house.bank(provider(bank));
                let closed: Vec<_> = bank.trades().into_iter().collect();
                if let Some((no, (amount, super::bank::Trade::Closed))) = one(&closed, n) {
                    bank.pay_anyway(no, *amount);
                }
            }
            Act::Notify { bank, trade: n, times } => {
                let Some(no) = trade(house, bank, n) else { return };
                let paid = house.bank(provider(bank)).trades()[&no].1;
                if !matches!(paid, super::bank::Trade::Paid | super::bank::Trade::Refunded) {
                    return;
                }
                for _ in 0..times {
                    let _ = house.notify(provider(bank), &no).await;
                }
            }
            _ => {}
        }
    }
}

/// Payments a bank took after it had been asked to close them are only heard of by its notice.
async fn notices_of_everything(house: &House) {
    for provider in Provider::ALL {
        for (no, (_, state)) in house.bank(provider).trades() {
            if matches!(state, super::bank::Trade::Paid) {
                house.notify(provider, &no).await.unwrap();
            }
        }
    }
}

async fn trade_for_a_day(seed: u64, acts: Vec<Act>) {
    let house = House::seeded(seed);
    let mut world = World::default();
    for (step, act) in acts.into_iter().enumerate() {
        let context = format!("seed {seed}, step {step}, {act:?}");
        world.act(&house, act).await;
        house.assert_promises(&context).await;
    }
    house.store.forget_faults();
    house.wechat.plan().forget_faults();
    house.alipay.plan().forget_faults();
    notices_of_everything(&house).await;
    house.settle_down().await;
    house.assert_promises("at the end of the day").await;
    all_ended(&house, "at the end of the day");
}

/// Covers: I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I13, I14, I15, I16, I17, I18, I19, I20, I25, I28, I29
#[test]
fn hold_through_a_day_of_trading() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SAMPLE);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    proptest!(config, |(seed in any::<u64>(), acts in prop::collection::vec(act(), 1..=STEPS))| {
        let limit = Duration::from_secs(3600);
        runtime.block_on(async { tokio::time::timeout(limit, trade_for_a_day(seed, acts)).await }).expect("it ends");
    });
}
