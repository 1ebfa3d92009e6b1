//! Letters, through whichever service the operator has chosen.

mod ses;
mod smtp;

use app::messages::EmailSender;
use serde::{Deserialize, Serialize};

pub use ses::Ses;
pub use smtp::Smtp;

/// The content of the secret that `MAIL_SECRET` names, as JSON; `service` chooses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "service", rename_all = "kebab-case")]
pub enum Settings {
    Smtp(smtp::Settings),
    SesV2(ses::Settings),
}

/// Settings that would not work, or not safely.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail settings: {0}")]
pub struct BadSettings(pub String);

pub fn open(settings: Settings) -> Result<Box<dyn EmailSender>, BadSettings> {
    Ok(match settings {
        Settings::Smtp(settings) => Box::new(Smtp::new(settings)?),
        Settings::SesV2(settings) => Box::new(Ses::new(settings)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn opened(settings: serde_json::Value) -> Result<(), String> {
        let settings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        open(settings).map(drop).map_err(|error| error.to_string())
    }

    /// Covers: UA-38
    #[test]
    fn the_secret_chooses_the_service() {
        let smtp = json!({"service": "smtp", "host": "smtp.example.cn", "port": 465, "security": "tls",
            "user": "u", "password": "p", "from": "证件照中心 <no-reply@example.cn>"});
        let ses = json!({"service": "ses-v2", "endpoint": "https://email.ap-southeast-1.amazonaws.com",
            "region": "ap-southeast-1", "accessKeyId": "a", "secretAccessKey": "s", "from": "no-reply@example.cn"});
        assert_eq!(opened(smtp.clone()), Ok(()));
        assert_eq!(opened(ses), Ok(()));
        assert!(opened(json!({"service": "pigeon"})).is_err());
        let mut sender = smtp.clone();
        sender["from"] = "nobody".into();
        assert!(opened(sender).is_err());
    }

    /// Covers: UA-38
    #[test]
    fn a_password_goes_over_an_open_line_only_to_this_very_machine() {
        for (host, fine) in [("127.0.0.1", true), ("smtp.example.cn", false), ("10.0.0.1", false), ("localhost", false)]
        {
            let open_line = json!({"service": "smtp", "host": host, "port": 25, "security": "none",
                "user": "u", "password": "p", "from": "a@example.cn"});
            assert_eq!(opened(open_line).is_ok(), fine, "{host}");
        }
    }
}
