use std::collections::BTreeMap;
use std::sync::Arc;

use app::clock::FixedClock;
use app::payments::PaymentProvider;
use app::payments::provider::{ChargeRequest, PaymentCallback, PaymentConfirmation, RawCallback, Scene};
use domain::money::Fen;
use domain::money::payment::PayCode;
use url::form_urlencoded::Serializer;

use super::*;
use crate::provider::wechat::fixtures;

fn alipay() -> Alipay {
    let settings = Settings {
        gateway: "https://openapi.example/gateway.do".into(),
        app_id: "2015102700040153".into(),
        seller_id: "2088102119685838".into(),
        private_key_pem: fixtures::text("our_private_key").into(),
        alipay_key_pem: fixtures::text("our_public_key"),
        certificates: None,
        notify_url: "https://pay.example.com/v1/notify/alipay".into(),
    };
    let clock = FixedClock::at("2024-01-15T06:25:40Z".parse().unwrap());
    Alipay::new(settings, Arc::new(clock)).unwrap()
}

fn signer() -> Signer {
    Signer::from_pem(&fixtures::text("our_private_key")).unwrap()
}

fn posted(fields: &BTreeMap<String, String>) -> RawCallback {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
    RawCallback { headers: vec![], body }
}

fn signed(change: &[(&str, &str)]) -> RawCallback {
    let mut fields = fixtures::parameters("V9");
    fields.extend(change.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    fields.insert("sign".into(), signer().sign(callback_text(&fields).as_bytes()));
    posted(&fields)
}

#[test]
fn signatures_of_requests_and_callbacks_equal_the_test_vectors() {
    let request = fixtures::parameters("V8");
    assert_eq!(request_text(&request), fixtures::of("V8", "canonical"));
    assert_eq!(signer().sign(request_text(&request).as_bytes()), fixtures::of("V8", "signature"));
    let callback = fixtures::parameters("V9");
    assert_eq!(callback_text(&callback), fixtures::of("V9", "canonical"));
    assert_eq!(signer().sign(callback_text(&callback).as_bytes()), fixtures::of("V9", "signature"));
}

#[tokio::test]
async fn verify_callback_accepts_the_documented_sample_as_a_payment() {
    let mut fields = fixtures::parameters("V9");
    fields.insert("sign".into(), fixtures::of("V9", "signature"));
    let expected = PaymentConfirmation {
        payment_no: "0719141034-6418".into(),
        provider_no: "2016071921001003030200089909".into(),
        amount: Fen::new(200),
    };
    assert_eq!(alipay().verify_callback(&posted(&fields)).await, Ok(PaymentCallback::Paid(expected)));
}

/// Covers: I19
#[tokio::test]
async fn verify_callback_rejects_forged_tampered_and_misaddressed_callbacks() {
    let mut tampered = signed(&[]);
    let text = String::from_utf8(tampered.body.clone()).unwrap();
    tampered.body = text.replace("total_amount=2.00", "total_amount=0.01").into_bytes();
    assert_ne!(tampered.body, text.as_bytes());
    let mut twice = signed(&[]);
    twice.body.extend_from_slice(b"&total_amount=2.00");
    let unsigned = fixtures::parameters("V9");
    let bad = [
        tampered,
        twice,
        posted(&unsigned),
        signed(&[("app_id", "2015102700040154")]),
        signed(&[("seller_id", "2088102119685839")]),
        signed(&[("total_amount", "2.001")]),
        signed(&[("total_amount", "-2.00")]),
        signed(&[("sign_type", "RSA")]),
        signed(&[("trade_no", "")]),
        signed(&[("trade_status", "PAID")]),
        RawCallback { headers: vec![], body: vec![0xff, b'=', 0xfe] },
    ];
    for (n, callback) in bad.iter().enumerate() {
        let read = alipay().verify_callback(callback).await;
        assert!(read.is_err(), "{n}: {read:?}");
    }
}

#[tokio::test]
async fn verify_callback_ignores_refunds_and_unpaid_trades() {
    for change in [
        [("refund_fee", "2.00")].as_slice(),
        &[("gmt_refund", "2016-07-20 10:00:00")],
        &[("trade_status", "TRADE_CLOSED")],
        &[("trade_status", "WAIT_BUYER_PAY")],
    ] {
        assert_eq!(alipay().verify_callback(&signed(change)).await, Ok(PaymentCallback::Ignored), "{change:?}");
    }
}

/// Covers: IC-73
#[tokio::test]
async fn create_for_a_page_returns_a_signed_url_with_times_in_china_time() {
    let charge = ChargeRequest {
        payment_no: "2024011513365600000001P01".into(),
        amount: Fen::new(150),
        subject: "证件数码相片质量检测".into(),
        expires_at: "2024-01-15T06:55:40Z".parse().unwrap(),
        scene: Scene::Page { return_url: Some("https://id-photo.example/orders/1".into()) },
    };
    let PayCode::Page { url } = alipay().create(&charge).await.unwrap() else { panic!("not a page") };
    let (gateway, query) = url.split_once('?').unwrap();
    assert_eq!(gateway, "https://openapi.example/gateway.do");
    let mut fields: BTreeMap<String, String> =
        url::form_urlencoded::parse(query.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let signature = fields.remove("sign").unwrap();
    assert!(signer().public_key().verifies(request_text(&fields).as_bytes(), &signature));
    assert_eq!(fields["timestamp"], "2024-01-15 14:25:40");
    let content: serde_json::Value = serde_json::from_str(&fields["biz_content"]).unwrap();
    assert_eq!(
        (content["total_amount"].as_str(), content["time_expire"].as_str()),
        (Some("1.50"), Some("2024-01-15 14:55:40"))
    );
}

#[test]
fn verified_text_accepts_only_the_exact_signed_text() {
    let part = r#"{"code":"10000", "trade_status":"TRADE_SUCCESS"}"#;
    let node = "alipay_trade_query_response";
    let sign = signer().sign(part.as_bytes());
    let response = |part: &str| format!(r#"{{"{node}":{part},"sign":"{sign}"}}"#);
    assert_eq!(alipay().verified_text(&response(part), node), Ok(part));
    let rewritten = part.replace(", ", ",");
    for bad in [
        response(&rewritten),
        format!(r#"{{"{node}":{part}}}"#),
        format!(r#"{{"{node}":{part},"sign":"{sign}","{node}":{part}}}"#),
        format!(r#"{{"error_response":{part},"sign":"{sign}"}}"#),
        "<html>".to_owned(),
    ] {
        assert!(alipay().verified_text(&bad, node).is_err(), "{bad}");
    }
}
