//! A house in memory: store, buckets, clock, an engine that reads its verdict from the bytes, and a money that counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::card::Card;
use domain::finding::{Finding, Group, Policy, Verdict};
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::Outcome;
use domain::region::Region;
use domain::report::{Picture, Report};
use domain::ruleset::Ruleset;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use crate::clock::FixedClock;
use crate::failure::Failure;
use crate::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadPolicy};
use crate::photos::billing::Settlement;
use crate::photos::inspector::Inspection;
use crate::photos::{
    Authorisation, Billing, InspectionError, InspectionOutcome, Inspector, PhotoRow, Photos, Submission, UploadEvent,
    mark_paid, upload,
};
use crate::random::SeededRandom;
use crate::store::{Change, FaultPlan, FaultyStore, Key, MemoryStore, Row, Store, Table};

pub const PRICE_FEN: i64 = 150;

pub struct House {
    pub photos: Photos,
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub objects: Arc<MemoryObjects>,
    pub clock: Arc<FixedClock>,
}

impl House {
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
        self.objects.kept.lock().unwrap().insert((Bucket::Uploads, key.clone()), (bytes.to_vec(), at));
        UploadEvent { key, at }
    }

    pub async fn inspect(&self, arrival: &UploadEvent) -> Result<InspectionOutcome, Failure> {
        self.photos.inspect(&Reader, arrival).await
    }

    pub async fn state(&self, number: ImageNumber) -> &'static str {
        self.photos.view(owner(), number).await.unwrap().photo.state()
    }

    pub fn now(&self) -> Timestamp {
        use crate::clock::Clock;
        self.clock.now()
    }

    /// As whoever takes the money does.
    pub async fn pay(&self, number: ImageNumber) {
        let paid = mark_paid(&*self.store, owner(), number, self.now()).await.unwrap();
        self.store.apply(paid).await.unwrap();
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// What became of the photo's hold; every end of a hold is counted, so a second one shows.
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

pub fn submission() -> Submission {
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

/// Reads its verdict from the bytes.
pub struct Reader;

#[async_trait]
impl Inspector for Reader {
    async fn inspect(&self, bytes: Vec<u8>, card: Card, _: Ruleset) -> Result<Inspection, InspectionError> {
        let (verdict, group, readable) = match bytes.as_slice() {
            b"pass" => (Verdict::Pass, Group::Pose, true),
            b"fail" => (Verdict::Fail, Group::Pose, true),
            b"broken engine" => return Err(InspectionError("broken".into())),
            _ => (Verdict::Fail, Group::File, false),
        };
        let finding = Finding {
            check: "pose.roll".into(),
            group,
            verdict,
            policy: Policy::Blocking,
            reason: "left".into(),
            measured: Some(9.5),
            limit: None,
            unit: "deg".into(),
            region: None,
            source: "house".into(),
            ofiq: None,
        };
        let picture = Picture { width_px: 358, height_px: 441, bytes: 200_000, faces: 1 };
        let report = Report {
            engine: "test".into(),
            card,
            verdict,
            findings: vec![finding],
            picture: readable.then_some(picture),
            overlay: None,
            standard_photo: None,
        };
        Ok(Inspection { report, standard_photo: readable.then(|| b"standard".to_vec()) })
    }
}

type Contents = BTreeMap<(Bucket, String), (Vec<u8>, Timestamp)>;

#[derive(Default)]
pub struct MemoryObjects {
    pub kept: Mutex<Contents>,
    pub plan: FaultPlan,
}

impl MemoryObjects {
    async fn call<T>(&self, effect: impl Fn(&mut Contents) -> T) -> Result<T, ObjectsError> {
        let call = || std::future::ready(Ok(effect(&mut self.kept.lock().unwrap())));
        self.plan.run(call, |fault| ObjectsError(format!("{fault:?}"))).await
    }
}

#[async_trait]
impl Objects for MemoryObjects {
    async fn upload_form(&self, _: Bucket, terms: UploadPolicy<'_>) -> Result<UploadForm, ObjectsError> {
        let fields = BTreeMap::from([
            ("key".to_owned(), terms.key.to_owned()),
            ("range".to_owned(), format!("{}..={}", terms.bytes.start(), terms.bytes.end())),
        ]);
        Ok(UploadForm { url: "memory:".into(), fields, expires_at: terms.expires_at })
    }

    async fn download_link(
        &self,
        _: Bucket,
        key: &str,
        file_name: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError> {
        let expires_at = Timestamp::UNIX_EPOCH + valid;
        Ok(DownloadLink { url: format!("memory:{key}?{file_name}"), expires_at })
    }

    async fn last_modified(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError> {
        self.call(|kept| kept.get(&(bucket, key.to_owned())).map(|(_, at)| *at)).await
    }

    async fn get(&self, bucket: Bucket, key: &str, _: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        self.call(|kept| kept.get(&(bucket, key.to_owned())).map(|(bytes, _)| bytes.clone())).await
    }

    async fn put(&self, bucket: Bucket, key: &str, _: &str, bytes: Vec<u8>) -> Result<(), ObjectsError> {
        self.call(|kept| {
            kept.insert((bucket, key.to_owned()), (bytes.clone(), Timestamp::UNIX_EPOCH));
        })
        .await
    }

    async fn delete(&self, bucket: Bucket, key: &str) -> Result<(), ObjectsError> {
        self.call(|kept| {
            kept.remove(&(bucket, key.to_owned()));
        })
        .await
    }
}
