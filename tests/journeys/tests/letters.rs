//! Codes and letters, from the request to the telephone and the mailbox of this machine.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use jiff::SignedDuration;
use journeys::{PASSWORD, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

const MAIL: &str = "zhang.san@example.cn";

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn letters() {
    let town = Town::build();
    let person = town.newcomer("written-to").await;
    let step = |name: &str| println!("- {name}");
    step("UA-37 UA-38 UA-39 UA-40 UA-41 an e-mail address is bound by the link in a real letter");
    an_address_is_bound_by_its_link(&town, &person).await;
    step("UA-38 a mail service that is down for a while delays a letter and loses none");
    a_service_that_was_down_delays_a_letter(&town, &person).await;
    step("IC-13 codes go on while the mail service is down");
    a_code_does_not_wait_for_a_letter(&town, &person).await;
    step("no log and no table shows an address, a link or a code");
    nothing_shows(&town).await;
}

/// What reached people stands in no log of the deployed stack and in no row of its tables.
async fn nothing_shows(town: &Town) {
    let inbox = town.inbox().await;
    let text = |item: &Value, field: &str| item[field].as_str().map(str::to_owned);
    let addresses = inbox.iter().filter_map(|item| text(item, "to"));
    let links = inbox
        .iter()
        .filter_map(|item| text(item, "text")?.split('#').nth(1)?.split_whitespace().next().map(str::to_owned));
    let secrets: Vec<String> =
        addresses.chain(links).chain(inbox.iter().filter_map(|item| text(item, "phone"))).collect();
    assert!(secrets.len() > 4 && secrets.contains(&MAIL.to_owned()), "{}", secrets.len());
    let (logs, rows) = (town.logs().await, town.rows().await);
    for route in ["/v1/me/email", "/v1/me/email/confirmations", "/v1/sms-codes"] {
        assert!(logs.iter().any(|line| line.contains(route)), "{route} is in no log");
    }
    for secret in secrets {
        for place in [&logs, &rows] {
            let found = place.iter().find(|text| text.contains(&secret));
            assert!(found.is_none(), "{secret} stands in {found:?}");
        }
    }
}

async fn post(town: &Town, person: &Person, path: &str, body: Value) -> journeys::Answer {
    town.send(Some(person), Method::POST, path, &[], Some(body)).await
}

async fn ask(town: &Town, person: &Person, email: &str) {
    let proof = json!({"purpose": "bind-email", "password": PASSWORD});
    let proven = post(town, person, "/v1/me/step-ups", proof).await;
    assert_eq!(proven.status, 201, "{}", proven.body);
    let form = json!({"email": email, "captcha": town.solved_captcha("bind-email").await,
        "stepUpToken": proven.body["stepUpToken"]});
    let sent = post(town, person, "/v1/me/email", form).await;
    assert_eq!(sent.status, 202, "{}", sent.body);
}

async fn arrived(town: &Town, field: &str, to: &str) -> Value {
    town.arrived(|item| item[field] == to).await
}

async fn fault(town: &Town, times: u32) {
    let url = format!("{}/control/faults", town.cloud.connection.sandbox.as_deref().unwrap());
    let body = json!({"fault": "messages-down", "times": times});
    assert!(town.http.post(url).json(&body).send().await.unwrap().status().is_success());
}

/// What stands after `#` in the letter's link.
fn link(letter: &Value) -> String {
    let text = letter["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    link.split_once("/activate-email#").unwrap().1.to_owned()
}

async fn an_address_is_bound_by_its_link(town: &Town, person: &Person) {
    ask(town, person, MAIL).await;
    let letter = arrived(town, "to", MAIL).await;
    let page = town.cloud.connection.page.as_deref().unwrap();
    assert!(letter["text"].as_str().unwrap().contains(&format!("{page}/activate-email#")), "{letter}");
    let stranger = town.newcomer("stranger").await;
    let confirmation = json!({"token": link(&letter)});
    let others = post(town, &stranger, "/v1/me/email/confirmations", confirmation.clone()).await;
    assert_eq!((others.status.as_u16(), &others.body["code"]), (404, &json!("email-link-unknown")));
    let bound = post(town, person, "/v1/me/email/confirmations", confirmation.clone()).await;
    assert_eq!((bound.status.as_u16(), &bound.body["email"]), (200, &json!("zha***@example.cn")));
    let again = post(town, person, "/v1/me/email/confirmations", confirmation).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("email-link-used")));
    assert_eq!(town.get(person, "/v1/me").await.body["email"], "zha***@example.cn");
}

async fn a_service_that_was_down_delays_a_letter(town: &Town, person: &Person) {
    town.set_clock_ahead(SignedDuration::from_mins(2)).await;
    fault(town, 2).await;
    ask(town, person, "li.si@example.cn").await;
    arrived(town, "to", "li.si@example.cn").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let letters = town.inbox().await.into_iter().filter(|item| item["to"] == "li.si@example.cn").count();
    assert_eq!(letters, 1, "it was sent once");
}

async fn a_code_does_not_wait_for_a_letter(town: &Town, person: &Person) {
    town.set_clock_ahead(SignedDuration::from_mins(4)).await;
    fault(town, 1).await;
    ask(town, person, "wang.wu@example.cn").await;
    let form = json!({"purpose": "register", "phone": "13810548469", "captcha": town.solved_captcha("sms-code").await});
    let sent = town.send(None, Method::POST, "/v1/sms-codes", &[], Some(form)).await;
    assert_eq!(sent.status, 202, "{}", sent.body);
    let code = arrived(town, "phone", "13810548469").await;
    assert_eq!(code["values"]["code"].as_str().unwrap().len(), 6);
    arrived(town, "to", "wang.wu@example.cn").await;
}
