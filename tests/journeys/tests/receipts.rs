//! From the payment to the receipt, its check, its end after ninety days and the photo's end after six months, on a whole stack.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use domain::china_time::{months_later, text};
use domain::receipt::valid_until;
use drawn::{Portrait, fault};
use jiff::{SignedDuration, Timestamp};
use journeys::{PATIENCE, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

/// One stack for all journeys; they follow one photo through its life.
#[tokio::test(flavor = "multi_thread")]
async fn receipts() {
    let town = Town::build();
    let person = town.newcomer("holder").await;
    let step = |name: &str| println!("- {name}");
    step("IC-80 IC-120 unpaid and refused photos have no receipt");
    let number = town.submit(&person, "receipt", &Portrait::passing().jpeg()).await;
    assert_eq!(town.outcome(&person, &number).await["state"], "passed");
    let unpaid = town.submit(&person, "unpaid", &Portrait::passing().jpeg()).await;
    town.outcome(&person, &unpaid).await;
    locked_until_paid(&town, &person, &number).await;
    step("IC-113 IC-121 IC-122 paid by WeChat, the buttons change");
    pay(&town, &person, &number).await;
    the_query_narrows(&town, &person, &number, &unpaid).await;
    step("IC-82 IC-83 IC-84 IC-87 IC-88 IC-91 IC-93 IC-94 IC-95 the receipt's fields");
    let receipt = the_receipt_says_what_the_manual_prints(&town, &person, &number).await;
    step("IC-85 IC-86 IC-92 IC-96 the PDF, read by others");
    the_pdf_is_one_page_that_others_read(&town, &person, &number, &receipt).await;
    step("IC-89 IC-90 a studio's name, by staff only");
    only_staff_register_units(&town, &person).await;
    step("IC-112 IC-119 another's receipt");
    a_stranger_gets_nothing(&town, &number).await;
    step("IC-120 the standard photo by a link of five minutes");
    a_paid_photo_downloads(&town, &person, &number).await;
    step("IC-98 IC-196 valid, expired, unknown");
    ninety_days_to_the_second(&town, &person, &number, &receipt).await;
    step("IC-124 IC-200 six months to the second, and nothing is left");
    six_months_to_the_second(&town, &person, [&number, &unpaid], &receipt).await;
}

fn receipt_path(number: &str) -> String {
    format!("/v1/photos/{number}/receipt")
}

async fn locked_until_paid(town: &Town, person: &Person, number: &str) {
    let refused = async |number: &str, code: &str| {
        for end in ["receipt", "receipt.pdf"] {
            let answer = town.get(person, &format!("/v1/photos/{number}/{end}")).await;
            assert_eq!((answer.status.as_u16(), &answer.body["code"]), (403, &code.into()), "{end}: {}", answer.body);
        }
    };
    refused(number, "photo-not-paid").await;
    let tilted = town.submit(person, "tilted", &fault("tilted").unwrap().portrait.jpeg()).await;
    assert_eq!(town.outcome(person, &tilted).await["state"], "failed");
    refused(&tilted, "photo-not-passed").await;
    let link = town.get(person, &format!("/v1/photos/{number}/standard-photo")).await;
    assert_eq!(link.status, 409, "no link before the payment");
}

/// An order, its QR code, and a customer who scans it at the provider.
async fn pay(town: &Town, person: &Person, number: &str) {
    let order = json!({"imageNos": [number], "method": "wechat"});
    let key = [("idempotency-key", "order-of-the-receipt")];
    let placed = town.send(Some(person), Method::POST, "/v1/orders", &key, Some(order)).await;
    assert_eq!(placed.status, 201, "{}", placed.body);
    let path = format!("/v1/orders/{}/payments", placed.body["no"].as_str().unwrap());
    let key = [("idempotency-key", "payment-of-the-receipt")];
    let paying = town.send(Some(person), Method::POST, &path, &key, Some(json!({"scene": "qr"}))).await;
    assert_eq!(paying.status, 200, "{}", paying.body);
    let code = &paying.body["code"]["text"];
    town.pay_by_phone(code.as_str().unwrap()).await;
    let started = Instant::now();
    while town.get(person, &format!("/v1/photos/{number}")).await.body["paid"] != true {
        assert!(started.elapsed() < PATIENCE, "the payment does not arrive");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn the_query_narrows(town: &Town, person: &Person, paid: &str, unpaid: &str) {
    let found = async |query: &str| {
        let answer = town.get(person, &format!("/v1/photos?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        let items = answer.body["items"].as_array().unwrap().clone();
        items.iter().map(|photo| photo["imageNo"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("state=passed&paid=false").await, [unpaid]);
    assert_eq!(found("state=passed").await, [unpaid, paid]);
    assert_eq!(found("paid=true").await, [paid]);
    assert_eq!(found("state=failed").await.len(), 1);
    assert_eq!(found("card=driving-licence").await.len(), 0);
    assert_eq!(found(&format!("imageNo={}", paid.to_lowercase())).await, [paid]);
    let today = text(Timestamp::now())[..10].to_owned();
    assert_eq!(found(&format!("from={today}&to={today}")).await.len(), 3, "both days are included");
    let first = town.get(person, "/v1/photos?limit=2").await.body;
    let next = first["nextCursor"].as_str().unwrap().replace('#', "%23");
    assert_eq!(
        (first["items"].as_array().unwrap().len(), found(&format!("limit=2&cursor={next}")).await.len()),
        (2, 1)
    );
    let mistyped = town.get(person, "/v1/photos?imageNo=AX200166498").await;
    assert_eq!(mistyped.body["title"], "图像号有误");
}

async fn the_receipt_says_what_the_manual_prints(town: &Town, person: &Person, number: &str) -> Value {
    let answer = town.get(person, &receipt_path(number)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let receipt = answer.body;
    let photo = town.get(person, &format!("/v1/photos/{number}")).await.body;
    assert_eq!(receipt["title"], "广东省居民身份证数字相片采集回执");
    let sentence = receipt["conformity"].as_str().unwrap();
    assert!(sentence.contains(number) && sentence.contains("《GA461-2004居民身份证制证用数字相片技术要求》"));
    assert_eq!(receipt["validity"], "（本回执及数字相片90天内有效）");
    let uploaded: Timestamp = photo["uploadedAt"].as_str().unwrap().parse().unwrap();
    let fact = |label: &str| {
        let facts = receipt["facts"].as_array().unwrap();
        facts.iter().find(|fact| fact["label"] == label).unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(fact("采集时间"), text(uploaded), "as the panel shows it");
    assert_eq!(fact("有效期至"), text(valid_until(uploaded)));
    assert_eq!((fact("采集单位").as_str(), fact("联系电话").as_str()), ("本机检测中心", "0755-10000000"));
    assert_eq!((&receipt["expired"], &receipt["stamp"]), (&false.into(), &Value::Null));
    assert_eq!(receipt["notes"].as_array().unwrap().len(), 2);
    receipt
}

async fn the_pdf_is_one_page_that_others_read(town: &Town, person: &Person, number: &str, receipt: &Value) {
    let (status, kind, pdf) = town.fetch(person, &format!("{}.pdf", receipt_path(number)), "application/pdf").await;
    assert_eq!((status.as_u16(), kind.as_str()), (200, "application/pdf"));
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
    assert_eq!(codes("Code128"), [number, number]);
    let spaceless: String = read["text"].as_str().unwrap().split_whitespace().collect();
    assert_eq!(spaceless.matches("广东省居民身份证数字相片采集回执").count(), 2);
    println!("  a receipt of {} bytes", pdf.len());
}

async fn only_staff_register_units(town: &Town, person: &Person) {
    let unit = json!({"name": "TEST-IST——ZZZX", "phone": "13048958911", "why": "照相馆备案"});
    let path = "/v1/units/01HM6QAAAAAAAAAAAAAAAAAAAA";
    let answer = town.send(Some(person), Method::PUT, path, &[], Some(unit)).await;
    assert_eq!((answer.status.as_u16(), &answer.body["code"]), (403, &"forbidden".into()));
}

async fn a_stranger_gets_nothing(town: &Town, number: &str) {
    let stranger = town.newcomer("other").await;
    for end in ["", "/receipt", "/receipt.pdf", "/standard-photo"] {
        let answer = town.get(&stranger, &format!("/v1/photos/{number}{end}")).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (404, &"not-found".into()), "{end}");
    }
    let nobody = town.send(None, Method::GET, &receipt_path(number), &[], None).await;
    assert_eq!(nobody.status, 401);
}

async fn a_paid_photo_downloads(town: &Town, person: &Person, number: &str) {
    let link = town.get(person, &format!("/v1/photos/{number}/standard-photo")).await.body;
    let url = link["url"].as_str().unwrap();
    let life: i64 = url.split("X-Amz-Expires=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
    assert!(life <= 300, "{life} s");
    let jpeg = town.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(jpeg.starts_with(&[0xFF, 0xD8, 0xFF]));
}

async fn state_of(town: &Town, url: &Value) -> String {
    let token = url.as_str().unwrap().rsplit('/').next().unwrap();
    let answer = town.send(None, Method::GET, &format!("/v1/public/receipts/{token}"), &[], None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let known = ["state", "stateText", "imageNo", "validUntil"];
    let said = answer.body.as_object().unwrap();
    assert!(said.keys().all(|key| known.contains(&key.as_str())), "nothing else: {said:?}");
    said["state"].as_str().unwrap().to_owned()
}

/// The machine's clock walks on while we look: both looks stand this far from the edge.
const BESIDE: SignedDuration = SignedDuration::from_secs(20);

/// From now on everybody's clock shows `instant` or up to a second more: it is set in whole seconds.
async fn set_clock(town: &Town, instant: Timestamp) {
    town.set_clock_ahead(instant.duration_since(Timestamp::now()) + SignedDuration::from_secs(1)).await;
}

async fn ninety_days_to_the_second(town: &Town, holder: &Person, number: &str, receipt: &Value) {
    let url = &receipt["check"]["url"];
    assert!(url.as_str().unwrap().starts_with(town.cloud.connection.page.as_deref().unwrap()));
    assert_eq!(state_of(town, url).await, "valid");
    let genuine = url.as_str().unwrap();
    let forged = format!("{}{}", &genuine[..genuine.len() - 1], if genuine.ends_with('A') { 'B' } else { 'A' });
    for forged in [forged.as_str(), "x/unknown", "x/AL200166498"] {
        assert_eq!(state_of(town, &forged.into()).await, "unknown", "{forged}");
    }
    let until: Timestamp = receipt["validUntil"].as_str().unwrap().parse().unwrap();
    let taken: Timestamp = receipt["takenAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(until.duration_since(taken), SignedDuration::from_hours(90 * 24));
    set_clock(town, until - BESIDE).await;
    assert_eq!(state_of(town, url).await, "valid");
    let person = town.sign_in(holder).await;
    let before = town.get(&person, &receipt_path(number)).await.body;
    assert_eq!(before["expired"], false);
    set_clock(town, until).await;
    assert_eq!(state_of(town, url).await, "expired");
    let after = town.get(&person, &receipt_path(number)).await;
    assert_eq!((after.status.as_u16(), &after.body["stamp"]), (200, &"已过期".into()), "printing stays possible");
}

async fn six_months_to_the_second(town: &Town, holder: &Person, [number, unpaid]: [&str; 2], receipt: &Value) {
    let path = format!("/v1/photos/{number}");
    let taken: Timestamp = receipt["takenAt"].as_str().unwrap().parse().unwrap();
    let paid_at: Timestamp = town.photo_row(number).await["paidAt"].as_str().unwrap().parse().unwrap();
    assert!(!town.objects(number).await.is_empty(), "its objects are there before");
    // Unpaid photos count from their upload, a little earlier than the payment.
    let end = months_later(paid_at, 6);
    assert!(months_later(taken, 6) < end);
    set_clock(town, end - BESIDE).await;
    let person = town.sign_in(holder).await;
    assert_eq!(town.get(&person, &path).await.status, 200);
    set_clock(town, end).await;
    for end in ["", "/receipt", "/receipt.pdf", "/standard-photo"] {
        let answer = town.get(&person, &format!("{path}{end}")).await;
        assert_eq!(answer.status, 404, "{end}: {}", answer.body);
    }
    assert_eq!(town.get(&person, "/v1/photos").await.body["items"].as_array().unwrap().len(), 0);
    assert_eq!(state_of(town, &receipt["check"]["url"]).await, "expired");
    let started = Instant::now();
    for gone in [number, unpaid] {
        while !town.objects(gone).await.is_empty() || town.photo_row(gone).await["state"] != "purged" {
            assert!(started.elapsed() < 3 * PATIENCE, "{gone} is still kept: {:?}", town.objects(gone).await);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let row = town.photo_row(gone).await;
        assert_eq!((&row["fileName"], &row["reasons"]), (&"".into(), &Value::Null), "{row:#}");
    }
    println!("  purged {:?} after the end, versions included", started.elapsed());
    town.quiet().await;
    assert_eq!(town.dead_letters().await, 0);
    assert_eq!(town.orders_kept(&person).await, 1, "the order stays on record");
}
