//! Concurrent use of one wallet, one coupon, one order and one callback on DynamoDB's own conditions and transactions.

mod wallet;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::audit::{AuditActor, Reason};
use app::checkout;
use app::clock::SystemClock;
use app::coupons::{Grant, grant};
use app::failure::Failure;
use app::idempotency::Command;
use app::ledger::{MoneyContext, TransactionKind, WalletTransaction, user_account};
use app::orders::{self, PlaceOrder};
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentProvider,
    PaymentStatus, ProviderError, RawCallback, RefundRequest, RefundStatus, Scene,
};
use app::payments::{CallbackRejected, PaymentService, handle_callback, poll_status};
use app::photos::photo_row;
use app::random::OsRandom;
use app::recharges::{self, RechargeRequest};
use app::store::{Change, Store, to_row};
use app::wallet::{balance, check};
use async_trait::async_trait;
use cloud::Cloud;
use cloud::local::TestCloud;
use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::ledger::{Account, Transaction};
use domain::money::number::{Number, PaymentNumber};
use domain::money::order::{Method, Order, State};
use domain::money::payment::{PayCode, Provider};
use domain::money::price::{Price, PriceList};
use domain::money::wallet::Movement;
use domain::photo::Outcome;
use domain::region::Region;
use domain::ruleset::Ruleset;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use ulid::Ulid;

const OWNER: AccountId = AccountId(Ulid::from_parts(1, 7));
const CONCURRENT: usize = 256;
/// Deliveries of one callback; the other tasks query the payment.
const CALLBACKS: usize = 20;

/// Writes the row of a photo that has passed.
async fn add_passed_photo(store: &dyn Store, owner: AccountId, number: ImageNumber) {
    let now = Timestamp::now();
    let row = json!({
        "number": number, "owner": owner, "version": 1, "card": Card::ResidentId, "ruleset": Ruleset::Easy,
        "region": Region::new("广东省", "深圳市").unwrap(), "method": Method::Wechat, "fileName": "photo.jpg",
        "priceFen": 150, "reservedAt": now, "ticketExpiresAt": now,
        "state": "passed", "uploadedAt": now, "inspectedAt": now, "outcome": Outcome::Passed,
    });
    store.apply(Change::put(photo_row(number), to_row(&row).unwrap())).await.unwrap();
}

/// A payment provider whose customers pay at once.
#[derive(Default)]
struct FakePaymentProvider(Mutex<BTreeMap<String, Fen>>);

impl FakePaymentProvider {
    fn confirmation(&self, payment_no: &str) -> Option<PaymentConfirmation> {
        let amount = *self.0.lock().unwrap().get(payment_no)?;
        Some(PaymentConfirmation {
            payment_no: payment_no.to_owned(),
            provider_no: format!("provider-{payment_no}"),
            amount,
        })
    }
}

#[async_trait]
impl PaymentProvider for FakePaymentProvider {
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError> {
        self.0.lock().unwrap().insert(charge.payment_no.clone(), charge.amount);
        Ok(PayCode::Qr { text: charge.payment_no.clone() })
    }

    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError> {
        Ok(self.confirmation(payment_no).map_or(PaymentStatus::Absent, PaymentStatus::Paid))
    }

    async fn close(&self, _: &str) -> Result<CloseOutcome, ProviderError> {
        Ok(CloseOutcome::Paid)
    }

    async fn refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Err(ProviderError::Refused("nothing is ever owed".into()))
    }

    async fn query_refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Ok(RefundStatus::Absent)
    }

    async fn verify_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        let payment_no = String::from_utf8(callback.body.clone()).unwrap();
        self.confirmation(&payment_no).map(PaymentCallback::Paid).ok_or_else(|| InvalidSignature("unknown".into()))
    }
}

fn money(cloud: Cloud) -> MoneyContext {
    let prices = PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
    MoneyContext { store: cloud.store, clock: Arc::new(SystemClock), random: Arc::new(OsRandom), prices }
}

fn payments(cloud: Cloud) -> PaymentService {
    checkout::payment_service(
        money(cloud),
        Arc::new(FakePaymentProvider::default()),
        Arc::new(FakePaymentProvider::default()),
    )
}

/// Credits the wallet in one commit.
async fn fund(money: &MoneyContext, fen: Fen) {
    let now = Timestamp::now();
    let mut wallet = WalletTransaction::load(&*money.store, OWNER).await.unwrap();
    let moved = Transaction::transfer(Account::Channel(Provider::Wechat), user_account(OWNER), fen).unwrap();
    let no = "2024011513365600000001".parse().unwrap();
    wallet.apply(Movement::Credit(fen), &no, TransactionKind::Credit, &moved, now).unwrap();
    money.commit(now, wallet.into_changes().unwrap()).await.unwrap();
}

fn command(operation: &'static str, key: &str) -> Command {
    Command::new(OWNER, operation, key, &()).unwrap()
}

/// Repeats an action while the store is busy, as a client does.
macro_rules! retried {
    ($act:expr) => {
        loop {
            match $act.await {
                Err(Failure::Unavailable(_)) => {}
                outcome => break outcome,
            }
        }
    };
}

async fn place(
    payments: &PaymentService,
    photo: i64,
    method: Method,
    coupon: Option<&Number>,
) -> Result<Order, Failure> {
    let number = ImageNumber::nth(1 + photo).unwrap();
    add_passed_photo(&*payments.money.store, OWNER, number).await;
    let request = PlaceOrder { image_nos: vec![number], method, coupon: coupon.cloned() };
    let command = command("place-order", &photo.to_string());
    retried!(orders::place(&payments.money, OWNER, &request, &command))
}

