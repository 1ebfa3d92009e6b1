//! A crash at every step, of every kind, then the same command again and the chores: everything ends, every promise holds (I25).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::order::{Method, State};
use domain::money::payment::Provider;

use super::house::{House, person, staff};
use super::promises::all_ended;
use crate::coupons;
use crate::store::Fault;

type Scene<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Longer than any scene waits for itself; the runtime's clock is a paused one.
const LIFE: Duration = Duration::from_secs(3600);

/// How often each port was called.
fn calls(house: &House) -> [usize; 4] {
    [house.store.calls(), house.wechat.plan().calls(), house.alipay.plan().calls(), house.objects.plan.calls()]
}

/// Runs `scene` with each call to the store, to each bank and to the buckets failing in each way, the caller's death among them; then once more
/// without a fault, as a client would with the same keys. The scene must be written to go on after any failure.
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
                    0 => house.store.fail(call, fault),
                    1 => house.wechat.plan().fail(call, fault),
                    2 => house.alipay.plan().fail(call, fault),
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

fn nothing(_: &House) -> Scene<'_> {
    Box::pin(async {})
}

fn funded(house: &House) -> Scene<'_> {
    Box::pin(async {
        house.funded(person(1), 1000).await;
        house.granted(person(1), 50, 7).await;
    })
}

/// Money, a coupon and a passed photo, the first.
fn with_a_photo(house: &House) -> Scene<'_> {
    Box::pin(async {
        funded(house).await;
        house.passed(person(1)).await;
    })
}

fn the_photo() -> ImageNumber {
    ImageNumber::nth(1).unwrap()
}

/// Covers: I25, I5, I6, I9
#[tokio::test(start_paused = true)]
async fn a_photo_paid_by_balance() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            for (key, bytes) in [("passes", b"pass"), ("fails", b"fail")] {
                if let Ok(number) = house.submit(person(1), Method::Balance, key).await {
                    let _ = house.inspect(person(1), number, bytes).await;
                }
            }
        })
    }
    assert!(at_every_step("photo", funded, scene).await > 20);
}

/// Covers: I25, I16, I17, I18
#[tokio::test(start_paused = true)]
async fn a_recharge_at_either_provider() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            for provider in Provider::ALL {
                let Ok((no, _)) = house.recharge_at(person(1), 150, provider, provider.code()).await else { continue };
                let (payment, bank) = (no.payment(1), house.bank(provider));
                if bank.scan(&payment) || bank.trades().contains_key(&payment) {
                    let _ = house.notify(provider, &payment).await;
                }
            }
        })
    }
    assert!(at_every_step("recharge", nothing, scene).await > 20);
}

/// Covers: I25, I1, I17
#[tokio::test(start_paused = true)]
async fn an_order_placed_and_paid_by_balance() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let Ok(order) = house.place(person(1), &[the_photo()], Method::Balance, None, "order").await else {
                return;
            };
            let _ = house.pay_by(&order, &house.command(person(1), "pay-order", "pay")).await;
        })
    }
    assert!(at_every_step("balance", with_a_photo, scene).await > 10);
}

/// Covers: I25, I8, I17
#[tokio::test(start_paused = true)]
async fn an_order_changed_and_paid_at_a_provider() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let Ok(order) = house.place(person(1), &[the_photo()], Method::Alipay, None, "order").await else { return };
            let command = |operation, key| house.command(person(1), operation, key);
            let _ = house.pay_by(&order, &command("pay-order", "first")).await;
            let changed = house.change_by(&order, Method::Wechat, None, &command("amend-order", "change")).await;
            let _ = house.pay_by(&order, &command("pay-order", "second")).await;
            let now = house.order(&order).await;
            if let (Ok(_), State::AwaitingPayment { .. }, Some(no)) = (changed, &now.state, now.attempt()) {
                house.wechat.scan(&no);
                if house.wechat.trades().contains_key(&no) {
                    let _ = house.notify(Provider::Wechat, &no).await;
                }
            }
        })
    }
    assert!(at_every_step("order", with_a_photo, scene).await > 25);
}

/// Covers: I25, I12, I17
#[tokio::test(start_paused = true)]
async fn an_order_cancelled() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let coupon = house.only_coupon(person(1)).await;
            let order = house.place(person(1), &[the_photo()], Method::Wechat, Some(&coupon), "order").await;
            let Ok(order) = order else { return };
            let _ = house.pay_by(&order, &house.command(person(1), "pay-order", "pay")).await;
            let _ = house.cancel_by(&order, &house.command(person(1), "cancel-order", "cancel")).await;
        })
    }
    assert!(at_every_step("cancel", with_a_photo, scene).await > 15);
}

/// Covers: I25, I17, I20
#[tokio::test(start_paused = true)]
async fn paid_orders_taken_back() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.funded(person(1), 1000).await;
            house.alipay.slow_refunds();
            for (key, method) in Method::ALL.into_iter().enumerate() {
                let photo = house.passed(person(1)).await;
                let order = house.place(person(1), &[photo], method, None, &key.to_string()).await.unwrap();
                let paying = house.pay(&order).await.unwrap();
                if let (Some(provider), Some(no)) = (method.provider(), paying.order.attempt()) {
                    house.bank(provider).scan(&no);
                    house.notify(provider, &no).await.unwrap();
                }
            }
        })
    }
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            for order in house.orders(person(1)).await {
                let command = house.command(person(1), "refund-order", order.no.as_str());
                let _ = house.refund_by(&order, &command).await;
            }
            house.advance(60);
            house.sweep().await;
        })
    }
    assert!(at_every_step("refund", prepare, scene).await > 20);
}

/// Covers: I25, I8, I20
#[tokio::test(start_paused = true)]
async fn a_surplus_and_its_refund() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.wechat.slow_refunds();
            let photo = house.passed(person(1)).await;
            let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
            let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
            house.cancel(&order).await.unwrap();
            house.wechat.pay_anyway(&no, Fen::new(150));
        })
    }
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let no = house.wechat.trades().into_keys().next().unwrap();
            let _ = house.notify(Provider::Wechat, &no).await;
            house.advance(60);
            house.sweep().await;
        })
    }
    assert!(at_every_step("surplus", prepare, scene).await > 5);
}

/// Covers: I25, I7
#[tokio::test(start_paused = true)]
async fn what_lapses_orders_recharges_holds_and_coupons() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.funded(person(1), 1000).await;
            let coupon = house.granted(person(1), 50, 7).await;
            let photo = house.passed(person(1)).await;
            let order = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
            house.pay(&order).await.unwrap();
            house.submit(person(1), Method::Balance, "never uploaded").await.unwrap();
            house.recharge_at(person(1), 150, Provider::Alipay, "never paid").await.unwrap();
        })
    }
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.advance(31 * 60);
            house.sweep().await;
            house.advance(8 * 24 * 3600);
            house.sweep().await;
        })
    }
    assert!(at_every_step("lapse", prepare, scene).await > 20);
}

/// Covers: I25, I12, I13
#[tokio::test(start_paused = true)]
async fn coupons_granted_frozen_and_thawed() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let (money, (by, why)) = (&house.payments.money, staff());
            let Ok(coupon) = house.grant(person(1), 50, 7, "grant").await else { return };
            let _ = coupons::freeze(money, &by, &coupon.owner, &coupon.id, &why).await;
            let _ = coupons::thaw(money, &by, &coupon.owner, &coupon.id, &why).await;
        })
    }
    assert!(at_every_step("coupon", nothing, scene).await > 4);
}
