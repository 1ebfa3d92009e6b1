//! From the upload to the verdict, on a whole stack: bucket, queue, functions, tables, front door.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drawn::{Portrait, fault};
use jiff::SignedDuration;
use journeys::{Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn photos() {
    let town = Arc::new(Town::build());
    let person = town.newcomer("photographed").await;
    let step = |name: &str| println!("- {name}");
    step("IC-17 IC-18 IC-19 IC-27 the form's lists");
    the_lists_of_the_form_are_complete(&town).await;
    step("IC-23 IC-25 IC-26 a form that is not right");
    a_wrong_form_is_refused_by_field(&town, &person).await;
    step("IC-24 IC-44 IC-45 IC-46 IC-47 IC-49 IC-53 a passing portrait");
    a_drawn_portrait_passes(&town, &person).await;
    step("IC-46 IC-48 IC-51 IC-57 IC-205 failing portraits, and another try after each");
    faults_are_named_and_cost_nothing(&town, &person).await;
    step("IC-51 an unreadable file");
    an_unreadable_file_ends_with_its_reason(&town, &person).await;
    step("XX-06 IC-38 the form's limits");
    the_form_takes_nothing_else(&town, &person).await;
    step("XX-05 problems");
    problems_are_in_the_standard_form(&town, &person).await;
    step("XX-07 long poll");
    a_wait_ends_within_a_second_of_the_result(&town, &person).await;
    step("IC-58 XX-08 repeated submissions");
    the_same_key_is_the_same_photo(&town, &person).await;
    step("XX-06 duplicate, reordered and foreign events");
    repeated_and_foreign_events_change_nothing(&town, &person).await;
    step("IC-59 a stranger");
    a_stranger_finds_nothing(&town, &person).await;
    step("IC-206 a hundred photos at once");
    a_hundred_at_once_all_end(&town, &person).await;
    step("IC-56 XX-17 time-out by the clock");
    a_photo_times_out_by_the_clock(&town).await;
    town.redeliver_after(2).await;
    step("a worker killed at its work");
    a_killed_worker_is_replaced(&town).await;
    step("XX-06 a poisoned message");
    poison_goes_to_the_dead_letters(&town).await;
}

fn passing() -> Vec<u8> {
    Portrait::passing().jpeg()
}

async fn the_lists_of_the_form_are_complete(town: &Town) {
    let list = async |path| {
        let answer = town.send(None, Method::GET, path, &[], None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body["items"].as_array().unwrap().clone()
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

async fn a_wrong_form_is_refused_by_field(town: &Town, person: &Person) {
    let right = Town::form(50_000);
    let wrong: [(&str, Value, &str); 8] = [
        ("card", "passport".into(), "card-unknown"),
        ("region", json!({"province": "湖南省", "city": "深圳市"}), "region-unknown"),
        ("fileName", "photo.png".into(), "file-not-jpeg"),
        ("contentType", "image/png".into(), "file-not-jpeg"),
        ("bytes", 28_671.into(), "file-too-small"),
        ("ruleset", "loose".into(), "field-invalid"),
        ("paymentMethod", "cash".into(), "field-invalid"),
        ("client", "web".into(), "captcha-needed"),
    ];
    for (field, value, code) in wrong {
        let mut form = right.clone();
        form[field] = value;
        let pointer = if field == "client" { "/captcha".to_owned() } else { format!("/{field}") };
        refused(town, person, form, &pointer, code).await;
    }
    for field in ["card", "ruleset", "region", "paymentMethod", "fileName", "contentType", "bytes"] {
        let mut form = right.clone();
        form.as_object_mut().unwrap().remove(field);
        refused(town, person, form, &format!("/{field}"), "field-missing").await;
    }
    let mut form = right;
    form["client"] = "web".into();
    form["captcha"] = json!({"captchaId": "unknown", "answer": "12"});
    refused(town, person, form.clone(), "/captcha", "captcha-wrong").await;
    form["captcha"] = town.solved_captcha("upload").await;
    let solved = town.submit_form(person, "solved", form.clone()).await;
    assert_eq!(solved.status, 201, "{}", solved.body);
    refused(town, person, form, "/captcha", "captcha-wrong").await;
}

async fn refused(town: &Town, person: &Person, form: Value, pointer: &str, code: &str) {
    let answer = town.submit_form(person, &format!("refused {pointer} {code}"), form).await;
    assert_eq!(answer.status, 422, "{pointer}: {}", answer.body);
    let error = &answer.body["errors"][0];
    assert_eq!((&error["pointer"], &error["code"]), (&pointer.into(), &code.into()), "{}", answer.body);
}

async fn a_drawn_portrait_passes(town: &Town, person: &Person) {
    let file = passing();
    let number = town.submit(person, "passing", &file).await;
    let photo = town.outcome(person, &number).await;
    assert_eq!(
        (&photo["state"], &photo["stateText"], &photo["resultText"]),
        (&"passed".into(), &"检测合格".into(), &"符合要求".into()),
        "{photo:#}"
    );
    assert_eq!(photo["fileName"], "我的 照片+1.jpg");
    assert_eq!(photo["cardName"], "第二代居民身份证数字相片");
    assert_eq!(photo["report"]["standardPhoto"]["widthPx"], 358);
    assert!(photo["uploadedAt"].is_string() && photo["durationMs"].is_i64());
    let shape = number.strip_prefix('A').unwrap();
    assert!(
        shape[..1].chars().all(|c| c.is_ascii_uppercase())
            && shape[1..].len() == 9
            && shape[1..].parse::<u32>().is_ok()
    );
    let list = town.get(person, "/v1/photos?state=passed").await;
    assert_eq!(list.body["items"][0]["imageNo"], number.as_str());
    let unpaid = town.get(person, &format!("/v1/photos/{number}/standard-photo")).await;
    assert_eq!((unpaid.status.as_u16(), &unpaid.body["code"]), (409, &"photo-not-paid".into()));
}

async fn faults_are_named_and_cost_nothing(town: &Town, person: &Person) {
    for name in ["tilted", "two-faces", "both-eyes-closed"] {
        let fault = fault(name).unwrap_or_else(|| panic!("no fault {name}"));
        let number = town.submit(person, name, &fault.portrait.jpeg()).await;
        let photo = town.outcome(person, &number).await;
        assert_eq!((&photo["state"], &photo["feeFen"]), (&"failed".into(), &0.into()), "{name}: {photo:#}");
        let reasons = photo["reasons"].as_array().unwrap();
        let blocking: Vec<&Value> = reasons.iter().filter(|reason| reason["severity"] == "blocking").collect();
        assert!(!blocking.is_empty(), "{name}");
        assert!(blocking.iter().all(|reason| reason["hint"].as_str().is_some_and(|hint| !hint.is_empty())), "{name}");
        assert!(photo["resultText"].as_str().unwrap().contains(blocking[0]["text"].as_str().unwrap()));
        let better = town.submit(person, &format!("better-than-{name}"), &passing()).await;
        assert_ne!(better, number, "another try is another photo");
        assert_eq!(town.outcome(person, &better).await["state"], "passed");
    }
}

async fn an_unreadable_file_ends_with_its_reason(town: &Town, person: &Person) {
    let number = town.submit(person, "unreadable", &vec![0x55; 40_000]).await;
    let photo = town.outcome(person, &number).await;
    assert_eq!((&photo["state"], &photo["stateText"]), (&"unreadable".into(), &"检测不合格".into()), "{photo:#}");
    assert!(!photo["resultText"].as_str().unwrap().is_empty());
}

async fn the_form_takes_nothing_else(town: &Town, person: &Person) {
    let ticket = town.start(person, "limits", 28_672).await.body;
    assert_eq!(town.upload(&ticket, &vec![0; 28_671]).await.as_u16() / 100, 4);
    assert_eq!(town.upload(&ticket, &vec![0; 1_048_577]).await.as_u16() / 100, 4);
    let mut moved = ticket.clone();
    moved["upload"]["fields"]["key"] = "someone-else/photo.jpg".into();
    assert_eq!(town.upload(&moved, &vec![0; 28_672]).await.as_u16() / 100, 4);
    let number = ticket["imageNo"].as_str().unwrap();
    assert_eq!(town.get(person, &format!("/v1/photos/{number}")).await.body["state"], "reserved");
}

async fn problems_are_in_the_standard_form(town: &Town, person: &Person) {
    for (path, status, code) in [
        ("/v1/photos/AL200166497", 404, "image-number-wrong"),
        ("/v1/photos/AK200166501", 404, "not-found"),
        ("/v1/photos?card=passport", 422, "invalid"),
        ("/v1/photos?cursor=nonsense", 422, "invalid"),
    ] {
        let answer = town.get(person, path).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (status, &code.into()), "{path}");
        for field in ["type", "title", "status", "requestId"] {
            assert!(!answer.body[field].is_null(), "{path} {field}");
        }
    }
    let nobody = town.send(None, Method::GET, "/v1/photos", &[], None).await;
    assert_eq!(nobody.status, 401);
}

async fn a_wait_ends_within_a_second_of_the_result(town: &Town, person: &Person) {
    let file = passing();
    let mut times = Vec::new();
    for n in 0..5 {
        let ticket = town.start(person, &format!("wait {n}"), file.len()).await.body;
        assert_eq!(town.upload(&ticket, &file).await, 201);
        let uploaded = Instant::now();
        let number = ticket["imageNo"].as_str().unwrap().to_owned();
        town.outcome(person, &number).await;
        times.push(uploaded.elapsed());
        let path = format!("/v1/photos/{number}");
        let etag = town.get(person, &path).await.etag.unwrap();
        let same = town.send(Some(person), Method::GET, &path, &[("if-none-match", &etag)], None).await;
        assert_eq!(same.status, 304);
        let english = [("if-none-match", etag.as_str()), ("accept-language", "en")];
        let other = town.send(Some(person), Method::GET, &path, &english, None).await;
        assert_eq!((other.status.as_u16(), &other.body["stateText"]), (200, &"Passed".into()));
    }
    times.sort();
    println!("  from the end of the upload to the verdict in the client's hands: {times:?}");
}

async fn the_same_key_is_the_same_photo(town: &Town, person: &Person) {
    let (first, twin) = tokio::join!(town.start(person, "click", 50_000), town.start(person, "click", 50_000));
    assert_eq!((first.status, twin.status), (201.try_into().unwrap(), 201.try_into().unwrap()));
    assert_eq!(first.body["imageNo"], twin.body["imageNo"]);
    let other = town.start(person, "click", 60_000).await;
    assert_eq!((other.status.as_u16(), &other.body["code"]), (422, &"idempotency-key-reused".into()));
}

async fn repeated_and_foreign_events_change_nothing(town: &Town, person: &Person) {
    let ticket = town.start(person, "events", passing().len()).await.body;
    let key = ticket["upload"]["fields"]["key"].as_str().unwrap();
    assert_eq!(town.upload(&ticket, &passing()).await, 201);
    for _ in 0..3 {
        town.say_to_detection(&town.event(key).to_string()).await;
    }
    let number = ticket["imageNo"].as_str().unwrap();
    let photo = town.outcome(person, number).await;
    assert_eq!(photo["state"], "passed");
    town.say_to_detection(&town.event(key).to_string()).await;
    for key in ["a b/c.jpg", "1+1=2.jpg", "我的 照片+1.jpg"] {
        town.put_upload(key).await;
    }
    town.say_to_detection(r#"{"Service":"Amazon S3","Event":"s3:TestEvent"}"#).await;
    town.quiet().await;
    assert_eq!(town.dead_letters().await, 0, "none of this is poison");
    assert_eq!(town.get(person, &format!("/v1/photos/{number}")).await.body, photo);
}

async fn a_stranger_finds_nothing(town: &Town, person: &Person) {
    let number = town.submit(person, "mine", &passing()).await;
    let stranger = town.newcomer("stranger").await;
    for path in [format!("/v1/photos/{number}"), format!("/v1/photos/{number}/standard-photo")] {
        let answer = town.get(&stranger, &path).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (404, &"not-found".into()), "{path}");
    }
    assert_eq!(town.get(&stranger, "/v1/photos").await.body["items"].as_array().unwrap().len(), 0);
    let found = town.get(&stranger, &format!("/v1/photos?imageNo={number}")).await;
    assert_eq!(found.body["items"].as_array().unwrap().len(), 0);
}

async fn a_hundred_at_once_all_end(town: &Arc<Town>, person: &Person) {
    let started = Instant::now();
    let file = Arc::new(passing());
    let submissions = (0..100).map(|n| {
        let (town, person, file) = (town.clone(), person.clone(), file.clone());
        tokio::spawn(async move { town.submit(&person, &format!("hundred {n}"), &file).await })
    });
    let mut numbers = BTreeSet::new();
    for submission in submissions.collect::<Vec<_>>() {
        numbers.insert(submission.await.unwrap());
    }
    assert_eq!(numbers.len(), 100, "no number twice");
    let uploaded = started.elapsed();
    for number in &numbers {
        let photo = town.outcome(person, number).await;
        assert!(photo["state"] == "passed" || photo["state"] == "timed-out", "{photo:#}");
    }
    println!("  100 photos: uploaded in {uploaded:?}, ended in {:?}", started.elapsed());
}

async fn poison_goes_to_the_dead_letters(town: &Town) {
    let before = town.dead_letters().await;
    town.say_to_detection("poison").await;
    let started = Instant::now();
    while town.dead_letters().await == before {
        assert!(started.elapsed() < journeys::PATIENCE, "the message neither died nor was handled");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    println!("  poison was put aside after {:?}", started.elapsed());
}

/// The message of a worker that was killed comes again, and the photo ends as if nothing had been.
async fn a_killed_worker_is_replaced(town: &Town) {
    let person = &town.newcomer("unlucky").await;
    let number = town.submit(person, "killed", &passing()).await;
    let path = format!("/v1/photos/{number}");
    let mut killed = 0;
    while town.get(person, &path).await.body["state"] == "reserved" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    killed += town.kill_detection();
    assert!(killed > 0, "no worker to kill");
    let photo = town.outcome(person, &number).await;
    assert_eq!(photo["state"], "passed", "{photo:#}");
}

async fn a_photo_times_out_by_the_clock(town: &Town) {
    let person = &town.newcomer("patient").await;
    let ticket = town.start(person, "late", 50_000).await.body;
    let key = ticket["upload"]["fields"]["key"].as_str().unwrap();
    // The event arrives but the object cannot be fetched: the photo is begun and never concluded.
    town.say_to_detection(&town.event(key).to_string()).await;
    let path = format!("/v1/photos/{}", ticket["imageNo"].as_str().unwrap());
    let started = Instant::now();
    while town.get(person, &path).await.body["state"] != "inspecting" {
        assert!(started.elapsed() < journeys::PATIENCE, "the event was not taken");
    }
    town.set_clock_ahead(SignedDuration::from_secs(180)).await;
    let photo = town.get(person, &path).await.body;
    assert_eq!(
        (&photo["state"], &photo["stateText"], &photo["feeFen"]),
        (&"timed-out".into(), &"检测超时".into(), &0.into())
    );
    town.set_clock_ahead(SignedDuration::ZERO).await;
}
