use std::time::Duration;

use domain::card::Card;
use jiff::SignedDuration;

use super::test_app::{PhotoTestApp, owner, stranger, submission};
use crate::failure::Failure;
use crate::photos::{Filter, KnownTags, Submission, mark_paid};
use crate::store::{Store, Token};

/// Covers: IC-59
#[tokio::test]
async fn photo_of_another_account_is_not_found() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let photos = &app.photos;
    assert_eq!(photos.get(stranger(), number, None, Duration::ZERO).await.unwrap_err(), Failure::NotFound);
    assert_eq!(photos.download(stranger(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(mark_paid(&*app.store, stranger(), number, app.now()).await.unwrap_err(), Failure::NotFound);
    assert!(photos.list(stranger(), &Filter::default(), 25, None).await.unwrap().photos.is_empty());
    assert!(photos.download(owner(), number).await.unwrap().url.contains("-standard.jpg"));
}

/// Covers: XX-07
#[tokio::test(start_paused = true)]
async fn get_waits_until_the_photo_changes_or_20_seconds_pass() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"fail").await;
    let get = async |tag: Option<&str>, seconds| {
        let started = tokio::time::Instant::now();
        let is_known = |current: &str| tag == Some(current);
        let known: Option<KnownTags<'_>> = if tag.is_some() { Some(&is_known) } else { None };
        let seen = app.photos.get(owner(), number, known, Duration::from_secs(seconds)).await.unwrap();
        (seen, started.elapsed())
    };
    let (seen, waited) = get(None, 60).await;
    assert_eq!((seen.photo.state(), waited.as_secs()), ("reserved", 20), "at most 20 s");
    let (_, waited) = get(Some("other"), 20).await;
    assert_eq!(waited, Duration::ZERO);
    let tag = seen.tag();
    let waiting = get(Some(&tag), 20);
    let working = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        app.inspect(&arrival).await.unwrap();
    };
    let ((seen, waited), ()) = tokio::join!(waiting, working);
    assert_eq!(seen.photo.state(), "failed");
    assert!(waited < Duration::from_secs(4), "{waited:?}");
    assert_eq!(seen.report.unwrap().reasons().len(), 1);
    assert_ne!(app.photos.get(owner(), number, None, Duration::ZERO).await.unwrap().tag(), tag);
}

/// Covers: IC-112
#[tokio::test]
async fn list_is_newest_first_and_filtered_and_paged() {
    let app = PhotoTestApp::new();
    let mut numbers = Vec::new();
    for (n, bytes) in [b"pass", b"fail", b"pass", b"fail", b"pass"].into_iter().enumerate() {
        let card = if n < 2 { Card::DrivingLicence } else { Card::ResidentId };
        let started =
            app.photos.start(owner(), Submission { card, ..submission() }, &n.to_string(), None).await.unwrap();
        let arrival = app.put(started.number, bytes).await;
        app.inspect(&arrival).await.unwrap();
        numbers.push(started.number);
        app.advance(60);
    }
    let list = async |filter: Filter, limit| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let listed = app.photos.list(owner(), &filter, limit, after.as_deref()).await.unwrap();
            assert!(listed.photos.len() <= limit as usize);
            found.extend(listed.photos.iter().map(|seen| numbers.iter().position(|n| *n == seen.row.number).unwrap()));
            after = listed.next;
            if after.is_none() {
                return found;
            }
        }
    };
    assert_eq!(list(Filter::default(), 2).await, [4, 3, 2, 1, 0]);
    assert_eq!(list(Filter { states: vec!["passed".into()], ..Filter::default() }, 2).await, [4, 2, 0]);
    assert_eq!(list(Filter { card: Some(Card::DrivingLicence), ..Filter::default() }, 1).await, [1, 0]);
    let start = app.now() - SignedDuration::from_secs(300);
    let minute = |n: i64| Some(start + SignedDuration::from_secs(60 * n));
    assert_eq!(list(Filter { from: minute(1), until: minute(3), ..Filter::default() }, 25).await, [2, 1]);
}

/// Covers: IC-113, IC-114, IC-116
#[tokio::test]
async fn list_filters_by_payment_and_upload_time() {
    let app = PhotoTestApp::paid_later();
    let mut numbers = Vec::new();
    for bytes in [b"pass", b"fail", b"pass"] {
        let number = app.started().await;
        // Submitted in one minute, uploaded in the next.
        app.advance(60);
        let arrival = app.put(number, bytes).await;
        app.inspect(&arrival).await.unwrap();
        numbers.push(number);
    }
    app.pay(numbers[0]).await;
    let list = async |filter: Filter| {
        let listed = app.photos.list(owner(), &filter, 25, None).await.unwrap();
        let place = |number| numbers.iter().position(|n| *n == number).unwrap();
        listed.photos.iter().map(|seen| place(seen.row.number)).collect::<Vec<_>>()
    };
    let passed = || vec!["passed".to_owned()];
    assert_eq!(list(Filter { states: passed(), ..Filter::default() }).await, [2, 0]);
    assert_eq!(list(Filter { states: passed(), paid: Some(false), ..Filter::default() }).await, [2]);
    assert_eq!(list(Filter { paid: Some(true), ..Filter::default() }).await, [0]);
    let uploads = app.now() - SignedDuration::from_secs(120);
    let minute = |n: i64| Some(uploads + SignedDuration::from_secs(60 * n));
    assert_eq!(
        list(Filter { from: minute(0), until: minute(2), ..Filter::default() }).await,
        [1, 0],
        "from is included"
    );
    assert_eq!(list(Filter { from: minute(1), ..Filter::default() }).await, [2, 1]);
}

/// The photo is paid through WeChat or Alipay after the inspection.
///
/// Covers: I11
#[tokio::test]
async fn passed_photo_is_paid_once_and_can_be_downloaded_afterwards() {
    let app = PhotoTestApp::paid_later();
    let (number, arrival) = app.uploaded(b"pass").await;
    let now = app.now();
    let code = async || match app.photos.download(owner(), number).await {
        Err(Failure::Conflict { code }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code().await, "photo-not-passed");
    app.inspect(&arrival).await.unwrap();
    assert_eq!(code().await, "photo-not-paid");
    let pay = mark_paid(&*app.store, owner(), number, now).await.unwrap();
    app.store.commit(&Token::new("pay").unwrap(), vec![pay.clone()]).await.unwrap();
    assert!(app.store.commit(&Token::new("pay again").unwrap(), vec![pay]).await.unwrap_err().is_conflict());
    assert!(app.photos.download(owner(), number).await.is_ok());
    assert_eq!(
        mark_paid(&*app.store, owner(), number, now).await,
        Err(Failure::Conflict { code: "photo-not-payable" })
    );
}
