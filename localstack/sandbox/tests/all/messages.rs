//! SMS and e-mail: delivery, authentication, TLS and faults of the providers.

use std::sync::Arc;

use app::clock::SystemClock;
use app::messages::{EmailMessage, EmailSender, SendError, SmsSender, SmsText};
use app::random::OsRandom;
use cloud::provider::aliyun_sms::AliyunSms;
use cloud::provider::mail;
use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox_process::SandboxProcess;

fn sms_client(sandbox: &SandboxProcess, change: impl FnOnce(&mut Value)) -> AliyunSms {
    let mut settings = sandbox.secret("smsSecret");
    change(&mut settings);
    AliyunSms::new(serde_json::from_value(settings).unwrap(), Arc::new(SystemClock), Arc::new(OsRandom))
}

fn mail_client(sandbox: &SandboxProcess, secret: &str, change: impl FnOnce(&mut Value)) -> Box<dyn EmailSender> {
    let mut settings = sandbox.secret(secret);
    change(&mut settings);
    mail::sender(serde_json::from_value(settings).unwrap()).unwrap()
}

async fn inbox(sandbox: &SandboxProcess) -> Vec<Value> {
    sandbox.list("sandbox/inbox.json").await
}

const CODE: SmsText<'static> = SmsText::Code { purpose: "sign-in", code: "280811" };

fn email() -> EmailMessage {
    let text = "点击此链接完成绑定：\r\n\r\nhttp://127.0.0.1/activate-email#Zm9v_-\r\n.\r\n..一个点开头的行\r\n";
    EmailMessage {
        to: "zhang.san@example.cn".into(),
        subject: "绑定邮箱 · Confirm your e-mail address".into(),
        text: text.into(),
    }
}

/// Covers: IC-13
#[tokio::test]
async fn sms_is_delivered_only_with_a_valid_signature_and_number() {
    let sandbox = SandboxProcess::start(&[]);
    assert_eq!(sms_client(&sandbox, |_| ()).send("m1", "+8613810548469", CODE).await, Ok(()));
    let wrong = sms_client(&sandbox, |settings| settings["accessKeySecret"] = "x".into());
    let refused = Err(SendError::Permanent("SignatureDoesNotMatch".into()));
    assert_eq!(wrong.send("m2", "+8613810548469", CODE).await, refused);
    let foreign = Err(SendError::Permanent("isv.MOBILE_NUMBER_ILLEGAL".into()));
    assert_eq!(sms_client(&sandbox, |_| ()).send("m3", "+4915112345678", CODE).await, foreign);
    let inbox = inbox(&sandbox).await;
    assert_eq!(inbox.len(), 1);
    assert_eq!((&inbox[0]["phone"], &inbox[0]["values"]["code"]), (&"13810548469".into(), &"280811".into()));
}

/// Covers: UA-38
#[tokio::test]
async fn email_is_delivered_unchanged_by_either_service() {
    let sandbox = SandboxProcess::start(&[]);
    for secret in ["smtpSecret", "sesSecret"] {
        assert_eq!(mail_client(&sandbox, secret, |_| ()).send("01HM4XJQ8Z", &email()).await, Ok(()), "{secret}");
        let item = inbox(&sandbox).await.remove(0);
        assert_eq!(
            (item["to"].as_str(), item["subject"].as_str()),
            (Some("zhang.san@example.cn"), Some(&*email().subject))
        );
        assert_eq!(item["text"].as_str().unwrap().trim_end(), email().text.trim_end(), "{secret}");
        assert!(
            item["id"].as_str().unwrap().contains("01HM4XJQ8Z") && item["from"].as_str().unwrap().contains("no-reply@")
        );
    }
}

/// A certificate authority with one server certificate, and the folder of its files.
struct Authority {
    folder: std::path::PathBuf,
    ca: String,
}

