//! Faults in every call of every use case of money, then the same command again and the due work: everything ends, and every
//! invariant holds (I25).

use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::order::{Method, State};
use domain::money::payment::Provider;

use crate::coupons::{self, FreezeChange};
use crate::testing::faults::{Scenario, fail_every_call};
use crate::testing::{TestApp, account, staff};

fn nothing(_: &TestApp) -> Scenario<'_> {
    Box::pin(async {})
}

fn balance_and_coupon(app: &TestApp) -> Scenario<'_> {
    Box::pin(async {
        app.add_balance(account(1), 1000).await;
        app.add_coupon(account(1), 50, 7).await;
    })
}

/// A balance, a coupon and a passed photo: the first photo of the app.
fn balance_coupon_and_photo(app: &TestApp) -> Scenario<'_> {
    Box::pin(async {
        balance_and_coupon(app).await;
        app.add_passed_photo(account(1)).await;
    })
}

fn first_photo() -> ImageNumber {
    ImageNumber::nth(1).unwrap()
}

/// Covers: I25, I5, I6, I9
#[tokio::test(start_paused = true)]
async fn photo_paid_from_the_balance_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            for (key, bytes) in [("passes", b"pass"), ("fails", b"fail")] {
                if let Ok(number) = app.submit(account(1), Method::Balance, key).await {
                    let _ = app.inspect(account(1), number, bytes).await;
                }
            }
        })
    }
    assert!(fail_every_call("photo", balance_and_coupon, scenario).await > 20);
}

/// Covers: I25, I16, I17, I18
#[tokio::test(start_paused = true)]
async fn recharge_at_each_provider_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            for provider in Provider::ALL {
                let Ok((no, _)) = app.recharge_at(account(1), 150, provider, provider.code()).await else { continue };
                let (payment, fake) = (no.payment(1), app.payment_provider(provider));
                if fake.scan(&payment) || fake.trades().contains_key(&payment) {
                    let _ = app.notify(provider, &payment).await;
                }
            }
        })
    }
    assert!(fail_every_call("recharge", nothing, scenario).await > 20);
}

/// Covers: I25, I1, I17
#[tokio::test(start_paused = true)]
async fn order_paid_from_the_balance_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            let Ok(order) = app.place(account(1), &[first_photo()], Method::Balance, None, "order").await else {
                return;
            };
            let _ = app.pay_by(&order, &app.command(account(1), "pay-order", "pay")).await;
        })
    }
    assert!(fail_every_call("balance", balance_coupon_and_photo, scenario).await > 10);
}

/// Covers: I25, I8, I17
#[tokio::test(start_paused = true)]
async fn order_changed_and_paid_at_a_provider_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            let Ok(order) = app.place(account(1), &[first_photo()], Method::Alipay, None, "order").await else {
                return;
            };
            let command = |operation, key| app.command(account(1), operation, key);
            let _ = app.pay_by(&order, &command("pay-order", "first")).await;
            let changed = app.change_by(&order, Method::Wechat, None, &command("amend-order", "change")).await;
            let _ = app.pay_by(&order, &command("pay-order", "second")).await;
            let now = app.order(&order).await;
            if let (Ok(_), State::AwaitingPayment { .. }, Some(no)) = (changed, &now.state, now.current_payment()) {
                app.wechat.scan(&no);
                if app.wechat.trades().contains_key(&no) {
                    let _ = app.notify(Provider::Wechat, &no).await;
                }
            }
        })
    }
    assert!(fail_every_call("order", balance_coupon_and_photo, scenario).await > 25);
}

/// Covers: I25, I12, I17
#[tokio::test(start_paused = true)]
async fn order_cancelled_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            let coupon = app.only_coupon(account(1)).await;
            let order = app.place(account(1), &[first_photo()], Method::Wechat, Some(&coupon), "order").await;
            let Ok(order) = order else { return };
            let _ = app.pay_by(&order, &app.command(account(1), "pay-order", "pay")).await;
            let _ = app.cancel_by(&order, &app.command(account(1), "cancel-order", "cancel")).await;
        })
    }
    assert!(fail_every_call("cancel", balance_coupon_and_photo, scenario).await > 15);
}

/// Covers: I25, I17, I20
#[tokio::test(start_paused = true)]
async fn refund_of_orders_of_every_method_survives_every_fault() {
    fn prepare(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            app.add_balance(account(1), 1000).await;
            app.alipay.make_refunds_slow();
            for (key, method) in Method::ALL.into_iter().enumerate() {
                let photo = app.add_passed_photo(account(1)).await;
                let order = app.place(account(1), &[photo], method, None, &key.to_string()).await.unwrap();
                let paying = app.pay(&order).await.unwrap();
                if let (Some(provider), Some(no)) = (method.provider(), paying.order.current_payment()) {
                    app.payment_provider(provider).scan(&no);
                    app.notify(provider, &no).await.unwrap();
                }
            }
        })
    }
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            for order in app.orders(account(1)).await {
                let command = app.command(account(1), "refund-order", order.no.as_str());
                let _ = app.refund_by(&order, &command).await;
            }
            app.advance(60);
            app.process_due().await;
        })
    }
    assert!(fail_every_call("refund", prepare, scenario).await > 20);
}

/// Covers: I25, I8, I20
#[tokio::test(start_paused = true)]
async fn overpayment_and_its_refund_survive_every_fault() {
    fn prepare(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            app.wechat.make_refunds_slow();
            let photo = app.add_passed_photo(account(1)).await;
            let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
            let no = app.pay(&order).await.unwrap().order.current_payment().unwrap();
            app.cancel(&order).await.unwrap();
            app.wechat.pay_anyway(&no, Fen::new(150));
        })
    }
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            let no = app.wechat.trades().into_keys().next().unwrap();
            let _ = app.notify(Provider::Wechat, &no).await;
            app.advance(60);
            app.process_due().await;
        })
    }
    assert!(fail_every_call("overpayment", prepare, scenario).await > 5);
}

/// Covers: I25, I7
#[tokio::test(start_paused = true)]
async fn expiry_of_orders_recharges_holds_and_coupons_survives_every_fault() {
    fn prepare(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            app.add_balance(account(1), 1000).await;
            let coupon = app.add_coupon(account(1), 50, 7).await;
            let photo = app.add_passed_photo(account(1)).await;
            let order = app.place(account(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
            app.pay(&order).await.unwrap();
            app.submit(account(1), Method::Balance, "never uploaded").await.unwrap();
            app.recharge_at(account(1), 150, Provider::Alipay, "never paid").await.unwrap();
        })
    }
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            app.advance(31 * 60);
            app.process_due().await;
            app.advance(8 * 24 * 3600);
            app.process_due().await;
        })
    }
    assert!(fail_every_call("expiry", prepare, scenario).await > 20);
}

/// Covers: I25, I12, I13
#[tokio::test(start_paused = true)]
async fn coupon_granted_frozen_and_unfrozen_survives_every_fault() {
    fn scenario(app: &TestApp) -> Scenario<'_> {
        Box::pin(async {
            let (money, (by, why)) = (&app.payments.money, staff());
            let Ok(coupon) = app.grant(account(1), 50, 7, "grant").await else { return };
            for change in [FreezeChange::Freeze, FreezeChange::Unfreeze] {
                let _ = coupons::change_freeze(money, &by, change, coupon.owner, &coupon.id, &why).await;
            }
        })
    }
    assert!(fail_every_call("coupon", nothing, scenario).await > 4);
}
