//! A crash at every step, of every kind, then a retry and the chores: everything ends, every promise holds (I25).

use std::future::Future;
use std::pin::Pin;

use domain::money::order::{Method, State};
use domain::money::payment::Provider;

use super::house::{House, person};
use super::promises::all_ended;
use crate::orders;
use crate::store::Fault;

type Scene<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Runs `scene` with each call to the store, then each call to a bank, failing in each way; then once more without a fault, as a
/// client would. The scene must be written to go on after any failure.
async fn at_every_step(name: &str, prepare: fn(&House) -> Scene<'_>, scene: fn(&House) -> Scene<'_>) -> usize {
    let house = House::new();
    prepare(&house).await;
    let (store, wechat) = (house.store.calls(), house.wechat.calls());
    scene(&house).await;
    let steps = [house.store.calls() - store, house.wechat.calls() - wechat];
    for (port, calls) in steps.into_iter().enumerate() {
        for call in 0..calls {
            for fault in Fault::ALL {
                let context = format!("{name}: port {port}, call {call}, {fault:?}");
                let house = House::new();
                prepare(&house).await;
                if port == 0 {
                    house.store.fail(call, fault)
                } else {
                    house.wechat.fail(call, fault)
                }
                scene(&house).await;
                house.assert_promises(&context).await;
                scene(&house).await;
                house.assert_promises(&context).await;
                house.settle_down().await;
                house.assert_promises(&context).await;
                all_ended(&house, &context);
            }
        }
    }
    steps[0] + steps[1]
}

fn funded(house: &House) -> Scene<'_> {
    Box::pin(async {
        house.funded(person(1), 1000).await;
        house.granted(person(1), 50, 7).await;
    })
}

fn nothing(_: &House) -> Scene<'_> {
    Box::pin(async {})
}

#[tokio::test(start_paused = true)]
async fn i25_i6_i9_a_photo_paid_by_balance() {
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

#[tokio::test(start_paused = true)]
async fn i25_i16_i18_a_recharge() {
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            if let Ok((no, _)) = house.recharge(person(1), 150, "recharge").await {
                let payment = no.payment(1);
                if house.wechat.scan(&payment) || house.wechat.trades().contains_key(&payment) {
                    let _ = house.notify(Provider::Wechat, &payment).await;
                }
            }
        })
    }
    assert!(at_every_step("recharge", nothing, scene).await > 10);
}

#[tokio::test(start_paused = true)]
async fn i25_i8_an_order_changed_and_paid_by_wechat() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.funded(person(1), 1000).await;
            house.granted(person(1), 50, 7).await;
            house.passed(person(1)).await;
        })
    }
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            let photo = domain::image_number::ImageNumber::nth(1).unwrap();
            let Ok(order) = house.place(person(1), &[photo], Method::Balance, None, "order").await else { return };
            let changed = orders::change(&house.cashier, &order.owner, &order.no, Method::Wechat, None).await;
            let _ = house.pay(&order).await;
            let now = house.order(&order).await;
            if let (Ok(_), State::AwaitingPayment { .. }, Some(no)) = (changed, &now.state, now.attempt()) {
                house.wechat.scan(&no);
                if house.wechat.trades().contains_key(&no) {
                    let _ = house.notify(Provider::Wechat, &no).await;
                }
            }
        })
    }
    assert!(at_every_step("order", prepare, scene).await > 15);
}

#[tokio::test(start_paused = true)]
async fn i25_i8_i20_a_surplus_and_its_refund() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.wechat.slow_refunds();
            let photo = house.passed(person(1)).await;
            let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
            let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
            orders::cancel(&house.cashier, &order.owner, &order.no).await.unwrap();
            house.wechat.pay_anyway(&no, domain::money::Fen::new(150));
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

#[tokio::test(start_paused = true)]
async fn i25_i7_orders_that_lapse() {
    fn prepare(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.funded(person(1), 1000).await;
            let coupon = house.granted(person(1), 50, 7).await;
            let photo = house.passed(person(1)).await;
            let order = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
            house.pay(&order).await.unwrap();
            house.submit(person(1), Method::Balance, "never uploaded").await.unwrap();
        })
    }
    fn scene(house: &House) -> Scene<'_> {
        Box::pin(async {
            house.advance(31 * 60);
            house.sweep().await;
        })
    }
    assert!(at_every_step("lapse", prepare, scene).await > 10);
}
