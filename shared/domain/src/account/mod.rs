//! Accounts: the names a person signs in with, passwords, sessions and the limits on guessing.

pub mod address;
pub mod code;
mod email;
pub mod email_link;
mod line;
mod nickname;
mod password;
mod phone;
pub mod qr_ticket;
pub mod recovery;
pub mod session;
mod user_name;
pub mod waiting;

pub use email::Email;
pub use nickname::Nickname;
pub use password::{LENGTH_MAX, LENGTH_MIN, Password, Unsuitable};
pub use phone::Phone;
pub use user_name::UserName;

/// A value that does not fit its kind; the code is stable and has a text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);

/// What the account is for: shown as 用户类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    #[default]
    Personal,
    /// A photo studio.
    Studio,
}
