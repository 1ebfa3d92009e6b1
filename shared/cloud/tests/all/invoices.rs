//! Invoices on a real store: concurrent applications, and commits of the largest size.

use std::sync::Arc;

use app::audit::{AuditActor, Reason};
use app::clock::SystemClock;
use app::failure::Failure;
use app::idempotency::Command;
use app::invoices::{
    self, Decision, Document, EmailComposer, Filter, InvoiceApplication, InvoiceCallback, InvoiceFile, InvoiceProvider,
    InvoiceService, InvoiceStatus, IssueRequest, Queue, ReversalRequest,
};
use app::ledger::{Loaded, MoneyContext};
use app::objects::Bucket;
use app::orders;
use app::payments::provider::{InvalidSignature, ProviderError, RawCallback};
use app::random::OsRandom;
use app::sealing::SealingKey;
use async_trait::async_trait;
use cloud::Cloud;
use cloud::local::TestCloud;
use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::invoice::{Details, DetailsInput, Invoice, ORDERS_MAX};
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::{Line, Method, Order, PaidBy};
use domain::money::price::{Price, PriceList};
use jiff::Timestamp;
use ulid::Ulid;

const OWNER: AccountId = AccountId(Ulid::from_parts(1, 7));
const CONCURRENT: usize = 64;

/// A provider that has issued every requested invoice when it is queried.
struct FakeInvoiceProvider;

#[async_trait]
impl InvoiceProvider for FakeInvoiceProvider {
    async fn issue(&self, _: &IssueRequest) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn reverse(&self, _: &ReversalRequest) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn query(&self, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
        let fiscal_no = format!("2444{:0>16}", request_no.len());
        Ok(InvoiceStatus::Done(Document {
            fiscal_no,
            issued_at: Timestamp::now(),
            amount: Fen::new(150 * ORDERS_MAX as i64),
        }))
    }

    async fn file(&self, request_no: &str) -> Result<InvoiceFile, ProviderError> {
        Ok(InvoiceFile { media_type: "application/pdf".into(), bytes: format!("%PDF-{request_no}").into_bytes() })
    }

    async fn verify_callback(&self, _: &RawCallback) -> Result<InvoiceCallback, InvalidSignature> {
        Err(InvalidSignature("it sends no callbacks".into()))
    }
}

async fn invoicing(cloud: &TestCloud) -> InvoiceService {
    cloud.create_bucket("invoices").await;
    let names = cloud.create_tables().await.bucket_named(Bucket::Invoices, "invoices");
    let Cloud { store, objects, .. } = Cloud::new(cloud.sdk(), names);
    let prices = PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
    let money = MoneyContext { store, clock: Arc::new(SystemClock), random: Arc::new(OsRandom), prices };
    let key = SealingKey::from_bytes([7; 32]);
    let emails = Arc::new(EmailComposer { key, page: "https://photos.example.cn".into() });
    InvoiceService { money, provider: Arc::new(FakeInvoiceProvider), objects, emails }
}

async fn paid(money: &MoneyContext, orders: usize) -> Vec<Number> {
    let now = Timestamp::now();
    let mut nos = Vec::new();
    for _ in 0..orders {
        let no = money.new_number(now);
        let line = Line {
            image_no: ImageNumber::nth(1).unwrap(),
            card: Card::ResidentId,
            region: "440300".into(),
            price_fen: Fen::new(150),
        };
        let order = Order::place(no, OWNER, vec![line], Method::Balance, now).unwrap();
        let order = order.pay(PaidBy::Balance, now).unwrap();
        money.commit(now, vec![Loaded::new(order.clone()).replace(&order).unwrap()]).await.unwrap();
        nos.push(order.no);
    }
    nos
}

async fn apply(invoicing: &InvoiceService, order_nos: Vec<Number>, key: &str) -> Result<Invoice, Failure> {
    let details =
        Details::parse(&DetailsInput { title: "某某公司", email: "buyer@example.cn", ..DetailsInput::EMPTY }).unwrap();
    let command = Command::new(OWNER, "apply-invoice", key, &order_nos).unwrap();
    invoices::apply(invoicing, OWNER, &InvoiceApplication { order_nos, details }, &command).await
}

async fn lock(money: &MoneyContext, no: &Number) -> Option<Number> {
    orders::get(&*money.store, OWNER, no).await.unwrap().invoice
}

/// Covers: I21
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_applications_make_one_invoice_and_98_orders_fit_into_one_commit() {
    let cloud = TestCloud::start();
    let invoicing = invoicing(&cloud).await;
    let money = &invoicing.money;
    let few = paid(money, 5).await;
    let tasks: Vec<_> = (0..CONCURRENT)
        .map(|n| {
            let (invoicing, wanted) = (invoicing.clone(), few[..=n % 5].to_vec());
            // A client repeats its request while the store is busy.
            tokio::spawn(async move {
                loop {
                    match apply(&invoicing, wanted.clone(), &n.to_string()).await {
                        Err(Failure::Unavailable(_)) => {}
                        other => return other,
                    }
                }
            })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(invoice) => made.push(invoice),
            Err(failure) => assert_eq!(failure, Failure::Conflict { code: "order-already-invoiced" }),
        }
    }
    let [invoice] = made.as_slice() else { panic!("{} invoices", made.len()) };
    for no in &few {
        let holds = invoice.orders.iter().any(|item| item.order_no == *no);
        assert_eq!(lock(money, no).await, holds.then(|| invoice.no.clone()));
    }
    invoices::withdraw(&invoicing, OWNER, &invoice.no).await.unwrap();
    the_largest(&invoicing).await;
}

/// An invoice of 98 orders is applied for, issued, reversed and applied for again: each commit contains all orders.
async fn the_largest(invoicing: &InvoiceService) {
    let (money, store) = (&invoicing.money, &*invoicing.money.store);
    let many = paid(money, ORDERS_MAX).await;
    let invoice = apply(invoicing, many.clone(), "many").await.unwrap();
    assert_eq!(invoices::queue(store, Queue::Review, 50, None).await.unwrap().invoices, std::slice::from_ref(&invoice));
    let by = AuditActor { id: "clerk".into(), request_id: "request".into() };
    let command = |key| Command::new("clerk", "decide", key, &()).unwrap();
    let why = Reason::rule("in order");
    invoices::decide(invoicing, &by, &invoice.no, Decision::Approve, &why, &command("approve")).await.unwrap();
    let issued = invoices::progress(invoicing, OWNER, &invoice.no).await.unwrap();
    let file = issued.state.issued().expect("issued").file.clone();
    let kept = invoicing.objects.get(Bucket::Invoices, &file.key, 1024).await.unwrap().unwrap();
    assert_eq!(kept.len() as u64, file.bytes);
    let link = invoices::link(invoicing, OWNER, &invoice.no).await.unwrap();
    let left = link.expires_at.duration_since(Timestamp::now());
    assert!(left <= invoices::LINK_LIFE && link.url.contains("X-Amz-Expires=300"), "{}", link.url);
    invoices::reverse(invoicing, &by, &invoice.no, &why, &command("reverse")).await.unwrap();
    let reversed = invoices::progress(invoicing, OWNER, &invoice.no).await.unwrap();
    assert_eq!(reversed.state.name(), "reversed");
    assert_eq!(lock(money, &many[97]).await, None);
    let again = apply(invoicing, many, "again").await.unwrap();
    let listed = invoices::list(store, OWNER, &Filter::default(), 2, None).await.unwrap();
    assert_eq!(listed.invoices.len(), 2);
    assert!(listed.next.is_some() && listed.invoices.contains(&again));
}
