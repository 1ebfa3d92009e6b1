//! Accounts, sessions and photos, as an app uses the API.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{PATIENCE, TestStack, wait_for};

/// The password of every account that the tests register.
pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

/// An account with its current session.
#[derive(Debug, Clone)]
pub struct Client {
    /// Access token; it is valid for ten minutes.
    pub token: String,
    /// Refresh token; each is valid once.
    pub refresh: String,
    /// Number of the account.
    pub account: String,
    /// User name.
    pub name: String,
    /// The secret of the authenticator app, if the account has one.
    pub authenticator: Option<String>,
}

/// A response of the API.
#[derive(Debug)]
pub struct Response {
    /// HTTP status.
    pub status: StatusCode,
    /// The header `ETag`.
    pub etag: Option<String>,
    /// The header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The body as JSON; null if it is not JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Response {
    /// The status as a number and the problem's code, to be compared at once.
    pub fn problem(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
}

impl Client {
    /// The client of a session that the API has returned.
    pub fn from_session(name: &str, session: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("not a session: {session}")).to_owned();
        let account = text(&session["account"]["accountId"]);
        let (token, refresh) = (text(&session["accessToken"]), text(&session["refreshToken"]));
        Self { token, refresh, account, name: name.to_owned(), authenticator: None }
    }
}

impl TestStack {
    /// Registers an account and signs it in. The user name is made unique.
    pub async fn register(&self, name: &str) -> Client {
        let name = self.unique(name);
        let account = json!({
            "userName": name, "password": PASSWORD, "agreement": "2024-02", "client": "app",
            "captcha": self.solve_captcha("register").await,
        });
        let made = self.send(None, Method::POST, "/v1/accounts", &[], Some(account)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        Client::from_session(&name, &made.body)
    }

    /// A new session of the same account, with the second factor if it has one. Needed after the clock has moved.
    pub async fn sign_in(&self, client: &Client) -> Client {
        let made = self.sign_in_by_password(&client.name, PASSWORD).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let first =
            Client { authenticator: client.authenticator.clone(), ..Client::from_session(&client.name, &made.body) };
        if made.body["scope"] == "second-factor" { self.complete_second_factor(&first).await } else { first }
    }

    /// The response to a sign-in with user name and password.
    pub async fn sign_in_by_password(&self, name: &str, password: &str) -> Response {
        let grant = json!({"grant": "password", "login": name, "password": password, "client": "app"});
        self.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await
    }

    /// The response to the exchange of a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Response {
        let request = json!({"refreshToken": refresh_token});
        self.send(None, Method::POST, "/v1/sessions/refresh", &[], Some(request)).await
    }

    /// Proves the password again; the object with the token that the next request needs.
    pub async fn step_up(&self, client: &Client, purpose: &str) -> Value {
        let proof = json!({"purpose": purpose, "password": PASSWORD});
        let made = self.send(Some(client), Method::POST, "/v1/me/step-ups", &[], Some(proof)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        json!({"stepUpToken": made.body["stepUpToken"]})
    }

    /// Requests an SMS code; its number, which the next request needs.
    pub async fn request_sms_code(&self, purpose: &str, phone: &str) -> Value {
        let sent = self.try_sms_code(purpose, phone).await;
        assert_eq!(sent.status, 202, "{}", sent.body);
        sent.body["codeId"].clone()
    }

    /// The response to a request for an SMS code.
    pub async fn try_sms_code(&self, purpose: &str, phone: &str) -> Response {
        let captcha = self.solve_captcha("sms-code").await;
        let request = json!({"purpose": purpose, "phone": phone, "captcha": captcha});
        self.send(None, Method::POST, "/v1/sms-codes", &[], Some(request)).await
    }

    /// Binds a mobile number to an account; the digits of the code that was used.
    pub async fn bind_phone(&self, client: &Client, phone: &str) -> String {
        let id = self.request_sms_code("bind-phone", phone).await;
        let code = self.sms_code(phone).await;
        let request = json!({"phone": phone, "codeId": id, "code": code});
        let bound = self.send(Some(client), Method::POST, "/v1/me/phone", &[], Some(request)).await;
        assert_eq!(bound.status, 200, "{}", bound.body);
        code
    }

    /// Requests the e-mail with the link that binds an address.
    pub async fn request_email_link(&self, client: &Client, email: &str) {
        let mut form = self.step_up(client, "bind-email").await;
        form["email"] = email.into();
        form["captcha"] = self.solve_captcha("bind-email").await;
        let sent = self.send(Some(client), Method::POST, "/v1/me/email", &[], Some(form)).await;
        assert_eq!(sent.status, 202, "{}", sent.body);
    }

    /// Solves a captcha in its text form.
    pub async fn solve_captcha(&self, purpose: &str) -> Value {
        let request = json!({"purpose": purpose, "kind": "sum"});
        let captcha = self.send(None, Method::POST, "/v1/captchas", &[("accept-language", "en")], Some(request)).await;
        let question = captcha.body["question"].as_str().unwrap_or_else(|| panic!("{}", captcha.body)).to_owned();
        let numbers = question.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse::<u32>().ok());
        json!({"captchaId": captcha.body["captchaId"], "answer": numbers.sum::<u32>().to_string()})
    }

    /// The newest SMS code for a phone that this test has not read yet.
    pub async fn sms_code(&self, phone: &str) -> String {
        wait_for("an SMS with a code", async || {
            let inbox = self.inbox().await;
            let codes =
                inbox.iter().filter(|sms| sms["phone"] == phone).filter_map(|sms| sms["values"]["code"].as_str());
            let mut read = self.read_codes.lock().unwrap();
            codes.map(str::to_owned).find(|code| read.insert(format!("{phone} {code}")))
        })
        .await
    }

