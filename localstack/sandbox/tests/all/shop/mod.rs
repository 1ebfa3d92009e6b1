//! A money on the store in memory, its door for callbacks on a free port, and a sandbox of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use app::books::MoneyContext;
use app::clock::FixedClock;
use app::failure::Failure;
use app::idempotency;
use app::orders::{self, OrderPhotos, Place};
use app::payments::PaymentService;
use app::payments::provider::Scene;
use app::random::OsRandom;
use app::recharges::{self, Request};
use app::store::{Change, FaultyStore, MemoryStore};
use app::wallet::{self, check};
use async_trait::async_trait;
use cloud::provider::{Desk, PaymentsSecret, wechat};
use domain::card::Card;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::{Line, Method, Order};
use domain::money::payment::{PayCode, Provider};
use domain::money::price::{Price, PriceList};
use domain::money::recharge::State;
use domain::money::refund::Refund;
use jiff::Timestamp;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Shop {
    pub payments: PaymentService,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub clock: Arc<FixedClock>,
    pub http: reqwest::Client,
    pub url: String,
    pub wechat: wechat::Settings,
    refused: Arc<AtomicU32>,
    commands: AtomicU32,
    sandbox: Child,
    state: std::path::PathBuf,
}

/// Every photo passed, nobody paid for any: what photos do is proven elsewhere.
struct Passed;

#[async_trait]
impl OrderPhotos for Passed {
    async fn payable(&self, _: &str, image_no: &str, _: Timestamp) -> Result<Line, Failure> {
        let region = "广东省-深圳市".to_owned();
        Ok(Line { image_no: image_no.to_owned(), card: Card::ResidentId, region, price_fen: Fen::new(150) })
    }

    async fn paid(&self, _: &str, _: &[&str], _: Timestamp) -> Result<Vec<Change>, Failure> {
        Ok(Vec::new())
    }
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// With other settings than the sandbox handed out.
    pub async fn with(change: impl FnOnce(&mut PaymentsSecret)) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let notices = format!("http://{}/v1/payments/notices", listener.local_addr().unwrap());
        let state = std::env::temp_dir().join(format!(
            "sandbox-test-{}-{}",
            std::process::id(),
            Timestamp::now().as_nanosecond()
        ));
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["--listen", "127.0.0.1:0", "--notices", &notices, "--state"])
            .arg(&state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts: Value = serde_json::from_str(&line).unwrap();
        let secret = std::fs::read_to_string(facts["paymentsSecret"].as_str().unwrap()).unwrap();
        let mut secret: PaymentsSecret = serde_json::from_str(&secret).unwrap();
        change(&mut secret);
        let wechat = secret.wechat.clone();

        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = Arc::new(FixedClock::at(Timestamp::now()));
        let prices =
            PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: Arc::new(OsRandom), prices };
        let payments = PaymentService { photos: Arc::new(Passed), ..Desk::with(money, secret).unwrap().payments };

        let refused = Arc::new(AtomicU32::new(0));
        let count = refused.clone();
        let counted = payments::router(payments.clone()).layer(axum::middleware::map_response(
            move |response: axum::response::Response| {
                let count = count.clone();
                async move {
                    if !response.status().is_success() {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    response
                }
            },
        ));
        tokio::spawn(async move { axum::serve(listener, counted).await });
        let url = facts["url"].as_str().unwrap().to_owned();
        Self {
            payments,
            store,
            clock,
            http: reqwest::Client::new(),
            url,
            wechat,
            refused,
            commands: AtomicU32::new(0),
            sandbox,
            state,
        }
    }

    /// How many callbacks our door has refused.
    pub fn refused(&self) -> u32 {
        self.refused.load(Ordering::SeqCst)
    }

    pub async fn post(&self, path: &str, body: Value) -> bool {
        let answer = self.http.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap();
        answer.status().is_success()
    }

    pub async fn fault(&self, fault: &str) {
        assert!(self.post("/_sim/faults", json!({"fault": fault})).await);
    }

    pub async fn no_faults(&self) {
        self.http.delete(format!("{}/_sim/faults", self.url)).send().await.unwrap();
    }

    pub async fn try_scan(&self, code: &PayCode) -> bool {
        let PayCode::Qr { text } = code else { panic!("not a QR code") };
        self.post("/_sim/scan", json!({"code": text})).await
    }

    pub async fn scan(&self, code: &PayCode) {
        assert!(self.try_scan(code).await);
    }

    /// The provider takes the money although the payment is closed.
    pub async fn force(&self, code: &PayCode) {
        let PayCode::Qr { text } = code else { panic!("not a QR code") };
        assert!(self.post("/_sim/scan", json!({"code": text, "force": true})).await);
    }

    pub async fn until(&self, mut done: impl AsyncFnMut() -> bool) {
        let started = std::time::Instant::now();
        while !done().await {
            assert!(started.elapsed() < PATIENCE, "it never came true");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn recharge(
        &self,
        owner: &str,
        fen: i64,
        provider: Provider,
        key: &str,
    ) -> Result<(Number, PayCode), Failure> {
        let wish = Request { amount_fen: Fen::new(fen), provider };
        let command = idempotency::Command::new(owner, "recharge", key, &wish)?;
        let requested = recharges::request(&self.payments, owner, &wish, Scene::Qr, &command).await?;
        Ok((requested.recharge.no, requested.code.expect("a code")))
    }

    pub async fn credited(&self, owner: &str, no: &Number) -> bool {
        let recharge = recharges::get(&self.store.inner, owner, no).await.unwrap();
        matches!(recharge.state, State::Credited { .. })
    }

    pub async fn balance(&self, owner: &str) -> i64 {
        wallet::balance(&self.store.inner, owner).await.unwrap().balance.get()
    }

    pub async fn place(&self, owner: &str, method: Method, key: &str) -> Order {
        let wish = Place { image_nos: vec![format!("AL{key}")], method, coupon: None };
        let command = idempotency::Command::new(owner, "place-order", key, &wish).unwrap();
        orders::place(&self.payments, owner, &wish, &command).await.unwrap()
    }

    /// A command nobody gave before.
    pub fn command(&self) -> idempotency::Command {
        let key = self.commands.fetch_add(1, Ordering::Relaxed).to_string();
        idempotency::Command::new("anybody", "anything", &key, &()).unwrap()
    }

    pub async fn pay(&self, owner: &str, no: &Number) -> Result<orders::Paying, Failure> {
        orders::pay(&self.payments, owner, no, Scene::Qr, &self.command()).await
    }

    pub async fn order(&self, owner: &str, no: &Number) -> Order {
        orders::get(&self.store.inner, owner, no).await.unwrap()
    }

    pub async fn refunded(&self, payment_no: &str) -> bool {
        let key = app::books::key::refund(payment_no);
        let row = app::books::load::<Refund>(&self.store.inner, &key).await.unwrap();
        row.is_some_and(|row| row.value.state.name() == "succeeded")
    }

    pub async fn assert_books(&self) {
        assert_eq!(check::check(&self.store.inner).await.unwrap().differences, []);
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
        let _ = std::fs::remove_dir_all(&self.state);
    }
}
