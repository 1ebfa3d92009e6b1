//! The use cases of money and photos on a store, buckets, a clock and two payment providers in memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::coupon::Coupon;
use domain::money::number::{Number, PaymentNumber};
use domain::money::order::{Method, Order};
use domain::money::payment::Provider;
use domain::money::price::{Price, PriceList};
use domain::region::Region;
use domain::ruleset::Ruleset;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::faults::FaultInjection;
use super::money_invariants::{assert_all_ended, assert_money_invariants};
use super::{FakePaymentProvider, MemoryObjects, ScriptedInspector};
use crate::accounts::{Accounts, Keys, MemoryDataKeyProvider};
use crate::audit::{self, AuditActor, Reason};
use crate::checkout;
use crate::clock::{Clock, FixedClock};
use crate::coupons::{self, Grant, grant};
use crate::due;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{MoneyContext, owner_rows, page};
use crate::objects::Bucket;
use crate::orders::{self, PlaceOrder};
use crate::payments::provider::Scene;
use crate::payments::{CallbackRejected, PaymentService, handle_callback};
use crate::photos::{Photos, Submission, UploadEvent, upload};
use crate::random::{OsRandom, SeededRandom};
use crate::recharges::{self, RechargeRequest};
use crate::store::{FaultPlan, FaultyStore, MemoryStore};
use crate::wallet::{self, Balance, check};

/// What one photo costs in a test app.
pub(crate) const PRICE: Fen = Fen::new(150);

/// See the [module's documentation](super) for how to use it.
pub(crate) struct TestApp {
    pub(crate) payments: PaymentService,
    pub(crate) photos: Photos,
    pub(crate) store: Arc<FaultyStore<MemoryStore>>,
    pub(crate) wechat: Arc<FakePaymentProvider>,
    pub(crate) alipay: Arc<FakePaymentProvider>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) objects: Arc<MemoryObjects>,
    accounts: OnceLock<Accounts>,
    commands: AtomicU64,
}

/// The `n`-th customer.
pub(crate) fn account(n: u64) -> AccountId {
    AccountId(Ulid::from_parts(n, 7))
}

/// A member of staff, and a reason for the audit log.
pub(crate) fn staff() -> (AuditActor, Reason) {
    (AuditActor { id: "staff".to_owned(), request_id: "request".to_owned() }, Reason::parse("doubt").unwrap())
}

/// A submission of a photo that breaks no rule, to be paid from the balance.
pub(crate) fn submission() -> Submission {
    Submission {
        card: Card::ResidentId,
        ruleset: Ruleset::Easy,
        region: Region::new("广东省", "深圳市").unwrap(),
        method: Method::Balance,
        file_name: "微信图片_20231010160957.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes: 200_000,
    }
}

/// Construction.
impl TestApp {
    /// An empty app. Its clock starts at 2024-01-15 13:36:56 in China; its random numbers are the same every time.
    pub(crate) fn new() -> Self {
        Self::with_seed(1)
    }

    /// As [`Self::new`], with other random numbers.
    pub(crate) fn with_seed(seed: u64) -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = Arc::new(FixedClock::at("2024-01-15T05:36:56Z".parse().unwrap()));
        let random = Arc::new(SeededRandom::new(seed));
        let prices = vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: PRICE }];
        let prices = PriceList::try_from(prices).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random, prices };
        let objects = Arc::new(MemoryObjects::default());
        let photos = wallet::photo_service(money.clone(), objects.clone());
        let (wechat, alipay) = (Arc::new(FakePaymentProvider::default()), Arc::new(FakePaymentProvider::default()));
        let payments = checkout::payment_service(money, wechat.clone(), alipay.clone());
        Self {
            payments,
            photos,
            store,
            wechat,
            alipay,
            clock,
            objects,
            accounts: OnceLock::new(),
            commands: AtomicU64::new(0),
        }
    }

    /// This app, after [`Self::add_balance`].
    pub(crate) async fn with_balance(self, who: AccountId, fen: i64) -> Self {
        self.add_balance(who, fen).await;
        self
    }
}

/// Time and ports.
impl TestApp {
    /// The account use cases on the same store and clock. They are made at the first call, because that hashes a password.
    pub(crate) fn accounts(&self) -> &Accounts {
        self.accounts.get_or_init(|| self.new_accounts(MemoryDataKeyProvider::new(&OsRandom)))
    }

    /// The account use cases of another process on the same store and clock: with an empty key cache, and with `data_keys`.
    pub(crate) fn new_accounts(&self, data_keys: MemoryDataKeyProvider) -> Accounts {
        let keys = Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap();
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Accounts::new(store, clock, Arc::new(OsRandom), Arc::new(keys), Arc::new(data_keys))
    }

