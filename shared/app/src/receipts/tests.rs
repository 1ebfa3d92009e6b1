use std::collections::BTreeMap;

use domain::receipt::Service;
use jiff::{SignedDuration, Timestamp};

use super::{ReceiptKey, ReceiptSettings, ReceiptStatus, Receipts, Unit};
use crate::audit::{self, AuditActor, Reason, Subject};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::tests::test_app::{PhotoTestApp, owner, stranger};
use crate::photos::{standard_photo, upload};

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn receipts_of(app: &PhotoTestApp) -> Receipts {
    let links = Service::ALL.map(|service| (service, format!("https://service.example/{service:?}")));
    let unit = Unit::new("证件数码相片质量检测中心", "0755-12345678").unwrap();
    let settings = ReceiptSettings { links: BTreeMap::from(links), unit };
    let key = ReceiptKey::derive(SECRET).unwrap();
    Receipts::new(app.photos.clone(), key, settings, "https://photos.example.cn".into())
}

fn token(url: &str) -> &str {
    url.strip_prefix("https://photos.example.cn/verify/").unwrap()
}

/// Covers: IC-80
#[tokio::test]
async fn receipt_needs_a_paid_photo_of_the_caller() {
    let app = PhotoTestApp::paid_later();
    let receipts = receipts_of(&app);
    let (number, arrival) = app.uploaded(b"pass").await;
    let code = async || match receipts.issue(owner(), number).await {
        Err(Failure::Conflict { code }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code().await, "photo-not-passed");
    app.inspect(&arrival).await.unwrap();
    assert_eq!(code().await, "photo-not-paid");
    assert_eq!(receipts.picture(owner(), number).await.unwrap_err(), Failure::Conflict { code: "photo-not-paid" });
    app.pay(number).await;
    let receipt = receipts.issue(owner(), number).await.unwrap();
    assert_eq!(receipts.picture(owner(), number).await.unwrap(), b"standard");
    assert_eq!(receipt.service_url, "https://service.example/Yuejuma");
    assert_eq!(receipts.issue(stranger(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(receipts.picture(stranger(), number).await.unwrap_err(), Failure::NotFound);
    let failed = app.uploaded(b"fail").await;
    app.inspect(&failed.1).await.unwrap();
    assert_eq!(receipts.issue(owner(), failed.0).await.unwrap_err(), Failure::Conflict { code: "photo-not-passed" });
}

/// Covers: IC-84, IC-98, IC-196
#[tokio::test]
async fn receipt_expires_90_days_after_the_upload_to_the_second() {
    let app = PhotoTestApp::new();
    let receipts = receipts_of(&app);
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let receipt = receipts.issue(owner(), number).await.unwrap();
    let until: Timestamp = "2024-04-14T05:36:56Z".parse().unwrap();
    assert_eq!((receipt.valid_until, receipt.expired), (until, false));
    let token = token(&receipt.check_url).to_owned();
    assert_eq!(receipts.check(&token).await.unwrap(), ReceiptStatus::Valid { number, until });
    app.advance(90 * 86_400 - 1);
    assert!(!receipts.issue(owner(), number).await.unwrap().expired);
    assert_eq!(receipts.check(&token).await.unwrap(), ReceiptStatus::Valid { number, until });
    app.advance(1);
    assert!(receipts.issue(owner(), number).await.unwrap().expired, "an expired receipt can be printed");
    assert_eq!(receipts.check(&token).await.unwrap(), ReceiptStatus::Expired { number });
}

/// Covers: IC-196
#[tokio::test]
async fn check_of_an_unsigned_or_unpaid_receipt_answers_unknown() {
    let app = PhotoTestApp::paid_later();
    let receipts = receipts_of(&app);
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let own = ReceiptKey::derive(SECRET).unwrap().sign(number);
    assert_eq!(receipts.check(&own).await.unwrap(), ReceiptStatus::Unknown, "signed, but not paid");
    app.pay(number).await;
    assert!(matches!(receipts.check(&own).await.unwrap(), ReceiptStatus::Valid { .. }));
    let forged = ReceiptKey::derive(&SECRET.replace('a', "b")).unwrap().sign(number);
    for token in [forged.as_str(), "", "AL200166498", &own[1..]] {
        assert_eq!(receipts.check(token).await.unwrap(), ReceiptStatus::Unknown, "{token}");
    }
}

/// The photo disappears at the end of the sixth calendar month, to the second, before the due work has run.
///
/// Covers: IC-124, IC-200
#[tokio::test]
async fn receipt_photo_and_objects_are_purged_six_months_after_the_payment() {
    let app = PhotoTestApp::new();
    let receipts = receipts_of(&app);
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let check = token(&receipts.issue(owner(), number).await.unwrap().check_url).to_owned();
    // 2024-01-15 13:36:56 in Shanghai; the same clock time on 15 July.
    let end: Timestamp = "2024-07-15T05:36:56Z".parse().unwrap();
    app.clock.advance(end.duration_since(app.now()) - SignedDuration::from_secs(1));
    assert!(receipts.issue(owner(), number).await.unwrap().expired);
    assert_eq!(app.photos.process_due().await.unwrap().purged, 0);
    app.advance(1);
    assert_eq!(receipts.issue(owner(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(receipts.picture(owner(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(app.photos.process_due().await.unwrap().purged, 1);
    let objects = &app.photos.objects;
    assert_eq!(objects.last_modified(Bucket::Photos, &standard_photo(owner(), number)).await.unwrap(), None);
    assert_eq!(objects.last_modified(Bucket::Uploads, &upload(owner(), number)).await.unwrap(), None);
    assert_eq!(receipts.check(&check).await.unwrap(), ReceiptStatus::Expired { number });
}

/// Covers: IC-89, IC-90
#[tokio::test]
async fn registered_unit_is_named_on_receipts() {
    let app = PhotoTestApp::new();
    let receipts = receipts_of(&app);
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let unit = async || receipts.issue(owner(), number).await.unwrap().unit;
    assert_eq!(unit().await.name(), "证件数码相片质量检测中心");
    let studio = Unit::new(" TEST-IST——ZZZX ", "13048958911").unwrap();
    let staff = AuditActor { id: stranger().to_string(), request_id: "request".into() };
    let why = Reason::parse("照相馆备案").unwrap();
    receipts.register_unit(owner(), &studio, &staff, &why).await.unwrap();
    assert_eq!(unit().await, studio);
    assert_eq!((studio.name(), studio.phone()), ("TEST-IST——ZZZX", "13048958911"));
    let about = audit::Filter::Subject(Subject::account(owner()));
    let lines = audit::read(&*app.store, &about, None, 10).await.unwrap().entries;
    assert_eq!((lines.len(), lines[0].what.as_str()), (1, "unit-register"));
    for (name, phone) in [("", "13048958911"), ("照相馆", "1304"), ("照相馆", "130 4895"), ("照\n相馆", "13048958911")]
    {
        assert!(Unit::new(name, phone).is_err(), "{name:?} {phone}");
    }
}
