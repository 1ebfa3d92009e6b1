use proptest::prelude::*;

use super::*;

const MONTH: i64 = 31 * 24 * 3600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_705_296_000 + second).unwrap()
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Upload,
    Begin,
    Conclude(Outcome),
    TimeOut,
    Pay,
    Purge,
}

const EVENTS: [Event; 8] = [
    Event::Upload,
    Event::Begin,
    Event::Conclude(Outcome::Passed),
    Event::Conclude(Outcome::Failed),
    Event::Conclude(Outcome::Unreadable),
    Event::TimeOut,
    Event::Pay,
    Event::Purge,
];

fn send(photo: Photo, event: Event, now: Timestamp) -> Result<Photo, Refused> {
    match event {
        Event::Upload => photo.upload(now),
        Event::Begin => photo.begin(now),
        Event::Conclude(result) => photo.conclude(result, now),
        Event::TimeOut => photo.time_out(now),
        Event::Pay => photo.pay(now),
        Event::Purge => photo.purge(now),
    }
}

/// Every state, each with its upload (or ticket) at second 0.
fn every_state() -> Vec<Photo> {
    let inspected = |result| Inspected { uploaded_at: at(0), at: at(3), result };
    vec![
        Photo::Reserved { ticket_expires_at: at(0) },
        Photo::Uploaded { uploaded_at: at(0) },
        Photo::Inspecting { uploaded_at: at(0), began_at: at(1) },
        Photo::Passed { inspected: inspected(Outcome::Passed) },
        Photo::Failed { inspected: inspected(Outcome::Failed) },
        Photo::Unreadable { inspected: inspected(Outcome::Unreadable) },
        Photo::TimedOut { uploaded_at: at(0), timed_out_at: at(180), late: None },
        Photo::Paid { inspected: inspected(Outcome::Passed), paid_at: at(60) },
        Photo::Purged,
    ]
}

/// Checks the state that follows each state on each event, in the order of `EVENTS`; `-` stands for a refusal.
fn check(now: Timestamp, expected: [[&str; 8]; 9]) {
    for (photo, row) in every_state().into_iter().zip(expected) {
        for (event, expected) in EVENTS.into_iter().zip(row) {
            let from = photo.state();
            let outcome = send(photo.clone(), event, now);
            let found = outcome.as_ref().map_or("-", Photo::state);
            assert_eq!(found, expected, "{from} on {event:?}");
            if let Err(refused) = outcome {
                assert_eq!((refused.machine, refused.from), ("photo", from));
            }
        }
    }
}

/// Covers: IC-46
#[test]
fn every_state_on_every_event_within_the_time_limit() {
    #[rustfmt::skip]
    check(at(100), [
        /* reserved   */ ["uploaded", "-", "-", "-", "-", "-", "-", "-"],
        /* uploaded   */ ["-", "inspecting", "-", "-", "-", "-", "-", "-"],
        /* inspecting */ ["-", "inspecting", "passed", "failed", "unreadable", "-", "-", "-"],
        /* passed     */ ["-", "-", "-", "-", "-", "-", "paid", "-"],
        /* failed     */ ["-"; 8],
        /* unreadable */ ["-"; 8],
        /* timed-out  */ ["-", "-", "timed-out", "timed-out", "timed-out", "-", "-", "-"],
        /* paid       */ ["-"; 8],
        /* purged     */ ["-"; 8],
    ]);
}

/// Covers: IC-56
#[test]
fn every_state_on_every_event_at_the_time_limit() {
    #[rustfmt::skip]
    check(at(180), [
        /* reserved   */ ["uploaded", "-", "-", "-", "-", "-", "-", "-"],
        /* uploaded   */ ["-", "-", "timed-out", "timed-out", "timed-out", "timed-out", "-", "-"],
        /* inspecting */ ["-", "-", "timed-out", "timed-out", "timed-out", "timed-out", "-", "-"],
        /* passed     */ ["-", "-", "-", "-", "-", "-", "paid", "-"],
        /* failed     */ ["-"; 8],
        /* unreadable */ ["-"; 8],
        /* timed-out  */ ["-", "-", "timed-out", "timed-out", "timed-out", "-", "-", "-"],
        /* paid       */ ["-"; 8],
        /* purged     */ ["-"; 8],
    ]);
}

/// Covers: IC-124
#[test]
fn only_ended_photos_are_purged_after_six_months() {
    for photo in every_state() {
        let kept = matches!(photo, Photo::Uploaded { .. } | Photo::Inspecting { .. } | Photo::Purged);
        assert_eq!(photo.clone().purge(at(6 * MONTH)).is_err(), kept, "{}", photo.state());
    }
    let paid = Photo::Paid {
        inspected: Inspected { uploaded_at: at(0), at: at(3), result: Outcome::Passed },
        paid_at: at(MONTH),
    };
    assert!(paid.clone().purge(at(6 * MONTH)).is_err(), "the six months of a paid photo count from the payment");
    assert!(paid.purge(at(7 * MONTH)).is_ok());
}

/// Covers: I9
#[test]
fn late_result_is_kept_once_and_cannot_be_paid() {
    let inspecting = Photo::Inspecting { uploaded_at: at(0), began_at: at(170) };
    let late = inspecting.conclude(Outcome::Passed, at(181)).unwrap();
    let Photo::TimedOut { timed_out_at, late: Some(inspected), .. } = late.clone() else { panic!("{late:?}") };
    assert_eq!((timed_out_at, inspected.at, inspected.result), (at(180), at(181), Outcome::Passed));
    assert!(late.clone().pay(at(182)).is_err());
    assert!(late.conclude(Outcome::Failed, at(183)).is_err());
}

proptest! {
    /// For any sequence of events: only a photo that passed before its deadline can be paid, an ended photo never gets
    /// another result, and every photo has a due time until it is purged.
    ///
    /// Covers: I10
    #[test]
    fn only_photos_that_passed_before_the_deadline_are_paid(steps in prop::collection::vec((0_usize..8, 0_i64..120), 1..40)) {
        let mut photo = Photo::Reserved { ticket_expires_at: at(300) };
        let mut now = at(0);
        let mut first_result = None;
        for (event, seconds) in steps {
            now += SignedDuration::from_secs(seconds);
            if let Ok(next) = send(photo.clone(), EVENTS[event], now) {
                photo = next;
            }
            if let Some(inspected) = photo.inspected() {
                prop_assert!(inspected.at < inspected.uploaded_at + TIME_LIMIT);
                prop_assert_eq!(first_result.get_or_insert_with(|| inspected.clone()), inspected);
            }
            if let Photo::Paid { inspected, .. } = &photo {
                prop_assert_eq!(inspected.result, Outcome::Passed);
            }
            prop_assert!(photo.due_at().is_some() || photo == Photo::Purged);
        }
    }
}
