//! 短信验证码: six digits, sent by SMS, that prove the possession of a phone once.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Open
//!     Open --> Open: wrong (tries + 1)
//!     Open --> Used: right
//!     Open --> Void: fifth wrong try
//!     Open --> Expired: five minutes
//! ```

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a code is valid.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// The number of wrong tries after which a code is void.
pub const TRIES_MAX: i64 = 5;
/// The least time between two codes for one phone.
pub const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Codes for one phone on one day in China, at most.
pub const PER_DAY: i64 = 10;

/// What a code is for. A code sent for one purpose proves nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 注册
    Register,
    /// 短信登录
    SignIn,
    /// 找回密码: resetting a forgotten password.
    Recover,
    /// 绑定手机号, 修改手机号码: sent to the new number.
    BindPhone,
    /// 验证身份 before a change that cannot be undone: sent to the bound number.
    StepUp,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Register, Self::SignIn, Self::Recover, Self::BindPhone, Self::StepUp];

    /// The stable name, e.g. `sign-in`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign-in",
            Self::Recover => "recover",
            Self::BindPhone => "bind-phone",
            Self::StepUp => "step-up",
        }
    }
}

/// The state of a code before a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// The tries so far, without this one.
    pub tries: i64,
    /// Whether a right answer was given.
    pub used: bool,
    /// The end of its lifetime.
    pub expires_at: Timestamp,
}

impl Challenge {
    /// Whether the code still accepts a try.
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.used && self.tries < TRIES_MAX && now < self.expires_at
    }
}

/// Six digits from uniformly distributed bytes. Taking the remainder makes no code more likely by more than 1 in 10^13.
pub fn digits(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-16
    #[test]
    fn code_accepts_five_tries_within_five_minutes_until_it_is_used() {
        let start = Timestamp::UNIX_EPOCH;
        let at = |tries, used| Challenge { tries, used, expires_at: start + LIFETIME };
        for (tries, used, seconds, open) in [
            (0, false, 0, true),
            (4, false, 299, true),
            (5, false, 0, false),
            (0, false, 300, false),
            (0, true, 0, false),
            (4, true, 299, false),
        ] {
            let now = start + SignedDuration::from_secs(seconds);
            assert_eq!(at(tries, used).is_open(now), open, "{tries} {used} {seconds}");
        }
    }

    /// Covers: UA-08
    #[test]
    fn code_has_six_digits() {
        assert_eq!(digits([0; 8]), "000000");
        assert_eq!(digits(1_280_811_u64.to_le_bytes()), "280811");
        assert_eq!(digits([0xff; 8]).len(), 6);
    }
}
