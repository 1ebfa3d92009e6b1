//! What the functions must know to hand in messages here; made once and kept in the state folder.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::keys::{hex, once};

pub const SENDER: &str = "no-reply@photos.example.cn";
pub const SES_REGION: &str = "ap-southeast-1";

/// A name and its secret.
pub struct Key {
    pub id: String,
    pub secret: String,
}

pub struct PostKeys {
    pub sms: Key,
    /// Name and password at the SMTP server; key of the SES account.
    pub mail: Key,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl std::fmt::Debug for PostKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostKeys")
    }
}

impl PostKeys {
    pub fn open(folder: &Path) -> io::Result<Self> {
        let key = |name: &str| {
            Ok::<_, io::Error>(Key {
                id: once(folder, &format!("{name}-key-id"), || format!("local{}", hex(8)))?,
                secret: once(folder, &format!("{name}-key-secret"), || hex(24))?,
            })
        };
        Ok(Self { sms: key("sms")?, mail: key("mail")? })
    }

    /// The secrets the functions read, one file each, by the name of its line in what `main` prints.
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
                // No TLS: nothing leaves this machine, and no authority would vouch for its name.
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
            .map(|(line, file, secret)| {
                let path = folder.join(file);
                fs::write(&path, secret.to_string())?;
                Ok((line, path))
            })
            .collect()
    }
}
