//! Invoices: issuing, reversing, callbacks and faults of the provider.

use app::clock::SystemClock;
use app::invoices::{InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest};
use app::objects::{Bucket, Objects};
use app::payments::provider::ProviderError;
use app::random::OsRandom;
use cloud::provider::einvoice::EInvoices;
use domain::invoice::{Details, DetailsInput, FailureReason, Kind, State};
use domain::money::Fen;

use crate::invoice_app::{COMPANY, InvoiceTestApp, OWNER};
use crate::sandbox_process::until;

fn issue(request_no: &str) -> IssueRequest {
    let details = Details::parse(&DetailsInput { kind: Kind::Normal, tax_no: "", ..COMPANY }).unwrap();
    IssueRequest { request_no: request_no.into(), details, amount: Fen::new(750) }
}

/// Covers: IC-183, IC-178
#[tokio::test]
async fn approved_invoice_is_issued_by_callback_and_its_document_stored() {
    let app = InvoiceTestApp::start().await;
    for kind in Kind::ALL {
        let invoice = app.approved(kind).await;
        until(async || app.is(&invoice, "succeeded").await).await;
        let issued = app.invoice(&invoice).await.state.issued().cloned().unwrap();
        assert_eq!(issued.fiscal_no.len(), 20);
        let bytes = app.objects.get(Bucket::Invoices, &issued.file.key, 1 << 20).await.unwrap().unwrap();
        assert!(bytes.starts_with(b"%PDF-") && bytes.len() as u64 == issued.file.bytes);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(&issued.fiscal_no) && text.contains("3.00"), "{text}");
        let link = app::invoices::link(&app.invoicing, OWNER, &invoice.no).await.unwrap();
        assert!(link.url.starts_with(&OWNER.to_string()));
    }
    assert_eq!(app.callbacks.rejected(), 0);
}

/// Covers: I18
#[tokio::test]
async fn duplicate_callbacks_and_queries_store_one_document() {
    let app = InvoiceTestApp::start().await;
    app.sandbox.inject_fault("duplicate-callback").await;
    let invoice = app.approved(Kind::Normal).await;
    until(async || app.callbacks.acknowledged() == 2).await;
    let once = app.invoice(&invoice).await;
    for _ in 0..3 {
        app.poll_later().await;
    }
    assert_eq!(app.invoice(&invoice).await, once);
    assert_eq!((app.provider_requests().await.len(), app.callbacks.rejected()), (1, 0));
}

/// Covers: I19
#[tokio::test]
async fn invalid_callback_changes_nothing_and_the_next_query_finds_the_document() {
    let app = InvoiceTestApp::start().await;
    for fault in ["tampered-callback", "wrong-amount-callback", "wrong-merchant-callback", "stale-callback"] {
        app.sandbox.inject_fault(fault).await;
        let before = app.callbacks.rejected();
        let invoice = app.approved(Kind::Normal).await;
        until(async || app.callbacks.rejected() > before).await;
        assert!(app.is(&invoice, "issuing").await, "{fault}");
        app.poll_later().await;
        assert!(app.is(&invoice, "succeeded").await, "{fault}");
    }
}

/// Covers: IC-183
#[tokio::test]
async fn lost_callback_is_replaced_by_a_query() {
    let app = InvoiceTestApp::start().await;
    app.sandbox.inject_fault("drop-callback").await;
    let invoice = app.approved(Kind::Normal).await;
    until(async || app.provider_requests().await[0]["outcome"].is_object()).await;
    assert!(app.is(&invoice, "issuing").await);
    app.poll_later().await;
    assert!(app.is(&invoice, "succeeded").await);
}

/// Covers: IC-183
#[tokio::test]
async fn lost_or_unverifiable_response_is_an_unknown_outcome_resolved_by_a_query() {
    let app = InvoiceTestApp::start().await;
    for (fault, arrived) in [
        ("lost-answer", true),
        ("unsigned", true),
        ("forged-signature", true),
        ("tampered", true),
        ("broken", false),
        ("busy", false),
    ] {
        app.sandbox.inject_fault(fault).await;
        let before = app.provider_requests().await.len();
        let invoice = app.approved(Kind::Normal).await;
        assert_eq!(invoice.state.name(), "issuing", "{fault}: nothing is assumed");
        assert_eq!(app.provider_requests().await.len() - before, usize::from(arrived), "{fault}");
        if !arrived {
            // The query finds nothing, so the request is repeated with the same number.
            app.poll_later().await;
        }
        until(async || app.is(&invoice, "succeeded").await).await;
        assert_eq!(app.provider_requests().await.len() - before, 1, "{fault}: one document");
    }
}

