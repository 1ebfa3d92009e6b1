use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{AuditAction, AuditActor, BrokenChain, Filter, Page, Reason, Subject, check, entry, read, verify};
use crate::failure::Failure;
use crate::random::{OsRandom, Random};
use crate::store::{Change, Key, MemoryStore, Store, Table, Token};

const START: Timestamp = Timestamp::UNIX_EPOCH;

/// Writes one entry; `false` when a concurrent entry about the same subject won.
async fn write(store: &dyn Store, actor: &str, subject: &Subject, why: &str, now: Timestamp) -> bool {
    let by = AuditActor { id: actor.to_owned(), request_id: "r-1".to_owned() };
    let why = Reason::parse(why).unwrap();
    let facts = json!({"fen": 150});
    let action = AuditAction { by: &by, what: "coupon-freeze", subject: subject.clone(), why: &why, facts };
    let change = entry(store, &action, now).await.unwrap();
    store.commit(&Token::from(OsRandom.ulid(now)), vec![change]).await.is_ok()
}

fn entry_key(subject: &str, seq: u64) -> Key {
    Key::new(Table::Audit, format!("SUBJECT#account/{subject}"), format!("{seq:020}"))
}

/// Covers: IC-203
#[tokio::test]
async fn entry_is_found_by_subject_by_day_and_by_actor_page_by_page() {
    let store = MemoryStore::new();
    let (a, b) = (Subject::account("A"), Subject::account("B"));
    for n in 0..5 {
        assert!(write(&store, "staff-1", &a, "doubt", START + SignedDuration::from_secs(n)).await);
    }
    assert!(write(&store, "staff-2", &b, "refund", START + SignedDuration::from_hours(24)).await);

    let page = read(&store, &Filter::Subject(a.clone()), None, 2).await.unwrap();
    let seqs = |page: &Page| page.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&page), [5, 4]);
    let page = read(&store, &Filter::Subject(a.clone()), page.next.as_deref(), 2).await.unwrap();
    assert_eq!(seqs(&page), [3, 2]);
    let page = read(&store, &Filter::Subject(a.clone()), page.next.as_deref(), 2).await.unwrap();
    assert_eq!((seqs(&page), page.next), (vec![1], None));
    let first = &page.entries[0];
    assert_eq!((first.by.as_str(), first.what.as_str(), first.why.as_str()), ("staff-1", "coupon-freeze", "doubt"));
    assert_eq!((first.at, first.request_id.as_str(), first.facts.as_str()), (START, "r-1", r#"{"fen":150}"#));

    let day = read(&store, &Filter::Day("1970-01-01".parse().unwrap()), None, 3).await.unwrap();
    assert_eq!(seqs(&day), [5, 4, 3]);
    let rest = read(&store, &Filter::Day("1970-01-01".parse().unwrap()), day.next.as_deref(), 3).await.unwrap();
    assert_eq!((seqs(&rest), rest.next), (vec![2, 1], None));
    let by = read(&store, &Filter::By("staff-2".to_owned()), None, 9).await.unwrap();
    assert_eq!((by.entries.len(), by.entries[0].subject.as_str()), (1, "account/B"));
}

/// Covers: IC-203
#[tokio::test]
async fn changed_removed_or_forged_entry_breaks_its_chain() {
    for tampering in ["change", "remove", "forge"] {
        let store = MemoryStore::new();
        let subject = Subject::account("A");
        for n in 0..4 {
            write(&store, "staff-1", &subject, "doubt", START + SignedDuration::from_secs(n)).await;
        }
        assert_eq!(verify(&store, &subject).await.unwrap(), None);
        let change = match tampering {
            "change" => Change::update(entry_key("A", 2)).set("why", "none"),
            "remove" => Change::delete(entry_key("A", 2)),
            _ => {
                let mut row = store.get(&entry_key("A", 4)).await.unwrap().unwrap();
                row.insert("seq".to_owned(), 5.into());
                Change::put(entry_key("A", 5), row)
            }
        };
        store.apply(change).await.unwrap();
        let expected = if tampering == "forge" { 5 } else { 2 };
        assert_eq!(verify(&store, &subject).await.unwrap(), Some(expected), "{tampering}");
    }
}

/// Covers: IC-203
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_entries_about_one_subject_form_one_chain() {
    let store = Arc::new(MemoryStore::new());
    let subject = Subject::account("A");
    let calls: Vec<_> = (0..40)
        .map(|n| {
            let (store, subject) = (store.clone(), subject.clone());
            tokio::spawn(async move { while !write(&*store, &format!("staff-{n}"), &subject, "doubt", START).await {} })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(verify(&*store, &subject).await.unwrap(), None);
    assert_eq!(read(&*store, &Filter::Subject(subject), None, 90).await.unwrap().entries.len(), 40);
}

#[test]
fn reason_must_have_one_to_two_hundred_characters_and_a_subject_a_kind_and_an_id() {
    assert_eq!(Reason::parse("  "), Err(Failure::Invalid { field: "/why", code: "field-missing" }));
    assert_eq!(Reason::parse(&"x".repeat(201)), Err(Failure::Invalid { field: "/why", code: "field-invalid" }));
    assert_eq!(Reason::parse(" 客户要求 ").unwrap().as_str(), "客户要求");
    assert!(Subject::parse("account/A").is_some());
    for wrong in ["", "account", "account/", "/A", "account/ A"] {
        assert!(Subject::parse(wrong).is_none(), "{wrong}");
    }
}

/// Covers: IC-203
#[tokio::test]
async fn check_of_some_days_finds_a_broken_old_entry_of_a_chain_that_grew_in_them() {
    let store = MemoryStore::new();
    let day = |n: i64| START + SignedDuration::from_hours(24 * n);
    for (subject, days) in [("A", [0, 40]), ("B", [0, 1]), ("C", [39, 40])] {
        for n in days {
            assert!(write(&store, "staff-1", &Subject::account(subject), "doubt", day(n)).await);
        }
    }
    let date = |text: &str| text.parse().unwrap();
    let check_february = async || check(&store, date("1970-02-01"), date("1970-02-28")).await.unwrap();
    let intact = check_february().await;
    assert_eq!((intact.subjects, intact.broken.len()), (2, 0), "B has no entry in February");
    store.apply(Change::update(entry_key("A", 1)).set("by", "another")).await.unwrap();
    store.apply(Change::update(entry_key("B", 2)).remove("why")).await.unwrap();
    let broken = |subject: &str, entry| BrokenChain { subject: format!("account/{subject}"), entry };
    assert_eq!(check_february().await.broken, [broken("A", 1)]);
    let all = check(&store, date("1970-01-01"), date("1970-02-28")).await.unwrap();
    assert_eq!((all.subjects, all.broken), (3, vec![broken("A", 1), broken("B", 2)]));
    assert!(check(&store, date("1970-02-01"), date("1970-01-01")).await.is_err(), "the last day is before the first");
}
