use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use journeys::{Answer, PASSWORD, Person, Town};
use reqwest::Method;
use serde_json::json;

async fn refresh(town: &Town, token: &str) -> Answer {
    town.send(None, Method::POST, "/v1/sessions/refresh", &[], Some(json!({"refreshToken": token}))).await
}

/// Answers what must show nowhere.
pub async fn a_hundred_refreshes_are_one_rotation(town: &Arc<Town>) -> Vec<String> {
    let person = town.newcomer("hurried").await;
    // On a busy machine a hundred calls take longer than the grace: the functions' clock stands still meanwhile.
    let held = town.hold_clock().await;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (town, token) = (town.clone(), person.refresh.clone());
            tokio::spawn(async move { refresh(&town, &token).await })
        })
        .collect();
    let mut successors: BTreeMap<String, usize> = BTreeMap::new();
    for call in calls {
        let answer = call.await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.body);
        *successors.entry(answer.body["refreshToken"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(successors.values().copied().collect::<Vec<_>>(), [100], "all get the same successor");
    let second = successors.into_keys().next().unwrap();
    assert_ne!(second, person.refresh);

    held.abort();
    let third = refresh(town, &second).await.body["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(refresh(town, &person.refresh).await.status, 401, "a copy from two rotations ago");
    assert_eq!(refresh(town, &third).await.status, 401, "the whole family is revoked");
    assert_eq!(town.get(&person, "/v1/me").await.status, 401, "and its access tokens with it");
    vec![person.refresh, second, third, person.token]
}

/// Answers what must show nowhere.
pub async fn fifty_registrations_of_one_phone_are_one_account(town: &Arc<Town>) -> Vec<String> {
    const PHONE: &str = "13048958911";
    let mut secrets = vec![PHONE.to_owned(), format!("+86{PHONE}"), format!("86{PHONE}")];
    let mut forms = Vec::new();
    for n in 0..5 {
        // A code a minute is all one phone gets.
        let sent = ask(town, PHONE).await;
        assert_eq!(sent.status, 202, "{}", sent.body);
        let again = ask(town, PHONE).await;
        let wait = again.retry_after.unwrap_or_default();
        assert!(again.status == 429 && (1..=60).contains(&wait), "XX-18: {} {wait}", again.status);
        let code = town.texted(PHONE).await;
        for m in 0..10 {
            let form = json!({"userName": format!("phone-{n}-{m}"), "phone": PHONE, "codeId": sent.body["codeId"], "code": code,
                "password": PASSWORD, "agreement": "2024-02", "client": "app"});
            forms.push((format!("198.51.100.{}", 10 * n + m), form));
        }
        secrets.push(code);
        town.set_clock_ahead(SignedDuration::from_secs(61 * (n + 1))).await;
    }
    let calls: Vec<_> = forms
        .into_iter()
        .map(|(address, form)| {
            let town = town.clone();
            let from = format!("{address}, {address}");
            tokio::spawn(async move {
                town.send(None, Method::POST, "/v1/accounts", &[("x-forwarded-for", &from)], Some(form)).await
            })
        })
        .collect();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for call in calls {
        let answer = call.await.unwrap();
        let said = answer.body["code"].as_str().unwrap_or("made").to_owned();
        *told.entry(format!("{} {said}", answer.status.as_u16())).or_default() += 1;
    }
    println!("  {told:?}");
    assert_eq!(told.get("201 made"), Some(&1), "{told:?}");
    let others = ["201 made", "409 phone-taken", "422 code-wrong", "409 conflict"];
    assert!(told.keys().all(|said| others.contains(&said.as_str())), "{told:?}");
    let rows = town.rows().await;
    assert_eq!(rows.iter().filter(|row| row.contains("phoneSealed")).count(), 1, "one account holds a phone");
    secrets
}

async fn ask(town: &Town, phone: &str) -> Answer {
    let captcha = town.solved_captcha("sms-code").await;
    let wish = json!({"purpose": "register", "phone": phone, "captcha": captcha});
    town.send(None::<&Person>, Method::POST, "/v1/sms-codes", &[], Some(wish)).await
}
