use jiff::SignedDuration;
use journeys::{PASSWORD, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "13711112222";
/// What is ahead already, so that a clock set here goes on from there.
const AHEAD: i64 = 10 * 60;

async fn proven(town: &Town, person: &Person, purpose: &str) -> Value {
    let proof = json!({"purpose": purpose, "password": PASSWORD});
    let made = town.send(Some(person), Method::POST, "/v1/me/step-ups", &[], Some(proof)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    json!({"stepUpToken": made.body["stepUpToken"]})
}

/// Answers what must show nowhere.
pub async fn a_person_takes_their_data_and_leaves(town: &Town) -> Vec<String> {
    let ahead = |seconds: i64| town.set_clock_ahead(SignedDuration::from_secs(AHEAD + seconds));
    ahead(0).await;
    let person = town.newcomer("leaver").await;
    let captcha = town.solved_captcha("sms-code").await;
    let wish = json!({"purpose": "bind-phone", "phone": PHONE, "captcha": captcha});
    let sent = town.send(None, Method::POST, "/v1/sms-codes", &[], Some(wish)).await;
    let code = town.texted(PHONE).await;
    let phone = json!({"phone": PHONE, "codeId": sent.body["codeId"], "code": code});
    let bound = town.send(Some(&person), Method::POST, "/v1/me/phone", &[], Some(phone)).await;
    assert_eq!((bound.status.as_u16(), bound.body["phone"].as_str()), (200, Some("137****2222")), "{}", bound.body);

    let refused = town.send(Some(&person), Method::POST, "/v1/me/export", &[], Some(json!({"stepUpToken": "x"}))).await;
    assert_eq!(refused.status, 403);
    let proof = proven(town, &person, "export-data").await;
    let mine = town.send(Some(&person), Method::POST, "/v1/me/export", &[], Some(proof)).await;
    assert_eq!((mine.status.as_u16(), mine.body["account"]["phone"].as_str()), (200, Some(PHONE)));

    let proof = proven(town, &person, "close-account").await;
    let asked = town.send(Some(&person), Method::POST, "/v1/me/closure", &[], Some(proof)).await;
    assert!(asked.status == 200 && asked.body["closesAt"].is_string(), "{}", asked.body);
    let kept = town.send(Some(&person), Method::DELETE, "/v1/me/closure", &[], None).await;
    assert!(kept.status == 200 && kept.body["closesAt"].is_null(), "{}", kept.body);
    let proof = proven(town, &person, "close-account").await;
    assert_eq!(town.send(Some(&person), Method::POST, "/v1/me/closure", &[], Some(proof)).await.status, 200);

    ahead(7 * 86_400 - 5).await;
    town.sweep().await;
    assert_eq!(town.sign_in_once(&person).await.status, 201, "some seconds too early");
    ahead(7 * 86_400 + 60).await;
    town.sweep().await;
    let gone = town.sign_in_once(&person).await;
    assert_eq!((gone.status.as_u16(), gone.body["code"].as_str()), (401, Some("credentials-wrong")));
    let rows = town.rows().await;
    let left: Vec<_> = rows.iter().filter(|row| row.contains(&person.account) && row.contains("137****2222")).collect();
    assert!(left.is_empty(), "{left:?}");
    vec![PHONE.to_owned(), code, person.token, person.refresh]
}
