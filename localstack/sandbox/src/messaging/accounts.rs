//! The accounts with which the functions send messages. They are created once and kept in the state folder.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::keys::{load_or_create, random_hex};

/// The only sender address that is accepted.
pub const SENDER: &str = "no-reply@photos.example.cn";
/// The region of the SES account.
pub const SES_REGION: &str = "ap-southeast-1";

/// A name and its secret; `Debug` hides both.
pub struct Key {
    pub id: String,
    pub secret: String,
}

/// All accounts; `Debug` hides them.
pub struct MessagingAccounts {
    /// Access key at Aliyun.
    pub sms: Key,
    /// User name and password at the SMTP server, and access key at SES.
    pub mail: Key,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl std::fmt::Debug for MessagingAccounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MessagingAccounts")
    }
}

impl MessagingAccounts {
    /// Loads the accounts from the state folder, and creates those that are missing.
    pub fn load_or_create(folder: &Path) -> io::Result<Self> {
        let key = |name: &str| {
            Ok::<_, io::Error>(Key {
                id: load_or_create(folder, &format!("{name}-key-id"), || format!("local{}", random_hex(8)))?,
                secret: load_or_create(folder, &format!("{name}-key-secret"), || random_hex(24))?,
            })
        };
        Ok(Self { sms: key("sms")?, mail: key("mail")? })
    }

    /// Writes the secrets of the functions, one file for each, and returns the files by their names in the output of `main`.
    pub fn write(&self, folder: &Path, url: &str, smtp: SocketAddr) -> io::Result<Vec<(&'static str, PathBuf)>> {
        let from = format!("证件照中心 <{SENDER}>");
        let Self { sms, mail } = self;
        let secrets: [(&str, &str, Value); 3] = [
            (
                "smsSecret",
                "sms-secret.json",
                json!({"endpoint": url, "accessKeyId": sms.id, "accessKeySecret": sms.secret, "signName": "证件照中心",
                    "codeTemplate": "SMS_CODE", "noticeTemplate": "SMS_NOTICE"}),
            ),
            (
                "smtpSecret",
                "smtp-secret.json",
                // No TLS: the connection stays on this machine, which has no certificate.
                json!({"service": "smtp", "host": smtp.ip().to_string(), "port": smtp.port(), "security": "none",
                    "user": mail.id, "password": mail.secret, "from": from}),
            ),
            (
                "sesSecret",
                "ses-secret.json",
                json!({"service": "ses-v2", "endpoint": url, "region": SES_REGION, "accessKeyId": mail.id,
                    "secretAccessKey": mail.secret, "from": from}),
            ),
        ];
        secrets
            .into_iter()
            .map(|(name, file, secret)| {
                let path = folder.join(file);
                fs::write(&path, secret.to_string())?;
                Ok((name, path))
            })
            .collect()
    }
}
