//! 相片规则: what may be done to an uploaded picture before it is judged (manual 000, section 2).

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruleset {
    /// 轻松上传: turned, cropped and resized to the standard photo.
    Easy,
    /// 标准上传: judged as it is. The manual names only 轻松上传; this one is ours.
    Strict,
}

impl Ruleset {
    pub const ALL: [Self; 2] = [Self::Easy, Self::Strict];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Strict => "strict",
        }
    }

    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Easy => ("轻松上传", "Easy upload"),
            Self::Strict => ("标准上传", "Standard upload"),
        }
    }

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
