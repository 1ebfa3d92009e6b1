use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Break, Deed, Doer, Filter, Subject, Why, check, line, read, verify};
use crate::failure::Failure;
use crate::random::{OsRandom, Random};
use crate::store::{Change, Key, MemoryStore, Store, Table, Token};

const START: Timestamp = Timestamp::UNIX_EPOCH;

async fn note(store: &dyn Store, doer: &str, subject: &Subject, why: &str, now: Timestamp) -> bool {
    let by = Doer { by: doer.to_owned(), request_id: "r-1".to_owned() };
    let why = Why::parse(why).unwrap();
    let deed = Deed { by: &by, what: "coupon-freeze", subject: subject.clone(), why: &why, facts: json!({"fen": 150}) };
    let change = line(store, &deed, now).await.unwrap();
    store.commit(&Token::from(OsRandom.ulid(now)), vec![change]).await.is_ok()
}

/// Covers: IC-203
#[tokio::test]
async fn a_line_says_who_when_what_and_why_and_is_found_three_ways() {
    let store = MemoryStore::new();
    let (a, b) = (Subject::account("A"), Subject::account("B"));
    for n in 0..5 {
        assert!(note(&store, "staff-1", &a, "doubt", START + SignedDuration::from_secs(n)).await);
    }
    assert!(note(&store, "staff-2", &b, "refund", START + SignedDuration::from_hours(24)).await);

    let page = read(&store, &Filter::Subject(a.clone()), None, 2).await.unwrap();
    let seqs = |page: &super::Page| page.lines.iter().map(|line| line.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&page), [5, 4]);
    let page = read(&store, &Filter::Subject(a.clone()), page.next.as_deref(), 2).await.unwrap();
    assert_eq!(seqs(&page), [3, 2]);
    let page = read(&store, &Filter::Subject(a.clone()), page.next.as_deref(), 2).await.unwrap();
    assert_eq!((seqs(&page), page.next), (vec![1], None));
    let first = &page.lines[0];
    assert_eq!((first.by.as_str(), first.what.as_str(), first.why.as_str()), ("staff-1", "coupon-freeze", "doubt"));
    assert_eq!((first.at, first.request_id.as_str(), first.facts.as_str()), (START, "r-1", r#"{"fen":150}"#));

    let day = read(&store, &Filter::Day("1970-01-01".parse().unwrap()), None, 3).await.unwrap();
    assert_eq!(seqs(&day), [5, 4, 3]);
    let rest = read(&store, &Filter::Day("1970-01-01".parse().unwrap()), day.next.as_deref(), 3).await.unwrap();
    assert_eq!((seqs(&rest), rest.next), (vec![2, 1], None));
    let by = read(&store, &Filter::By("staff-2".to_owned()), None, 9).await.unwrap();
    assert_eq!((by.lines.len(), by.lines[0].subject.as_str()), (1, "account/B"));
}

/// Covers: IC-203
#[tokio::test]
async fn a_changed_a_missing_and_a_forged_line_show() {
    for spoil in ["change", "remove", "forge"] {
        let store = MemoryStore::new();
        let subject = Subject::account("A");
        for n in 0..4 {
            note(&store, "staff-1", &subject, "doubt", START + SignedDuration::from_secs(n)).await;
        }
        assert_eq!(verify(&store, &subject).await.unwrap(), None);
        let key = |seq: u64| Key::new(Table::Audit, "SUBJECT#account/A", format!("{seq:020}"));
        let change = match spoil {
            "change" => Change::update(key(2)).set("why", "none"),
            "remove" => Change::delete(key(2)),
            _ => {
                let mut row = store.get(&key(4)).await.unwrap().unwrap();
                row.insert("seq".to_owned(), 5.into());
                Change::put(key(5), row)
            }
        };
        store.apply(change).await.unwrap();
        assert_eq!(verify(&store, &subject).await.unwrap(), Some(if spoil == "forge" { 5 } else { 2 }), "{spoil}");
    }
}

/// Covers: IC-203
#[tokio::test(flavor = "multi_thread")]
async fn lines_written_at_once_do_not_fork_the_chain() {
    let store = Arc::new(MemoryStore::new());
    let subject = Subject::account("A");
    let calls: Vec<_> = (0..40)
        .map(|n| {
            let (store, subject) = (store.clone(), subject.clone());
            tokio::spawn(async move { while !note(&*store, &format!("staff-{n}"), &subject, "doubt", START).await {} })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(verify(&*store, &subject).await.unwrap(), None);
    assert_eq!(read(&*store, &Filter::Subject(subject), None, 90).await.unwrap().lines.len(), 40);
}

#[test]
fn a_reason_is_given_and_short() {
    assert_eq!(Why::parse("  "), Err(Failure::Invalid { field: "/why", code: "field-missing" }));
    assert_eq!(Why::parse(&"x".repeat(201)), Err(Failure::Invalid { field: "/why", code: "field-invalid" }));
    assert_eq!(Why::parse(" 客户要求 ").unwrap().as_str(), "客户要求");
    assert!(Subject::parse("account/A").is_some());
    for wrong in ["", "account", "account/", "/A", "account/ A"] {
        assert!(Subject::parse(wrong).is_none(), "{wrong}");
    }
}

/// Covers: IC-203
#[tokio::test]
async fn the_check_finds_a_break_in_an_old_line_of_a_subject_that_something_was_done_to_lately() {
    let store = MemoryStore::new();
    let day = |n: i64| START + SignedDuration::from_hours(24 * n);
    for (subject, days) in [("A", [0, 40]), ("B", [0, 1]), ("C", [39, 40])] {
        for n in days {
            assert!(note(&store, "staff-1", &Subject::account(subject), "doubt", day(n)).await);
        }
    }
    let date = |text: &str| text.parse().unwrap();
    let lately = async || check(&store, date("1970-02-01"), date("1970-02-28")).await.unwrap();
    let sound = lately().await;
    assert_eq!((sound.subjects, sound.broken.len()), (2, 0), "B had nothing done to it then");
    let key =
        |subject: &str, seq: u64| Key::new(Table::Audit, format!("SUBJECT#account/{subject}"), format!("{seq:020}"));
    store.apply(Change::update(key("A", 1)).set("by", "nobody")).await.unwrap();
    store.apply(Change::update(key("B", 2)).remove("why")).await.unwrap();
    let broken = |subject: &str, line| Break { subject: format!("account/{subject}"), line };
    assert_eq!(lately().await.broken, [broken("A", 1)]);
    let all = check(&store, date("1970-01-01"), date("1970-02-28")).await.unwrap();
    assert_eq!((all.subjects, all.broken), (3, vec![broken("A", 1), broken("B", 2)]));
    assert!(check(&store, date("1970-02-01"), date("1970-01-01")).await.is_err(), "backwards");
}
