//! From the upload to the result: form, upload, inspection, lists and long polls.

use journeys::{Client, TestStack};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixtures::{passed_photo, passing_jpeg};

/// Covers: IC-17, IC-18, IC-19, IC-27
#[tokio::test(flavor = "multi_thread")]
async fn photo_form_lists_are_complete() {
    let stack = TestStack::shared().await;
    let list = async |path| {
        let response = stack.send(None, Method::GET, path, &[], None).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.body["items"].as_array().unwrap().clone()
    };
    let types = list("/v1/photo-types").await;
    assert_eq!(types.len(), 9);
    let sizes = |code: &str| {
        let found = types.iter().find(|kind| kind["code"] == code).unwrap();
        ["widthPx", "heightPx", "minBytes", "maxBytes"].map(|field| found[field].as_i64().unwrap())
    };
    assert_eq!(sizes("resident-id"), [358, 441, 28_672, 1_048_576]);
    assert_eq!(sizes("driving-licence"), [260, 378, 30_720, 1_048_576]);
    assert_eq!(list("/v1/photo-rulesets").await[0]["name"], "轻松上传");
    let regions = list("/v1/regions").await;
    let guangdong = regions.iter().find(|province| province["name"] == "广东省").unwrap();
    assert!(guangdong["cities"].as_array().unwrap().contains(&"深圳市".into()));
    let reasons = list("/v1/photo-reasons").await;
    assert!(reasons.iter().all(|check| check["causes"].as_array().is_some_and(|causes| !causes.is_empty())));
}

/// Covers: IC-23, IC-25, IC-26
#[tokio::test(flavor = "multi_thread")]
async fn photo_form_with_an_invalid_field_is_refused_with_that_field() {
    let stack = TestStack::shared().await;
    let client = stack.register("form").await;
    let correct = TestStack::photo_form(50_000);
    let invalid: [(&str, Value, &str); 8] = [
        ("card", "passport".into(), "card-unknown"),
        ("region", json!({"province": "湖南省", "city": "深圳市"}), "region-unknown"),
        ("fileName", "photo.png".into(), "file-not-jpeg"),
        ("contentType", "image/png".into(), "file-not-jpeg"),
        ("bytes", 28_671.into(), "file-too-small"),
        ("ruleset", "loose".into(), "field-invalid"),
        ("paymentMethod", "cash".into(), "field-invalid"),
        ("client", "web".into(), "captcha-needed"),
    ];
    for (field, value, code) in invalid {
        let mut form = correct.clone();
        form[field] = value;
        let pointer = if field == "client" { "/captcha".to_owned() } else { format!("/{field}") };
        assert_form_refused(&stack, &client, form, &pointer, code).await;
    }
    for field in ["card", "ruleset", "region", "paymentMethod", "fileName", "contentType", "bytes"] {
        let mut form = correct.clone();
        form.as_object_mut().unwrap().remove(field);
        assert_form_refused(&stack, &client, form, &format!("/{field}"), "field-missing").await;
    }
}

/// Covers: IC-23
#[tokio::test(flavor = "multi_thread")]
async fn photo_form_of_the_page_needs_a_captcha_that_is_valid_once() {
    let stack = TestStack::shared().await;
    let client = stack.register("form-captcha").await;
    let mut form = TestStack::photo_form(50_000);
    form["client"] = "web".into();
    form["captcha"] = json!({"captchaId": "unknown", "answer": "12"});
    assert_form_refused(&stack, &client, form.clone(), "/captcha", "captcha-wrong").await;
    form["captcha"] = stack.solve_captcha("upload").await;
    let accepted = stack.submit_form(&client, "solved", form.clone()).await;
    assert_eq!(accepted.status, 201, "{}", accepted.body);
    assert_form_refused(&stack, &client, form, "/captcha", "captcha-wrong").await;
}

async fn assert_form_refused(stack: &TestStack, client: &Client, form: Value, pointer: &str, code: &str) {
    let response = stack.submit_form(client, &format!("refused {pointer} {code}"), form).await;
    assert_eq!(response.status, 422, "{pointer}: {}", response.body);
    let error = &response.body["errors"][0];
    assert_eq!((&error["pointer"], &error["code"]), (&pointer.into(), &code.into()), "{}", response.body);
}

