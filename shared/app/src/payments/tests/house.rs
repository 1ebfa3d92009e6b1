//! A house with a money, photos, two banks and a clock, all in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::coupon::Coupon;
use domain::money::number::Number;
use domain::money::order::{Method, Order};
use domain::money::payment::Provider;
use domain::money::price::{Price, PriceList};
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::bank::Bank;
use crate::audit::{self, AuditActor, Reason};
use crate::books::{MoneyContext, of_person, page};
use crate::clock::{Clock, FixedClock};
use crate::coupons::{Grant, grant};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::objects::Bucket;
use crate::orders::{self, Place, StoredPhotos};
use crate::payments::provider::Scene;
use crate::payments::{PaymentService, handle_callback, sweep};
use crate::photos::tests::house::{MemoryObjects, Reader, submission};
use crate::photos::{Photos, Submission, UploadEvent, upload};
use crate::random::SeededRandom;
use crate::recharges::{self, Request};
use crate::store::{FaultyStore, MemoryStore};
use crate::wallet::{self, Balance, check};

pub const PRICE: Fen = Fen::new(150);

pub struct House {
    pub payments: PaymentService,
    pub photos: Photos,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub wechat: Arc<Bank>,
    pub alipay: Arc<Bank>,
    pub clock: Arc<FixedClock>,
    pub objects: Arc<MemoryObjects>,
    commands: AtomicU64,
}

/// Somebody of the role `finance`, and a reason.
pub fn staff() -> (AuditActor, Reason) {
    (AuditActor { id: "staff".to_owned(), request_id: "request".to_owned() }, Reason::parse("doubt").unwrap())
}

pub fn person(n: u64) -> AccountId {
    AccountId(Ulid::from_parts(n, 7))
}

