//! Crowds before one wallet, one coupon, one order and one callback, on DynamoDB's own conditions and transactions: the promises
//! about money that only a real store can break.

mod wallet;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::audit::{AuditActor, Reason};
use app::books::{Books, MoneyContext, user};
use app::clock::SystemClock;
use app::coupons::{Grant, grant};
use app::failure::Failure;
use app::idempotency::Command;
use app::orders::{self, OrderPhotos, Place};
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentProvider,
    PaymentStatus, ProviderError, RawCallback, RefundRequest, RefundStatus, Scene,
};
use app::payments::{CallbackRejected, PaymentService, ask, handle_callback};
use app::random::OsRandom;
use app::recharges::{self, Request};
use app::store::Change;
use app::wallet::{balance, check};
use async_trait::async_trait;
use cloud::Cloud;
use cloud::local::TestCloud;
use domain::card::Card;
use domain::money::Fen;
use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::order::{Line, Method, Order, State};
use domain::money::payment::{PayCode, Provider};
use domain::money::price::{Price, PriceList};
use domain::money::wallet::Movement;
use jiff::{SignedDuration, Timestamp};

const OWNER: &str = "01HM4XJQ8Z0000000000000001";
const CROWD: usize = 256;
/// How often one callback is delivered; the rest of its crowd asks.
const NOTICES: usize = 20;

/// Every photo has passed: photos have tests of their own.
struct Passed;

#[async_trait]
impl OrderPhotos for Passed {
    async fn payable(&self, _: &str, image_no: &str, _: Timestamp) -> Result<Line, Failure> {
        let (image_no, region) = (image_no.to_owned(), "440300".to_owned());
        Ok(Line { image_no, card: Card::ResidentId, region, price_fen: Fen::new(150) })
    }

    async fn paid(&self, _: &str, _: &[&str], _: Timestamp) -> Result<Vec<Change>, Failure> {
        Ok(Vec::new())
    }
}

/// A bank whose customers pay at once.
#[derive(Default)]
struct Bank(Mutex<BTreeMap<String, Fen>>);

impl Bank {
    fn confirmation(&self, payment_no: &str) -> Option<PaymentConfirmation> {
        let amount = *self.0.lock().unwrap().get(payment_no)?;
        Some(PaymentConfirmation {
            payment_no: payment_no.to_owned(),
            provider_no: format!("bank-{payment_no}"),
            amount,
        })
    }
}

#[async_trait]
impl PaymentProvider for Bank {
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

    async fn verify_callback(&self, notice: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        let payment_no = String::from_utf8(notice.body.clone()).unwrap();
        self.confirmation(&payment_no).map(PaymentCallback::Paid).ok_or_else(|| InvalidSignature("unknown".into()))
    }
}

fn money(cloud: Cloud) -> MoneyContext {
    let prices = PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
    MoneyContext { store: cloud.store, clock: Arc::new(SystemClock), random: Arc::new(OsRandom), prices }
}

fn payments(cloud: Cloud) -> PaymentService {
    PaymentService {
        money: money(cloud),
        wechat: Arc::new(Bank::default()),
        alipay: Arc::new(Bank::default()),
        photos: Arc::new(Passed),
    }
}

/// Credits the wallet in one commit.
async fn fund(money: &MoneyContext, fen: Fen) {
    let now = Timestamp::now();
    let mut books = Books::of(&*money.store, OWNER).await.unwrap();
    let moved = Transaction::transfer(Account::Channel(Provider::Wechat), user(OWNER), fen).unwrap();
    books.apply(Movement::Credit(fen), "2024011513365600000001", "credit", &moved, now).unwrap();
    money.commit(now, books.changes().unwrap()).await.unwrap();
}

fn command(operation: &'static str, key: &str) -> Command {
    Command::new(OWNER, operation, key, &()).unwrap()
}

/// A crowd is sent away now and then: its people come again, as a client does.
macro_rules! patient {
    ($act:expr) => {
        loop {
            match $act.await {
                Err(Failure::Unavailable(_)) => {}
                answer => break answer,
            }
        }
    };
}

async fn place(
    payments: &PaymentService,
    photo: usize,
    method: Method,
    coupon: Option<&Number>,
) -> Result<Order, Failure> {
    let wish = Place { image_nos: vec![format!("AL{photo:09}")], method, coupon: coupon.cloned() };
    let command = command("place-order", &photo.to_string());
    patient!(orders::place(payments, OWNER, &wish, &command))
}

async fn notify(payments: &PaymentService, payment_no: &str) {
    let notice = RawCallback { headers: Vec::new(), body: payment_no.as_bytes().to_vec() };
    while let Err(refused) = handle_callback(payments, Provider::Wechat, &notice).await {
        assert!(matches!(refused, CallbackRejected::Failed(_)), "it is genuine");
    }
}