impl Authority {
    /// Certifies the server name `name`.
    fn certify(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!(
            "sandbox-tls-{}-{}",
            std::process::id(),
            Timestamp::now().as_nanosecond()
        ));
        std::fs::create_dir_all(&folder).unwrap();
        let mut root = rcgen::CertificateParams::new(vec![]).unwrap();
        root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        root.distinguished_name.push(rcgen::DnType::CommonName, "test authority");
        let root_key = rcgen::KeyPair::generate().unwrap();
        let ca = root.self_signed(&root_key).unwrap().pem();
        let issuer = rcgen::Issuer::new(root, root_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        std::fs::write(folder.join("certificate.pem"), leaf.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
        Self { folder, ca }
    }

    /// A sandbox that uses the certificate for SMTP.
    fn sandbox(&self, how: &str) -> SandboxProcess {
        let file = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let (certificate, key) = (file("certificate.pem"), file("key.pem"));
        SandboxProcess::start(&["--smtp-tls", how, "--smtp-certificate", &certificate, "--smtp-key", &key])
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Covers: UA-38
#[tokio::test]
async fn email_is_sent_only_over_tls_to_a_server_with_a_valid_certificate() {
    let known = Authority::certify("127.0.0.1");
    let misnamed = Authority::certify("mail.example.cn");
    let no_session =
        |sent: Result<(), SendError>| matches!(sent, Err(SendError::Temporary(why)) if why.starts_with("no "));
    for how in ["tls", "starttls"] {
        let sandbox = known.sandbox(how);
        let mail = |ca: Option<&str>| {
            mail_client(&sandbox, "smtpSecret", |settings| {
                settings["security"] = how.into();
                ca.into_iter().for_each(|ca| settings["ca"] = ca.into());
            })
        };
        assert_eq!(mail(Some(&known.ca)).send("m1", &email()).await, Ok(()), "{how}");
        assert_eq!(inbox(&sandbox).await.len(), 1);
        assert!(no_session(mail(None).send("m2", &email()).await), "{how}: the authority is not trusted");
        assert!(no_session(mail(Some(&misnamed.ca)).send("m3", &email()).await), "{how}: another authority");
        let plain = mail_client(&sandbox, "smtpSecret", |_| ()).send("m4", &email()).await;
        assert!(matches!(plain, Err(SendError::Temporary(_))), "{how}: without TLS {plain:?}");
        assert_eq!(inbox(&sandbox).await.len(), 1, "{how}");

        let sandbox = misnamed.sandbox(how);
        let mail = mail_client(&sandbox, "smtpSecret", |settings| {
            settings["security"] = how.into();
            settings["ca"] = misnamed.ca.clone().into();
        });
        assert!(no_session(mail.send("m5", &email()).await), "{how}: a certificate for another name");
        assert!(inbox(&sandbox).await.is_empty());
    }
    // A server that does not offer STARTTLS receives neither the message nor the password.
    let plain = SandboxProcess::start(&[]);
    let mail = mail_client(&plain, "smtpSecret", |settings| settings["security"] = "starttls".into());
    let refused = mail.send("m6", &email()).await;
    assert!(matches!(refused, Err(SendError::Temporary(_))), "{refused:?}");
    assert!(inbox(&plain).await.is_empty());
}

/// Covers: UA-38
#[tokio::test]
async fn email_with_a_wrong_key_or_sender_is_refused_by_either_service() {
    let sandbox = SandboxProcess::start(&[]);
    let cases: [(&str, &str, &str, Result<(), SendError>); 5] = [
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
    for (secret, field, value, expected) in cases {
        let mail = mail_client(&sandbox, secret, |settings| settings[field] = value.into());
        assert_eq!(mail.send("m", &email()).await, expected, "{secret} {field}");
    }
    assert!(inbox(&sandbox).await.is_empty());
}

/// Covers: UA-38
#[tokio::test]
async fn unavailable_service_is_retried_and_a_refusal_is_final() {
    let sandbox = SandboxProcess::start(&[]);
    for secret in ["smtpSecret", "sesSecret"] {
        sandbox.inject_fault("messages-down").await;
        let down = mail_client(&sandbox, secret, |_| ()).send("m", &email()).await;
        assert!(matches!(down, Err(SendError::Temporary(_))), "{secret} {down:?}");
        sandbox.inject_fault("refuse-message").await;
        let refused = mail_client(&sandbox, secret, |_| ()).send("m", &email()).await;
        assert!(matches!(&refused, Err(SendError::Permanent(why)) if !why.contains("zhang")), "{secret} {refused:?}");
        assert_eq!(mail_client(&sandbox, secret, |_| ()).send("m", &email()).await, Ok(()), "{secret}");
    }
    sandbox.inject_fault("messages-down").await;
    let down = sms_client(&sandbox, |_| ()).send("m", "+8613810548469", CODE).await;
    assert_eq!(down, Err(SendError::Temporary("ServiceUnavailable".into())));
    assert_eq!(inbox(&sandbox).await.len(), 2);
}

/// Covers: UA-38
#[tokio::test]
async fn slow_email_service_is_abandoned_after_eight_seconds() {
    let sandbox = SandboxProcess::start(&[]);
    let started = std::time::Instant::now();
    let calls = ["smtpSecret", "sesSecret"].map(|secret| (secret, mail_client(&sandbox, secret, |_| ())));
    for (secret, mail) in calls {
        sandbox.inject_fault("slow-message").await;
        let slow = mail.send("m", &email()).await;
        assert!(matches!(slow, Err(SendError::Temporary(_))), "{secret} {slow:?}");
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
