//! Receipts: when they exist, what they contain, their validity, and the end of a photo's retention.

use std::path::Path;
use std::process::Command;

use domain::china_time::text;
use domain::receipt::valid_until;
use jiff::Timestamp;
use journeys::{Client, TestStack};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixtures::{failing_jpeg, paid_photo, passed_photo};

fn receipt_path(number: &str) -> String {
    format!("/v1/photos/{number}/receipt")
}

async fn receipt(stack: &TestStack, client: &Client, number: &str) -> Value {
    let response = stack.get(client, &receipt_path(number)).await;
    assert_eq!(response.status, 200, "{}", response.body);
    response.body
}

/// The state that the public check of a receipt reports.
async fn public_state(stack: &TestStack, url: &str) -> String {
    let token = url.rsplit('/').next().unwrap();
    let response = stack.send(None, Method::GET, &format!("/v1/public/receipts/{token}"), &[], None).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let known = ["state", "stateText", "imageNo", "validUntil"];
    let fields = response.body.as_object().unwrap();
    assert!(fields.keys().all(|key| known.contains(&key.as_str())), "it shows nothing else: {fields:?}");
    fields["state"].as_str().unwrap().to_owned()
}

/// Covers: IC-80, IC-120
#[tokio::test(flavor = "multi_thread")]
async fn unpaid_and_failed_photos_have_no_receipt_and_no_download() {
    let stack = TestStack::shared().await;
    let client = stack.register("no-receipt").await;
    let passed = passed_photo(&stack, &client, "passed").await;
    let failed = stack.submit_photo(&client, "failed", &failing_jpeg()).await;
    assert_eq!(stack.inspected(&client, &failed).await["state"], "failed");
    for (number, code) in [(&passed, "photo-not-paid"), (&failed, "photo-not-passed")] {
        for end in ["receipt", "receipt.pdf"] {
            let response = stack.get(&client, &format!("/v1/photos/{number}/{end}")).await;
            assert_eq!(response.problem(), (403, code), "{end}: {}", response.body);
        }
    }
    let link = stack.get(&client, &format!("/v1/photos/{passed}/standard-photo")).await;
    assert_eq!(link.status, 409, "there is no link before the payment");
}

