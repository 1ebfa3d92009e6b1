use std::time::Duration;

use domain::image_number::ImageNumber;

use super::test_app::{PhotoTestApp, owner, submission};
use crate::objects::Bucket;
use crate::photos::standard_photo;
use crate::store::Fault;

/// Longer than any use case waits. The clock of the runtime is paused.
const LIFE: Duration = Duration::from_secs(3600);
const SIX_MONTHS: i64 = 184 * 24 * 3600;

/// For each call to the store and each fault: repeating the command leads to one photo and one open hold.
///
/// Covers: I25
#[tokio::test]
async fn start_with_any_fault_has_one_effect_after_a_retry() {
    let steps = steps_of_start().await;
    assert!(steps >= 4);
    for call in 0..steps {
        for fault in Fault::ALL {
            let app = PhotoTestApp::new();
            app.store.fail(call, fault);
            let first = app.photos.start(owner(), submission(), "key", None).await;
            let again = app.photos.start(owner(), submission(), "key", None).await.unwrap();
            assert!(first.as_ref().map_or(true, |first| first.number == again.number), "{call} {fault:?}");
            assert!(again.upload.is_some());
            assert_eq!(app.hold(again.number), ("open".into(), 0), "{call} {fault:?}");
            let photos = app.store.inner.dump().into_keys().filter(|key| key.sk == "PHOTO").count();
            assert_eq!(photos, 1, "{call} {fault:?}");
        }
    }
}

/// For each call to the store or to a bucket and each fault: the next delivery ends the photo and its hold once, and
/// stores the standard photo.
///
/// Covers: I25, I6, IC-110
#[tokio::test(start_paused = true)]
async fn inspect_with_any_fault_ends_the_photo_once_after_redelivery() {
    for bytes in [b"pass", b"fail"] {
        let inspected = async |app: &PhotoTestApp| {
            let (number, arrival) = app.uploaded(bytes).await;
            let before = calls(app);
            app.inspect(&arrival).await.unwrap();
            (before, number)
        };
        for (port, call, fault) in every_fault(inspected).await {
            let app = PhotoTestApp::new();
            let (number, arrival) = app.uploaded(bytes).await;
            fail(&app, port, call, fault);
            let _killed = tokio::time::timeout(LIFE, app.inspect(&arrival)).await;
            app.advance(90);
            let again = app.inspect(&arrival).await;
            let context = format!("port {port}, call {call}, {fault:?}: {again:?}");
            let expected = if bytes == b"pass" { ("paid", "posted") } else { ("failed", "voided") };
            assert_eq!(app.state(number).await, expected.0, "{context}");
            assert_eq!(app.hold(number), (expected.1.into(), 1), "{context}");
            let standard = (Bucket::Photos, standard_photo(owner(), number));
            let kept = app.objects.contents.lock().unwrap().get(&standard).map(|(bytes, _)| bytes.clone());
            let passed = (bytes == b"pass").then_some(b"standard".as_slice());
            assert_eq!(kept.as_deref(), passed, "{context}");
        }
    }
}

/// Covers: I25, I7
#[tokio::test(start_paused = true)]
async fn time_out_with_any_fault_is_completed_by_the_next_run() {
    let swept = async |app: &PhotoTestApp| {
        let (number, _) = app.uploaded(b"pass").await;
        app.advance(185);
        let before = calls(app);
        app.photos.process_due().await.unwrap();
        (before, number)
    };
    for (port, call, fault) in every_fault(swept).await {
        let app = PhotoTestApp::new();
        let (number, _) = app.uploaded(b"pass").await;
        app.advance(185);
        fail(&app, port, call, fault);
        let _killed = tokio::time::timeout(LIFE, app.photos.process_due()).await;
        app.photos.process_due().await.unwrap();
        assert_eq!(app.state(number).await, "timed-out");
        assert_eq!(app.hold(number), ("voided".into(), 1), "port {port}, call {call}, {fault:?}");
    }
}

/// For each call and each fault: the next run completes the purge. A photo in the state `purged` has no objects, and a
/// photo that is not due keeps its own.
///
/// Covers: I25, IC-124, IC-200
#[tokio::test(start_paused = true)]
async fn purge_with_any_fault_deletes_the_old_photo_and_keeps_the_new_one() {
    async fn two_photos(app: &PhotoTestApp) -> [ImageNumber; 2] {
        let (old, arrival) = app.uploaded(b"pass").await;
        app.inspect(&arrival).await.unwrap();
        app.advance(SIX_MONTHS - 3600);
        let (new, arrival) = app.uploaded(b"pass").await;
        app.inspect(&arrival).await.unwrap();
        app.advance(3600);
        [old, new]
    }
    let purged = async |app: &PhotoTestApp| {
        let [old, _] = two_photos(app).await;
        let before = calls(app);
        app.photos.process_due().await.unwrap();
        (before, old)
    };
    let faults = every_fault(purged).await;
    assert!(faults.iter().filter(|(port, ..)| *port == 1).count() >= 2, "objects are deleted");
    for (port, call, fault) in faults {
        let app = PhotoTestApp::new();
        let [old, new] = two_photos(&app).await;
        fail(&app, port, call, fault);
        let _killed = tokio::time::timeout(LIFE, app.photos.process_due()).await;
        let context = format!("port {port}, call {call}, {fault:?}");
        let of = |number| {
            let kept = app.objects.contents.lock().unwrap();
            kept.keys().filter(|(_, key)| key.contains(&ImageNumber::to_string(&number))).count()
        };
        let row = app.photos.load(old).await.unwrap().unwrap();
        assert!(row.photo().unwrap().state() != "purged" || of(old) == 0, "{context}: purged, and an object is left");
        app.photos.process_due().await.unwrap();
        let row = app.photos.load(old).await.unwrap().unwrap();
        assert_eq!((row.photo().unwrap().state(), of(old)), ("purged", 0), "{context}");
        assert_eq!((app.state(new).await, of(new)), ("paid", 2), "{context}");
        assert_eq!(app.hold(old), ("posted".into(), 1), "{context}");
    }
}

/// Calls to the store and to the buckets so far.
fn calls(app: &PhotoTestApp) -> [usize; 2] {
    [app.store.calls(), app.objects.faults.calls()]
}

fn fail(app: &PhotoTestApp, port: usize, call: usize, fault: Fault) {
    if port == 0 { app.store.fail(call, fault) } else { app.objects.faults.fail(call, fault) }
}

/// Every fault of every call that `scene` makes after its preparation. The scene returns the numbers of calls at the
/// end of its preparation.
async fn every_fault(scene: impl AsyncFn(&PhotoTestApp) -> ([usize; 2], ImageNumber)) -> Vec<(usize, usize, Fault)> {
    let app = PhotoTestApp::new();
    let (before, _) = scene(&app).await;
    let after = calls(&app);
    assert!(after[0] - before[0] >= 3 && after[1] > before[1], "both ports are called");
    let kinds = || Fault::ALL.into_iter().chain(Fault::KILLS);
    let of =
        |port: usize| (0..after[port] - before[port]).flat_map(move |call| kinds().map(move |kind| (port, call, kind)));
    of(0).chain(of(1)).collect()
}

async fn steps_of_start() -> usize {
    let app = PhotoTestApp::new();
    app.photos.start(owner(), submission(), "key", None).await.unwrap();
    app.store.calls()
}