/// Covers: IC-24, IC-44, IC-45, IC-46, IC-47, IC-49, IC-53
#[tokio::test(flavor = "multi_thread")]
async fn passing_photo_is_reported_with_its_result_and_listed() {
    let stack = TestStack::shared().await;
    let client = stack.register("passing").await;
    let number = stack.submit_photo(&client, "passing", &passing_jpeg()).await;
    let photo = stack.inspected(&client, &number).await;
    assert_eq!(
        (&photo["state"], &photo["stateText"], &photo["resultText"]),
        (&"passed".into(), &"检测合格".into(), &"符合要求".into()),
        "{photo:#}"
    );
    assert_eq!(photo["fileName"], "我的 照片+1.jpg");
    assert_eq!(photo["cardName"], "第二代居民身份证数字相片");
    assert_eq!(photo["report"]["standardPhoto"]["widthPx"], 358);
    assert!(photo["uploadedAt"].is_string() && photo["durationMs"].is_i64());
    let (letters, digits) = number.split_at(2);
    assert!(letters.starts_with('A') && letters.chars().all(|c| c.is_ascii_uppercase()), "{number}");
    assert!(digits.len() == 9 && digits.parse::<u32>().is_ok(), "{number}");
    let list = stack.get(&client, "/v1/photos?state=passed").await;
    assert_eq!(list.body["items"][0]["imageNo"], number.as_str());
    let unpaid = stack.get(&client, &format!("/v1/photos/{number}/standard-photo")).await;
    assert_eq!(unpaid.problem(), (409, "photo-not-paid"));
}

/// Covers: IC-46, IC-48, IC-51, IC-57, IC-205
#[tokio::test(flavor = "multi_thread")]
async fn failing_photo_is_free_and_reports_its_blocking_reasons() {
    let stack = TestStack::shared().await;
    let client = stack.register("failing").await;
    for name in ["tilted", "two-faces", "both-eyes-closed"] {
        let fault = synthetic_portraits::fault(name).unwrap_or_else(|| panic!("no fault {name}"));
        let number = stack.submit_photo(&client, name, &fault.portrait.jpeg()).await;
        let photo = stack.inspected(&client, &number).await;
        assert_eq!((&photo["state"], &photo["feeFen"]), (&"failed".into(), &0.into()), "{name}: {photo:#}");
        let reasons = photo["reasons"].as_array().unwrap();
        let blocking: Vec<&Value> = reasons.iter().filter(|reason| reason["severity"] == "blocking").collect();
        assert!(!blocking.is_empty(), "{name}");
        assert!(blocking.iter().all(|reason| reason["hint"].as_str().is_some_and(|hint| !hint.is_empty())), "{name}");
        assert!(photo["resultText"].as_str().unwrap().contains(blocking[0]["text"].as_str().unwrap()));
    }
}

/// Covers: IC-57
#[tokio::test(flavor = "multi_thread")]
async fn new_attempt_after_a_failed_photo_is_another_photo() {
    let stack = TestStack::shared().await;
    let client = stack.register("attempts").await;
    let failed = stack.submit_photo(&client, "first", &crate::fixtures::failing_jpeg()).await;
    assert_eq!(stack.inspected(&client, &failed).await["state"], "failed");
    assert_ne!(passed_photo(&stack, &client, "second").await, failed);
}

/// Covers: IC-51
#[tokio::test(flavor = "multi_thread")]
async fn unreadable_file_ends_with_a_reason() {
    let stack = TestStack::shared().await;
    let client = stack.register("unreadable").await;
    let number = stack.submit_photo(&client, "unreadable", &vec![0x55; 40_000]).await;
    let photo = stack.inspected(&client, &number).await;
    assert_eq!((&photo["state"], &photo["stateText"]), (&"unreadable".into(), &"检测不合格".into()), "{photo:#}");
    assert!(!photo["resultText"].as_str().unwrap().is_empty());
}

