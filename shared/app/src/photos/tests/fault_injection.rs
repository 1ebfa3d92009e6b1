use std::time::Duration;

use domain::image_number::ImageNumber;

use super::house::{House, owner, submission};
use crate::objects::Bucket;
use crate::photos::standard_photo;
use crate::store::Fault;

/// Longer than anything waits for itself; the runtime's clock is a paused one.
const LIFE: Duration = Duration::from_secs(3600);
const SIX_MONTHS: i64 = 184 * 24 * 3600;

/// I25: whichever call to the store fails in whichever way, repeating the command leads to one photo and one open hold.
///
/// Covers: I25
#[tokio::test]
async fn a_submission_that_crashes_anywhere_and_is_repeated_has_one_effect() {
    let steps = steps_of_start().await;
    assert!(steps >= 4);
    for call in 0..steps {
        for fault in Fault::ALL {
            let house = House::new();
            house.store.fail(call, fault);
            let first = house.photos.start(owner(), submission(), "key", None).await;
            let again = house.photos.start(owner(), submission(), "key", None).await.unwrap();
            assert!(first.as_ref().map_or(true, |first| first.number == again.number), "{call} {fault:?}");
            assert!(again.upload.is_some());
            assert_eq!(house.hold(again.number), ("open".into(), 0), "{call} {fault:?}");
            let photos = house.store.inner.dump().into_keys().filter(|key| key.sk == "PHOTO").count();
            assert_eq!(photos, 1, "{call} {fault:?}");
        }
    }
}

/// I25, I6: whichever call of an inspection, to the store or to a bucket, fails in whichever way, the next delivery ends the photo and
/// its hold once, and its standard photo is kept.
///
/// Covers: I25, I6, IC-110
#[tokio::test(start_paused = true)]
async fn an_inspection_that_crashes_anywhere_ends_once_after_redelivery() {
    for bytes in [b"pass", b"fail"] {
        let inspected = async |house: &House| {
            let (number, arrival) = house.uploaded(bytes).await;
            let before = calls(house);
            house.inspect(&arrival).await.unwrap();
            (before, number)
        };
        for (port, call, fault) in every_fault(inspected).await {
            let house = House::new();
            let (number, arrival) = house.uploaded(bytes).await;
            fail(&house, port, call, fault);
            let _killed = tokio::time::timeout(LIFE, house.inspect(&arrival)).await;
            house.advance(90);
            let again = house.inspect(&arrival).await;
            let context = format!("port {port}, call {call}, {fault:?}: {again:?}");
            let expected = if bytes == b"pass" { ("paid", "posted") } else { ("failed", "voided") };
            assert_eq!(house.state(number).await, expected.0, "{context}");
            assert_eq!(house.hold(number), (expected.1.into(), 1), "{context}");
            let standard = (Bucket::Photos, standard_photo(owner(), number));
            let kept = house.objects.contents.lock().unwrap().get(&standard).map(|(bytes, _)| bytes.clone());
            let passed = (bytes == b"pass").then_some(b"standard".as_slice());
            assert_eq!(kept.as_deref(), passed, "{context}");
        }
    }
}

/// I25, I7: a sweep that crashes anywhere is finished by the next one.
///
/// Covers: I25, I7
#[tokio::test(start_paused = true)]
async fn a_sweep_that_crashes_anywhere_is_finished_by_the_next() {
    let swept = async |house: &House| {
        let (number, _) = house.uploaded(b"pass").await;
        house.advance(185);
        let before = calls(house);
        house.photos.process_due().await.unwrap();
        (before, number)
    };
    for (port, call, fault) in every_fault(swept).await {
        let house = House::new();
        let (number, _) = house.uploaded(b"pass").await;
        house.advance(185);
        fail(&house, port, call, fault);
        let _killed = tokio::time::timeout(LIFE, house.photos.process_due()).await;
        house.photos.process_due().await.unwrap();
        assert_eq!(house.state(number).await, "timed-out");
        assert_eq!(house.hold(number), ("voided".into(), 1), "port {port}, call {call}, {fault:?}");
    }
}

/// I25, IC-200: a purge that crashes anywhere is finished by the next one. A row that says purged has no object left, and what is not
/// due keeps its own.
///
/// Covers: I25, IC-124, IC-200
#[tokio::test(start_paused = true)]
async fn a_purge_that_crashes_anywhere_leaves_nothing_of_the_old_and_all_of_the_new() {
    async fn two_photos(house: &House) -> [ImageNumber; 2] {
        let (old, arrival) = house.uploaded(b"pass").await;
        house.inspect(&arrival).await.unwrap();
        house.advance(SIX_MONTHS - 3600);
        let (new, arrival) = house.uploaded(b"pass").await;
        house.inspect(&arrival).await.unwrap();
        house.advance(3600);
        [old, new]
    }
    let purged = async |house: &House| {
        let [old, _] = two_photos(house).await;
        let before = calls(house);
        house.photos.process_due().await.unwrap();
        (before, old)
    };
    let faults = every_fault(purged).await;
    assert!(faults.iter().filter(|(port, ..)| *port == 1).count() >= 2, "objects are deleted");
    for (port, call, fault) in faults {
        let house = House::new();
        let [old, new] = two_photos(&house).await;
        fail(&house, port, call, fault);
        let _killed = tokio::time::timeout(LIFE, house.photos.process_due()).await;
        let context = format!("port {port}, call {call}, {fault:?}");
        let of = |number| {
            let kept = house.objects.contents.lock().unwrap();
            kept.keys().filter(|(_, key)| key.contains(&ImageNumber::to_string(&number))).count()
        };
        let row = house.photos.load(old).await.unwrap().unwrap();
        assert!(row.photo().unwrap().state() != "purged" || of(old) == 0, "{context}: purged, and an object is left");
        house.photos.process_due().await.unwrap();
        let row = house.photos.load(old).await.unwrap().unwrap();
        assert_eq!((row.photo().unwrap().state(), of(old)), ("purged", 0), "{context}");
        assert_eq!((house.state(new).await, of(new)), ("paid", 2), "{context}");
        assert_eq!(house.hold(old), ("posted".into(), 1), "{context}");
    }
}

/// Calls to the store and to the buckets so far.
fn calls(house: &House) -> [usize; 2] {
    [house.store.calls(), house.objects.faults.calls()]
}

fn fail(house: &House, port: usize, call: usize, fault: Fault) {
    if port == 0 { house.store.fail(call, fault) } else { house.objects.faults.fail(call, fault) }
}

/// Each way in which each call can fail that `scene` makes after the calls it answers with, the caller's death among them.
async fn every_fault(scene: impl AsyncFn(&House) -> ([usize; 2], ImageNumber)) -> Vec<(usize, usize, Fault)> {
    let house = House::new();
    let (before, _) = scene(&house).await;
    let after = calls(&house);
    assert!(after[0] - before[0] >= 3 && after[1] > before[1], "both ports are called");
    let kinds = || Fault::ALL.into_iter().chain(Fault::KILLS);
    let of =
        |port: usize| (0..after[port] - before[port]).flat_map(move |call| kinds().map(move |kind| (port, call, kind)));
    of(0).chain(of(1)).collect()
}

async fn steps_of_start() -> usize {
    let house = House::new();
    house.photos.start(owner(), submission(), "key", None).await.unwrap();
    house.store.calls()
}
