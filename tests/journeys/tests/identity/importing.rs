use jiff::SignedDuration;
use journeys::{Answer, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

const OLD_PASSWORD: &str = "Old-Passw0rd";
/// MD5 of `s4lt` and the password.
const OLD_HASH: &str = "a5fffe8843746242517fbf279919bdfe";
const PHONE: &str = "13688887777";
/// Behind the journey that lets a week pass.
const AHEAD: i64 = 8 * 86_400;

fn old_account(name: &str, hash: &str) -> String {
    let old = json!({"userName": name, "scheme": "md5-salted", "salt": "s4lt", "hash": hash,
        "registeredAt": "2015-05-04T08:00:00Z"});
    old.to_string()
}

async fn sign_in(town: &Town, password: &str) -> Answer {
    let grant = json!({"grant": "password", "login": "old-hand", "password": password, "client": "app"});
    town.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await
}

fn person(session: &Value) -> Person {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{session}")).to_owned();
    let (token, refresh) = (text(&session["accessToken"]), text(&session["refreshToken"]));
    Person {
        token,
        refresh,
        account: text(&session["account"]["accountId"]),
        name: "old-hand".to_owned(),
        factor: None,
    }
}

async fn refreshed(town: &Town, of: &Person) -> (Person, Value) {
    let wish = json!({"refreshToken": of.refresh});
    let next = town.send(None, Method::POST, "/v1/sessions/refresh", &[], Some(wish)).await;
    assert_eq!(next.status, 201, "{}", next.body);
    (person(&next.body), next.body)
}

async fn code(town: &Town, purpose: &str) -> Value {
    let captcha = town.solved_captcha("sms-code").await;
    let wish = json!({"purpose": purpose, "phone": PHONE, "captcha": captcha});
    let sent = town.send(None, Method::POST, "/v1/sms-codes", &[], Some(wish)).await;
    assert_eq!(sent.status, 202, "{}", sent.body);
    sent.body["codeId"].clone()
}

/// Answers what must show nowhere.
pub async fn an_old_account_comes_in_binds_a_phone_and_then_does_everything(town: &Town) -> Vec<String> {
    town.set_clock_ahead(SignedDuration::from_secs(AHEAD)).await;
    let file = std::env::temp_dir().join(format!("old-accounts-{}.jsonl", std::process::id()));
    // Whole, of a name that is taken here, with half a hash, and no account at all.
    let lines = [
        old_account("old-hand", OLD_HASH),
        old_account("boss", OLD_HASH),
        old_account("half", &OLD_HASH[1..]),
        "?".into(),
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
    let import = async || {
        let arguments = ["import-accounts", file.to_str().unwrap(), "journeys", "the old system closes"];
        town.operator("operate", &arguments).await
    };
    let (went_well, said) = import().await;
    assert!(went_well && said.contains("1 accounts imported, 3 lines skipped"), "{said}");
    assert!(["line 2:", "line 3:", "line 4: not an account"].iter().all(|line| said.contains(line)), "{said}");
    let (_, said) = import().await;
    assert!(said.contains("0 accounts imported, 4 lines skipped"), "again: {said}");
    std::fs::remove_file(&file).unwrap();

    let row = async || {
        town.rows().await.into_iter().find(|row| row.contains("\"old-hand\"") && row.contains("imported")).unwrap()
    };
    assert!(row().await.contains("oldHash"));
    for wrong in ["Old-Passw0rD", OLD_HASH] {
        assert_eq!(sign_in(town, wrong).await.status, 401, "{wrong}");
    }
    let first = sign_in(town, OLD_PASSWORD).await;
    let told = (first.status.as_u16(), first.body["scope"].as_str(), first.body["needPhone"].as_bool());
    assert_eq!(told, (201, Some("bind-phone"), Some(true)), "{}", first.body);
    assert!(!row().await.contains("oldHash"), "from the first sign-in on Argon2id of the password alone");

    let (half, body) = refreshed(town, &person(&first.body)).await;
    assert_eq!(body["scope"], "bind-phone", "a refresh is no way around");
    let doors = [
        (Method::GET, "/v1/wallet"),
        (Method::GET, "/v1/me"),
        (Method::GET, "/v1/sessions"),
        (Method::GET, "/v1/photos"),
        (Method::GET, "/v1/me/addresses"),
    ];
    for (method, path) in doors {
        let refused = town.send(Some(&half), method, path, &[], None).await;
        assert_eq!((refused.status.as_u16(), refused.body["code"].as_str()), (403, Some("phone-needed")), "{path}");
    }
    assert_eq!(town.start(&half, "too-early", 40_000).await.status, 403);

    let id = code(town, "bind-phone").await;
    let digits = town.texted(PHONE).await;
    let bind = async |digits: &str| {
        let form = json!({"phone": PHONE, "codeId": id, "code": digits});
        town.send(Some(&half), Method::POST, "/v1/me/phone", &[], Some(form)).await
    };
    let wrong = bind(if digits == "000000" { "000001" } else { "000000" }).await;
    assert_eq!((wrong.status.as_u16(), wrong.body["code"].as_str()), (422, Some("code-wrong")));
    assert_eq!(refreshed(town, &half).await.1["scope"], "bind-phone");
    let bound = bind(&digits).await;
    assert_eq!((bound.status.as_u16(), bound.body["phone"].as_str()), (200, Some("136****7777")), "{}", bound.body);
    let (whole, body) = refreshed(town, &half).await;
    assert_eq!((body["scope"].as_str(), body["needPhone"].as_bool()), (Some("full"), Some(false)));
    assert_eq!(town.get(&whole, "/v1/wallet").await.status, 200);
    assert_eq!(town.start(&whole, "a-photo", 40_000).await.status, 201);

    let again = sign_in(town, OLD_PASSWORD).await;
    assert_eq!((again.status.as_u16(), again.body["scope"].as_str()), (201, Some("full")));
    town.set_clock_ahead(SignedDuration::from_secs(AHEAD + 61)).await;
    let id = code(town, "sign-in").await;
    let by_message = town.texted(PHONE).await;
    let grant = json!({"grant": "sms", "phone": PHONE, "codeId": id, "code": by_message, "client": "app"});
    let by_phone = town.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await;
    let told = (by_phone.status.as_u16(), by_phone.body["account"]["accountId"].as_str());
    assert_eq!(told, (201, Some(whole.account.as_str())), "{}", by_phone.body);
    vec![OLD_PASSWORD.into(), OLD_HASH.into(), PHONE.into(), digits, by_message, half.token, whole.token, whole.refresh]
}
