//! The real client against the provider's wire protocol, on good days and bad, without a cloud.

use crate::bureau::{Bureau, COMPANY, OWNER};
use app::clock::SystemClock;
use app::invoices::{Found, InvoiceProvider, Issue, Reversal};
use app::objects::{Bucket, Objects};
use app::payments::provider::Trouble;
use app::random::OsRandom;
use cloud::provider::einvoice::EInvoices;
use domain::invoice::{Details, Kind, State, Why, Written};
use domain::money::Fen;

fn issue(request_no: &str) -> Issue {
    let details = Details::parse(&Written { kind: Kind::Normal, tax_no: "", ..COMPANY }).unwrap();
    Issue { request_no: request_no.into(), details, amount: Fen::new(750) }
}

/// Covers: IC-183, IC-178
#[tokio::test]
async fn issued_told_by_callback_and_the_document_kept() {
    let bureau = Bureau::open().await;
    for kind in Kind::ALL {
        let invoice = bureau.approved(kind).await;
        bureau.until(async || bureau.is(&invoice, "succeeded").await).await;
        let issued = bureau.invoice(&invoice).await.state.issued().cloned().unwrap();
        assert_eq!(issued.fiscal_no.len(), 20);
        let bytes = bureau.shelf.get(Bucket::Invoices, &issued.file.key, 1 << 20).await.unwrap().unwrap();
        assert!(bytes.starts_with(b"%PDF-") && bytes.len() as u64 == issued.file.bytes);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(&issued.fiscal_no) && text.contains("3.00"), "{text}");
        let link = app::invoices::link(&bureau.invoicing, OWNER, &invoice.no).await.unwrap();
        assert!(link.url.starts_with(OWNER));
    }
    assert_eq!(bureau.refused(), 0);
}

/// Covers: I18
#[tokio::test]
async fn a_duplicated_callback_and_many_questions_are_one_document() {
    let bureau = Bureau::open().await;
    bureau.fault("duplicate-notice").await;
    let invoice = bureau.approved(Kind::Normal).await;
    bureau.until(async || bureau.taken() == 2).await;
    let once = bureau.invoice(&invoice).await;
    for _ in 0..3 {
        bureau.ask_later().await;
    }
    assert_eq!(bureau.invoice(&invoice).await, once);
    assert_eq!((bureau.provider_books().await.len(), bureau.refused()), (1, 0));
}

/// Covers: I19
#[tokio::test]
async fn no_bad_callback_changes_anything_and_the_question_still_finds_the_document() {
    let bureau = Bureau::open().await;
    for fault in ["tampered-notice", "wrong-amount-notice", "wrong-merchant-notice", "stale-notice"] {
        bureau.fault(fault).await;
        let refused = bureau.refused();
        let invoice = bureau.approved(Kind::Normal).await;
        bureau.until(async || bureau.refused() > refused).await;
        assert!(bureau.is(&invoice, "issuing").await, "{fault}");
        bureau.ask_later().await;
        assert!(bureau.is(&invoice, "succeeded").await, "{fault}");
    }
}

/// Covers: IC-183
#[tokio::test]
async fn a_lost_callback_is_asked_for() {
    let bureau = Bureau::open().await;
    bureau.fault("drop-notice").await;
    let invoice = bureau.approved(Kind::Normal).await;
    bureau.until(async || bureau.provider_books().await[0]["outcome"].is_object()).await;
    assert!(bureau.is(&invoice, "issuing").await);
    bureau.ask_later().await;
    assert!(bureau.is(&invoice, "succeeded").await);
}

/// Covers: IC-183
#[tokio::test]
async fn an_answer_that_is_lost_late_or_not_the_providers_is_an_unknown_outcome() {
    let bureau = Bureau::open().await;
    for (fault, arrived) in [
        ("lost-answer", true),
        ("unsigned", true),
        ("forged", true),
        ("tampered", true),
        ("broken", false),
        ("busy", false),
    ] {
        bureau.fault(fault).await;
        let before = bureau.provider_books().await.len();
        let invoice = bureau.approved(Kind::Normal).await;
        assert_eq!(invoice.state.name(), "issuing", "{fault}: nothing is assumed");
        assert_eq!(bureau.provider_books().await.len() - before, usize::from(arrived), "{fault}");
        if !arrived {
            // Asked for, never heard of, sent again under the same number.
            bureau.ask_later().await;
        }
        bureau.until(async || bureau.is(&invoice, "succeeded").await).await;
        assert_eq!(bureau.provider_books().await.len() - before, 1, "{fault}: one document");
    }
}

