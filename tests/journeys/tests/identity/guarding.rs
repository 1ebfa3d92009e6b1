use app::store::{Change, Key, Store, Table};
use domain::actor::Role;
use jiff::{SignedDuration, Timestamp};
use journeys::{Answer, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

fn code(answer: &Answer) -> &str {
    answer.body["code"].as_str().unwrap_or_else(|| panic!("{}", answer.body))
}

async fn put_roles(town: &Town, by: &Person, of: &Person, roles: Value) -> Answer {
    let wish = json!({"roles": roles, "why": "joins the money"});
    town.send(Some(by), Method::PUT, &format!("/v1/admin/accounts/{}/roles", of.account), &[], Some(wish)).await
}

/// Answers what must show nowhere.
pub async fn staff_have_two_steps_and_every_grant_has_its_line(town: &Town) -> Vec<String> {
    let boss = town.newcomer("boss").await;
    assert_eq!(town.get(&boss, "/v1/admin/audit").await.status, 403);
    town.appoint(&boss, Role::Admin).await;
    assert_eq!(town.get(&boss, "/v1/me").await.status, 401, "an older session is no staff session");

    let first = town.sign_in_once(&boss).await;
    assert_eq!(
        (first.body["scope"].as_str(), first.body["secondFactor"].as_str()),
        (Some("second-factor"), Some("set-up"))
    );
    let half = Person { token: first.body["accessToken"].as_str().unwrap().to_owned(), ..boss.clone() };
    let refused = town.get(&half, "/v1/admin/audit").await;
    assert_eq!((refused.status.as_u16(), code(&refused)), (403, "second-factor-needed"));
    let (boss, recovery) = town.enrolled(&half).await;
    assert_eq!(town.get(&half, "/v1/sessions").await.status, 403);
    assert_eq!(recovery.len(), 10);

    let payments = town.newcomer("payments").await;
    let granted = put_roles(town, &boss, &payments, json!(["finance"])).await;
    assert_eq!((granted.status.as_u16(), &granted.body["roles"]), (200, &json!(["user", "finance"])));
    assert_eq!(town.get(&payments, "/v1/me").await.status, 401, "granted roles begin with a new sign-in");
    assert_eq!(code(&put_roles(town, &boss, &payments, json!(["auditor", "finance"])).await), "invalid");
    assert_eq!(code(&put_roles(town, &boss, &boss, json!(["admin"])).await), "own-account");
    let half = town.sign_in_once(&payments).await;
    let half = Person { token: half.body["accessToken"].as_str().unwrap().to_owned(), ..payments.clone() };
    let (payments, _) = town.enrolled(&half).await;
    assert_eq!(town.get(&payments, "/v1/admin/audit").await.status, 403, "finance is not the auditor");

    let lines = town.get(&boss, &format!("/v1/admin/audit?subject=account/{}", payments.account)).await;
    let line = &lines.body["items"][0];
    assert_eq!((line["what"].as_str(), line["by"].as_str()), (Some("roles-set"), Some(boss.account.as_str())));
    assert_eq!((line["why"].as_str(), &line["facts"]["after"]), (Some("joins the money"), &json!(["user", "finance"])));
    let day = town.get(&boss, "/v1/admin/audit?limit=1").await.body;
    assert!(day["items"].as_array().unwrap().len() == 1 && day["next"].is_string(), "{day}");

    let lost = town.sign_in_once(&boss).await;
    assert_eq!(lost.body["secondFactor"], "show");
    let lost = Person { token: lost.body["accessToken"].as_str().unwrap().to_owned(), ..boss.clone() };
    let guesses =
        [json!({"code": "000000"}), json!({"recoveryCode": recovery[0]}), json!({"recoveryCode": recovery[0]})];
    let mut told = Vec::new();
    for guess in guesses {
        told.push(town.show(&lost, guess).await.status.as_u16());
    }
    assert_eq!(told, [422, 201, 401], "once, and then the first step is over");
    [recovery, vec![boss.token, boss.refresh, payments.token, payments.refresh]].concat()
}

/// By the nightly job and by the operator's command.
pub async fn a_changed_line_shows(town: &Town) {
    let found = town.check_audit().await.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(found["subjects"].as_u64().unwrap() >= 4 && found["broken"] == json!([]), "{found}");
    let day =
        |from_today: i64| (Timestamp::now() + SignedDuration::from_hours(24 * from_today)).to_string()[..10].to_owned();
    let (from, to) = (day(-30), day(30));
    let by_hand = async || town.operator("operate", &["check-audit", &from, &to]).await;
    let (sound, said) = by_hand().await;
    assert!(sound && said.contains("0 of them broken"), "{said}");

    let imported = town.rows().await.into_iter().find(|row| row.contains("account-imported")).unwrap();
    let subject = imported.split("SUBJECT#").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let key = Key::new(Table::Audit, format!("SUBJECT#{subject}"), format!("{:020}", 1));
    town.store().await.apply(Change::update(key).set("by", "operator/nobody")).await.unwrap();
    let broken = town.check_audit().await.unwrap_err();
    assert!(broken.to_string().contains("1 broken chains"), "{broken}");
    let (sound, said) = by_hand().await;
    assert!(!sound && said.contains(&format!("{subject}: entry 1 was changed, removed or inserted")), "{said}");
    let logs = town.logs().await;
    assert!(
        logs.iter().any(|line| line.contains("audit chain broken") && line.contains(&subject)),
        "the alarm reads this"
    );
}