/// Covers: XX-06, IC-38
#[tokio::test(flavor = "multi_thread")]
async fn upload_of_another_size_or_key_is_refused() {
    let stack = TestStack::shared().await;
    let client = stack.register("limits").await;
    let ticket = stack.upload_ticket(&client, "limits", 28_672).await.body;
    assert_eq!(stack.upload(&ticket, &vec![0; 28_671]).await.as_u16() / 100, 4);
    assert_eq!(stack.upload(&ticket, &vec![0; 1_048_577]).await.as_u16() / 100, 4);
    let mut moved = ticket.clone();
    moved["upload"]["fields"]["key"] = "someone-else/photo.jpg".into();
    assert_eq!(stack.upload(&moved, &vec![0; 28_672]).await.as_u16() / 100, 4);
    let number = ticket["imageNo"].as_str().unwrap();
    assert_eq!(stack.get(&client, &format!("/v1/photos/{number}")).await.body["state"], "reserved");
}

/// Covers: XX-05
#[tokio::test(flavor = "multi_thread")]
async fn error_responses_have_the_standard_problem_fields() {
    let stack = TestStack::shared().await;
    let client = stack.register("problems").await;
    for (path, status, code) in [
        ("/v1/photos/AL200166497", 404, "image-number-wrong"),
        ("/v1/photos/AK200166501", 404, "not-found"),
        ("/v1/photos?card=passport", 422, "invalid"),
        ("/v1/photos?cursor=nonsense", 422, "invalid"),
    ] {
        let response = stack.get(&client, path).await;
        assert_eq!(response.problem(), (status, code), "{path}");
        for field in ["type", "title", "status", "requestId"] {
            assert!(!response.body[field].is_null(), "{path} {field}");
        }
    }
    assert_eq!(stack.send(None, Method::GET, "/v1/photos", &[], None).await.status, 401);
}

/// Covers: XX-07
#[tokio::test(flavor = "multi_thread")]
async fn result_of_a_photo_has_an_etag_for_each_language() {
    let stack = TestStack::shared().await;
    let client = stack.register("etag").await;
    let number = passed_photo(&stack, &client, "etag").await;
    let path = format!("/v1/photos/{number}");
    let etag = stack.get(&client, &path).await.etag.unwrap();
    let same = stack.send(Some(&client), Method::GET, &path, &[("if-none-match", &etag)], None).await;
    assert_eq!(same.status, 304);
    let english = [("if-none-match", etag.as_str()), ("accept-language", "en")];
    let other = stack.send(Some(&client), Method::GET, &path, &english, None).await;
    assert_eq!((other.status.as_u16(), &other.body["stateText"]), (200, &"Passed".into()));
}

/// Covers: IC-58, XX-08
#[tokio::test(flavor = "multi_thread")]
async fn photo_submitted_twice_with_one_key_is_one_photo() {
    let stack = TestStack::shared().await;
    let client = stack.register("twice").await;
    let (first, second) =
        tokio::join!(stack.upload_ticket(&client, "click", 50_000), stack.upload_ticket(&client, "click", 50_000));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body["imageNo"], second.body["imageNo"]);
    let other = stack.upload_ticket(&client, "click", 60_000).await;
    assert_eq!(other.problem(), (422, "idempotency-key-reused"));
}

/// Covers: IC-59
#[tokio::test(flavor = "multi_thread")]
async fn photo_of_another_account_is_not_found() {
    let stack = TestStack::shared().await;
    let owner = stack.register("owner").await;
    let number = stack.upload_ticket(&owner, "mine", 50_000).await.body["imageNo"].as_str().unwrap().to_owned();
    let stranger = stack.register("stranger").await;
    for path in [format!("/v1/photos/{number}"), format!("/v1/photos/{number}/standard-photo")] {
        assert_eq!(stack.get(&stranger, &path).await.problem(), (404, "not-found"), "{path}");
    }
    for path in ["/v1/photos".to_owned(), format!("/v1/photos?imageNo={number}")] {
        assert_eq!(stack.get(&stranger, &path).await.body["items"], json!([]), "{path}");
    }
}

mod exclusive {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use jiff::SignedDuration;
    use journeys::{PATIENCE, TestStack, wait_for};

    use crate::fixtures::passing_jpeg;

