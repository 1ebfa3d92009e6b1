//! Accounts of the old system: import by an operator, the first sign-in, and the phone that they must bind.

use journeys::{Client, TestStack};
use reqwest::Method;
use serde_json::{Value, json};

/// The password of imported accounts.
pub const OLD_PASSWORD: &str = "Old-Passw0rd";
/// MD5 of `s4lt` and the password.
pub const OLD_HASH: &str = "a5fffe8843746242517fbf279919bdfe";

fn old_account(name: &str, hash: &str) -> String {
    let account = json!({"userName": name, "scheme": "md5-salted", "salt": "s4lt", "hash": hash,
        "registeredAt": "2015-05-04T08:00:00Z"});
    account.to_string()
}

/// Imports lines twice; what the tool printed each time.
async fn import(stack: &TestStack, lines: &[String]) -> [String; 2] {
    let file = std::env::temp_dir().join(stack.unique("old-accounts"));
    std::fs::write(&file, lines.join("\n")).unwrap();
    let arguments = ["import-accounts", file.to_str().unwrap(), "journeys", "the old system closes"];
    let (succeeded, first) = stack.run_operator_tool("operate", &arguments).await;
    assert!(succeeded, "{first}");
    let (_, second) = stack.run_operator_tool("operate", &arguments).await;
    std::fs::remove_file(&file).unwrap();
    [first, second]
}

/// Imports one account; its user name.
pub async fn imported(stack: &TestStack, name: &str) -> String {
    let name = stack.unique(name);
    import(stack, &[old_account(&name, OLD_HASH)]).await;
    name
}

/// The first session of an imported account, which can only bind a phone.
pub async fn first_session(stack: &TestStack, name: &str) -> Client {
    let first = stack.sign_in_by_password(name, OLD_PASSWORD).await;
    let scope = (first.status.as_u16(), first.body["scope"].as_str(), first.body["needPhone"].as_bool());
    assert_eq!(scope, (201, Some("bind-phone"), Some(true)), "{}", first.body);
    Client::from_session(name, &first.body)
}

async fn refreshed(stack: &TestStack, client: &Client) -> (Client, Value) {
    let next = stack.refresh(&client.refresh).await;
    assert_eq!(next.status, 201, "{}", next.body);
    (Client::from_session(&client.name, &next.body), next.body)
}

/// Covers: IC-185
#[tokio::test(flavor = "multi_thread")]
async fn import_reports_taken_names_and_malformed_lines_and_can_be_repeated() {
    let stack = TestStack::shared().await;
    let taken = stack.register("taken-name").await;
    let lines = [
        old_account(&stack.unique("imported"), OLD_HASH),
        old_account(&taken.name, OLD_HASH),
        old_account(&stack.unique("half-a-hash"), &OLD_HASH[1..]),
        "?".into(),
    ];
    let [first, second] = import(&stack, &lines).await;
    assert!(first.contains("1 accounts") && first.contains("3 lines"), "{first}");
    assert!(["line 2:", "line 3:", "line 4:"].iter().all(|line| first.contains(line)), "{first}");
    assert!(second.contains("0 accounts") && second.contains("4 lines"), "{second}");
}

/// Covers: IC-187
#[tokio::test(flavor = "multi_thread")]
async fn imported_account_signs_in_with_its_old_password_whose_hash_is_then_replaced() {
    let stack = TestStack::shared().await;
    let name = imported(&stack, "old-hash").await;
    let row = async || {
        let rows = stack.all_rows().await;
        rows.into_iter().find(|row| row.contains(&format!("\"{name}\"")) && row.contains("imported")).unwrap()
    };
    assert!(row().await.contains("oldHash"));
    for wrong in ["Old-Passw0rD", OLD_HASH] {
        assert_eq!(stack.sign_in_by_password(&name, wrong).await.status, 401, "{wrong}");
    }
    first_session(&stack, &name).await;
    assert!(!row().await.contains("oldHash"), "the first sign-in replaces it by Argon2id");
}

/// Covers: IC-189
#[tokio::test(flavor = "multi_thread")]
async fn imported_account_can_do_nothing_before_it_binds_a_phone() {
    let stack = TestStack::shared().await;
    let name = imported(&stack, "old-limited").await;
    let (limited, session) = refreshed(&stack, &first_session(&stack, &name).await).await;
    assert_eq!(session["scope"], "bind-phone", "a refresh does not extend the scope");
    for path in ["/v1/wallet", "/v1/me", "/v1/sessions", "/v1/photos", "/v1/me/addresses"] {
        assert_eq!(stack.get(&limited, path).await.problem(), (403, "phone-needed"), "{path}");
    }
    assert_eq!(stack.upload_ticket(&limited, "too-early", 40_000).await.status, 403);
}

/// Covers: IC-189
#[tokio::test(flavor = "multi_thread")]
async fn imported_account_has_full_access_after_binding_a_phone_with_the_correct_code() {
    let stack = TestStack::shared().await;
    let name = imported(&stack, "old-binding").await;
    let limited = first_session(&stack, &name).await;
    let phone = stack.phone(0);
    let id = stack.request_sms_code("bind-phone", &phone).await;
    let code = stack.sms_code(&phone).await;
    let bind = async |code: &str| {
        let form = json!({"phone": phone, "codeId": id, "code": code});
        stack.send(Some(&limited), Method::POST, "/v1/me/phone", &[], Some(form)).await
    };
    let wrong = bind(if code == "000000" { "000001" } else { "000000" }).await;
    assert_eq!(wrong.problem(), (422, "code-wrong"));
    assert_eq!(bind(&code).await.status, 200);
    let (full, session) = refreshed(&stack, &limited).await;
    assert_eq!((session["scope"].as_str(), session["needPhone"].as_bool()), (Some("full"), Some(false)));
    assert_eq!(stack.get(&full, "/v1/wallet").await.status, 200);
    assert_eq!(stack.upload_ticket(&full, "a-photo", 40_000).await.status, 201);
    let again = stack.sign_in_by_password(&name, OLD_PASSWORD).await;
    assert_eq!((again.status.as_u16(), again.body["scope"].as_str()), (201, Some("full")));
}

mod exclusive {
    use jiff::SignedDuration;
    use journeys::TestStack;
    use reqwest::Method;
    use serde_json::json;

    use super::{first_session, imported};

    /// Covers: IC-189
    #[tokio::test(flavor = "multi_thread")]
    async fn imported_account_signs_in_by_sms_after_binding_a_phone() {
        let stack = TestStack::exclusive().await;
        let name = imported(&stack, "old-sms").await;
        let limited = first_session(&stack, &name).await;
        let phone = stack.phone(0);
        stack.bind_phone(&limited, &phone).await;
        // A phone gets one code a minute.
        stack.set_clock_ahead(SignedDuration::from_secs(61)).await;
        let id = stack.request_sms_code("sign-in", &phone).await;
        let code = stack.sms_code(&phone).await;
        let grant = json!({"grant": "sms", "phone": phone, "codeId": id, "code": code, "client": "app"});
        let session = stack.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await;
        assert_eq!(session.status, 201, "{}", session.body);
        assert_eq!(session.body["account"]["accountId"], limited.account.as_str());
    }
}
