//! E-mail through the service that the operator has chosen.

mod ses;
mod smtp;

use app::messages::EmailSender;
use serde::Deserialize;

pub use ses::Ses;
pub use smtp::Smtp;

/// The content of the secret that `MAIL_SECRET` names, as JSON; `service` chooses.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "service", rename_all = "kebab-case")]
pub enum Settings {
    /// `smtp`: an SMTP server.
    Smtp(smtp::Settings),
    /// `ses-v2`: Amazon SES.
    SesV2(ses::Settings),
}

/// The settings cannot work, or would send a password without encryption.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail settings: {0}")]
pub struct InvalidSettings(
    /// What is wrong, without any secret.
    pub String,
);

/// The client for the chosen service.
///
/// # Errors
///
/// [`InvalidSettings`] if the settings cannot work.
pub fn sender(settings: Settings) -> Result<Box<dyn EmailSender>, InvalidSettings> {
    Ok(match settings {
        Settings::Smtp(settings) => Box::new(Smtp::new(settings)?),
        Settings::SesV2(settings) => Box::new(Ses::new(settings)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn checked(settings: serde_json::Value) -> Result<(), String> {
        let settings = serde_json::from_value(settings).map_err(|error| error.to_string())?;
        sender(settings).map(drop).map_err(|error| error.to_string())
    }

    /// Covers: UA-38
    #[test]
    fn sender_is_chosen_by_the_service_named_in_the_secret() {
        let smtp = json!({"service": "smtp", "host": "smtp.example.cn", "port": 465, "security": "tls",
            "user": "u", "password": "p", "from": "证件照中心 <no-reply@example.cn>"});
        let ses = json!({"service": "ses-v2", "endpoint": "https://email.ap-southeast-1.amazonaws.com",
            "region": "ap-southeast-1", "accessKeyId": "a", "secretAccessKey": "s", "from": "no-reply@example.cn"});
        assert_eq!(checked(smtp.clone()), Ok(()));
        assert_eq!(checked(ses), Ok(()));
        assert!(checked(json!({"service": "pigeon"})).is_err());
        let mut sender = smtp.clone();
        sender["from"] = "not an address".into();
        assert!(checked(sender).is_err());
    }

    /// Covers: UA-38
    #[test]
    fn smtp_without_tls_is_allowed_only_to_a_loopback_address() {
        for (host, fine) in [("127.0.0.1", true), ("smtp.example.cn", false), ("10.0.0.1", false), ("localhost", false)]
        {
            let unencrypted = json!({"service": "smtp", "host": host, "port": 25, "security": "none",
                "user": "u", "password": "p", "from": "a@example.cn"});
            assert_eq!(checked(unencrypted).is_ok(), fine, "{host}");
        }
    }
}
