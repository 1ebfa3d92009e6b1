//! The card types that a photo can be made for (manual 000, section 2, table of sizes).

use serde::{Deserialize, Serialize};

/// A card type. Serialised as its [`code`](Card::code).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Card {
    /// 第二代居民身份证数字相片
    ResidentId,
    /// 社会保障卡数字相片
    SocialSecurity,
    /// 机动车驾驶证数字相片
    DrivingLicence,
    /// 保安管理人员/保安员证相片
    SecurityGuard,
    /// 居住证相片
    ResidencePermit,
    /// 会计人员相片采集
    Accountant,
    /// 婴儿社保卡数字相片
    InfantSocialSecurity,
    /// 深圳市敬老优待证
    SeniorPrivilege,
    /// 深圳市新任老人免费乘车证
    SeniorFreeRide,
}

impl Card {
    /// All card types, in the order of the manual's table.
    pub const ALL: [Self; 9] = [
        Self::ResidentId,
        Self::SocialSecurity,
        Self::DrivingLicence,
        Self::SecurityGuard,
        Self::ResidencePermit,
        Self::Accountant,
        Self::InfantSocialSecurity,
        Self::SeniorPrivilege,
        Self::SeniorFreeRide,
    ];

    /// The stable code that the API, the command line and the storage use, for example `resident-id`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident-id",
            Self::SocialSecurity => "social-security",
            Self::DrivingLicence => "driving-licence",
            Self::SecurityGuard => "security-guard",
            Self::ResidencePermit => "residence-permit",
            Self::Accountant => "accountant",
            Self::InfantSocialSecurity => "infant-social-security",
            Self::SeniorPrivilege => "senior-privilege",
            Self::SeniorFreeRide => "senior-free-ride",
        }
    }
}

impl std::fmt::Display for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is not the code of a card type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown card type `{0}`")]
pub struct UnknownCard(pub String);

impl std::str::FromStr for Card {
    type Err = UnknownCard;

    fn from_str(code: &str) -> Result<Self, UnknownCard> {
        Self::ALL.into_iter().find(|card| card.code() == code).ok_or_else(|| UnknownCard(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_parses_to_its_card_and_equals_the_serialised_form() {
        for card in Card::ALL {
            assert_eq!(card.code().parse(), Ok(card));
            assert_eq!(serde_json::to_value(card).unwrap(), card.code());
        }
        assert!("passport".parse::<Card>().is_err());
    }
}
