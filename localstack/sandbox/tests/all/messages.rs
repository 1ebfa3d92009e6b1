//! The real clients against the wire protocols of short messages and mail, on good days and bad.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use app::clock::SystemClock;
use app::messages::{EmailMessage, EmailSender, SendError, SmsSender, SmsText};
use app::random::OsRandom;
use cloud::provider::aliyun_sms::AliyunSms;
use cloud::provider::mail;
use jiff::Timestamp;
use serde_json::{Value, json};

struct Sandbox {
    process: Child,
    state: std::path::PathBuf,
    facts: Value,
    http: reqwest::Client,
}

impl Sandbox {
    fn open() -> Self {
        Self::with(&[])
    }

    fn with(arguments: &[&str]) -> Self {
        let name = format!("sandbox-messages-{}-{}", std::process::id(), Timestamp::now().as_nanosecond());
        let state = std::env::temp_dir().join(name);
        let mut process = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["--listen", "127.0.0.1:0", "--notices", "http://127.0.0.1:9", "--state"])
            .arg(&state)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, state, facts: serde_json::from_str(&line).unwrap(), http: reqwest::Client::new() }
    }

    fn secret(&self, name: &str) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.facts[name].as_str().unwrap()).unwrap()).unwrap()
    }

    fn sms(&self, change: impl FnOnce(&mut Value)) -> AliyunSms {
        let mut settings = self.secret("smsSecret");
        change(&mut settings);
        AliyunSms::new(serde_json::from_value(settings).unwrap(), Arc::new(SystemClock), Arc::new(OsRandom))
    }

    fn mail(&self, secret: &str, change: impl FnOnce(&mut Value)) -> Box<dyn EmailSender> {
        let mut settings = self.secret(secret);
        change(&mut settings);
        mail::open(serde_json::from_value(settings).unwrap()).unwrap()
    }

    async fn fault(&self, fault: &str) {
        let url = format!("{}/_sim/faults", self.facts["url"].as_str().unwrap());
        let told = self.http.post(url).json(&json!({"fault": fault})).send().await.unwrap();
        assert!(told.status().is_success());
    }

    async fn inbox(&self) -> Vec<Value> {
        let url = format!("{}/sandbox/inbox.json", self.facts["url"].as_str().unwrap());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.state);
    }
}

const CODE: SmsText<'static> = SmsText::Code { purpose: "sign-in", code: "280811" };

fn letter() -> EmailMessage {
    let text = "点击此链接完成绑定：\r\n\r\nhttp://127.0.0.1/activate-email#Zm9v_-\r\n.\r\n..一个点开头的行\r\n";
    EmailMessage {
        to: "zhang.san@example.cn".into(),
        subject: "绑定邮箱 · Confirm your e-mail address".into(),
        text: text.into(),
    }
}

/// Covers: IC-13
#[tokio::test]
async fn a_code_arrives_and_a_call_that_is_not_ours_does_not() {
    let sandbox = Sandbox::open();
    assert_eq!(sandbox.sms(|_| ()).send("m1", "+8613810548469", CODE).await, Ok(()));
    let wrong = sandbox.sms(|settings| settings["accessKeySecret"] = "x".into());
    let refused = Err(SendError::Permanent("SignatureDoesNotMatch".into()));
    assert_eq!(wrong.send("m2", "+8613810548469", CODE).await, refused);
    let foreign = Err(SendError::Permanent("isv.MOBILE_NUMBER_ILLEGAL".into()));
    assert_eq!(sandbox.sms(|_| ()).send("m3", "+4915112345678", CODE).await, foreign);
    let inbox = sandbox.inbox().await;
    assert_eq!(inbox.len(), 1);
    assert_eq!((&inbox[0]["phone"], &inbox[0]["values"]["code"]), (&"13810548469".into(), &"280811".into()));
}

/// Covers: UA-38
#[tokio::test]
async fn a_letter_arrives_whole_by_either_service() {
    let sandbox = Sandbox::open();
    for secret in ["smtpSecret", "sesSecret"] {
        assert_eq!(sandbox.mail(secret, |_| ()).send("01HM4XJQ8Z", &letter()).await, Ok(()), "{secret}");
        let item = sandbox.inbox().await.remove(0);
        assert_eq!(
            (item["to"].as_str(), item["subject"].as_str()),
            (Some("zhang.san@example.cn"), Some(&*letter().subject))
        );
        assert_eq!(item["text"].as_str().unwrap().trim_end(), letter().text.trim_end(), "{secret}");
        assert!(
            item["id"].as_str().unwrap().contains("01HM4XJQ8Z") && item["from"].as_str().unwrap().contains("no-reply@")
        );
    }
}

/// An authority of its own with a certificate for `name`, and where its files lie.
struct Authority {
    folder: std::path::PathBuf,
    ca: String,
}

