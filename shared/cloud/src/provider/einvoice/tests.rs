use app::clock::SystemClock;
use app::invoices::{InvoiceProvider, InvoiceStatus};
use app::payments::provider::RawCallback;
use app::random::OsRandom;
use domain::invoice::{BuyerInput, Details, DetailsInput, Kind};
use domain::money::Fen;
use jiff::Timestamp;
use serde_json::json;

use super::*;

fn settings() -> Settings {
    Settings {
        base_url: "http://127.0.0.1:1".into(),
        app_key: "app".into(),
        app_secret: "secret".into(),
        seller_name: "检测中心".into(),
        seller_tax_no: "91350100M000100Y43".into(),
        goods_name: "相片检测服务".into(),
        tax_rate: "0.06".into(),
        notify_url: "http://127.0.0.1:1/notices".into(),
    }
}

fn client() -> EInvoices {
    EInvoices::new(settings(), Arc::new(SystemClock), Arc::new(OsRandom))
}

fn callback(body: &serde_json::Value, at_s: i64, secret: &str) -> RawCallback {
    let (body, at) = (body.to_string().into_bytes(), at_s.to_string());
    let signature = sign(secret, &callback_text("app", &at, "nonce", &body));
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("x-app-key", "app"),
        header("x-timestamp", &at),
        header("x-nonce", "nonce"),
        header("x-signature", &signature),
    ];
    RawCallback { headers, body }
}

fn done() -> serde_json::Value {
    json!({"orderNo": "2024011513365600000077I01", "status": 2, "invoiceNum": "24442000000000000001",
           "invoiceTime": "2024-01-15 13:36:56", "orderTotal": "7.50"})
}

/// Computed with Python's hmac and hashlib.
#[test]
fn request_signature_is_hmac_sha256_over_five_lines() {
    let text = request_text("POST", "/v1/invoices/query", "1705296000", "n0nce", br#"{"orderNo":"1"}"#);
    assert_eq!(text.lines().count(), 5);
    assert_eq!(sign("secret", &text), "cNLnch2kuQiwG/v+aR346eEE2tjQ+uZ48O+W51oAwto=");
    assert!(verifies("secret", &text, &sign("secret", &text)));
    assert!(!verifies("other", &text, &sign("secret", &text)));
    assert!(!verifies("secret", &text, "not base64"));
}

/// Covers: IC-183
#[tokio::test]
async fn verify_callback_accepts_a_genuine_callback_and_reads_china_time() {
    let now = Timestamp::now().as_second();
    let read = client().verify_callback(&callback(&done(), now, "secret")).await.unwrap();
    assert_eq!(read.request_no, "2024011513365600000077I01");
    let InvoiceStatus::Done(document) = read.status else { panic!("{read:?}") };
    assert_eq!((document.fiscal_no.as_str(), document.amount), ("24442000000000000001", Fen::new(750)));
    assert_eq!(document.issued_at.to_string(), "2024-01-15T05:36:56Z");
}

/// Covers: I19
#[tokio::test]
async fn verify_callback_rejects_forged_stale_changed_and_misaddressed_callbacks() {
    let now = Timestamp::now().as_second();
    let good = || callback(&done(), now, "secret");
    let mut changed = good();
    changed.body = String::from_utf8(changed.body).unwrap().replace("7.50", "0.01").into_bytes();
    let mut foreign = good();
    foreign.headers[0].1 = "another".into();
    let mut bare = good();
    bare.headers.pop();
    for bad in [callback(&done(), now, "guess"), callback(&done(), now - 301, "secret"), changed, foreign, bare] {
        assert!(client().verify_callback(&bad).await.is_err(), "{bad:?}");
    }
    assert!(client().verify_callback(&callback(&done(), now - 290, "secret")).await.is_ok());
}

#[test]
fn query_status_maps_every_known_number_and_rejects_unknown_ones() {
    let found = |status: u8, disconnected: bool| {
        let mut data = done();
        (data["status"], data["disconnFlag"], data["statusMsg"]) =
            (status.into(), disconnected.into(), "抬头有误".into());
        serde_json::from_value::<QueryData>(data).map_err(|error| error.to_string())?.status()
    };
    for status in [0, 1, 6, 7] {
        assert_eq!(found(status, false), Ok(InvoiceStatus::Running), "{status}");
    }
    for status in [3, 9] {
        assert_eq!(found(status, false), Ok(InvoiceStatus::Refused("抬头有误".into())), "{status}");
        assert_eq!(
            found(status, true),
            Ok(InvoiceStatus::Running),
            "{status}: after a lost login the request continues"
        );
    }
    for status in [2, 8] {
        assert!(matches!(found(status, false), Ok(InvoiceStatus::Done(_))), "{status}");
    }
    assert!(found(4, false).is_err() && found(5, false).is_err() && found(10, false).is_err());
}

#[test]
fn document_without_a_valid_number_time_or_amount_is_rejected() {
    for (field, value) in [
        ("invoiceNum", json!(null)),
        ("invoiceNum", json!("2444200000000000000")),
        ("invoiceNum", json!("2444200000000000000x")),
        ("invoiceTime", json!("yesterday")),
        ("orderTotal", json!("7,50")),
    ] {
        let mut data = done();
        data[field] = value;
        assert!(serde_json::from_value::<QueryData>(data.clone()).unwrap().status().is_err(), "{data}");
    }
    let mut red = done();
    (red["status"], red["orderTotal"]) = (8.into(), "-7.50".into());
    let Ok(InvoiceStatus::Done(document)) = serde_json::from_value::<QueryData>(red).unwrap().status() else {
        panic!()
    };
    assert_eq!(document.amount, Fen::new(750), "the amount of a red invoice is not negative");
}

/// Covers: IC-135
#[test]
fn issue_request_contains_the_buyers_details_and_no_email_address() {
    let written = DetailsInput {
        kind: Kind::Special,
        title: "某某公司",
        tax_no: "91350100M000100Y43",
        buyer: BuyerInput {
            address: "深圳市福田区深南大道 1 号",
            phone: "0755-12345678",
            bank: "招商银行深圳分行",
            account: "755920304010501",
        },
        remark: "加急",
        email: "buyer@example.cn",
    };
    let details = Details::parse(&written).unwrap();
    let body = IssueBody::of(&settings(), "2024011513365600000077I01", &details, Fen::new(750));
    let body = serde_json::to_value(&body).unwrap();
    assert_eq!((&body["invoiceType"], &body["orderTotal"]), (&json!("special"), &json!("7.50")));
    assert_eq!(body["details"][0]["taxIncludedAmount"], "7.50");
    let buyer =
        ["buyerAddress", "buyerTel", "buyerBankName", "buyerBankAccount"].map(|field| body[field].as_str().unwrap());
    assert_eq!(buyer, [written.buyer.address, written.buyer.phone, written.buyer.bank, written.buyer.account]);
    assert!(!body.to_string().contains("buyer@"), "the provider must not send e-mails to the buyer");
}

#[test]
fn debug_output_of_settings_and_client_contains_no_secret() {
    assert!(!format!("{:?} {:?}", settings(), client()).contains("\"secret\""));
}
