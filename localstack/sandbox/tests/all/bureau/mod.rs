//! Invoices on the store in memory, their door for callbacks on a free port, and a sandbox of their own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::audit::{AuditActor, Reason};
use app::books::{Loaded, MoneyContext};
use app::clock::{FixedClock, SystemClock};
use app::idempotency;
use app::invoices::{self, Apply, Decision, EmailComposer, Invoicing, ask_provider};
use app::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadTerms};
use app::random::OsRandom;
use app::sealing::SealingKey;
use app::store::MemoryStore;
use async_trait::async_trait;
use cloud::provider::InvoicesSecret;
use cloud::provider::einvoice::EInvoices;
use domain::card::Card;
use domain::invoice::{Details, Invoice, Kind, Written};
use domain::money::Fen;
use domain::money::order::{Line, Method, Order, PaidBy};
use domain::money::price::{Price, PriceList};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(10);
pub const OWNER: &str = "01HM4XJQ8Z0000000000000001";
pub const COMPANY: Written<'static> = Written {
    kind: Kind::Special,
    title: "某某公司",
    tax_no: "91350100M000100Y43",
    address: "深圳市福田区深南大道 1 号",
    phone: "0755-12345678",
    bank: "招商银行深圳分行",
    account: "755920304010501",
    remark: "加急",
    email: "buyer@example.cn",
};

