//! 相片规则: what is done to an uploaded picture before it is checked (manual 000, section 2).

use serde::{Deserialize, Serialize};

/// 相片规则.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruleset {
    /// 轻松上传: the picture is turned, cropped and resized to the standard photo.
    Easy,
    /// 标准上传: the picture is checked as it is. The manual names only 轻松上传; we added this one.
    Strict,
}

impl Ruleset {
    /// All rulesets, in the order of the form.
    pub const ALL: [Self; 2] = [Self::Easy, Self::Strict];

    /// The code in requests and rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Strict => "strict",
        }
    }

    /// The name in Chinese and in English.
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Easy => ("轻松上传", "Easy upload"),
            Self::Strict => ("标准上传", "Standard upload"),
        }
    }

    /// The explanation in Chinese and in English.
    pub const fn help(self) -> (&'static str, &'static str) {
        match self {
            Self::Easy => (
                "系统自动转正、裁剪并缩放为标准相片，再进行检测。",
                "The photo is turned upright, cropped and resized to the standard photo, then checked.",
            ),
            Self::Strict => (
                "相片须已符合标准尺寸和构图，系统不作任何处理，直接检测。",
                "The photo must already have the standard size and framing; it is checked as it is.",
            ),
        }
    }
}
