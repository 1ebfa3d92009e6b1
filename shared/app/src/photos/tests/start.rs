use std::collections::BTreeSet;
use std::sync::Arc;

use domain::card::Card;

use super::test_app::{PRICE_FEN, PhotoTestApp, owner, stranger, submission};
use crate::failure::Failure;
use crate::photos::Submission;

/// Another request with the same key is refused.
///
/// Covers: IC-58
#[tokio::test]
async fn start_with_the_same_key_returns_the_same_photo() {
    let app = PhotoTestApp::new();
    let first = app.photos.start(owner(), submission(), "click", None).await.unwrap();
    app.advance(60);
    let again = app.photos.start(owner(), submission(), "click", None).await.unwrap();
    assert_eq!((first.number, &first.upload), (again.number, &again.upload));
    let other = Submission { bytes: 100_000, ..submission() };
    assert_eq!(app.photos.start(owner(), other, "click", None).await, Err(Failure::KeyReused));
    assert_ne!(app.photos.start(stranger(), submission(), "click", None).await.unwrap().number, first.number);
    app.advance(300);
    let lapsed = app.photos.start(owner(), submission(), "click", None).await.unwrap();
    assert_eq!((lapsed.number, lapsed.upload), (first.number, None));
}

/// The manual's kB are 1024 bytes.
///
/// Covers: IC-37, IC-38
#[tokio::test]
async fn upload_ticket_allows_the_file_sizes_of_its_card_type() {
    let app = PhotoTestApp::new();
    for (card, range) in [(Card::ResidentId, "28672..=1048576"), (Card::DrivingLicence, "30720..=1048576")] {
        let started = app.photos.start(owner(), Submission { card, ..submission() }, card.code(), None).await.unwrap();
        assert_eq!(started.upload.unwrap().fields["range"], range);
    }
}

/// Covers: IC-25, IC-26, IC-37, IC-38
#[tokio::test]
async fn start_with_an_invalid_field_names_it_and_reserves_no_number() {
    let app = PhotoTestApp::new();
    let name = |file_name: &str| Submission { file_name: file_name.into(), ..submission() };
    let refused = [
        (name(""), "/fileName", "file-name-invalid"),
        (name("a\u{0}.jpg"), "/fileName", "file-name-invalid"),
        (name("photo.png"), "/fileName", "file-not-jpeg"),
        (Submission { content_type: "image/png".into(), ..submission() }, "/contentType", "file-not-jpeg"),
        (Submission { bytes: 28_671, ..submission() }, "/bytes", "file-too-small"),
        (Submission { bytes: 1_048_577, ..submission() }, "/bytes", "file-too-large"),
        (Submission { card: Card::DrivingLicence, bytes: 30_719, ..submission() }, "/bytes", "file-too-small"),
    ];
    for (submission, field, code) in refused {
        let outcome = app.photos.start(owner(), submission, "key", None).await;
        assert_eq!(outcome, Err(Failure::Invalid { field, code }));
    }
    assert_eq!(app.store.calls(), 0);
    for bytes in [28_672, 1_048_576] {
        assert!(
            app.photos.start(owner(), Submission { bytes, ..submission() }, &bytes.to_string(), None).await.is_ok()
        );
    }
}

/// Covers: IC-206
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_submissions_get_different_numbers() {
    let app = Arc::new(PhotoTestApp::new());
    let starts = (0..100).map(|n| {
        let app = app.clone();
        tokio::spawn(async move { app.photos.start(owner(), submission(), &n.to_string(), None).await.unwrap().number })
    });
    let mut numbers = BTreeSet::new();
    for start in starts.collect::<Vec<_>>() {
        numbers.insert(start.await.unwrap());
    }
    assert_eq!(numbers.len(), 100);
    assert!(numbers.iter().all(|number| app.hold(*number) == ("open".into(), 0)));
}

/// Covers: IC-58
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_duplicates_get_the_same_photo() {
    let app = Arc::new(PhotoTestApp::new());
    let tasks = (0..16).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { app.photos.start(owner(), submission(), "same-key", None).await.unwrap().number })
    });
    let mut numbers = BTreeSet::new();
    for task in tasks.collect::<Vec<_>>() {
        numbers.insert(task.await.unwrap());
    }
    assert_eq!(numbers.len(), 1);
    assert_eq!(app.photos.load(numbers.pop_first().unwrap()).await.unwrap().unwrap().price_fen, PRICE_FEN);
}
