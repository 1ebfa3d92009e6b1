//! 支付方式: how a photo will be paid for, chosen before the upload.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentMethod {
    /// 账户余额: held at the upload, taken when the photo passes.
    Balance,
    /// 支付宝: paid after the photo has passed.
    Alipay,
    /// 微信: paid after the photo has passed.
    Wechat,
}

impl PaymentMethod {
    pub const ALL: [Self; 3] = [Self::Balance, Self::Alipay, Self::Wechat];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Alipay => "alipay",
            Self::Wechat => "wechat",
        }
    }
}