#[derive(Default)]
pub struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Objects for Shelf {
    async fn upload_form(&self, _: Bucket, _: UploadTerms<'_>) -> Result<UploadForm, ObjectsError> {
        Err(ObjectsError("nobody uploads an invoice".into()))
    }

    async fn download_link(
        &self,
        _: Bucket,
        key: &str,
        _: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError> {
        Ok(DownloadLink { url: key.to_owned(), expires_at: Timestamp::now() + valid })
    }

    async fn put_at(&self, _: Bucket, _: &str) -> Result<Option<Timestamp>, ObjectsError> {
        Ok(None)
    }

    async fn get(&self, _: Bucket, key: &str, _: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    async fn put(&self, _: Bucket, key: &str, _: &str, bytes: Vec<u8>) -> Result<(), ObjectsError> {
        self.0.lock().unwrap().insert(key.to_owned(), bytes);
        Ok(())
    }

    async fn delete(&self, _: Bucket, _: &str) -> Result<(), ObjectsError> {
        Err(ObjectsError("nobody deletes an invoice".into()))
    }
}

pub struct Bureau {
    pub invoicing: Invoicing,
    pub store: Arc<MemoryStore>,
    pub shelf: Arc<Shelf>,
    pub clock: Arc<FixedClock>,
    pub secret: InvoicesSecret,
    pub url: String,
    http: reqwest::Client,
    refused: Arc<AtomicU32>,
    taken: Arc<AtomicU32>,
    sandbox: Child,
    state: std::path::PathBuf,
}

impl Bureau {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let notices = format!("http://{}/v1/invoices/notices", listener.local_addr().unwrap());
        let unique = format!("sandbox-invoices-{}-{}", std::process::id(), Timestamp::now().as_nanosecond());
        let state = std::env::temp_dir().join(unique);
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--notices",
                "http://127.0.0.1:9",
                "--invoice-notices",
                &notices,
                "--state",
            ])
            .arg(&state)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let facts: Value = serde_json::from_str(&line).unwrap();
        let secret = std::fs::read_to_string(facts["invoicesSecret"].as_str().unwrap()).unwrap();
        let secret: InvoicesSecret = serde_json::from_str(&secret).unwrap();

        let (store, shelf) = (Arc::new(MemoryStore::new()), Arc::new(Shelf::default()));
        let clock = Arc::new(FixedClock::at(Timestamp::now()));
        let prices = vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }];
        let prices = PriceList::try_from(prices).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: Arc::new(OsRandom), prices };
        let provider = EInvoices::new(secret.provider.clone(), Arc::new(SystemClock), Arc::new(OsRandom));
        let key = SealingKey::from_bytes([7; 32]);
        let emails = Arc::new(EmailComposer { key, page: "https://photos.example.cn".into() });
        let invoicing = Invoicing { money, provider: Arc::new(provider), objects: shelf.clone(), emails };

        let (refused, taken) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let counters = (refused.clone(), taken.clone());
        let door = ::invoices::router(::invoices::Invoices::new(invoicing.clone(), &[7; 32]));
        let counted = door.layer(axum::middleware::map_response(move |response: axum::response::Response| {
            let (refused, taken) = counters.clone();
            async move {
                let counter = if response.status().is_success() { taken } else { refused };
                counter.fetch_add(1, Ordering::SeqCst);
                response
            }
        }));
        tokio::spawn(async move { axum::serve(listener, counted).await });
        let url = facts["url"].as_str().unwrap().to_owned();
        let http = reqwest::Client::new();
        Self { invoicing, store, shelf, clock, secret, url, http, refused, taken, sandbox, state }
    }

    /// How many callbacks our door has refused.
    pub fn refused(&self) -> u32 {
        self.refused.load(Ordering::SeqCst)
    }

    /// How many it has taken.
    pub fn taken(&self) -> u32 {
        self.taken.load(Ordering::SeqCst)
    }

    async fn post(&self, path: &str, body: Value) {
        let answer = self.http.post(format!("{}{path}", self.url)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
    }

    pub async fn fault(&self, fault: &str) {
        self.post("/_sim/faults", json!({"fault": fault})).await;
    }

    /// The provider's clock moves on.
    pub async fn provider_waits(&self, seconds: i64) {
        self.post("/_sim/clock", json!({"seconds": seconds})).await;
    }

    /// What the provider has in its own books.
    pub async fn provider_books(&self) -> Vec<Value> {
        self.http.get(format!("{}/_sim/invoices", self.url)).send().await.unwrap().json().await.unwrap()
    }

    /// An application over two orders that were paid.
    pub async fn applied(&self, kind: Kind) -> Invoice {
        let now = Timestamp::now();
        let mut order_nos = Vec::new();
        for _ in 0..2 {
            let no = self.invoicing.money.number(now);
            let line = Line {
                image_no: no.to_string(),
                card: Card::ResidentId,
                region: "440300".into(),
                price_fen: Fen::new(150),
            };
            let order = Order::place(no, OWNER.into(), vec![line], Method::Balance, now).unwrap();
            let order = order.pay(PaidBy::Balance, now).unwrap();
            let change = Loaded::new(order.clone()).replace(&order).unwrap();
            self.invoicing.money.commit(now, vec![change]).await.unwrap();
            order_nos.push(order.no);
        }
        let details = Details::parse(&Written { kind, ..COMPANY }).unwrap();
        let command = idempotency::Command::new(OWNER, "apply-invoice", order_nos[0].as_str(), &()).unwrap();
        invoices::apply(&self.invoicing, OWNER, &Apply { order_nos, details }, &command).await.unwrap()
    }

    pub async fn approved(&self, kind: Kind) -> Invoice {
        let invoice = self.applied(kind).await;
        let command = idempotency::Command::new("clerk", "decide-invoice", invoice.no.as_str(), &()).unwrap();
        let why = Reason::rule("in order");
        invoices::decide(&self.invoicing, &clerk(), &invoice.no, Decision::Approve, &why, &command).await.unwrap()
    }

    pub async fn reversing(&self, invoice: &Invoice) -> Invoice {
        let command = idempotency::Command::new("clerk", "reverse-invoice", invoice.no.as_str(), &()).unwrap();
        invoices::reverse(&self.invoicing, &clerk(), &invoice.no, &Reason::rule("订单退款"), &command).await.unwrap()
    }

    pub async fn invoice(&self, invoice: &Invoice) -> Invoice {
        invoices::get(&*self.store, OWNER, &invoice.no).await.unwrap()
    }

    pub async fn is(&self, invoice: &Invoice, state: &str) -> bool {
        self.invoice(invoice).await.state.name() == state
    }

    /// Our own clock moves on, and the chore asks.
    pub async fn ask_later(&self) {
        self.clock.advance(SignedDuration::from_hours(1));
        ask_provider(&self.invoicing).await.unwrap();
    }

    pub async fn until(&self, mut done: impl AsyncFnMut() -> bool) {
        let started = std::time::Instant::now();
        while !done().await {
            assert!(started.elapsed() < PATIENCE, "it never came true");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn clerk() -> AuditActor {
    AuditActor { id: "clerk".into(), request_id: "request".into() }
}

impl Drop for Bureau {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
        let _ = std::fs::remove_dir_all(&self.state);
    }
}
