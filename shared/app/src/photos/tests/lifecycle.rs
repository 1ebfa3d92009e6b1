use domain::photo::Photo;

use super::house::{House, owner, stranger};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::PhotoDueReport;
use crate::photos::{InspectionOutcome, UploadEvent, standard_photo, upload};

const SIX_MONTHS: i64 = 190 * 24 * 3600;

/// IC-44, IC-46, IC-61, IC-51: each kind of file ends in its state, and only a pass is paid.
///
/// Covers: IC-44, IC-46, IC-51
#[tokio::test]
async fn each_file_ends_in_its_state() {
    for (bytes, state, hold) in
        [("pass", "paid", "posted"), ("fail", "failed", "voided"), ("no JPEG", "unreadable", "voided")]
    {
        let house = House::new();
        let (number, arrival) = house.uploaded(bytes.as_bytes()).await;
        house.advance(8);
        assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, state)));
        assert_eq!((house.state(number).await, house.hold(number)), (state, (hold.into(), 1)));
        let row = house.photos.load(number).await.unwrap().unwrap();
        assert_eq!(row.duration_ms(), Some(8000), "IC-52");
        assert_eq!(row.reasons.is_empty(), bytes == "pass");
        let kept =
            house.objects.contents.lock().unwrap().contains_key(&(Bucket::Photos, standard_photo(owner(), number)));
        assert_eq!(kept, bytes == "pass", "a standard photo is kept for a pass alone");
    }
}

/// XX-06: the bucket's events come twice, late, and for keys nobody was given.
///
/// Covers: XX-06
#[tokio::test]
async fn repeated_and_foreign_events_change_nothing() {
    let house = House::new();
    let (number, arrival) = house.uploaded(b"pass").await;
    house.inspect(&arrival).await.unwrap();
    let settled = house.store.inner.dump();
    for _ in 0..3 {
        assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
    }
    house.put(number, b"fail").await;
    assert_eq!(
        house.inspect(&arrival).await,
        Ok(InspectionOutcome::AlreadyEnded(number)),
        "another file under the used ticket"
    );
    let unknown = domain::image_number::ImageNumber::nth(99).unwrap();
    for key in ["x".into(), upload(stranger(), number), upload(owner(), unknown), "我的 照片+1.jpg".into()] {
        assert_eq!(house.inspect(&UploadEvent { key, at: arrival.at }).await, Ok(InspectionOutcome::UnknownKey));
    }
    assert_eq!(house.store.inner.dump(), settled);
}

/// Covers: XX-06
#[tokio::test(flavor = "multi_thread")]
async fn the_same_event_on_eight_workers_at_once_ends_the_photo_once() {
    let house = std::sync::Arc::new(House::new());
    let (number, arrival) = house.uploaded(b"pass").await;
    let workers = (0..8).map(|_| {
        let (house, arrival) = (house.clone(), arrival.clone());
        tokio::spawn(async move { house.inspect(&arrival).await.unwrap() })
    });
    let mut concluded = 0;
    for worker in workers.collect::<Vec<_>>() {
        concluded += u32::from(matches!(worker.await.unwrap(), InspectionOutcome::Concluded(..)));
    }
    assert_eq!(concluded, 1);
    assert_eq!(house.hold(number), ("posted".into(), 1));
}

/// A worker that dies leaves its mark; the next delivery goes on from there.
#[tokio::test]
async fn a_lost_worker_is_replaced_by_the_next_delivery() {
    let house = House::new();
    let (number, arrival) = house.uploaded(b"broken engine").await;
    assert!(matches!(house.inspect(&arrival).await, Err(Failure::Internal(_))));
    assert_eq!(house.state(number).await, "inspecting");
    house.advance(90);
    house.put(number, b"pass").await;
    assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "paid")));
}

/// IC-56, I9: 180 s after the upload it is over, to the second, and a late result costs nothing.
///
/// Covers: IC-56, I9
#[tokio::test]
async fn a_photo_times_out_on_time_and_a_late_result_is_free() {
    let house = House::new();
    let (number, arrival) = house.uploaded(b"broken engine").await;
    house.inspect(&arrival).await.unwrap_err();
    house.advance(179);
    assert_eq!(house.state(number).await, "inspecting");
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport::default());
    house.advance(1);
    assert_eq!(house.state(number).await, "timed-out", "on reading, before anybody wrote it");
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport { timed_out: 1, ..PhotoDueReport::default() });
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport::default());
    assert_eq!(house.hold(number), ("voided".into(), 1));
    house.put(number, b"pass").await;
    assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "timed-out")));
    assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
    assert_eq!(house.hold(number), ("voided".into(), 1));
    let row = house.photos.load(number).await.unwrap().unwrap();
    assert!(matches!(row.photo().unwrap(), Photo::TimedOut { late: Some(_), .. }));
}

/// IC-56 when nobody took the event at all: the sweep finds the upload and counts from when it was put.
///
/// Covers: IC-56
#[tokio::test]
async fn an_upload_whose_event_is_stuck_times_out_too() {
    let house = House::new();
    let (number, arrival) = house.uploaded(b"pass").await;
    house.advance(185);
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport { timed_out: 1, ..PhotoDueReport::default() });
    assert_eq!(house.state(number).await, "timed-out");
    assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::Concluded(number, "timed-out")));
    assert_eq!(house.hold(number), ("voided".into(), 1));
}

/// An unused ticket lapses, its hold ends, and the photo is gone; an event that comes even later is ignored.
#[tokio::test]
async fn an_unused_ticket_lapses_and_gives_its_hold_back() {
    let house = House::new();
    let number = house.started().await;
    house.advance(200);
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport { skipped: 1, ..PhotoDueReport::default() });
    house.advance(900);
    assert!(house.photos.view(owner(), number).await.is_err());
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport { expired: 1, ..PhotoDueReport::default() });
    assert_eq!(house.hold(number), ("voided".into(), 1));
    let arrival = house.put(number, b"pass").await;
    assert_eq!(house.inspect(&arrival).await, Ok(InspectionOutcome::AlreadyEnded(number)));
}

/// IC-124: six months later the photo cannot be queried, and its files, report and file name are gone.
///
/// Covers: IC-124
#[tokio::test]
async fn after_six_months_nothing_of_the_person_is_left() {
    let house = House::new();
    let (number, arrival) = house.uploaded(b"pass").await;
    house.inspect(&arrival).await.unwrap();
    house.advance(SIX_MONTHS);
    assert_eq!(house.photos.view(owner(), number).await.unwrap_err(), Failure::NotFound);
    assert_eq!(house.photos.process_due().await.unwrap(), PhotoDueReport { purged: 1, ..PhotoDueReport::default() });
    assert!(house.objects.contents.lock().unwrap().is_empty());
    let rows = format!(
        "{:?}",
        house.store.inner.dump().into_iter().filter(|(key, _)| key.pk.starts_with("PHOTO")).collect::<Vec<_>>()
    );
    assert!(!rows.contains("微信") && !rows.contains("pose.roll"), "{rows}");
}
