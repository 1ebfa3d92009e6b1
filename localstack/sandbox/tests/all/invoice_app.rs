//! The invoice use cases on a store in memory, their callback endpoint on a free port, and a sandbox.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::audit::{AuditActor, Reason};
use app::clock::{FixedClock, SystemClock};
use app::idempotency;
use app::invoices::{self, Decision, EmailComposer, InvoiceApplication, InvoiceService, process_due};
use app::ledger::{Loaded, MoneyContext};
use app::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadPolicy};
use app::random::OsRandom;
use app::sealing::SealingKey;
use app::store::MemoryStore;
use async_trait::async_trait;
use cloud::provider::InvoicesSecret;
use cloud::provider::einvoice::EInvoices;
use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::invoice::{BuyerInput, Details, DetailsInput, Invoice, Kind};
use domain::money::Fen;
use domain::money::order::{Line, Method, Order, PaidBy};
use domain::money::price::{Price, PriceList};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use ulid::Ulid;

use crate::sandbox_process::{CallbackCounter, SandboxProcess};

/// The account that owns all orders and invoices.
pub const OWNER: AccountId = AccountId(Ulid::from_parts(1, 7));
/// A complete application for a special invoice.
pub const COMPANY: DetailsInput<'static> = DetailsInput {
    kind: Kind::Special,
    title: "某某公司",
    tax_no: "91350100M000100Y43",
    buyer: BuyerInput {
        address: "深圳市福田区深南大道 1 号",
        phone: "0755-12345678",
        bank: "招商银行深圳分行",
        account: "755920304010501",
    },
    remark: "加急",
    email: "buyer@example.cn",
};

/// Objects in memory.
#[derive(Default)]
pub struct MemoryObjects(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Objects for MemoryObjects {
    async fn upload_form(&self, _: Bucket, _: UploadPolicy<'_>) -> Result<UploadForm, ObjectsError> {
        Err(ObjectsError("invoices are not uploaded".into()))
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

    async fn last_modified(&self, _: Bucket, _: &str) -> Result<Option<Timestamp>, ObjectsError> {
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
        Err(ObjectsError("invoices are not deleted".into()))
    }
}

/// The invoice use cases with a sandbox of the provider.
pub struct InvoiceTestApp {
    pub invoicing: InvoiceService,
    pub store: Arc<MemoryStore>,
    pub objects: Arc<MemoryObjects>,
    pub clock: Arc<FixedClock>,
    /// The secret of the provider, as the sandbox wrote it.
    pub secret: InvoicesSecret,
    pub sandbox: SandboxProcess,
    /// Counts the responses of the callback endpoint.
    pub callbacks: CallbackCounter,
}

impl InvoiceTestApp {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/invoices/notices", listener.local_addr().unwrap());
        let sandbox = SandboxProcess::start(&["--invoice-callbacks", &url]);
        let secret: InvoicesSecret = sandbox.secret("invoicesSecret");
        let (store, objects) = (Arc::new(MemoryStore::new()), Arc::new(MemoryObjects::default()));
        let clock = Arc::new(FixedClock::at(Timestamp::now()));
        let prices = vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }];
        let prices = PriceList::try_from(prices).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: Arc::new(OsRandom), prices };
        let provider = EInvoices::new(secret.provider.clone(), Arc::new(SystemClock), Arc::new(OsRandom));
        let key = SealingKey::from_bytes([7; 32]);
        let emails = Arc::new(EmailComposer { key, page: "https://photos.example.cn".into() });
        let invoicing = InvoiceService { money, provider: Arc::new(provider), objects: objects.clone(), emails };
        let callbacks = CallbackCounter::default();
        callbacks.serve(::invoices::router(::invoices::AppState::new(invoicing.clone(), &[7; 32])), listener);
        Self { invoicing, store, objects, clock, secret, sandbox, callbacks }
    }

    /// The requests that the provider has recorded.
    pub async fn provider_requests(&self) -> Vec<Value> {
        self.sandbox.list("control/invoices").await
    }

    /// Applies for an invoice over two paid orders.
    pub async fn applied(&self, kind: Kind) -> Invoice {
        let now = Timestamp::now();
        let mut order_nos = Vec::new();
        for _ in 0..2 {
            let no = self.invoicing.money.new_number(now);
            let line = Line {
                image_no: ImageNumber::nth(1).unwrap(),
                card: Card::ResidentId,
                region: "440300".into(),
                price_fen: Fen::new(150),
            };
            let order = Order::place(no, OWNER, vec![line], Method::Balance, now).unwrap();
            let order = order.pay(PaidBy::Balance, now).unwrap();
            let change = Loaded::new(order.clone()).replace(&order).unwrap();
            self.invoicing.money.commit(now, vec![change]).await.unwrap();
            order_nos.push(order.no);
        }
        let details = Details::parse(&DetailsInput { kind, ..COMPANY }).unwrap();
        let command = idempotency::Command::new(OWNER, "apply-invoice", order_nos[0].as_str(), &()).unwrap();
        invoices::apply(&self.invoicing, OWNER, &InvoiceApplication { order_nos, details }, &command).await.unwrap()
    }

    /// Applies for an invoice and has it approved, which requests it from the provider.
    pub async fn approved(&self, kind: Kind) -> Invoice {
        let invoice = self.applied(kind).await;
        let command = idempotency::Command::new("clerk", "decide-invoice", invoice.no.as_str(), &()).unwrap();
        let why = Reason::rule("in order");
        invoices::decide(&self.invoicing, &clerk(), &invoice.no, Decision::Approve, &why, &command).await.unwrap()
    }

    /// Has an issued invoice reversed, which requests a red invoice from the provider.
    pub async fn reversing(&self, invoice: &Invoice) -> Invoice {
        let command = idempotency::Command::new("clerk", "reverse-invoice", invoice.no.as_str(), &()).unwrap();
        invoices::reverse(&self.invoicing, &clerk(), &invoice.no, &Reason::rule("订单退款"), &command).await.unwrap()
    }

    /// The current invoice.
    pub async fn invoice(&self, invoice: &Invoice) -> Invoice {
        invoices::get(&*self.store, OWNER, &invoice.no).await.unwrap()
    }

    /// Whether the invoice is in this state.
    pub async fn is(&self, invoice: &Invoice, state: &str) -> bool {
        self.invoice(invoice).await.state.name() == state
    }

    /// Advances our clock by an hour, and runs the task that queries the provider.
    pub async fn poll_later(&self) {
        self.clock.advance(SignedDuration::from_hours(1));
        process_due(&self.invoicing).await.unwrap();
    }
}

fn clerk() -> AuditActor {
    AuditActor { id: "clerk".into(), request_id: "request".into() }
}