async fn notify(payments: &PaymentService, payment_no: &PaymentNumber) {
    let callback = RawCallback { headers: Vec::new(), body: payment_no.as_str().as_bytes().to_vec() };
    while let Err(refused) = handle_callback(payments, Provider::Wechat, &callback).await {
        assert!(matches!(refused, CallbackRejected::Failed(_)), "the callback is genuine");
    }
}

/// Runs all tasks concurrently; their results in the order of their numbers.
async fn all<T, F>(act: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..CONCURRENT).map(|n| tokio::spawn(act(n))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// Covers: I8, I12, I18
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_commands_for_one_coupon_order_and_callback_take_effect_once() {
    let cloud = TestCloud::start();
    let names = cloud.create_tables().await;
    let payments = payments(Cloud::new(cloud.sdk(), names));
    fund(&payments.money, Fen::new(60_000)).await;
    one_coupon(&payments).await;
    one_balance_payment(&payments).await;
    one_provider_payment(&payments).await;
    one_callback(&payments).await;
    let report = check::check(&*payments.money.store).await.unwrap();
    assert_eq!((report.wallets, report.differences), (1, vec![]));
}

/// 256 orders for different photos use one coupon.
async fn one_coupon(payments: &PaymentService) {
    let (owners, expires_at) = (vec![OWNER], Timestamp::now() + SignedDuration::from_hours(24));
    let request = Grant { owners, face_fen: Fen::new(50), min_spend_fen: Fen::ZERO, expires_at };
    let by = AuditActor { id: "staff".into(), request_id: "request".into() };
    let granted =
        grant(&payments.money, &by, &request, &Reason::rule("a gift"), &command("grant", "one")).await.unwrap();
    let coupon = granted[0].id.clone();
    let placed = all(|n| {
        let (payments, coupon) = (payments.clone(), coupon.clone());
        async move { place(&payments, n as i64, Method::Wechat, Some(&coupon)).await }
    });
    let (won, lost): (Vec<_>, Vec<_>) = placed.await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "I12");
    assert!(lost.iter().all(|answer| matches!(answer, Err(Failure::Conflict { .. }))), "the others are refused");
}

/// 256 payments of one order, each with its own idempotency key.
async fn one_balance_payment(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    let order = place(payments, 1_000, Method::Balance, None).await.unwrap();
    let paid = all(|n| {
        let (payments, no) = (payments.clone(), order.no.clone());
        async move {
            let command = command("pay-order", &format!("click {n}"));
            let paying = retried!(orders::pay(&payments, OWNER, &no, Scene::Qr, &command));
            matches!(paying.unwrap().order.state, State::Paid { .. })
        }
    });
    assert!(paid.await.into_iter().all(|paid| paid), "every caller sees the paid order");
    let after = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    assert_eq!(before.minus(after), Ok(Fen::new(150)), "I8");
}

/// Paid at the provider, with callbacks, queries, cancellations and further payment attempts at once.
async fn one_provider_payment(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap();
    let order = place(payments, 2_000, Method::Wechat, None).await.unwrap();
    let first = orders::pay(payments, OWNER, &order.no, Scene::Qr, &command("pay-order", "first")).await.unwrap();
    let payment_no = first.order.current_payment().unwrap();
    let done = all(|n| {
        let (payments, no, payment_no) = (payments.clone(), order.no.clone(), payment_no.clone());
        async move {
            let key = format!("task {n}");
            match n % 4 {
                0 => notify(&payments, &payment_no).await,
                1 => retried!(poll_status(&payments, &payment_no)).unwrap(),
                2 => {
                    let command = command("cancel-order", &key);
                    let _ = retried!(orders::cancel(&payments, OWNER, &no, &command));
                }
                _ => {
                    let command = command("pay-order", &key);
                    let _ = retried!(orders::pay(&payments, OWNER, &no, Scene::Qr, &command));
                }
            }
        }
    });
    done.await;
    let paid = orders::get(&*payments.money.store, OWNER, &order.no).await.unwrap();
    assert!(matches!(paid.state, State::Paid { .. }), "I8: {}", paid.state.name());
    assert_eq!(paid.current_payment().as_ref(), Some(&payment_no), "there was no second payment");
    assert_eq!(balance(&*payments.money.store, OWNER).await.unwrap(), before, "the balance paid nothing");
}

/// One recharge: its callback is delivered twenty times while the other tasks query it.
async fn one_callback(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    let request = RechargeRequest { amount_fen: Fen::new(600), provider: Provider::Wechat };
    let opened = recharges::request(payments, OWNER, &request, Scene::Qr, &command("recharge", "one")).await.unwrap();
    let payment_no = opened.recharge.no.payment(1);
    let handled = all(|n| {
        let (payments, payment_no) = (payments.clone(), payment_no.clone());
        async move {
            let apart = CONCURRENT / CALLBACKS;
            if n % apart == 0 && n / apart < CALLBACKS {
                notify(&payments, &payment_no).await;
            } else {
                retried!(poll_status(&payments, &payment_no)).unwrap();
            }
        }
    });
    handled.await;
    let after = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    assert_eq!(after.minus(before), Ok(Fen::new(600)), "I18");
}