    /// The fake of one provider.
    pub(crate) fn payment_provider(&self, provider: Provider) -> &FakePaymentProvider {
        if provider == Provider::Wechat { &self.wechat } else { &self.alipay }
    }

    /// The current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Runs every due-work task once; a task that fails is left to the next run.
    pub(crate) async fn process_due(&self) {
        let _ = self.photos.process_due().await;
        let _ = due::process_due(&self.payments).await;
    }

    /// Lets hours pass and runs the due work in between, so that everything that can end has ended.
    pub(crate) async fn run_until_settled(&self) {
        for minutes in [1, 5, 10, 35, 35, 150, 35, 35] {
            self.advance(minutes * 60);
            self.process_due().await;
        }
    }

    /// The provider's callback confirms a payment.
    pub(crate) async fn notify(&self, provider: Provider, payment_no: &PaymentNumber) -> Result<(), CallbackRejected> {
        handle_callback(&self.payments, provider, &self.payment_provider(provider).callback(payment_no)).await
    }
}

/// Arranging data, through the use cases themselves.
impl TestApp {
    /// Recharges a wallet at WeChat Pay.
    pub(crate) async fn add_balance(&self, who: AccountId, fen: i64) {
        let (no, _) = self.recharge(who, fen, &format!("balance {}", self.store.calls())).await.unwrap();
        assert!(self.wechat.scan(&no.payment(1)));
        self.notify(Provider::Wechat, &no.payment(1)).await.unwrap();
    }

    /// Submits a photo that passes and waits for its payment by a provider.
    pub(crate) async fn add_passed_photo(&self, who: AccountId) -> ImageNumber {
        let key = format!("photo {}", self.store.calls());
        let number = self.submit(who, Method::Wechat, &key).await.unwrap();
        self.inspect(who, number, b"pass").await.unwrap();
        number
    }

    /// Grants a coupon without a minimum spend that expires after some days.
    pub(crate) async fn add_coupon(&self, who: AccountId, face: i64, days: i64) -> Coupon {
        self.grant(who, face, days, &format!("coupon {}", self.store.calls())).await.unwrap()
    }
}

/// The use cases of photos and recharges.
impl TestApp {
    /// A command of a customer; the same key is the same command.
    pub(crate) fn command(&self, who: AccountId, operation: &'static str, key: &str) -> Command {
        Command::new(who, operation, key, &()).unwrap()
    }

    /// A command with an idempotency key that was not used before.
    pub(crate) fn new_command(&self) -> Command {
        let key = self.commands.fetch_add(1, Ordering::Relaxed).to_string();
        self.command(account(0), "operation", &key)
    }

    pub(crate) async fn submit(&self, who: AccountId, method: Method, key: &str) -> Result<ImageNumber, Failure> {
        let submission = Submission { method, ..submission() };
        Ok(self.photos.start(who, submission, key, None).await?.number)
    }

    /// Uploads the file and handles its event. [`ScriptedInspector`] says what the bytes mean. Like an upload ticket, it keeps the
    /// bytes of the first call.
    pub(crate) async fn inspect(&self, who: AccountId, number: ImageNumber, bytes: &[u8]) -> Result<(), Failure> {
        let (key, at) = (upload(who, number), self.now());
        let object = (Bucket::Uploads, key.clone());
        self.objects.contents.lock().unwrap().entry(object).or_insert((bytes.to_vec(), at));
        self.photos.inspect(&ScriptedInspector, &UploadEvent { key, at }).await.map(|_| ())
    }

    pub(crate) async fn recharge(&self, who: AccountId, fen: i64, key: &str) -> Result<(Number, bool), Failure> {
        self.recharge_at(who, fen, Provider::Wechat, key).await
    }

    /// Requests a recharge; returns its number, and whether there is a code to pay with.
    pub(crate) async fn recharge_at(
        &self,
        who: AccountId,
        fen: i64,
        provider: Provider,
        key: &str,
    ) -> Result<(Number, bool), Failure> {
        let request = RechargeRequest { amount_fen: Fen::new(fen), provider };
        let command = Command::new(who, "recharge", key, &request)?;
        let opened = recharges::request(&self.payments, who, &request, Scene::Qr, &command).await?;
        Ok((opened.recharge.no, opened.code.is_some()))
    }

    pub(crate) async fn grant(&self, who: AccountId, face: i64, days: i64, key: &str) -> Result<Coupon, Failure> {
        let expires_at = self.now() + SignedDuration::from_hours(24 * days);
        let request = Grant { owners: vec![who], face_fen: Fen::new(face), min_spend_fen: Fen::ZERO, expires_at };
        let command = self.command(who, "grant", key);
        let (by, why) = staff();
        Ok(grant(&self.payments.money, &by, &request, &why, &command).await?.remove(0))
    }
}

