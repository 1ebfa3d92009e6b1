use std::sync::Arc;

use app::clock::FixedClock;
use app::payments::provider::{InvalidSignature, PaymentCallback, RawCallback, RefundStatus};
use domain::money::Fen;
use jiff::Timestamp;
use serde_json::json;

use super::*;

const NOW: i64 = 1_624_523_846;
const SERIAL: &str = "PUB_KEY_ID_0115";
const KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";

fn settings() -> Settings {
    Settings {
        base_url: "https://api.example".into(),
        app_id: "wxd678efh567hg6787".into(),
        merchant: "1230000109".into(),
        serial: "408B07E7".into(),
        private_key_pem: fixtures::text("our_private_key").into(),
        api_v3_key: KEY.into(),
        public_key: Some((SERIAL.into(), fixtures::text("our_public_key"))),
        certificates: vec![],
        notify_url: "https://pay.example.com/v1/notify/wechat".into(),
    }
}

fn wechat() -> Wechat {
    Wechat::new(settings(), Arc::new(FixedClock::at(now()))).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// A callback as the provider would send it, signed `age` seconds ago.
fn callback(kind: &str, plain: &serde_json::Value, age: i64) -> RawCallback {
    let sealed =
        ResourceKey::new(KEY).unwrap().seal(plain.to_string().as_bytes(), "uluk4a9R25RW", "transaction", "transaction");
    let body = json!({"id": "1", "event_type": kind, "resource": sealed.unwrap()}).to_string().into_bytes();
    let timestamp = (NOW - age).to_string();
    let signer = Signer::from_pem(&fixtures::text("our_private_key")).unwrap();
    let signature = signer.sign(&response_message(&timestamp, "nonce", &body));
    let headers = [
        ("Wechatpay-Timestamp", timestamp),
        ("Wechatpay-Nonce", "nonce".into()),
        ("Wechatpay-Serial", SERIAL.into()),
        ("Wechatpay-Signature", signature),
    ];
    RawCallback { headers: headers.map(|(name, value)| (name.to_lowercase(), value)).to_vec(), body }
}

fn paid() -> serde_json::Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": "1230000109", "out_trade_no": "2024011513365600000001P01",
        "transaction_id": "4200001", "trade_state": "SUCCESS", "amount": {"total": 150, "currency": "CNY"},
    })
}

fn with(key: &str, value: serde_json::Value) -> serde_json::Value {
    let mut plain = paid();
    plain[key] = value;
    plain
}

#[test]
fn signatures_of_requests_and_responses_equal_the_test_vectors() {
    let signer = Signer::from_pem(&fixtures::text("our_private_key")).unwrap();
    for id in ["V5", "V6", "V7"] {
        assert_eq!(signer.sign(fixtures::of(id, "message").as_bytes()), fixtures::of(id, "signature"), "{id}");
    }
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let path = "/v3/pay/transactions/out-trade-no/PI20240115133656AL01?mchid=1230000109";
    assert_eq!(request_message("GET", path, 1_554_208_460, nonce, ""), fixtures::of("V6", "message"));
    let empty = response_message("1554209980", "c5ac7061fccab6bf3e254dcf98995b8c", b"");
    assert_eq!(empty, fixtures::of("V7", "message").into_bytes());
    let header = authorization("1230000109", "408B07E7", &signer, &fixtures::of("V6", "message"), 1_554_208_460, nonce);
    assert!(header.starts_with("WECHATPAY2-SHA256-RSA2048 mchid=\"1230000109\",nonce_str=\"593BEC0C"));
    assert!(header.ends_with(&format!("signature=\"{}\"", fixtures::of("V6", "signature"))));
}

#[test]
fn published_callback_verifies_only_over_its_raw_bytes() {
    let key = Verifier::from_pem(&fixtures::text("provider_public_key")).unwrap();
    let body = fixtures::of("V2", "body");
    let verifies = |body: &[u8]| {
        let message = response_message(&fixtures::of("V2", "timestamp"), &fixtures::of("V2", "nonce"), body);
        key.verifies(&message, &fixtures::of("V2", "signature"))
    };
    assert!(verifies(body.as_bytes()));
    let rewritten: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert!(!verifies(rewritten.to_string().as_bytes()));
}