/// Covers: IC-180
#[tokio::test]
async fn what_the_tax_authority_refuses_has_failed_with_its_words_for_the_staff() {
    let bureau = Bureau::open().await;
    bureau.fault("refuse-invoice").await;
    let invoice = bureau.approved(Kind::Special).await;
    bureau.until(async || bureau.is(&invoice, "failed").await).await;
    let State::Failed { why: Why::Refused { cause }, .. } = bureau.invoice(&invoice).await.state else { panic!() };
    assert!(cause.contains("税务校验"), "{cause}");
}

/// Covers: IC-183
#[tokio::test]
async fn a_slow_day_is_waited_for_and_a_dropped_login_is_no_refusal() {
    let bureau = Bureau::open().await;
    bureau.fault("slow-invoice").await;
    let invoice = bureau.approved(Kind::Normal).await;
    bureau.fault("disconnected").await;
    bureau.ask_later().await;
    bureau.ask_later().await;
    assert!(bureau.is(&invoice, "issuing").await);
    bureau.provider_waits(3601).await;
    bureau.until(async || bureau.is(&invoice, "succeeded").await).await;
}

/// Covers: I22
#[tokio::test]
async fn a_red_invoice_takes_the_blue_one_back_once() {
    let bureau = Bureau::open().await;
    let invoice = bureau.approved(Kind::Normal).await;
    bureau.until(async || bureau.is(&invoice, "succeeded").await).await;
    bureau.fault("lost-answer").await;
    bureau.reversing(&invoice).await;
    bureau.until(async || bureau.is(&invoice, "reversed").await).await;
    let State::Reversed { issued, red, .. } = bureau.invoice(&invoice).await.state else { panic!() };
    assert_ne!(issued.fiscal_no, red.fiscal_no);
    let again = Reversal {
        request_no: format!("{}R09", invoice.no),
        fiscal_no: issued.fiscal_no,
        amount: invoice.amount_fen,
        reason: "again".into(),
    };
    let refused = bureau.invoicing.provider.reverse(&again).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn the_provider_is_strict_about_numbers_keys_and_what_it_never_heard_of() {
    let bureau = Bureau::open().await;
    let provider = &bureau.invoicing.provider;
    assert_eq!(provider.query("2024011513365600000077I01").await, Ok(Found::Absent));
    let first = issue("2024011513365600000077I01");
    provider.issue(&first).await.unwrap();
    provider.issue(&first).await.expect("a used number is no failure: asking tells");
    assert_eq!(bureau.provider_books().await.len(), 1);
    let unknown = provider.file("2024011513365600000078I01").await;
    assert!(matches!(unknown, Err(Trouble::Unknown(_))), "{unknown:?}");
    let absurd = Issue { amount: Fen::ZERO, ..issue("2024011513365600000079I01") };
    let refused = provider.issue(&absurd).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
    let mut settings = bureau.secret.provider.clone();
    settings.app_secret = "guess".into();
    let stranger = EInvoices::new(settings, std::sync::Arc::new(SystemClock), std::sync::Arc::new(OsRandom));
    let mut half = issue("2024011513365600000081I01");
    (half.details.kind, half.details.tax_no) = (Kind::Special, Details::parse(&COMPANY).unwrap().tax_no);
    let refused = provider.issue(&half).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "a special invoice without the company's bank: {refused:?}");
    let unknown = stranger.issue(&issue("2024011513365600000080I01")).await;
    assert!(matches!(unknown, Err(Trouble::Unknown(_))), "{unknown:?}");
    assert_eq!(bureau.provider_books().await.len(), 1, "nothing of the strangers");
}