impl Authority {
    fn vouch_for(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!(
            "sandbox-tls-{}-{}",
            std::process::id(),
            Timestamp::now().as_nanosecond()
        ));
        std::fs::create_dir_all(&folder).unwrap();
        let mut root = rcgen::CertificateParams::new(vec![]).unwrap();
        root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        root.distinguished_name.push(rcgen::DnType::CommonName, "an authority of this test");
        let root_key = rcgen::KeyPair::generate().unwrap();
        let ca = root.self_signed(&root_key).unwrap().pem();
        let issuer = rcgen::Issuer::new(root, root_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        std::fs::write(folder.join("certificate.pem"), leaf.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
        Self { folder, ca }
    }

    fn sandbox(&self, how: &str) -> Sandbox {
        let file = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let (certificate, key) = (file("certificate.pem"), file("key.pem"));
        Sandbox::with(&["--smtp-safe", how, "--smtp-certificate", &certificate, "--smtp-key", &key])
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Covers: UA-38
#[tokio::test]
async fn a_letter_goes_by_tls_and_by_starttls_to_a_server_that_proves_its_name_and_to_no_other() {
    let known = Authority::vouch_for("127.0.0.1");
    let misnamed = Authority::vouch_for("mail.example.cn");
    let nothing_said =
        |sent: Result<(), SendError>| matches!(sent, Err(SendError::Temporary(why)) if why.starts_with("no "));
    for how in ["tls", "starttls"] {
        let sandbox = known.sandbox(how);
        let mail = |ca: Option<&str>| {
            sandbox.mail("smtpSecret", |settings| {
                settings["security"] = how.into();
                ca.into_iter().for_each(|ca| settings["ca"] = ca.into());
            })
        };
        assert_eq!(mail(Some(&known.ca)).send("m1", &letter()).await, Ok(()), "{how}");
        assert_eq!(sandbox.inbox().await.len(), 1);
        assert!(nothing_said(mail(None).send("m2", &letter()).await), "{how}: this machine knows no such authority");
        assert!(nothing_said(mail(Some(&misnamed.ca)).send("m3", &letter()).await), "{how}: another authority");
        let plain = sandbox.mail("smtpSecret", |_| ()).send("m4", &letter()).await;
        assert!(matches!(plain, Err(SendError::Temporary(_))), "{how}: without TLS {plain:?}");
        assert_eq!(sandbox.inbox().await.len(), 1, "{how}");

        let sandbox = misnamed.sandbox(how);
        let mail = sandbox.mail("smtpSecret", |settings| {
            settings["security"] = how.into();
            settings["ca"] = misnamed.ca.clone().into();
        });
        assert!(nothing_said(mail.send("m5", &letter()).await), "{how}: a certificate for another name");
        assert!(sandbox.inbox().await.is_empty());
    }
    // A server that does not offer it gets no letter, and no password.
    let plain = Sandbox::open();
    let mail = plain.mail("smtpSecret", |settings| settings["security"] = "starttls".into());
    let refused = mail.send("m6", &letter()).await;
    assert!(matches!(refused, Err(SendError::Temporary(_))), "{refused:?}");
    assert!(plain.inbox().await.is_empty());
}

/// Covers: UA-38
#[tokio::test]
async fn neither_service_takes_a_letter_with_a_wrong_key_or_from_a_strange_sender() {
    let sandbox = Sandbox::open();
    let tries: [(&str, &str, &str, Result<(), SendError>); 5] = [
        ("smtpSecret", "password", "x", Err(SendError::Temporary("535".into()))),
        ("smtpSecret", "from", "thief@example.com", Err(SendError::Permanent("553".into()))),
        ("sesSecret", "secretAccessKey", "x", Err(SendError::Temporary("403 SignatureDoesNotMatch".into()))),
        ("sesSecret", "region", "eu-west-1", Err(SendError::Temporary("403 UnrecognizedClientException".into()))),
        (
            "sesSecret",
            "from",
            "thief@example.com",
            Err(SendError::Temporary("400 MailFromDomainNotVerifiedException".into())),
        ),
    ];
    for (secret, field, value, expected) in tries {
        let mail = sandbox.mail(secret, |settings| settings[field] = value.into());
        assert_eq!(mail.send("m", &letter()).await, expected, "{secret} {field}");
    }
    assert!(sandbox.inbox().await.is_empty());
}

/// Covers: UA-38
#[tokio::test]
async fn a_service_that_is_down_is_asked_again_and_a_refusal_is_final() {
    let sandbox = Sandbox::open();
    for secret in ["smtpSecret", "sesSecret"] {
        sandbox.fault("messages-down").await;
        let down = sandbox.mail(secret, |_| ()).send("m", &letter()).await;
        assert!(matches!(down, Err(SendError::Temporary(_))), "{secret} {down:?}");
        sandbox.fault("refuse-message").await;
        let refused = sandbox.mail(secret, |_| ()).send("m", &letter()).await;
        assert!(matches!(&refused, Err(SendError::Permanent(why)) if !why.contains("zhang")), "{secret} {refused:?}");
        assert_eq!(sandbox.mail(secret, |_| ()).send("m", &letter()).await, Ok(()), "{secret}");
    }
    sandbox.fault("messages-down").await;
    let down = sandbox.sms(|_| ()).send("m", "+8613810548469", CODE).await;
    assert_eq!(down, Err(SendError::Temporary("ServiceUnavailable".into())));
    assert_eq!(sandbox.inbox().await.len(), 2);
}

/// Covers: UA-38
#[tokio::test]
async fn nobody_waits_for_a_slow_service_longer_than_eight_seconds() {
    let sandbox = Sandbox::open();
    let began = std::time::Instant::now();
    let calls = ["smtpSecret", "sesSecret"].map(|secret| (secret, sandbox.mail(secret, |_| ())));
    for (secret, mail) in calls {
        sandbox.fault("slow-message").await;
        let slow = mail.send("m", &letter()).await;
        assert!(matches!(slow, Err(SendError::Temporary(_))), "{secret} {slow:?}");
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