/// Everybody at once; the answers in the order of their numbers.
async fn all<T, F>(act: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..CROWD).map(|n| tokio::spawn(act(n))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// Covers: I8, I12, I18
#[tokio::test(flavor = "multi_thread")]
async fn on_dynamodb_a_crowd_for_one_coupon_one_order_one_callback_is_one() {
    let cloud = TestCloud::start();
    let names = cloud.create_tables().await;
    let payments = payments(Cloud::new(cloud.sdk(), names));
    fund(&payments.money, Fen::new(60_000)).await;
    one_coupon(&payments).await;
    one_balance_payment(&payments).await;
    one_order_at_the_bank(&payments).await;
    one_callback(&payments).await;
    let report = check::check(&*payments.money.store).await.unwrap();
    assert_eq!((report.wallets, report.differences), (1, vec![]));
}

/// 256 orders want it, each of its own photo.
async fn one_coupon(payments: &PaymentService) {
    let (owners, expires_at) = (vec![OWNER.to_owned()], Timestamp::now() + SignedDuration::from_hours(24));
    let wish = Grant { owners, face_fen: Fen::new(50), min_spend_fen: Fen::ZERO, expires_at };
    let by = AuditActor { id: "staff".into(), request_id: "request".into() };
    let granted = grant(&payments.money, &by, &wish, &Reason::rule("a gift"), &command("grant", "one")).await.unwrap();
    let coupon = granted[0].id.clone();
    let placed = all(|n| {
        let (payments, coupon) = (payments.clone(), coupon.clone());
        async move { place(&payments, n, Method::Wechat, Some(&coupon)).await }
    });
    let (won, lost): (Vec<_>, Vec<_>) = placed.await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1, "I12");
    assert!(lost.iter().all(|answer| matches!(answer, Err(Failure::Conflict { .. }))), "each hears why");
}

/// 256 clicks, each a command of its own.
async fn one_balance_payment(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    let order = place(payments, 1_000, Method::Balance, None).await.unwrap();
    let paid = all(|n| {
        let (payments, no) = (payments.clone(), order.no.clone());
        async move {
            let command = command("pay-order", &format!("click {n}"));
            let paying = patient!(orders::pay(&payments, OWNER, &no, Scene::Qr, &command));
            matches!(paying.unwrap().order.state, State::Paid { .. })
        }
    });
    assert!(paid.await.into_iter().all(|paid| paid), "everybody hears that it is paid");
    let after = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    assert_eq!(before.minus(after), Ok(Fen::new(150)), "I8");
}

/// Paid at the bank, while its callback, questions, cancellations and further clicks all come at once.
async fn one_order_at_the_bank(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap();
    let order = place(payments, 2_000, Method::Wechat, None).await.unwrap();
    let first = orders::pay(payments, OWNER, &order.no, Scene::Qr, &command("pay-order", "first")).await.unwrap();
    let payment_no = first.order.attempt().unwrap();
    let came = all(|n| {
        let (payments, no, payment_no) = (payments.clone(), order.no.clone(), payment_no.clone());
        async move {
            let key = format!("comes {n}");
            match n % 4 {
                0 => notify(&payments, &payment_no).await,
                1 => patient!(ask(&payments, &payment_no)).unwrap(),
                2 => {
                    let command = command("cancel-order", &key);
                    let _ = patient!(orders::cancel(&payments, OWNER, &no, &command));
                }
                _ => {
                    let command = command("pay-order", &key);
                    let _ = patient!(orders::pay(&payments, OWNER, &no, Scene::Qr, &command));
                }
            }
        }
    });
    came.await;
    let paid = orders::get(&*payments.money.store, OWNER, &order.no).await.unwrap();
    assert!(matches!(paid.state, State::Paid { .. }), "I8: {}", paid.state.name());
    assert_eq!(paid.attempt().as_ref(), Some(&payment_no), "nobody was asked to pay a second time");
    assert_eq!(balance(&*payments.money.store, OWNER).await.unwrap(), before, "the balance paid nothing");
}

/// One recharge: its callback comes twenty times, and everybody else asks.
async fn one_callback(payments: &PaymentService) {
    let before = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    let wish = Request { amount_fen: Fen::new(600), provider: Provider::Wechat };
    let requested = recharges::request(payments, OWNER, &wish, Scene::Qr, &command("recharge", "one")).await.unwrap();
    let payment_no = requested.recharge.no.payment(1);
    let told = all(|n| {
        let (payments, payment_no) = (payments.clone(), payment_no.clone());
        async move {
            let apart = CROWD / NOTICES;
            if n % apart == 0 && n / apart < NOTICES {
                notify(&payments, &payment_no).await;
            } else {
                patient!(ask(&payments, &payment_no)).unwrap();
            }
        }
    });
    told.await;
    let after = balance(&*payments.money.store, OWNER).await.unwrap().balance;
    assert_eq!(after.minus(before), Ok(Fen::new(600)), "I18");
}