impl House {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = Arc::new(FixedClock::at("2024-01-15T05:36:56Z".parse().unwrap()));
        let random = Arc::new(SeededRandom::new(seed));
        let prices = vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: PRICE }];
        let prices = PriceList::try_from(prices).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: random.clone(), prices };
        let objects = Arc::new(MemoryObjects::default());
        let photos = Photos {
            store: store.clone(),
            objects: objects.clone(),
            clock: clock.clone(),
            random,
            billing: Arc::new(money.clone()),
        };
        let (wechat, alipay) = (Arc::new(Bank::default()), Arc::new(Bank::default()));
        let payments = PaymentService {
            money,
            wechat: wechat.clone(),
            alipay: alipay.clone(),
            photos: Arc::new(StoredPhotos(store.clone())),
        };
        Self { payments, photos, store, wechat, alipay, clock, objects, commands: AtomicU64::new(0) }
    }

    pub fn bank(&self, provider: Provider) -> &Bank {
        if provider == Provider::Wechat { &self.wechat } else { &self.alipay }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub fn command(&self, who: AccountId, operation: &'static str, key: &str) -> Command {
        Command::new(&who.to_string(), operation, key, &()).unwrap()
    }

    pub async fn submit(&self, who: AccountId, method: Method, key: &str) -> Result<ImageNumber, Failure> {
        let submission = Submission { method, ..submission() };
        Ok(self.photos.start(who, submission, key, None).await?.number)
    }

    pub async fn inspect(&self, who: AccountId, number: ImageNumber, bytes: &[u8]) -> Result<(), Failure> {
        let (key, at) = (upload(who, number), self.now());
        self.put(key.clone(), bytes, at);
        self.photos.inspect(&Reader, &UploadEvent { key, at }).await.map(|_| ())
    }

    /// The same key keeps its first bytes, as a ticket allows one upload.
    fn put(&self, key: String, bytes: &[u8], at: Timestamp) {
        let mut objects = self.objects.kept.lock().unwrap();
        objects.entry((Bucket::Uploads, key)).or_insert((bytes.to_vec(), at));
    }

    /// A passed photo that nobody paid for yet.
    pub async fn passed(&self, who: AccountId) -> ImageNumber {
        let key = format!("photo {}", self.store.calls());
        let number = self.submit(who, Method::Wechat, &key).await.unwrap();
        self.inspect(who, number, b"pass").await.unwrap();
        number
    }

    pub async fn recharge(&self, who: AccountId, fen: i64, key: &str) -> Result<(Number, bool), Failure> {
        self.recharge_at(who, fen, Provider::Wechat, key).await
    }

    pub async fn recharge_at(
        &self,
        who: AccountId,
        fen: i64,
        provider: Provider,
        key: &str,
    ) -> Result<(Number, bool), Failure> {
        let wish = Request { amount_fen: Fen::new(fen), provider };
        let command = Command::new(&who.to_string(), "recharge", key, &wish)?;
        let requested = recharges::request(&self.payments, &who.to_string(), &wish, Scene::Qr, &command).await?;
        Ok((requested.recharge.no, requested.code.is_some()))
    }

    /// Money in the wallet, by the whole way.
    pub async fn funded(&self, who: AccountId, fen: i64) {
        let (no, _) = self.recharge(who, fen, &format!("fund {}", self.store.calls())).await.unwrap();
        assert!(self.wechat.scan(&no.payment(1)));
        self.notify(Provider::Wechat, &no.payment(1)).await.unwrap();
    }

    pub async fn notify(&self, provider: Provider, payment_no: &str) -> Result<(), super::super::CallbackRejected> {
        handle_callback(&self.payments, provider, &self.bank(provider).notice(payment_no)).await
    }

    pub async fn granted(&self, who: AccountId, face: i64, days: i64) -> Coupon {
        self.grant(who, face, days, &format!("grant {}", self.store.calls())).await.unwrap()
    }

    pub async fn grant(&self, who: AccountId, face: i64, days: i64, key: &str) -> Result<Coupon, Failure> {
        let expires_at = self.now() + SignedDuration::from_hours(24 * days);
        let owners = vec![who.to_string()];
        let wish = Grant { owners, face_fen: Fen::new(face), min_spend_fen: Fen::ZERO, expires_at };
        let command = self.command(who, "grant", key);
        let (by, why) = staff();
        Ok(grant(&self.payments.money, &by, &wish, &why, &command).await?.remove(0))
    }

    /// What the audit log says was done to a person, newest first; its chain holds.
    pub async fn audit_actions(&self, owner: &str) -> Vec<String> {
        let (store, subject) = (&self.store.inner, audit::Subject::account(owner));
        assert_eq!(audit::verify(store, &subject).await.unwrap(), None);
        let page = audit::read(store, &audit::Filter::Subject(subject), None, 50).await.unwrap();
        page.entries.into_iter().map(|entry| entry.what).collect()
    }

    pub async fn place(
        &self,
        who: AccountId,
        photos: &[ImageNumber],
        method: Method,
        coupon: Option<&Coupon>,
        key: &str,
    ) -> Result<Order, Failure> {
        let image_nos = photos.iter().map(ToString::to_string).collect();
        let wish = Place { image_nos, method, coupon: coupon.map(|coupon| coupon.id.clone()) };
        let command = Command::new(&who.to_string(), "place-order", key, &wish)?;
        orders::place(&self.payments, &who.to_string(), &wish, &command).await
    }

    /// A command nobody gave before.
    pub fn new_command(&self) -> Command {
        let key = self.commands.fetch_add(1, Ordering::Relaxed).to_string();
        self.command(person(0), "anything", &key)
    }

    pub async fn pay(&self, order: &Order) -> Result<orders::Paying, Failure> {
        self.pay_by(order, &self.new_command()).await
    }

    pub async fn pay_by(&self, order: &Order, command: &Command) -> Result<orders::Paying, Failure> {
        orders::pay(&self.payments, &order.owner, &order.no, Scene::Qr, command).await
    }

    pub async fn change(&self, order: &Order, method: Method, coupon: Option<&Coupon>) -> Result<Order, Failure> {
        self.change_by(order, method, coupon, &self.new_command()).await
    }

    pub async fn change_by(
        &self,
        order: &Order,
        method: Method,
        coupon: Option<&Coupon>,
        command: &Command,
    ) -> Result<Order, Failure> {
        let coupon = coupon.map(|coupon| &coupon.id);
        orders::change(&self.payments, &order.owner, &order.no, method, coupon, command).await
    }

    pub async fn cancel(&self, order: &Order) -> Result<Order, Failure> {
        self.cancel_by(order, &self.new_command()).await
    }

    pub async fn cancel_by(&self, order: &Order, command: &Command) -> Result<Order, Failure> {
        orders::cancel(&self.payments, &order.owner, &order.no, command).await
    }

    pub async fn refund(&self, order: &Order) -> Result<Order, Failure> {
        self.refund_by(order, &self.new_command()).await
    }

    pub async fn refund_by(&self, order: &Order, command: &Command) -> Result<Order, Failure> {
        let (by, why) = staff();
        orders::refund(&self.payments, &by, &order.owner, &order.no, &why, command).await
    }

    pub async fn orders(&self, who: AccountId) -> Vec<Order> {
        let query = of_person(&who.to_string(), "ORDER#");
        let (orders, _) = page::<Order>(&self.store.inner, &query).await.unwrap();
        orders.into_iter().map(|row| row.value).collect()
    }

    pub async fn only_coupon(&self, who: AccountId) -> Coupon {
        crate::coupons::all(&self.store.inner, &who.to_string()).await.unwrap().remove(0).value
    }

    pub async fn order(&self, order: &Order) -> Order {
        orders::get(&self.store.inner, &order.owner, &order.no).await.unwrap()
    }

    pub async fn balance(&self, who: AccountId) -> Balance {
        wallet::balance(&self.store.inner, &who.to_string()).await.unwrap()
    }

    pub async fn coupon(&self, coupon: &Coupon) -> Coupon {
        let coupons = crate::coupons::all(&self.store.inner, &coupon.owner).await.unwrap();
        coupons.into_iter().map(|row| row.value).find(|found| found.id == coupon.id).unwrap()
    }

    /// Every chore once; what failed is left to the next round.
    pub async fn sweep(&self) {
        let money = &self.payments.money;
        let _ = self.photos.process_due().await;
        let _ = sweep::release_holds(money).await;
        let _ = sweep::expire_coupons(money).await;
        let _ = sweep::close_unpaid(&self.payments).await;
        let _ = sweep::ask_providers(&self.payments).await;
    }

    /// Hours pass, and the chores run: everything that can end has ended.
    pub async fn settle_down(&self) {
        for minutes in [1, 5, 10, 35, 35, 150, 35, 35] {
            self.advance(minutes * 60);
            self.sweep().await;
        }
    }

    /// Fails with every broken promise.
    pub async fn assert_promises(&self, context: &str) {
        let report = check::check(&self.store.inner).await.unwrap();
        assert_eq!(report.differences, [], "{context}");
        super::promises::check(self, context, &report);
    }
}