#[test]
fn resource_key_opens_the_published_ciphertext_and_rejects_changes() {
    let key = ResourceKey::new(&fixtures::of("V4", "key")).unwrap();
    let sealed = key.seal(b"message", &fixtures::of("V4", "nonce"), "associatedData", "").unwrap();
    assert_eq!(sealed.ciphertext, fixtures::of("V4", "ciphertext"));
    assert_eq!(key.open(&sealed).unwrap(), b"message");
    for change in [
        Sealed { associated_data: "associateddata".into(), ..sealed.clone() },
        Sealed { nonce: "uluk4a9R25RX".into(), ..sealed.clone() },
        Sealed { nonce: "short".into(), ..sealed.clone() },
        Sealed { algorithm: "AEAD_AES_128_GCM".into(), ..sealed.clone() },
        Sealed { ciphertext: sealed.ciphertext.replacen('u', "v", 1), ..sealed.clone() },
    ] {
        assert_eq!(key.open(&change), None, "{change:?}");
    }
    assert!(ResourceKey::new("testMchAPIv3Key0").is_err(), "a key of 16 bytes belongs to another cipher");
}

#[test]
fn parse_callback_accepts_genuine_payments_and_refunds() {
    let read = wechat().parse_callback(&callback("TRANSACTION.SUCCESS", &paid(), 0), now()).unwrap();
    let PaymentCallback::Paid(confirmation) = read else { panic!("{read:?}") };
    assert_eq!((confirmation.payment_no.as_str(), confirmation.amount), ("2024011513365600000001P01", Fen::new(150)));
    let refund = json!({"mchid": "1230000109", "out_trade_no": "p", "out_refund_no": "pR", "refund_status": "SUCCESS"});
    let read = wechat().parse_callback(&callback("REFUND.SUCCESS", &refund, 0), now()).unwrap();
    let expected =
        PaymentCallback::Refund { payment_no: "p".into(), refund_no: "pR".into(), outcome: RefundStatus::Done };
    assert_eq!(read, expected);
}

/// Covers: I19
#[test]
fn parse_callback_rejects_forged_stale_and_misaddressed_callbacks() {
    let good = callback("TRANSACTION.SUCCESS", &paid(), 0);
    let without = |name: &str| RawCallback {
        headers: good.headers.iter().filter(|(key, _)| key != name).cloned().collect(),
        ..good.clone()
    };
    let instead = |name: &str, value: &str| {
        let mut callback = without(name);
        callback.headers.push((name.to_owned(), value.to_owned()));
        callback
    };
    let mut tampered = good.clone();
    tampered.body.push(b'\n');
    let mut bad = vec![
        tampered,
        instead("wechatpay-serial", "PUB_KEY_ID_OTHER"),
        instead("wechatpay-timestamp", ""),
        instead("wechatpay-timestamp", "1624523847"),
        instead("wechatpay-timestamp", "-9223372036854775808"),
        instead("wechatpay-signature", "WECHATPAY/SIGNTEST/abcdef"),
        instead("wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3"),
        callback("TRANSACTION.SUCCESS", &paid(), 300),
        callback("TRANSACTION.SUCCESS", &paid(), -300),
        callback("TRANSACTION.SUCCESS", &with("mchid", json!("1900007291")), 0),
        callback("TRANSACTION.SUCCESS", &with("appid", json!("wxother")), 0),
        callback("TRANSACTION.SUCCESS", &with("amount", json!({"total": 150, "currency": "USD"})), 0),
        callback("TRANSACTION.SUCCESS", &with("amount", json!(null)), 0),
        callback("TRANSACTION.SUCCESS", &with("transaction_id", json!("")), 0),
    ];
    bad.extend(good.headers.iter().map(|(name, _)| without(name)));
    for (n, callback) in bad.iter().enumerate() {
        let read: Result<PaymentCallback, InvalidSignature> = wechat().parse_callback(callback, now());
        assert!(read.is_err(), "{n}: {read:?}");
    }
    assert!(wechat().parse_callback(&callback("TRANSACTION.SUCCESS", &paid(), 299), now()).is_ok());
}

#[test]
fn parse_callback_ignores_other_events_and_unpaid_transactions() {
    for (kind, plain) in [
        ("SECURITY_ECHO.SUCCESS", paid()),
        ("TRANSACTION.SUCCESS", with("trade_state", json!("NOTPAY"))),
        ("TRANSACTION.SUCCESS", with("trade_state", json!("REFUND"))),
    ] {
        assert_eq!(wechat().parse_callback(&callback(kind, &plain, 0), now()), Ok(PaymentCallback::Ignored), "{kind}");
    }
}

#[test]
fn client_with_an_unusable_key_is_rejected() {
    let clock = || Arc::new(FixedClock::at(now()));
    assert!(Wechat::new(Settings { certificates: vec!["no PEM".into()], ..settings() }, clock()).is_err());
    assert!(
        Wechat::new(Settings { public_key: Some((SERIAL.into(), "no PEM".into())), ..settings() }, clock()).is_err()
    );
    assert!(Wechat::new(Settings { api_v3_key: "short".into(), ..settings() }, clock()).is_err());
    assert!(Wechat::new(Settings { private_key_pem: "".into(), ..settings() }, clock()).is_err());
}
