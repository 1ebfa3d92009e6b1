use std::collections::BTreeSet;
use std::sync::Arc;

use domain::card::Card;

use super::house::{House, PRICE_FEN, owner, stranger, submission};
use crate::failure::Failure;
use crate::photos::Submission;

/// IC-58: pressing the button twice makes one photo; another request under the same key is refused.
///
/// Covers: IC-58
#[tokio::test]
async fn the_same_key_is_the_same_photo() {
    let house = House::new();
    let first = house.photos.start(owner(), submission(), "click", None).await.unwrap();
    house.advance(60);
    let again = house.photos.start(owner(), submission(), "click", None).await.unwrap();
    assert_eq!((first.number, &first.upload), (again.number, &again.upload));
    let other = Submission { bytes: 100_000, ..submission() };
    assert_eq!(house.photos.start(owner(), other, "click", None).await, Err(Failure::KeyReused));
    assert_ne!(house.photos.start(stranger(), submission(), "click", None).await.unwrap().number, first.number);
    house.advance(300);
    let lapsed = house.photos.start(owner(), submission(), "click", None).await.unwrap();
    assert_eq!((lapsed.number, lapsed.upload), (first.number, None));
}

/// IC-38, IC-37: the ticket carries the card's own limits; kB are 1024 bytes.
///
/// Covers: IC-37, IC-38
#[tokio::test]
async fn the_ticket_allows_the_sizes_of_the_card() {
    let house = House::new();
    for (card, range) in [(Card::ResidentId, "28672..=1048576"), (Card::DrivingLicence, "30720..=1048576")] {
        let started =
            house.photos.start(owner(), Submission { card, ..submission() }, card.code(), None).await.unwrap();
        assert_eq!(started.upload.unwrap().fields["range"], range);
    }
}

/// Covers: IC-25, IC-26, IC-37, IC-38
#[tokio::test]
async fn a_declared_fault_is_named_and_reserves_nothing() {
    let house = House::new();
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
        let outcome = house.photos.start(owner(), submission, "key", None).await;
        assert_eq!(outcome, Err(Failure::Invalid { field, code }));
    }
    assert_eq!(house.store.calls(), 0);
    for bytes in [28_672, 1_048_576] {
        assert!(
            house.photos.start(owner(), Submission { bytes, ..submission() }, &bytes.to_string(), None).await.is_ok()
        );
    }
}

/// IC-206: one counter, no number twice.
///
/// Covers: IC-206
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_get_a_hundred_numbers() {
    let house = Arc::new(House::new());
    let starts = (0..100).map(|n| {
        let house = house.clone();
        tokio::spawn(
            async move { house.photos.start(owner(), submission(), &n.to_string(), None).await.unwrap().number },
        )
    });
    let mut numbers = BTreeSet::new();
    for start in starts.collect::<Vec<_>>() {
        numbers.insert(start.await.unwrap());
    }
    assert_eq!(numbers.len(), 100);
    assert!(numbers.iter().all(|number| house.hold(*number) == ("open".into(), 0)));
}

/// IC-58 under haste: twins that run at the same time agree on one photo.
///
/// Covers: IC-58
#[tokio::test(flavor = "multi_thread")]
async fn twins_at_the_same_moment_agree_on_one_photo() {
    let house = Arc::new(House::new());
    let twins = (0..16).map(|_| {
        let house = house.clone();
        tokio::spawn(async move { house.photos.start(owner(), submission(), "twin", None).await.unwrap().number })
    });
    let mut numbers = BTreeSet::new();
    for twin in twins.collect::<Vec<_>>() {
        numbers.insert(twin.await.unwrap());
    }
    assert_eq!(numbers.len(), 1);
    assert_eq!(house.photos.load(numbers.pop_first().unwrap()).await.unwrap().unwrap().price_fen, PRICE_FEN);
}