    /// All messages that the sandbox has accepted, newest first.
    pub async fn inbox(&self) -> Vec<Value> {
        self.http.get(format!("{}/sandbox/inbox.json", self.page())).send().await.unwrap().json().await.unwrap()
    }

    /// Waits for a message.
    pub async fn message(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        wait_for(what, async || self.inbox().await.into_iter().find(&wanted)).await
    }

    /// Waits for an e-mail by its text.
    pub async fn email(&self, what: &str, wanted: impl Fn(&str) -> bool) -> Value {
        self.message(what, |message| message["text"].as_str().is_some_and(&wanted)).await
    }

    /// Sends a request to the API.
    pub async fn send(
        &self,
        client: Option<&Client>,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Response {
        let mut request = self.http.request(method, self.api(path)).timeout(PATIENCE);
        if let Some(client) = client {
            request = request.bearer_auth(&client.token);
        }
        if !headers.iter().any(|(name, _)| *name == "x-forwarded-for") {
            request = request.header("x-forwarded-for", format!("{0}, {0}", self.address));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let etag = response.headers().get("etag").map(|value| value.to_str().unwrap().to_owned());
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let status = response.status();
        let body = response.bytes().await.unwrap();
        let text = String::from_utf8_lossy(&body).into_owned();
        Response { status, etag, retry_after, body: serde_json::from_slice(&body).unwrap_or(Value::Null), text }
    }

    /// Reads from the API.
    pub async fn get(&self, client: &Client, path: &str) -> Response {
        self.send(Some(client), Method::GET, path, &[], None).await
    }

    /// Sends a command with an idempotency key. The same key is the same command. Null sends no body.
    pub async fn command(&self, client: &Client, method: Method, path: &str, key: &str, body: Value) -> Response {
        let key = key.replace(' ', "-");
        let body = (!body.is_null()).then_some(body);
        self.send(Some(client), method, path, &[("idempotency-key", &key)], body).await
    }

    /// A `POST` with an idempotency key.
    pub async fn post(&self, client: &Client, path: &str, key: &str, body: Value) -> Response {
        self.command(client, Method::POST, path, key, body).await
    }

    /// Downloads bytes: status, media type and content.
    pub async fn download(&self, client: &Client, path: &str, accept: &str) -> (StatusCode, String, Vec<u8>) {
        let request = self.http.get(self.api(path)).bearer_auth(&client.token).header("accept", accept);
        let response = request.timeout(PATIENCE).send().await.unwrap();
        let media_type = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        (response.status(), media_type.unwrap_or_default(), response.bytes().await.unwrap().to_vec())
    }

    /// The form for a photo of so many bytes.
    pub fn photo_form(bytes: usize) -> Value {
        json!({
            "card": "resident-id", "ruleset": "easy", "region": {"province": "广东省", "city": "深圳市"},
            "paymentMethod": "wechat", "fileName": "我的 照片+1.jpg", "contentType": "image/jpeg", "bytes": bytes,
            "client": "app",
        })
    }

    /// The response to a photo's form.
    pub async fn submit_form(&self, client: &Client, key: &str, form: Value) -> Response {
        self.post(client, "/v1/photos", key, form).await
    }

    /// The response to a correct form; its body contains the upload ticket.
    pub async fn upload_ticket(&self, client: &Client, key: &str, bytes: usize) -> Response {
        self.submit_form(client, key, Self::photo_form(bytes)).await
    }

    /// Uploads a file to the bucket with the ticket's form.
    pub async fn upload(&self, ticket: &Value, file: &[u8]) -> StatusCode {
        let upload = &ticket["upload"];
        let fields = upload["fields"].as_object().unwrap_or_else(|| panic!("not a ticket: {ticket}"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name.clone(), text(value)));
        let form = form.part("file", Part::bytes(file.to_vec()).file_name("photo.jpg"));
        self.http.post(text(&upload["url"])).multipart(form).timeout(PATIENCE).send().await.unwrap().status()
    }

    /// Submits a photo that will be paid after its inspection; its image number.
    pub async fn submit_photo(&self, client: &Client, key: &str, file: &[u8]) -> String {
        self.submit_photo_form(client, key, Self::photo_form(file.len()), file).await
    }

    /// Submits a photo that is paid from the balance when it passes; its image number.
    pub async fn submit_prepaid_photo(&self, client: &Client, key: &str, file: &[u8]) -> String {
        let mut form = Self::photo_form(file.len());
        form["paymentMethod"] = "balance".into();
        self.submit_photo_form(client, key, form, file).await
    }

    async fn submit_photo_form(&self, client: &Client, key: &str, form: Value, file: &[u8]) -> String {
        let ticket = self.submit_form(client, key, form).await;
        assert_eq!(ticket.status, 201, "{}", ticket.body);
        assert_eq!(self.upload(&ticket.body, file).await, 201);
        ticket.body["imageNo"].as_str().unwrap().to_owned()
    }

    /// Waits with long polls until the inspection of a photo has ended; the photo.
    pub async fn inspected(&self, client: &Client, number: &str) -> Value {
        wait_for("the end of the inspection", async || {
            let response = self.get(client, &format!("/v1/photos/{number}?wait=20")).await;
            assert_eq!(response.status, 200, "{}", response.body);
            let state = response.body["state"].as_str().unwrap();
            (!matches!(state, "reserved" | "uploaded" | "inspecting")).then_some(response.body)
        })
        .await
    }
}