    /// Covers: XX-06
    #[tokio::test(flavor = "multi_thread")]
    async fn duplicate_and_foreign_upload_events_change_nothing() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("events").await;
        stack.wait_for_empty_queue().await;
        let dead_before = stack.dead_letters().await;
        let ticket = stack.upload_ticket(&client, "events", passing_jpeg().len()).await.body;
        let key = ticket["upload"]["fields"]["key"].as_str().unwrap();
        assert_eq!(stack.upload(&ticket, &passing_jpeg()).await, 201);
        for _ in 0..3 {
            stack.send_to_detection(&stack.upload_event(key).to_string()).await;
        }
        let number = ticket["imageNo"].as_str().unwrap();
        let photo = stack.inspected(&client, number).await;
        assert_eq!(photo["state"], "passed");
        stack.send_to_detection(&stack.upload_event(key).to_string()).await;
        for key in ["a b/c.jpg", "1+1=2.jpg", "我的 照片+1.jpg"] {
            stack.put_upload(key).await;
        }
        stack.send_to_detection(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#).await;
        stack.wait_for_empty_queue().await;
        assert_eq!(stack.dead_letters().await, dead_before, "none of these events is malformed");
        assert_eq!(stack.get(&client, &format!("/v1/photos/{number}")).await.body, photo);
    }

    /// Covers: IC-206
    #[tokio::test(flavor = "multi_thread")]
    async fn hundred_photos_at_once_get_different_numbers_and_all_end() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("hundred").await;
        let file = Arc::new(passing_jpeg());
        let submissions = (0..100).map(|n| {
            let (stack, client, file) = (stack.clone(), client.clone(), file.clone());
            tokio::spawn(async move { stack.submit_photo(&client, &format!("hundred {n}"), &file).await })
        });
        let mut numbers = BTreeSet::new();
        for submission in submissions.collect::<Vec<_>>() {
            numbers.insert(submission.await.unwrap());
        }
        assert_eq!(numbers.len(), 100, "no number twice");
        for number in &numbers {
            let photo = stack.inspected(&client, number).await;
            assert!(photo["state"] == "passed" || photo["state"] == "timed-out", "{photo:#}");
        }
    }

    /// Covers: IC-56, XX-17
    #[tokio::test(flavor = "multi_thread")]
    async fn photo_whose_inspection_does_not_end_times_out_after_three_minutes() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("time-out").await;
        let ticket = stack.upload_ticket(&client, "late", 50_000).await.body;
        // The event arrives, but there is no object: the inspection begins and does not end.
        let key = ticket["upload"]["fields"]["key"].as_str().unwrap();
        stack.send_to_detection(&stack.upload_event(key).to_string()).await;
        let path = format!("/v1/photos/{}", ticket["imageNo"].as_str().unwrap());
        wait_for("the inspection begins", async || {
            (stack.get(&client, &path).await.body["state"] == "inspecting").then_some(())
        })
        .await;
        stack.set_clock_ahead(SignedDuration::from_secs(180)).await;
        let photo = stack.get(&client, &path).await.body;
        assert_eq!(
            (&photo["state"], &photo["stateText"], &photo["feeFen"]),
            (&"timed-out".into(), &"检测超时".into(), &0.into())
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn photo_whose_worker_is_killed_is_inspected_by_another_worker() {
        let stack = TestStack::exclusive().await;
        stack.set_redelivery(2).await;
        let client = stack.register("killed-worker").await;
        let number = stack.submit_photo(&client, "killed", &passing_jpeg()).await;
        let path = format!("/v1/photos/{number}");
        // An inspection takes less than a second: this polls without pauses, so that the worker is killed during it.
        let started = std::time::Instant::now();
        while stack.get(&client, &path).await.body["state"] == "reserved" {
            assert!(started.elapsed() < PATIENCE, "the inspection did not begin");
        }
        assert!(stack.kill("Detection") > 0, "there is no worker to kill");
        let photo = stack.inspected(&client, &number).await;
        assert_eq!(photo["state"], "passed", "{photo:#}");
    }

    /// Covers: XX-06
    #[tokio::test(flavor = "multi_thread")]
    async fn malformed_upload_event_ends_in_the_dead_letter_queue() {
        let stack = TestStack::exclusive().await;
        stack.set_redelivery(2).await;
        let before = stack.dead_letters().await;
        stack.send_to_detection("malformed").await;
        wait_for("a dead letter", async || (stack.dead_letters().await > before).then_some(())).await;
    }
}