/// The use cases of orders. Those without a command use a new one.
impl TestApp {
    pub(crate) async fn place(
        &self,
        who: AccountId,
        photos: &[ImageNumber],
        method: Method,
        coupon: Option<&Coupon>,
        key: &str,
    ) -> Result<Order, Failure> {
        let image_nos = photos.to_vec();
        let request = PlaceOrder { image_nos, method, coupon: coupon.map(|coupon| coupon.id.clone()) };
        let command = Command::new(who, "place-order", key, &request)?;
        orders::place(&self.payments.money, who, &request, &command).await
    }

    pub(crate) async fn pay(&self, order: &Order) -> Result<orders::OrderPayment, Failure> {
        self.pay_by(order, &self.new_command()).await
    }

    pub(crate) async fn pay_by(&self, order: &Order, command: &Command) -> Result<orders::OrderPayment, Failure> {
        orders::pay(&self.payments, order.owner, &order.no, Scene::Qr, command).await
    }

    pub(crate) async fn change(
        &self,
        order: &Order,
        method: Method,
        coupon: Option<&Coupon>,
    ) -> Result<Order, Failure> {
        self.change_by(order, method, coupon, &self.new_command()).await
    }

    pub(crate) async fn change_by(
        &self,
        order: &Order,
        method: Method,
        coupon: Option<&Coupon>,
        command: &Command,
    ) -> Result<Order, Failure> {
        let coupon = coupon.map(|coupon| &coupon.id);
        orders::change(&self.payments, order.owner, &order.no, method, coupon, command).await
    }

    pub(crate) async fn cancel(&self, order: &Order) -> Result<Order, Failure> {
        self.cancel_by(order, &self.new_command()).await
    }

    pub(crate) async fn cancel_by(&self, order: &Order, command: &Command) -> Result<Order, Failure> {
        orders::cancel(&self.payments, order.owner, &order.no, command).await
    }

    pub(crate) async fn refund(&self, order: &Order) -> Result<Order, Failure> {
        self.refund_by(order, &self.new_command()).await
    }

    pub(crate) async fn refund_by(&self, order: &Order, command: &Command) -> Result<Order, Failure> {
        let (by, why) = staff();
        orders::refund(&self.payments.money, &by, order.owner, &order.no, &why, command).await
    }
}

/// Reading, past all planned faults.
impl TestApp {
    pub(crate) async fn orders(&self, who: AccountId) -> Vec<Order> {
        let (orders, _) = page::<Order>(&self.store.inner, &owner_rows(who, "ORDER#")).await.unwrap();
        orders.into_iter().map(|row| row.value).collect()
    }

    /// The order as it is now.
    pub(crate) async fn order(&self, order: &Order) -> Order {
        orders::get(&self.store.inner, order.owner, &order.no).await.unwrap()
    }

    pub(crate) async fn balance(&self, who: AccountId) -> Balance {
        wallet::balance(&self.store.inner, who).await.unwrap()
    }

    /// The customer's only coupon.
    pub(crate) async fn only_coupon(&self, who: AccountId) -> Coupon {
        coupons::all(&self.store.inner, who).await.unwrap().remove(0).value
    }

    /// The coupon as it is now.
    pub(crate) async fn coupon(&self, coupon: &Coupon) -> Coupon {
        let coupons = coupons::all(&self.store.inner, coupon.owner).await.unwrap();
        coupons.into_iter().map(|row| row.value).find(|found| found.id == coupon.id).unwrap()
    }

    /// The actions in the audit log about a customer, newest first. Fails the test if the log's chain is broken.
    pub(crate) async fn audited_actions(&self, who: AccountId) -> Vec<String> {
        let (store, subject) = (&self.store.inner, audit::Subject::account(who));
        assert_eq!(audit::verify(store, &subject).await.unwrap(), None);
        let page = audit::read(store, &audit::Filter::Subject(subject), None, 50).await.unwrap();
        page.entries.into_iter().map(|entry| entry.what).collect()
    }

    /// Fails the test if an invariant of money is violated in any row.
    pub(crate) async fn assert_invariants(&self, context: &str) {
        let report = check::check(&self.store.inner).await.unwrap();
        assert_eq!(report.differences, [], "{context}");
        assert_money_invariants(self, context, &report);
    }
}

impl FaultInjection for TestApp {
    fn build() -> Self {
        Self::new()
    }

    fn ports(&self) -> Vec<&FaultPlan> {
        vec![self.store.plan(), self.wechat.faults(), self.alipay.faults(), &self.objects.faults]
    }

    async fn run_until_settled(&self) {
        Self::run_until_settled(self).await;
    }

    async fn assert_invariants(&self, context: &str) {
        Self::assert_invariants(self, context).await;
    }

    fn assert_all_ended(&self, context: &str) {
        assert_all_ended(self, context);
    }
}
