//! What the customer writes into the application form (manual 000, section 5.1).

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::tax_number::TaxNumber;
use crate::account::Email;

pub const TITLE_MAX: usize = 100;
pub const REMARK_MAX: usize = 200;

/// 发票类型
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 普票
    Normal,
    /// 专票
    Special,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Normal, Self::Special];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Special => "special",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    pub kind: Kind,
    /// 发票抬头
    pub title: String,
    pub tax_no: Option<TaxNumber>,
    /// 备注; may be empty.
    pub remark: String,
    #[serde(with = "email_text")]
    pub email: Email,
}

/// The field by its name in a request, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {code}")]
pub struct BadDetails {
    pub field: &'static str,
    pub code: &'static str,
}

impl Details {
    /// Title and e-mail are mandatory, the tax number only for 专票; the first fault found is named.
    pub fn parse(kind: Kind, title: &str, tax_no: Option<&str>, remark: &str, email: &str) -> Result<Self, BadDetails> {
        let bad = |field, code| BadDetails { field, code };
        let title: String = title.trim().nfc().collect();
        if title.is_empty() {
            return Err(bad("/title", "field-missing"));
        }
        if title.chars().count() > TITLE_MAX || title.chars().any(is_hidden) {
            return Err(bad("/title", "title-malformed"));
        }
        let tax_no = tax_no.map(str::trim).filter(|text| !text.is_empty());
        let tax_no = tax_no.map(TaxNumber::parse).transpose().map_err(|malformed| bad("/taxNo", malformed.0))?;
        if kind == Kind::Special && tax_no.is_none() {
            return Err(bad("/taxNo", "tax-number-missing"));
        }
        let remark: String = remark.trim().nfc().collect();
        if remark.chars().count() > REMARK_MAX || remark.chars().any(|c| is_hidden(c) && c != '\n') {
            return Err(bad("/remark", "remark-malformed"));
        }
        if email.trim().is_empty() {
            return Err(bad("/email", "field-missing"));
        }
        let email = Email::parse(email).map_err(|malformed| bad("/email", malformed.0))?;
        Ok(Self { kind, title, tax_no, remark, email })
    }
}

/// Neither seen nor printed, or turning the text around it.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, tax_no, email, .. } = self;
        f.debug_struct("Details")
            .field("kind", kind)
            .field("tax_no", tax_no)
            .field("email", email)
            .finish_non_exhaustive()
    }
}

mod email_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Email;

    pub fn serialize<S: Serializer>(email: &Email, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(email.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Email, D::Error> {
        Email::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAX_NO: &str = "91350100M000100Y43";

    fn fault(
        kind: Kind,
        title: &str,
        tax_no: Option<&str>,
        remark: &str,
        email: &str,
    ) -> Option<(&'static str, &'static str)> {
        Details::parse(kind, title, tax_no, remark, email).err().map(|bad| (bad.field, bad.code))
    }

    #[test]
    fn ic_137_ic_139_ic_140_title_and_email_are_mandatory_and_the_remark_is_not() {
        let fault = |title: &str, remark: &str, email: &str| fault(Kind::Normal, title, None, remark, email);
        assert_eq!(fault("某某公司", "", "a@example.cn"), None);
        assert_eq!(fault("某某公司", "第一行\n第二行", "a@example.cn"), None);
        assert_eq!(fault("  ", "", "a@example.cn"), Some(("/title", "field-missing")));
        assert_eq!(fault(&"字".repeat(TITLE_MAX), "", "a@example.cn"), None);
        assert_eq!(fault(&"字".repeat(TITLE_MAX + 1), "", "a@example.cn"), Some(("/title", "title-malformed")));
        assert_eq!(fault("某\u{202e}公司", "", "a@example.cn"), Some(("/title", "title-malformed")));
        assert_eq!(
            fault("某某公司", &"字".repeat(REMARK_MAX + 1), "a@example.cn"),
            Some(("/remark", "remark-malformed"))
        );
        assert_eq!(fault("某某公司", "", ""), Some(("/email", "field-missing")));
        assert_eq!(fault("某某公司", "", "a@b"), Some(("/email", "email-malformed")));
    }

    #[test]
    fn ic_135_ic_138_only_a_special_invoice_needs_a_tax_number() {
        for (kind, tax_no, expected) in [
            (Kind::Normal, None, None),
            (Kind::Normal, Some(" "), None),
            (Kind::Normal, Some(TAX_NO), None),
            (Kind::Normal, Some("123"), Some(("/taxNo", "tax-number-malformed"))),
            (Kind::Special, None, Some(("/taxNo", "tax-number-missing"))),
            (Kind::Special, Some(""), Some(("/taxNo", "tax-number-missing"))),
            (Kind::Special, Some(TAX_NO), None),
        ] {
            assert_eq!(fault(kind, "某某公司", tax_no, "", "a@example.cn"), expected, "{kind:?} {tax_no:?}");
        }
    }

    #[test]
    fn details_are_stored_whole_and_never_shown_in_a_log() {
        let details = Details::parse(Kind::Special, "某某公司", Some(TAX_NO), "加急", "zhangsan@example.cn").unwrap();
        let stored = serde_json::to_string(&details).unwrap();
        assert_eq!(serde_json::from_str::<Details>(&stored).unwrap(), details);
        let shown = format!("{details:?}");
        assert!(!shown.contains("zhangsan") && !shown.contains(TAX_NO) && !shown.contains("某某"), "{shown}");
    }
}
