//! Accounts: the names a person signs in with, passwords, sessions, one-time codes and the limits on guessing.
//!
//! Pure rules: every function gets the present time as an argument, and nothing here reads or writes.

pub mod address;
pub mod code;
mod email;
pub mod email_link;
pub mod login_throttle;
mod nickname;
mod password;
mod phone;
pub mod qr_ticket;
pub mod recovery;
pub mod session;
mod text;
mod user_name;

pub use email::Email;
pub use nickname::Nickname;
pub use password::{BrokenRule, LENGTH_MAX, LENGTH_MIN, Password};
pub use phone::Phone;
pub use user_name::UserName;

/// A value that breaks the rules of its type. The code is stable and has a text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub &'static str);

/// 用户类型: what the account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A person.
    #[default]
    Personal,
    /// A photo studio.
    Studio,
}
