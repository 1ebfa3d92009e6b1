//! All functions in memory, and callers of every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use app::accounts::{
    Accounts, Device, Keys, MemoryDataKeyProvider, OldAccount, OldHash, OldScheme, PasswordSignIn, Transport,
};
use app::audit::{AuditActor, Reason};
use app::books::MoneyContext;
use app::clock::FixedClock;
use app::invoices::{EmailComposer, Invoicing};
use app::orders::StoredPhotos;
use app::payments::PaymentService;
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentProvider, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus,
};
use app::photos::Photos;
use app::random::{OsRandom, Random};
use app::receipts::{ReceiptKey, Receipts, Terms, Unit};
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

/// The routers by the function's name, and what signs tokens they believe.
pub struct House {
    pub functions: Vec<(&'static str, Router)>,
    accounts: Accounts,
    signer: Signer,
    now: Timestamp,
}

impl House {
    pub async fn open() -> Self {
        let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(FixedClock::at(now)));
        let (random, data_keys) = (Arc::new(OsRandom), Arc::new(MemoryDataKeyProvider::new(&OsRandom)));
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap());
        let prices: PriceList =
            serde_json::from_str(r#"[{"from": "2024-01-01T00:00:00+08:00", "photoFen": 150}]"#).unwrap();
        let money = MoneyContext { store: store.clone(), clock: clock.clone(), random: random.clone(), prices };
        let photos = Arc::new(StoredPhotos(store.clone()));
        let payments =
            PaymentService { money: money.clone(), wechat: Arc::new(NoBank), alipay: Arc::new(NoBank), photos };
        let dependencies = auth::Dependencies {
            store: store.clone(),
            clock: clock.clone(),
            random: random.clone(),
            data_keys: data_keys.clone(),
            page: None,
        };
        let auth = auth::Auth::open(dependencies, keys.clone()).await.unwrap();
        let accounts = Accounts::new(store.clone(), clock.clone(), random.clone(), keys.clone(), data_keys);
        let provider = Arc::new(no_issuer(clock.clone(), random.clone()));
        let key = SealingKey::from_bytes([7; 32]);
        let emails = Arc::new(EmailComposer { key, page: "https://photos.example.cn".to_owned() });
        let invoicing = Invoicing { money: money.clone(), provider, objects: Arc::new(nowhere()), emails };
        let cursors = Arc::new(Cursors::new(&[7; 32]));
        let (store_of, clock_of) = (store.clone(), clock.clone());
        let backoffice =
            backoffice::Backoffice { store: store_of, clock: clock_of, random, invoicing: invoicing.clone(), cursors };
        let functions = vec![
            ("auth", auth::router(auth)),
            ("photos", photos::router(desk(Photos::charged_by(money.clone(), Arc::new(nowhere()))))),
            ("orders", orders::router(orders::Orders::new(payments.clone(), &[7; 32]))),
            ("recharges", recharges::router(recharges::Recharges::new(payments, &[7; 32]))),
            ("coupons", coupons::router(money)),
            ("invoices", invoices::router(invoices::Invoices::new(invoicing, &[7; 32]))),
            ("backoffice", backoffice::router(backoffice)),
        ];
        register(&accounts, now).await;
        Self { functions, accounts, signer: Signer::new(Realm::default(), keys.signing_seed()), now }
    }

    /// A live session of the one account there is; what it may do is the token's word.
    pub async fn session(&self, of: &str) -> Actor {
        let sign_in = PasswordSignIn {
            login: "somebody".to_owned(),
            password: "Old-Passw0rd".into(),
            transport: Transport::App,
            captcha: None,
            // One address may not try so often.
            device: Device { name: String::new(), address: of.to_owned() },
        };
        self.accounts.sign_in(sign_in).await.unwrap().actor
    }

    /// A token that holds `roles` in `scope`.
    pub fn token(&self, session: &Actor, roles: &[Role], scope: Scope) -> String {
        let roles = roles.iter().copied().chain([Role::User]).collect::<BTreeSet<_>>();
        let actor = Actor { roles, scope, ..session.clone() };
        self.signer.sign(&actor, &OsRandom.ulid(self.now).to_string(), self.now).unwrap()
    }
}

async fn register(accounts: &Accounts, now: Timestamp) {
    let old = OldHash { scheme: OldScheme::Md5, salt: String::new() };
    let hash = old.compute(b"Old-Passw0rd");
    let user_name = "somebody".to_owned();
    let account = OldAccount { user_name, nickname: None, kind: Kind::Personal, old, hash, registered_at: now };
    let by = AuditActor { id: "operator/test".to_owned(), request_id: String::new() };
    accounts.import(&by, &Reason::parse("a test").unwrap(), &account).await.unwrap();
}

fn desk(photos: Photos) -> photos::Desk {
    let key = ReceiptKey::derive(&"receipts".repeat(8)).unwrap();
    let terms = Terms { links: BTreeMap::new(), unit: Unit::new("a test", "0755-10000000").unwrap() };
    let receipts = Receipts::new(photos.clone(), key, terms, "https://photos.example.cn".to_owned());
    let font = Arc::new(photos::paper::Font::in_folder(Path::new("nowhere")));
    photos::Desk { photos, receipts, font }
}

/// Objects that nobody reaches: no call of these tests gets so far.
fn nowhere() -> S3Objects {
    let sdk = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("nowhere")).build();
    S3Objects::new(&sdk, ResourceNames::default())
}

/// An issuer of invoices that nobody reaches either.
fn no_issuer(clock: Arc<FixedClock>, random: Arc<OsRandom>) -> EInvoices {
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

/// A provider that is never there.
struct NoBank;

#[async_trait]
impl PaymentProvider for NoBank {
    async fn create(&self, _: &ChargeRequest) -> Result<PayCode, ProviderError> {
        Err(closed())
    }

    async fn query(&self, _: &str) -> Result<PaymentStatus, ProviderError> {
        Err(closed())
    }

    async fn close(&self, _: &str) -> Result<CloseOutcome, ProviderError> {
        Err(closed())
    }

    async fn refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Err(closed())
    }

    async fn query_refund(&self, _: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        Err(closed())
    }

    async fn verify_callback(&self, _: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        unreachable!("no test brings a notice")
    }
}

fn closed() -> ProviderError {
    ProviderError::Unknown("no bank here".to_owned())
}
