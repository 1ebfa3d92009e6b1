//! The payment use cases on a store in memory, their callback endpoint on a free port, and a sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::clock::FixedClock;
use app::failure::Failure;
use app::idempotency;
use app::ledger::MoneyContext;
use app::orders::{self, PlaceOrder};
use app::payments::PaymentService;
use app::payments::provider::Scene;
use app::photos::photo_row;
use app::random::OsRandom;
use app::recharges::{self, RechargeRequest};
use app::store::{Change, FaultyStore, MemoryStore, Store, to_row};
use app::wallet::{self, check};
use cloud::provider::{PaymentSetup, PaymentsSecret, wechat};
use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::number::{Number, PaymentNumber};
use domain::money::order::{Method, Order};
use domain::money::payment::{PayCode, Provider};
use domain::money::price::{Price, PriceList};
use domain::money::recharge::State;
use domain::money::refund::Refund;
use domain::photo::Outcome;
use domain::region::Region;
use domain::ruleset::Ruleset;
use jiff::Timestamp;
use serde_json::json;

use crate::sandbox_process::{CallbackCounter, SandboxProcess};

/// The payment use cases with a sandbox of both providers.
pub struct PaymentTestApp {
    pub payments: PaymentService,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub clock: Arc<FixedClock>,
    /// The settings of the WeChat client.
    pub wechat: wechat::Settings,
    pub sandbox: SandboxProcess,
    /// Counts the responses of the callback endpoint.
    pub callbacks: CallbackCounter,
    commands: AtomicU32,
    photos: AtomicU32,
}

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

impl PaymentTestApp {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts with the sandbox's secret changed by `change`.
    pub async fn with(change: impl FnOnce(&mut PaymentsSecret)) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/payments/notices", listener.local_addr().unwrap());
        let sandbox = SandboxProcess::start(&["--payment-callbacks", &url]);
        let mut secret: PaymentsSecret = sandbox.secret("paymentsSecret");
        change(&mut secret);
        let wechat = secret.wechat.clone();
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = Arc::new(FixedClock::at(Timestamp::now()));
        let prices =
            PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: Arc::new(OsRandom), prices };
        let payments = PaymentSetup::from_secret(money, secret).unwrap().payments;
        let callbacks = CallbackCounter::default();
        callbacks.serve(payments::router(payments.clone()), listener);
        Self {
            payments,
            store,
            clock,
            wechat,
            sandbox,
            callbacks,
            commands: AtomicU32::new(0),
            photos: AtomicU32::new(0),
        }
    }

    /// Pays a QR code, and returns whether the provider accepted it.
    pub async fn try_scan(&self, code: &PayCode) -> bool {
        let PayCode::Qr { text } = code else { panic!("not a QR code") };
        self.sandbox.control("scan", json!({"code": text})).await
    }

    /// Pays a QR code.
    pub async fn scan(&self, code: &PayCode) {
        assert!(self.try_scan(code).await);
    }

    /// Pays a QR code although its payment is closed.
    pub async fn scan_closed(&self, code: &PayCode) {
        let PayCode::Qr { text } = code else { panic!("not a QR code") };
        assert!(self.sandbox.control("scan", json!({"code": text, "force": true})).await);
    }

    /// Requests a recharge, and returns its number and QR code.
    pub async fn recharge(
        &self,
        owner: AccountId,
        fen: i64,
        provider: Provider,
        key: &str,
    ) -> Result<(Number, PayCode), Failure> {
        let request = RechargeRequest { amount_fen: Fen::new(fen), provider };
        let command = idempotency::Command::new(owner, "recharge", key, &request)?;
        let opened = recharges::request(&self.payments, owner, &request, Scene::Qr, &command).await?;
        Ok((opened.recharge.no, opened.code.expect("a code")))
    }

    /// Whether a recharge is credited.
    pub async fn credited(&self, owner: AccountId, no: &Number) -> bool {
        let recharge = recharges::get(&self.store.inner, owner, no).await.unwrap();
        matches!(recharge.state, State::Credited { .. })
    }

    /// The balance of a wallet in fen.
    pub async fn balance(&self, owner: AccountId) -> i64 {
        wallet::balance(&self.store.inner, owner).await.unwrap().balance.get()
    }

    /// Places an order of one photo.
    pub async fn place(&self, owner: AccountId, method: Method, key: &str) -> Order {
        let number = ImageNumber::nth(1 + i64::from(self.photos.fetch_add(1, Ordering::Relaxed))).unwrap();
        add_passed_photo(&self.store.inner, owner, number).await;
        let request = PlaceOrder { image_nos: vec![number], method, coupon: None };
        let command = idempotency::Command::new(owner, "place-order", key, &request).unwrap();
        orders::place(&self.payments.money, owner, &request, &command).await.unwrap()
    }

    /// A command with an idempotency key that was not used before.
    pub fn command(&self) -> idempotency::Command {
        let key = self.commands.fetch_add(1, Ordering::Relaxed).to_string();
        idempotency::Command::new("owner", "operation", &key, &()).unwrap()
    }

    /// Starts the payment of an order.
    pub async fn pay(&self, owner: AccountId, no: &Number) -> Result<orders::OrderPayment, Failure> {
        orders::pay(&self.payments, owner, no, Scene::Qr, &self.command()).await
    }

    /// The current order.
    pub async fn order(&self, owner: AccountId, no: &Number) -> Order {
        orders::get(&self.store.inner, owner, no).await.unwrap()
    }

    /// Whether the refund of a payment has succeeded.
    pub async fn refunded(&self, payment_no: &PaymentNumber) -> bool {
        let key = app::ledger::key::refund(payment_no);
        let row = app::ledger::load::<Refund>(&self.store.inner, &key).await.unwrap();
        row.is_some_and(|row| row.value.state.name() == "succeeded")
    }

    /// Asserts that the ledger's invariants hold.
    pub async fn assert_ledger_invariants(&self) {
        assert_eq!(check::check(&self.store.inner).await.unwrap().differences, []);
    }
}
