//! All functions with routes for clients over one store in memory, and tokens for every kind of caller.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use app::accounts::{
    Accounts, Device, Keys, MemoryDataKeyProvider, OldAccount, OldHash, OldScheme, PasswordSignIn, Transport,
};
use app::audit::{AuditActor, Reason};
use app::checkout;
use app::clock::FixedClock;
use app::invoices::{EmailComposer, InvoiceService};
use app::ledger::MoneyContext;
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentProvider, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus,
};
use app::photos::Photos;
use app::random::{OsRandom, Random};
use app::receipts::{ReceiptKey, ReceiptSettings, Receipts, Unit};
use app::sealing::SealingKey;
use app::store::MemoryStore;
use async_trait::async_trait;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use axum::Router;
use cloud::ResourceNames;
use cloud::objects::S3Objects;
use cloud::provider::einvoice::{self, EInvoices};
use domain::account::Kind;
use domain::actor::{Actor, Role, Scope};
use domain::money::payment::PayCode;
use domain::money::price::PriceList;
use http_api::{Cursors, Realm, Signer};
use jiff::Timestamp;

/// All functions over one [`MemoryStore`], with one account. Providers and the bucket are unreachable: a request that gets as far
/// as them was let in.
pub struct TestApp {
    /// The routers, each with its function's name.
    pub functions: Vec<(&'static str, Router)>,
    accounts: Accounts,
    signer: Signer,
    now: Timestamp,
}

impl TestApp {
    /// Builds all functions and registers the account.
    pub async fn new() -> Self {
        let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(FixedClock::at(now)));
        let (random, data_keys) = (Arc::new(OsRandom), Arc::new(MemoryDataKeyProvider::new(&OsRandom)));
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap());
        let prices: PriceList =
            serde_json::from_str(r#"[{"from": "2024-01-01T00:00:00+08:00", "photoFen": 150}]"#).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: random.clone(), prices };
        let provider = Arc::new(UnreachablePaymentProvider);
        let payments = checkout::payment_service(money.clone(), provider.clone(), provider);
        let dependencies = auth::Dependencies {
            store: store.clone(),
            clock: clock.clone(),
            random: random.clone(),
            data_keys: data_keys.clone(),
            page: None,
        };
        let auth = auth::AppState::new(dependencies, keys.clone()).await.unwrap();
        let accounts = Accounts::new(store.clone(), clock.clone(), random.clone(), keys.clone(), data_keys);
        let provider = Arc::new(unreachable_invoice_provider(clock.clone(), random.clone()));
        let key = SealingKey::from_bytes([7; 32]);
        let emails = Arc::new(EmailComposer { key, page: "https://photos.example.cn".to_owned() });
        let invoicing =
            InvoiceService { money: money.clone(), provider, objects: Arc::new(unreachable_objects()), emails };
        let cursors = Arc::new(Cursors::new(&[7; 32]));
        let (store_of, clock_of) = (store.clone(), clock.clone());
        let backoffice =
            backoffice::AppState { store: store_of, clock: clock_of, random, invoicing: invoicing.clone(), cursors };
        let functions = vec![
            ("auth", auth::router(auth)),
            (
                "photos",
                photos::router(photos_state(app::wallet::photo_service(
                    money.clone(),
                    Arc::new(unreachable_objects()),
                ))),
            ),
            ("orders", orders::router(orders::AppState::new(payments.clone(), &[7; 32]))),
            ("recharges", recharges::router(recharges::AppState::new(payments, &[7; 32]))),
            ("coupons", coupons::router(money)),
            ("invoices", invoices::router(invoices::AppState::new(invoicing, &[7; 32]))),
            ("backoffice", backoffice::router(backoffice)),
        ];
        register(&accounts, now).await;
        Self { functions, accounts, signer: Signer::new(Realm::default(), keys.signing_seed()), now }
    }

    /// Signs the account in. `address` is the caller's address: each test request takes another one, since sign-ins per address
    /// are limited.
    pub async fn session(&self, address: &str) -> Actor {
        let sign_in = PasswordSignIn {
            login: "zhangsan".to_owned(),
            password: "Old-Passw0rd".into(),
            transport: Transport::App,
            captcha: None,
            device: Device { name: String::new(), address: address.to_owned() },
        };
        self.accounts.sign_in(sign_in).await.unwrap().actor
    }

    /// A token for `session` with `roles` and `scope`: the functions take both from the token.
    pub fn token(&self, session: &Actor, roles: &[Role], scope: Scope) -> String {
        let roles = roles.iter().copied().chain([Role::User]).collect::<BTreeSet<_>>();
        let actor = Actor { roles, scope, ..session.clone() };
        self.signer.sign(&actor, &OsRandom.ulid(self.now).to_string(), self.now).unwrap()
    }
}

async fn register(accounts: &Accounts, now: Timestamp) {
    let old = OldHash { scheme: OldScheme::Md5, salt: String::new() };
    let hash = old.compute(b"Old-Passw0rd");
    let user_name = "zhangsan".to_owned();
    let account = OldAccount { user_name, nickname: None, kind: Kind::Personal, old, hash, registered_at: now };
    let by = AuditActor { id: "operator/test".to_owned(), request_id: String::new() };
    accounts.import(&by, &Reason::parse("a test").unwrap(), &account).await.unwrap();
}

fn photos_state(photos: Photos) -> photos::AppState {
    let key = ReceiptKey::derive(&"receipts".repeat(8)).unwrap();
    let settings = ReceiptSettings { links: BTreeMap::new(), unit: Unit::new("a test", "0755-10000000").unwrap() };
    let receipts = Receipts::new(photos.clone(), key, settings, "https://photos.example.cn".to_owned());
    let font = Arc::new(photos::pdf::Font::in_folder(Path::new("no-such-folder")));
    photos::AppState { photos, receipts, font }
}

/// A bucket that does not exist.
fn unreachable_objects() -> S3Objects {
    let sdk = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("nowhere")).build();
    S3Objects::new(&sdk, ResourceNames::default())
}

/// An invoice provider at a port where nothing listens.
fn unreachable_invoice_provider(clock: Arc<FixedClock>, random: Arc<OsRandom>) -> EInvoices {
    let settings = einvoice::Settings {
        base_url: "http://127.0.0.1:9".to_owned(),
        app_key: String::new(),
        app_secret: "".into(),
        seller_name: String::new(),
        seller_tax_no: String::new(),
        goods_name: String::new(),
        tax_rate: String::new(),
        notify_url: String::new(),
    };
    EInvoices::new(settings, clock, random)
}

/// A payment provider that fails every call.
struct UnreachablePaymentProvider;

#[async_trait]
impl PaymentProvider for UnreachablePaymentProvider {
    async fn create(&self, _: &ChargeRequest) -> Result<PayCode, ProviderError> {
        Err(unreachable_provider())
    }

    async fn query(&self, _: &str) -> Result<PaymentStatus, ProviderError> {
        Err(unreachable_provider())
    }

    async fn close(&self, _: &str) -> Result<CloseOutcome, ProviderError> {
        Err(unreachable_provider())
    }

    async fn refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Err(unreachable_provider())
    }

    async fn query_refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Err(unreachable_provider())
    }

    async fn verify_callback(&self, _: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        unreachable!("the tests send no callback")
    }
}

fn unreachable_provider() -> ProviderError {
    ProviderError::Unknown("the provider is unreachable".to_owned())
}