/// Covers: IC-113, IC-121, IC-122
#[tokio::test(flavor = "multi_thread")]
async fn photo_list_is_filtered_by_state_payment_card_number_and_day() {
    let stack = TestStack::shared().await;
    let (client, paid) = paid_photo(&stack, "photo-list").await;
    let unpaid = passed_photo(&stack, &client, "unpaid").await;
    let failed = stack.submit_photo(&client, "failed", &failing_jpeg()).await;
    stack.inspected(&client, &failed).await;
    let found = async |query: &str| {
        let response = stack.get(&client, &format!("/v1/photos?{query}")).await;
        assert_eq!(response.status, 200, "{query}: {}", response.body);
        let items = response.body["items"].as_array().unwrap().clone();
        items.iter().map(|photo| photo["imageNo"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("state=passed&paid=false").await, [unpaid.as_str()]);
    assert_eq!(found("paid=true").await, [paid.as_str()]);
    assert_eq!(found("state=failed").await, [failed.as_str()]);
    assert_eq!(found("card=driving-licence").await.len(), 0);
    assert_eq!(found(&format!("imageNo={}", paid.to_lowercase())).await, [paid.as_str()]);
    let today = text(Timestamp::now())[..10].to_owned();
    assert_eq!(found(&format!("from={today}&to={today}")).await.len(), 3, "both days are included");
    let first = stack.get(&client, "/v1/photos?limit=2").await.body;
    let next = first["nextCursor"].as_str().unwrap().replace('#', "%23");
    let rest = found(&format!("limit=2&cursor={next}")).await;
    assert_eq!((first["items"].as_array().unwrap().len(), rest.len()), (2, 1));
    let mistyped = stack.get(&client, "/v1/photos?imageNo=AX200166498").await;
    assert_eq!(mistyped.body["title"], "图像号有误");
}

/// Covers: IC-82, IC-83, IC-84, IC-87, IC-88, IC-91, IC-93, IC-94, IC-95
#[tokio::test(flavor = "multi_thread")]
async fn receipt_contains_what_the_manual_prints() {
    let stack = TestStack::shared().await;
    let (client, number) = paid_photo(&stack, "receipt").await;
    let receipt = receipt(&stack, &client, &number).await;
    let photo = stack.get(&client, &format!("/v1/photos/{number}")).await.body;
    assert_eq!(receipt["title"], "广东省居民身份证数字相片采集回执");
    let sentence = receipt["conformity"].as_str().unwrap();
    assert!(sentence.contains(&number) && sentence.contains("《GA461-2004居民身份证制证用数字相片技术要求》"));
    assert_eq!(receipt["validity"], "（本回执及数字相片90天内有效）");
    let uploaded: Timestamp = photo["uploadedAt"].as_str().unwrap().parse().unwrap();
    let fact = |label: &str| {
        let facts = receipt["facts"].as_array().unwrap();
        facts.iter().find(|fact| fact["label"] == label).unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(fact("采集时间"), text(uploaded), "the same time as on the page");
    assert_eq!(fact("有效期至"), text(valid_until(uploaded)));
    assert_eq!((fact("采集单位").as_str(), fact("联系电话").as_str()), ("本机检测中心", "0755-10000000"));
    assert_eq!((&receipt["expired"], &receipt["stamp"]), (&false.into(), &Value::Null));
    assert_eq!(receipt["notes"].as_array().unwrap().len(), 2);
}

/// Covers: IC-85, IC-86, IC-92, IC-96
#[tokio::test(flavor = "multi_thread")]
async fn receipt_pdf_has_one_page_whose_text_and_codes_other_programs_read() {
    let stack = TestStack::shared().await;
    let (client, number) = paid_photo(&stack, "receipt-pdf").await;
    let receipt = receipt(&stack, &client, &number).await;
    let path = format!("{}.pdf", receipt_path(&number));
    let (status, media_type, pdf) = stack.download(&client, &path, "application/pdf").await;
    assert_eq!((status.as_u16(), media_type.as_str()), (200, "application/pdf"));
    assert!(pdf.starts_with(b"%PDF-"), "{:?}", &pdf[..pdf.len().min(20)]);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journey-receipt.pdf");
    std::fs::write(&file, &pdf).unwrap();
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("../receipt/read");
    let read = Command::new(reader).arg(&file).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let read: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(read["pages"], 1);
    let codes = |format: &str| -> Vec<&Value> {
        let codes = read["codes"].as_array().unwrap().iter();
        codes.filter(|code| code["format"] == format).map(|code| &code["text"]).collect()
    };
    assert_eq!(codes("QRCode"), [&receipt["check"]["url"], &receipt["service"]["url"]]);
    assert_eq!(codes("Code128"), [number.as_str(), number.as_str()]);
    let without_spaces: String = read["text"].as_str().unwrap().split_whitespace().collect();
    assert_eq!(without_spaces.matches("广东省居民身份证数字相片采集回执").count(), 2);
}

/// Covers: IC-89, IC-90
#[tokio::test(flavor = "multi_thread")]
async fn studio_is_registered_only_by_staff() {
    let stack = TestStack::shared().await;
    let client = stack.register("studio").await;
    let unit = json!({"name": "TEST-IST——ZZZX", "phone": "13048958911", "why": "照相馆备案"});
    let path = "/v1/units/01HM6QAAAAAAAAAAAAAAAAAAAA";
    let response = stack.send(Some(&client), Method::PUT, path, &[], Some(unit)).await;
    assert_eq!(response.problem(), (403, "forbidden"));
}

/// Covers: IC-112, IC-119
#[tokio::test(flavor = "multi_thread")]
async fn receipt_of_another_account_is_not_found() {
    let stack = TestStack::shared().await;
    let (_, number) = paid_photo(&stack, "receipt-owner").await;
    let stranger = stack.register("stranger").await;
    for end in ["", "/receipt", "/receipt.pdf", "/standard-photo"] {
        let response = stack.get(&stranger, &format!("/v1/photos/{number}{end}")).await;
        assert_eq!(response.problem(), (404, "not-found"), "{end}");
    }
    assert_eq!(stack.send(None, Method::GET, &receipt_path(&number), &[], None).await.status, 401);
}

/// Covers: IC-120
#[tokio::test(flavor = "multi_thread")]
async fn paid_photo_is_downloaded_by_a_link_of_at_most_five_minutes() {
    let stack = TestStack::shared().await;
    let (client, number) = paid_photo(&stack, "download").await;
    let link = stack.get(&client, &format!("/v1/photos/{number}/standard-photo")).await.body;
    let url = link["url"].as_str().unwrap();
    let seconds: i64 = url.split("X-Amz-Expires=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    assert!(seconds <= 300, "{seconds} s");
    let jpeg = stack.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]));
}

/// Covers: IC-98
#[tokio::test(flavor = "multi_thread")]
async fn public_check_knows_genuine_receipts_and_no_others() {
    let stack = TestStack::shared().await;
    let (client, number) = paid_photo(&stack, "public-check").await;
    let receipt = receipt(&stack, &client, &number).await;
    let genuine = receipt["check"]["url"].as_str().unwrap();
    assert!(genuine.starts_with(stack.page()));
    assert_eq!(public_state(&stack, genuine).await, "valid");
    let forged = format!("{}{}", &genuine[..genuine.len() - 1], if genuine.ends_with('A') { 'B' } else { 'A' });
    for unknown in [forged.as_str(), "x/unknown", "x/AL200166498"] {
        assert_eq!(public_state(&stack, unknown).await, "unknown", "{unknown}");
    }
}

mod exclusive {
    use std::time::Duration;

    use domain::china_time::months_later;
    use jiff::{SignedDuration, Timestamp};
    use journeys::{PATIENCE, TestStack, wait_at_most};
    use serde_json::{Value, json};

    use super::{public_state, receipt, receipt_path};
    use crate::fixtures::{paid_photo, passed_photo};

    /// The real clock advances during the checks, so they keep this distance from the limit.
    const MARGIN: SignedDuration = SignedDuration::from_secs(20);

    /// The purge is done by the task of every minute.
    const PURGE_MAX: Duration = Duration::from_secs(3 * PATIENCE.as_secs());

    /// Sets the clock of the functions to `instant`, or up to a second later.
    async fn set_clock(stack: &TestStack, instant: Timestamp) {
        stack.set_clock_ahead(instant.duration_since(Timestamp::now()) + SignedDuration::from_secs(1)).await;
    }

    /// Covers: IC-98, IC-196
    #[tokio::test(flavor = "multi_thread")]
    async fn receipt_expires_after_ninety_days_and_can_still_be_printed() {
        let stack = TestStack::exclusive().await;
        let (client, number) = paid_photo(&stack, "ninety-days").await;
        let receipt = receipt(&stack, &client, &number).await;
        let url = receipt["check"]["url"].as_str().unwrap();
        let until: Timestamp = receipt["validUntil"].as_str().unwrap().parse().unwrap();
        let taken: Timestamp = receipt["takenAt"].as_str().unwrap().parse().unwrap();
        assert_eq!(until.duration_since(taken), SignedDuration::from_hours(90 * 24));
        set_clock(&stack, until - MARGIN).await;
        assert_eq!(public_state(&stack, url).await, "valid");
        let client = stack.sign_in(&client).await;
        assert_eq!(stack.get(&client, &receipt_path(&number)).await.body["expired"], false);
        set_clock(&stack, until).await;
        assert_eq!(public_state(&stack, url).await, "expired");
        let after = stack.get(&client, &receipt_path(&number)).await;
        assert_eq!((after.status.as_u16(), &after.body["stamp"]), (200, &"已过期".into()));
    }

    /// Covers: IC-124, IC-200
    #[tokio::test(flavor = "multi_thread")]
    async fn photo_is_purged_six_months_after_its_payment_and_its_order_is_kept() {
        let stack = TestStack::exclusive().await;
        let (client, number) = paid_photo(&stack, "six-months").await;
        let unpaid = passed_photo(&stack, &client, "unpaid").await;
        let receipt = receipt(&stack, &client, &number).await;
        let dead_before = stack.dead_letters().await;
        let path = format!("/v1/photos/{number}");
        let taken: Timestamp = receipt["takenAt"].as_str().unwrap().parse().unwrap();
        let paid_at: Timestamp = stack.photo_row(&number).await["paidAt"].as_str().unwrap().parse().unwrap();
        assert!(!stack.photo_objects(&number).await.is_empty(), "its objects exist before");
        let end = months_later(paid_at, 6);
        assert!(months_later(taken, 6) < end);
        set_clock(&stack, end - MARGIN).await;
        let client = stack.sign_in(&client).await;
        assert_eq!(stack.get(&client, &path).await.status, 200);
        // An unpaid photo counts from its upload, which was after this payment.
        set_clock(&stack, end + SignedDuration::from_mins(5)).await;
        for suffix in ["", "/receipt", "/receipt.pdf", "/standard-photo"] {
            let response = stack.get(&client, &format!("{path}{suffix}")).await;
            assert_eq!(response.status, 404, "{suffix}: {}", response.body);
        }
        assert_eq!(stack.get(&client, "/v1/photos").await.body["items"], json!([]));
        assert_eq!(public_state(&stack, receipt["check"]["url"].as_str().unwrap()).await, "expired");
        for purged in [&number, &unpaid] {
            wait_at_most(PURGE_MAX, "the photo is purged", async || {
                let objects = stack.photo_objects(purged).await;
                (objects.is_empty() && stack.photo_row(purged).await["state"] == "purged").then_some(())
            })
            .await;
            let row = stack.photo_row(purged).await;
            assert_eq!((&row["fileName"], &row["reasons"]), (&"".into(), &Value::Null), "{row:#}");
        }
        stack.wait_for_empty_queue().await;
        assert_eq!(stack.dead_letters().await, dead_before);
        let orders = stack.get(&client, "/v1/orders").await.body;
        assert_eq!(orders["items"].as_array().unwrap().len(), 1, "{orders}");
    }
}
