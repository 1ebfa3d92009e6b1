//! The e-mails to the customer.

use super::test_app::{InvoiceTestApp, PAGE, customer, special};

/// The text of the only e-mail whose subject contains `head`.
fn one(app: &InvoiceTestApp, head: &str) -> String {
    let mut letters: Vec<_> = app.emails().into_iter().filter(|letter| letter.subject.contains(head)).collect();
    assert_eq!(letters.len(), 1, "{head}");
    let letter = letters.remove(0);
    assert_eq!(letter.to, "buyer@example.cn");
    letter.text
}

/// Covers: IC-183
#[tokio::test]
async fn customer_gets_one_email_when_issued_and_one_when_reversed() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 5).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issuing = app.approve(&invoice, "approve").await.unwrap();
    assert_eq!(app.emails(), [], "no e-mail before a result");
    let request_no = issuing.request_no().unwrap();
    app.provider.work();
    for _ in 0..3 {
        app.notify(&request_no).await.unwrap();
    }
    let issued = app.invoice(&invoice).await.state.issued().unwrap().fiscal_no.clone();
    let text = one(&app, "发票已开具");
    for part in
        [issued.as_str(), invoice.no.as_str(), "7.5元", "CNY 7.50", &format!("{PAGE}/me/invoices/{}", invoice.no)]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("某某公司"), "no personal data in an e-mail");
    app.reverse(&invoice, "订单退款", "reverse").await.unwrap();
    assert_eq!(app.emails().len(), 1, "no e-mail before the reversal is done");
    app.run_until_settled().await;
    assert!(one(&app, "发票已冲红").contains(&issued));
}

/// Covers: IC-183
#[tokio::test]
async fn customer_gets_an_email_when_rejected_and_when_refused() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    app.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    app.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    assert_eq!(one(&app, "发票申请未通过").matches("抬头与税号不符").count(), 2, "in both languages");
    app.amend(&invoice, &special(), "amend").await.unwrap();
    app.provider.set_refusing(true);
    app.approve(&invoice, "approve").await.unwrap();
    app.run_until_settled().await;
    let text = one(&app, "发票开具失败");
    assert!(!text.contains("：no"), "the cause of the provider is only for staff: {text}");
    assert_eq!(app.emails().len(), 2);
}

/// Covers: IC-179, IC-182
#[tokio::test]
async fn customer_gets_no_email_for_a_withdrawal_or_a_refused_reversal() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let withdrawn = app.apply(customer(1), &paid[..1], "one").await.unwrap();
    app.withdraw(&withdrawn).await.unwrap();
    assert_eq!(app.emails(), []);
    let invoice = app.apply(customer(1), &paid[1..], "two").await.unwrap();
    app.issued(&invoice).await;
    app.provider.set_refusing(true);
    app.reverse(&invoice, "订单退款", "reverse").await.unwrap();
    app.run_until_settled().await;
    assert_eq!(app.invoice(&invoice).await.state.name(), "succeeded");
    assert_eq!(app.emails().len(), 1);
}
