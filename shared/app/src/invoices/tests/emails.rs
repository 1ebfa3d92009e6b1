//! What the customer is written, and when.

use super::house::{House, PAGE, person, special};

/// Of all letters, the one whose subject says this.
fn one(house: &House, head: &str) -> String {
    let mut letters: Vec<_> = house.letters().into_iter().filter(|letter| letter.subject.contains(head)).collect();
    assert_eq!(letters.len(), 1, "{head}");
    let letter = letters.remove(0);
    assert_eq!(letter.to, "buyer@example.cn");
    letter.text
}

/// Covers: IC-183
#[tokio::test]
async fn who_applied_is_written_that_it_was_issued_and_that_it_was_reversed_once() {
    let house = House::new();
    let paid = house.paid(person(1), 5).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issuing = house.approve(&invoice, "approve").await.unwrap();
    assert_eq!(house.letters(), [], "there is nothing to say yet");
    let request_no = issuing.request_no().unwrap();
    house.office.work();
    for _ in 0..3 {
        house.notify(&request_no).await.unwrap();
    }
    let issued = house.invoice(&invoice).await.state.issued().unwrap().fiscal_no.clone();
    let text = one(&house, "发票已开具");
    for part in
        [issued.as_str(), invoice.no.as_str(), "7.5元", "CNY 7.50", &format!("{PAGE}/me/invoices/{}", invoice.no)]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("某某公司"), "nothing of the form is told to a mailbox");
    house.reverse(&invoice, "订单退款", "reverse").await.unwrap();
    assert_eq!(house.letters().len(), 1, "not before it is done");
    house.settle_down().await;
    assert!(one(&house, "发票已冲红").contains(&issued));
}

/// Covers: IC-183
#[tokio::test]
async fn who_applied_is_written_why_it_was_rejected_and_that_it_was_refused() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    house.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    house.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    assert_eq!(one(&house, "发票申请未通过").matches("抬头与税号不符").count(), 2, "in both languages");
    house.amend(&invoice, &special(), "amend").await.unwrap();
    house.office.set_refusing(true);
    house.approve(&invoice, "approve").await.unwrap();
    house.settle_down().await;
    let text = one(&house, "发票开具失败");
    assert!(!text.contains("：no"), "the provider's own words are for staff: {text}");
    assert_eq!(house.letters().len(), 2);
}

/// Covers: IC-179, IC-182
#[tokio::test]
async fn who_withdraws_is_written_nothing_and_a_reversal_that_fails_is_no_news() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let withdrawn = house.apply(person(1), &paid[..1], "one").await.unwrap();
    house.withdraw(&withdrawn).await.unwrap();
    assert_eq!(house.letters(), []);
    let invoice = house.apply(person(1), &paid[1..], "two").await.unwrap();
    house.issued(&invoice).await;
    house.office.set_refusing(true);
    house.reverse(&invoice, "订单退款", "reverse").await.unwrap();
    house.settle_down().await;
    assert_eq!(house.invoice(&invoice).await.state.name(), "succeeded");
    assert_eq!(house.letters().len(), 1);
}
