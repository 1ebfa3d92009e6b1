use domain::photo::Photo;

use super::test_app::{PhotoTestApp, owner, stranger};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::PhotoDueReport;
use crate::photos::{InspectionOutcome, UploadEvent, standard_photo, upload};

const SIX_MONTHS: i64 = 190 * 24 * 3600;

/// Covers: IC-44, IC-46, IC-51
#[tokio::test]
async fn inspection_result_decides_state_hold_and_standard_photo() {
    for (bytes, state, hold) in
        [("pass", "paid", "posted"), ("fail", "failed", "voided"), ("no JPEG", "unreadable", "voided")]
    {
        let app = PhotoTestApp::new();
        let (number, arrival) = app.uploaded(bytes.as_bytes()).await;
        app.advance(8);
        assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, state)));
        assert_eq!((app.state(number).await, app.hold(number)), (state, (hold.into(), 1)));
        let row = app.photos.load(number).await.unwrap().unwrap();
        assert_eq!(row.duration_ms(), Some(8000), "IC-52");
        assert_eq!(row.reasons.is_empty(), bytes == "pass");
        let kept =
            app.objects.contents.lock().unwrap().contains_key(&(Bucket::Photos, standard_photo(owner(), number)));
        assert_eq!(kept, bytes == "pass", "only a passed photo has a standard photo");
    }
}

/// Covers: XX-06
#[tokio::test]
async fn repeated_and_unknown_upload_events_change_nothing() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    let settled = app.store.inner.dump();
    for _ in 0..3 {
        assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
    }
    app.put(number, b"fail").await;
    assert_eq!(
        app.inspect(&arrival).await,
        Ok(InspectionOutcome::AlreadyEnded(number)),
        "another file with the used ticket"
    );
    let unknown = domain::image_number::ImageNumber::nth(99).unwrap();
    for key in ["x".into(), upload(stranger(), number), upload(owner(), unknown), "我的 照片+1.jpg".into()] {
        assert_eq!(app.inspect(&UploadEvent { key, at: arrival.at }).await, Ok(InspectionOutcome::UnknownKey));
    }
    assert_eq!(app.store.inner.dump(), settled);
}

/// Covers: XX-06
#[tokio::test(flavor = "multi_thread")]
async fn one_event_on_eight_concurrent_workers_ends_the_photo_once() {
    let app = std::sync::Arc::new(PhotoTestApp::new());
    let (number, arrival) = app.uploaded(b"pass").await;
    let workers = (0..8).map(|_| {
        let (app, arrival) = (app.clone(), arrival.clone());
        tokio::spawn(async move { app.inspect(&arrival).await.unwrap() })
    });
    let mut concluded = 0;
    for worker in workers.collect::<Vec<_>>() {
        concluded += u32::from(matches!(worker.await.unwrap(), InspectionOutcome::Concluded(..)));
    }
    assert_eq!(concluded, 1);
    assert_eq!(app.hold(number), ("posted".into(), 1));
}

/// An attempt that fails leaves the photo in `Inspecting`.
#[tokio::test]
async fn failed_inspection_is_completed_by_the_next_delivery() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"broken engine").await;
    assert!(matches!(app.inspect(&arrival).await, Err(Failure::Internal(_))));
    assert_eq!(app.state(number).await, "inspecting");
    app.advance(90);
    app.put(number, b"pass").await;
    assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "paid")));
}

/// Covers: IC-56, I9
#[tokio::test]
async fn photo_times_out_after_180_seconds_and_a_late_result_costs_nothing() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"broken engine").await;
    app.inspect(&arrival).await.unwrap_err();
    app.advance(179);
    assert_eq!(app.state(number).await, "inspecting");
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport::default());
    app.advance(1);
    assert_eq!(app.state(number).await, "timed-out", "computed at reading, not stored yet");
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport { timed_out: 1, ..PhotoDueReport::default() });
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport::default());
    assert_eq!(app.hold(number), ("voided".into(), 1));
    app.put(number, b"pass").await;
    assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "timed-out")));
    assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
    assert_eq!(app.hold(number), ("voided".into(), 1));
    let row = app.photos.load(number).await.unwrap().unwrap();
    assert!(matches!(row.photo().unwrap(), Photo::TimedOut { late: Some(_), .. }));
}

/// The due work finds the upload in the bucket and counts from its time.
///
/// Covers: IC-56
#[tokio::test]
async fn upload_without_an_event_times_out_after_180_seconds() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"pass").await;
    app.advance(185);
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport { timed_out: 1, ..PhotoDueReport::default() });
    assert_eq!(app.state(number).await, "timed-out");
    assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "timed-out")));
    assert_eq!(app.hold(number), ("voided".into(), 1));
}

/// An upload event after the expiry is ignored.
#[tokio::test]
async fn unused_ticket_expires_and_its_hold_is_voided() {
    let app = PhotoTestApp::new();
    let number = app.started().await;
    app.advance(200);
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport { skipped: 1, ..PhotoDueReport::default() });
    app.advance(900);
    assert!(app.photos.view(owner(), number).await.is_err());
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport { expired: 1, ..PhotoDueReport::default() });
    assert_eq!(app.hold(number), ("voided".into(), 1));
    let arrival = app.put(number, b"pass").await;
    assert_eq!(app.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
}

/// Covers: IC-124
#[tokio::test]
async fn photo_is_purged_with_all_personal_data_after_six_months() {
    let app = PhotoTestApp::new();
    let (number, arrival) = app.uploaded(b"pass").await;
    app.inspect(&arrival).await.unwrap();
    app.advance(SIX_MONTHS);
    assert_eq!(app.photos.view(owner(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(app.photos.process_due().await.unwrap(), PhotoDueReport { purged: 1, ..PhotoDueReport::default() });
    assert!(app.objects.contents.lock().unwrap().is_empty());
    let rows = format!(
        "{:?}",
        app.store.inner.dump().into_iter().filter(|(key, _)| key.pk.starts_with("PHOTO")).collect::<Vec<_>>()
    );
    assert!(!rows.contains("微信") && !rows.contains("pose.roll"), "{rows}");
}
