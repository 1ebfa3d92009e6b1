//! Somebody with an account, an app and a photo.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{PATIENCE, Town};

/// Of everybody in town.
pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

#[derive(Debug, Clone)]
pub struct Person {
    pub token: String,
    pub refresh: String,
    pub account: String,
    pub name: String,
    /// Staff: the secret in their authenticator.
    pub factor: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub retry_after: Option<u64>,
    pub body: Value,
    /// What is not JSON.
    pub text: String,
}

pub(crate) fn signed_in(name: &str, session: &Value) -> Person {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{session}")).to_owned();
    let account = text(&session["account"]["accountId"]);
    let (token, refresh) = (text(&session["accessToken"]), text(&session["refreshToken"]));
    Person { token, refresh, account, name: name.to_owned(), factor: None }
}

impl Town {
    pub async fn newcomer(&self, name: &str) -> Person {
        let account = json!({
            "userName": name, "password": PASSWORD, "agreement": "2024-02", "client": "app",
            "captcha": self.solved_captcha("register").await,
        });
        let made = self.send(None, Method::POST, "/v1/accounts", &[], Some(account)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        signed_in(name, &made.body)
    }

    /// A token lives ten minutes: after the clock moved, people sign in again.
    pub async fn sign_in(&self, person: &Person) -> Person {
        let grant = json!({"grant": "password", "login": person.name, "password": PASSWORD, "client": "app"});
        let made = self.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let first = Person { factor: person.factor.clone(), ..signed_in(&person.name, &made.body) };
        if made.body["scope"] == "second-factor" { self.second_step(&first).await } else { first }
    }

    /// The answer as bytes, with its type.
    pub async fn fetch(&self, person: &Person, path: &str, accept: &str) -> (StatusCode, String, Vec<u8>) {
        let request = self.http.get(self.api(path)).bearer_auth(&person.token).header("accept", accept);
        let answer = request.timeout(PATIENCE).send().await.unwrap();
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        (answer.status(), kind.unwrap_or_default(), answer.bytes().await.unwrap().to_vec())
    }

    pub async fn orders_kept(&self, person: &Person) -> usize {
        self.get(person, "/v1/orders").await.body["items"].as_array().unwrap().len()
    }

    /// What the sandbox's mailbox and telephone hold.
    pub async fn inbox(&self) -> Vec<Value> {
        let page = self.cloud.connection.page.as_deref().unwrap();
        self.http.get(format!("{page}/sandbox/inbox.json")).send().await.unwrap().json().await.unwrap()
    }

    /// The first thing in the inbox that is wanted, as soon as it is there.
    pub async fn arrived(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = std::time::Instant::now();
        loop {
            if let Some(found) = self.inbox().await.into_iter().find(&wanted) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "it did not arrive");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// The letter whose text is wanted.
    pub async fn letter(&self, wanted: impl Fn(&str) -> bool) -> Value {
        self.arrived(|item| item["text"].as_str().is_some_and(&wanted)).await
    }

    /// By the sum in words, as somebody does who does not see the picture.
    pub async fn solved_captcha(&self, purpose: &str) -> Value {
        let wanted = json!({"purpose": purpose, "kind": "sum"});
        let puzzle = self.send(None, Method::POST, "/v1/captchas", &[("accept-language", "en")], Some(wanted)).await;
        let question = puzzle.body["question"].as_str().unwrap_or_else(|| panic!("{}", puzzle.body)).to_owned();
        let numbers = question.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse::<u32>().ok());
        json!({"captchaId": puzzle.body["captchaId"], "answer": numbers.sum::<u32>().to_string()})
    }

    pub async fn send(
        &self,
        person: Option<&Person>,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.http.request(method, self.api(path)).timeout(PATIENCE);
        if let Some(person) = person {
            request = request.bearer_auth(&person.token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let etag = answer.headers().get("etag").map(|value| value.to_str().unwrap().to_owned());
        let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let status = answer.status();
        let body = answer.bytes().await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status, etag, retry_after, body: serde_json::from_slice(&body).unwrap_or(Value::Null), text }
    }

    pub async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(Some(person), Method::GET, path, &[], None).await
    }

    /// What an app sends before it uploads so many bytes.
    pub fn form(bytes: usize) -> Value {
        json!({
            "card": "resident-id", "ruleset": "easy", "region": {"province": "广东省", "city": "深圳市"},
            "paymentMethod": "wechat", "fileName": "我的 照片+1.jpg", "contentType": "image/jpeg", "bytes": bytes,
            "client": "app",
        })
    }

    pub async fn submit_form(&self, person: &Person, key: &str, form: Value) -> Answer {
        let key = key.replace(' ', "-");
        self.send(Some(person), Method::POST, "/v1/photos", &[("idempotency-key", &key)], Some(form)).await
    }

    pub async fn start(&self, person: &Person, key: &str, bytes: usize) -> Answer {
        self.submit_form(person, key, Self::form(bytes)).await
    }

    /// The ticket's form with the file after its fields, straight to the bucket.
    pub async fn upload(&self, ticket: &Value, file: &[u8]) -> StatusCode {
        let upload = &ticket["upload"];
        let fields = upload["fields"].as_object().unwrap_or_else(|| panic!("{ticket}"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name.clone(), text(value)));
        let form = form.part("file", Part::bytes(file.to_vec()).file_name("photo.jpg"));
        self.http.post(text(&upload["url"])).multipart(form).timeout(PATIENCE).send().await.unwrap().status()
    }

    /// Ticket and upload; the image number.
    pub async fn submit(&self, person: &Person, key: &str, file: &[u8]) -> String {
        let ticket = self.start(person, key, file.len()).await;
        assert_eq!(ticket.status, 201, "{}", ticket.body);
        assert_eq!(self.upload(&ticket.body, file).await, 201);
        ticket.body["imageNo"].as_str().unwrap().to_owned()
    }

    /// Long polls until the photo has ended.
    pub async fn outcome(&self, person: &Person, number: &str) -> Value {
        let started = std::time::Instant::now();
        loop {
            let answer = self.get(person, &format!("/v1/photos/{number}?wait=20")).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let state = answer.body["state"].as_str().unwrap();
            if !matches!(state, "reserved" | "uploaded" | "inspecting") {
                return answer.body;
            }
            assert!(started.elapsed() < PATIENCE, "{number} is still {state}");
        }
    }
}