/// Covers: IC-180
#[tokio::test]
async fn invoice_refused_by_the_tax_authority_fails_with_the_authoritys_reason() {
    let app = InvoiceTestApp::start().await;
    app.sandbox.inject_fault("refuse-invoice").await;
    let invoice = app.approved(Kind::Special).await;
    until(async || app.is(&invoice, "failed").await).await;
    let State::Failed { failure: FailureReason::Refused { cause }, .. } = app.invoice(&invoice).await.state else {
        panic!()
    };
    assert!(cause.contains("税务校验"), "{cause}");
}

/// Covers: IC-183
#[tokio::test]
async fn slow_request_and_lost_login_leave_the_invoice_in_progress() {
    let app = InvoiceTestApp::start().await;
    app.sandbox.inject_fault("slow-invoice").await;
    let invoice = app.approved(Kind::Normal).await;
    app.sandbox.inject_fault("disconnected").await;
    app.poll_later().await;
    app.poll_later().await;
    assert!(app.is(&invoice, "issuing").await);
    app.sandbox.advance_clock(3601).await;
    until(async || app.is(&invoice, "succeeded").await).await;
}

/// Covers: I22
#[tokio::test]
async fn reversal_cancels_the_invoice_once() {
    let app = InvoiceTestApp::start().await;
    let invoice = app.approved(Kind::Normal).await;
    until(async || app.is(&invoice, "succeeded").await).await;
    app.sandbox.inject_fault("lost-answer").await;
    app.reversing(&invoice).await;
    until(async || app.is(&invoice, "reversed").await).await;
    let State::Reversed { issued, red, .. } = app.invoice(&invoice).await.state else { panic!() };
    assert_ne!(issued.fiscal_no, red.fiscal_no);
    let again = ReversalRequest {
        request_no: format!("{}R09", invoice.no),
        fiscal_no: issued.fiscal_no,
        amount: invoice.amount_fen,
        reason: "again".into(),
    };
    let refused = app.invoicing.provider.reverse(&again).await;
    assert!(matches!(refused, Err(ProviderError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn provider_rejects_invalid_requests_duplicates_and_unknown_keys() {
    let app = InvoiceTestApp::start().await;
    let provider = &app.invoicing.provider;
    assert_eq!(provider.query("2024011513365600000077I01").await, Ok(InvoiceStatus::Absent));
    let first = issue("2024011513365600000077I01");
    provider.issue(&first).await.unwrap();
    provider.issue(&first).await.expect("a used number is not an error, because a query returns its status");
    assert_eq!(app.provider_requests().await.len(), 1);
    let unknown = provider.file("2024011513365600000078I01").await;
    assert!(matches!(unknown, Err(ProviderError::Unknown(_))), "{unknown:?}");
    let absurd = IssueRequest { amount: Fen::ZERO, ..issue("2024011513365600000079I01") };
    let refused = provider.issue(&absurd).await;
    assert!(matches!(refused, Err(ProviderError::Refused(_))), "{refused:?}");
    let mut settings = app.secret.provider.clone();
    settings.app_secret = "guess".into();
    let unauthorised = EInvoices::new(settings, std::sync::Arc::new(SystemClock), std::sync::Arc::new(OsRandom));
    let mut half = issue("2024011513365600000081I01");
    (half.details.kind, half.details.tax_no) = (Kind::Special, Details::parse(&COMPANY).unwrap().tax_no);
    let refused = provider.issue(&half).await;
    assert!(
        matches!(refused, Err(ProviderError::Refused(_))),
        "a special invoice without the buyer's bank account: {refused:?}"
    );
    let unknown = unauthorised.issue(&issue("2024011513365600000080I01")).await;
    assert!(matches!(unknown, Err(ProviderError::Unknown(_))), "{unknown:?}");
    assert_eq!(app.provider_requests().await.len(), 1, "requests with an unknown key are not recorded");
}
