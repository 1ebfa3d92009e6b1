//! 短信验证码: six digits that prove a phone, once.
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

pub const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Wrong tries after which the code is void.
pub const TRIES_MAX: i64 = 5;
/// The least time between two codes for one phone.
pub const RESEND: SignedDuration = SignedDuration::from_secs(60);
/// Codes for one phone on one day of Shanghai.
pub const PER_DAY: i64 = 10;

/// What a proven phone may be used for; a code for one thing proves nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Register,
    SignIn,
    /// 找回密码
    Recover,
    /// 绑定 or 修改手机号码: sent to the new number.
    BindPhone,
    /// 验证身份 before something that cannot be undone: sent to the bound number.
    StepUp,
}

impl Purpose {
    pub const ALL: [Self; 5] = [Self::Register, Self::SignIn, Self::Recover, Self::BindPhone, Self::StepUp];

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

/// The facts of a code that decide about a try. `tries` counts the tries so far, this one not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    pub tries: i64,
    pub used: bool,
    pub expires_at: Timestamp,
}

impl Challenge {
    /// Whether one more try is heard.
    pub fn is_open(&self, now: Timestamp) -> bool {
        !self.used && self.tries < TRIES_MAX && now < self.expires_at
    }
}

/// Six digits out of uniform bytes. The remainder of 2^64 by 10^6 favours no code by more than one in 10^13.
pub fn digits(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-16
    #[test]
    fn a_code_hears_five_tries_for_five_minutes_until_used() {
        let start = Timestamp::UNIX_EPOCH;
        let at = |tries, used| Challenge { tries, used, expires_at: start + LIFE };
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
    fn a_code_has_six_digits() {
        assert_eq!(digits([0; 8]), "000000");
        assert_eq!(digits(1_280_811_u64.to_le_bytes()), "280811");
        assert_eq!(digits([0xff; 8]).len(), 6);
    }
}
