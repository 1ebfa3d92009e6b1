use super::house::{House, owner, submission};
use crate::store::Fault;

/// I25: whichever call to the store fails in whichever way, repeating the command leads to one photo and one open hold.
#[tokio::test]
async fn i25_a_submission_that_crashes_anywhere_and_is_repeated_has_one_effect() {
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

/// I25, I6: whichever call of an inspection fails in whichever way, the next delivery ends the photo and its hold once.
#[tokio::test]
async fn i25_i6_an_inspection_that_crashes_anywhere_ends_once_after_redelivery() {
    for bytes in [b"pass", b"fail"] {
        let steps = steps_of_inspection(bytes).await;
        assert!(steps >= 5);
        for call in 0..steps {
            for fault in Fault::ALL {
                let house = House::new();
                let (number, arrival) = house.uploaded(bytes).await;
                house.store.fail(call, fault);
                let first = house.inspect(&arrival).await;
                house.advance(90);
                let again = house.inspect(&arrival).await;
                let expected = if bytes == b"pass" { ("paid", "posted") } else { ("failed", "voided") };
                assert_eq!(house.state(number).await, expected.0, "{call} {fault:?} {first:?} {again:?}");
                assert_eq!(house.hold(number), (expected.1.into(), 1), "{call} {fault:?}");
            }
        }
    }
}

/// I25, I7: a sweep that crashes anywhere is finished by the next one.
#[tokio::test]
async fn i25_i7_a_sweep_that_crashes_anywhere_is_finished_by_the_next() {
    let steps = steps_of_sweep().await;
    assert!(steps >= 3);
    for call in 0..steps {
        for fault in Fault::ALL {
            let house = House::new();
            let (number, _) = house.uploaded(b"pass").await;
            house.advance(185);
            house.store.fail(call, fault);
            let _ = house.photos.sweep().await;
            house.photos.sweep().await.unwrap();
            assert_eq!(house.state(number).await, "timed-out");
            assert_eq!(house.hold(number), ("voided".into(), 1), "{call} {fault:?}");
        }
    }
}

async fn steps_of_start() -> usize {
    let house = House::new();
    house.photos.start(owner(), submission(), "key", None).await.unwrap();
    house.store.calls()
}

async fn steps_of_sweep() -> usize {
    let house = House::new();
    house.uploaded(b"pass").await;
    house.advance(185);
    let before = house.store.calls();
    house.photos.sweep().await.unwrap();
    house.store.calls() - before
}

async fn steps_of_inspection(bytes: &[u8]) -> usize {
    let house = House::new();
    let (_, arrival) = house.uploaded(bytes).await;
    let before = house.store.calls();
    house.inspect(&arrival).await.unwrap();
    house.store.calls() - before
}
