//! The photo use cases in memory, with a billing that counts how often each hold ends.

use std::sync::Arc;

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::Outcome;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use crate::clock::FixedClock;
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::billing::Settlement;
use crate::photos::{Authorisation, Billing, InspectionOutcome, PhotoRow, Photos, UploadEvent, mark_paid, upload};
use crate::random::SeededRandom;
use crate::store::{Change, FaultyStore, Key, MemoryStore, Row, Store, Table};
use crate::testing::{MemoryObjects, ScriptedInspector};

pub(crate) use crate::testing::submission;

pub const PRICE_FEN: i64 = 150;

pub struct PhotoTestApp {
    pub photos: Photos,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub objects: Arc<MemoryObjects>,
    pub clock: Arc<FixedClock>,
}

impl PhotoTestApp {
    /// Photos are paid from the balance.
    pub fn new() -> Self {
        Self::with(MoneyContext { prepaid: true })
    }

    pub fn paid_later() -> Self {
        Self::with(MoneyContext { prepaid: false })
    }

    fn with(money: MoneyContext) -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let objects = Arc::new(MemoryObjects::default());
        let clock = Arc::new(FixedClock::at("2024-01-15T05:36:56Z".parse().unwrap()));
        let photos = Photos {
            store: store.clone(),
            objects: objects.clone(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(1)),
            billing: Arc::new(money),
        };
        Self { photos, store, objects, clock }
    }

    pub async fn started(&self) -> ImageNumber {
        let key = format!("key {}", self.store.calls());
        self.photos.start(owner(), submission(), &key, None).await.unwrap().number
    }

    pub async fn uploaded(&self, bytes: &[u8]) -> (ImageNumber, UploadEvent) {
        let number = self.started().await;
        let arrival = self.put(number, bytes).await;
        (number, arrival)
    }

    pub async fn put(&self, number: ImageNumber, bytes: &[u8]) -> UploadEvent {
        let (key, at) = (upload(owner(), number), self.now());
        self.objects.contents.lock().unwrap().insert((Bucket::Uploads, key.clone()), (bytes.to_vec(), at));
        UploadEvent { key, at }
    }

    pub async fn inspect(&self, arrival: &UploadEvent) -> Result<InspectionOutcome, Failure> {
        self.photos.inspect(&ScriptedInspector, arrival).await
    }

    pub async fn state(&self, number: ImageNumber) -> &'static str {
        self.photos.view(owner(), number).await.unwrap().photo.state()
    }

    pub fn now(&self) -> Timestamp {
        use crate::clock::Clock;
        self.clock.now()
    }

    /// Marks the photo as paid, as the payment of its order does.
    pub async fn pay(&self, number: ImageNumber) {
        let paid = mark_paid(&*self.store, owner(), number, self.now()).await.unwrap();
        self.store.apply(paid).await.unwrap();
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The state of the photo's hold, and how often it was ended.
    pub fn hold(&self, number: ImageNumber) -> (String, i64) {
        let row = self.store.inner.dump().remove(&hold_row(number)).unwrap();
        (row["state"].as_str().unwrap().to_owned(), row["ends"].as_i64().unwrap())
    }
}

pub fn owner() -> AccountId {
    AccountId(Ulid::from_parts(1, 1))
}

pub fn stranger() -> AccountId {
    AccountId(Ulid::from_parts(2, 2))
}

fn hold_row(number: ImageNumber) -> Key {
    Key::new(Table::Money, "HOLD", number.to_string())
}

struct MoneyContext {
    prepaid: bool,
}

#[async_trait]
impl Billing for MoneyContext {
    async fn price_fen(&self, _: Timestamp) -> Result<i64, Failure> {
        Ok(PRICE_FEN)
    }

    async fn authorise(
        &self,
        _: AccountId,
        number: ImageNumber,
        _: Method,
        _: Timestamp,
    ) -> Result<Authorisation, Failure> {
        let row = Row::from_iter([("state".to_owned(), "open".into()), ("ends".to_owned(), 0.into())]);
        Ok(Authorisation { price_fen: PRICE_FEN, changes: vec![Change::put(hold_row(number), row).if_absent()] })
    }

    async fn capture_or_void(
        &self,
        photo: &PhotoRow,
        outcome: Option<Outcome>,
        _: Timestamp,
    ) -> Result<Settlement, Failure> {
        let paid = self.prepaid && outcome == Some(Outcome::Passed);
        let end =
            Change::update(hold_row(photo.number)).add("ends", 1).set("state", if paid { "posted" } else { "voided" });
        Ok(Settlement { paid, changes: vec![end] })
    }
}
