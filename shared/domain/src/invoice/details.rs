//! What the customer writes into the application form (manual 000, section 5.1).

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::buyer::Buyer;
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
    /// Of a 专票 alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
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

/// The form as it was filled in: a field that was left out is empty.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    pub kind: Kind,
    pub title: &'a str,
    pub tax_no: &'a str,
    pub address: &'a str,
    pub phone: &'a str,
    pub bank: &'a str,
    pub account: &'a str,
    pub remark: &'a str,
    pub email: &'a str,
}

/// Nothing of it: it is personal all over.
impl fmt::Debug for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written(..)")
    }
}

impl Written<'_> {
    pub const NOTHING: Written<'static> = Written {
        kind: Kind::Normal,
        title: "",
        tax_no: "",
        address: "",
        phone: "",
        bank: "",
        account: "",
        remark: "",
        email: "",
    };
}

impl Details {
    /// Title and e-mail are mandatory; the tax number and the buyer's address, phone, bank and account only for 专票. What a
    /// 普票 does not print is not kept. The first fault found is named.
    pub fn parse(written: &Written<'_>) -> Result<Self, BadDetails> {
        let bad = |field, code| BadDetails { field, code };
        let kind = written.kind;
        let title = line(written.title);
        if title.is_empty() {
            return Err(bad("/title", "field-missing"));
        }
        if title.chars().count() > TITLE_MAX || title.chars().any(is_hidden) {
            return Err(bad("/title", "title-malformed"));
        }
        let tax_no = Some(written.tax_no.trim()).filter(|text| !text.is_empty());
        let tax_no = tax_no.map(TaxNumber::parse).transpose().map_err(|malformed| bad("/taxNo", malformed.0))?;
        if kind == Kind::Special && tax_no.is_none() {
            return Err(bad("/taxNo", "tax-number-missing"));
        }
        let buyer = match kind {
            Kind::Normal => None,
            Kind::Special => Some(Buyer::parse(written)?),
        };
        let remark = line(written.remark);
        if remark.chars().count() > REMARK_MAX || remark.chars().any(|c| is_hidden(c) && c != '\n') {
            return Err(bad("/remark", "remark-malformed"));
        }
        if written.email.trim().is_empty() {
            return Err(bad("/email", "field-missing"));
        }
        let email = Email::parse(written.email).map_err(|malformed| bad("/email", malformed.0))?;
        Ok(Self { kind, title, tax_no, buyer, remark, email })
    }
}

/// In the form in which equal texts are equal.
pub(super) fn line(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Neither seen nor printed, or turning the text around it.
pub(super) fn is_hidden(c: char) -> bool {
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

    fn fault(written: Written<'_>) -> Option<(&'static str, &'static str)> {
        Details::parse(&written).err().map(|bad| (bad.field, bad.code))
    }

    /// Covers: IC-137, IC-139, IC-140
    #[test]
    fn title_and_email_are_mandatory_and_the_remark_is_not() {
        let fault =
            |title: &str, remark: &str, email: &str| fault(Written { title, remark, email, ..Written::NOTHING });
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

    const SPECIAL: Written<'static> = Written {
        kind: Kind::Special,
        title: "某某公司",
        tax_no: TAX_NO,
        address: "深圳市福田区深南大道 1 号",
        phone: "0755-12345678",
        bank: "招商银行深圳分行",
        account: "755920304010501",
        remark: "加急",
        email: "zhangsan@example.cn",
    };

    /// Covers: IC-135, IC-138
    #[test]
    fn only_a_special_invoice_needs_a_tax_number() {
        for (kind, tax_no, expected) in [
            (Kind::Normal, "", None),
            (Kind::Normal, " ", None),
            (Kind::Normal, TAX_NO, None),
            (Kind::Normal, "123", Some(("/taxNo", "tax-number-malformed"))),
            (Kind::Special, " ", Some(("/taxNo", "tax-number-missing"))),
            (Kind::Special, "", Some(("/taxNo", "tax-number-missing"))),
            (Kind::Special, TAX_NO, None),
        ] {
            assert_eq!(fault(Written { kind, tax_no, ..SPECIAL }), expected, "{kind:?} {tax_no:?}");
        }
    }

    /// Covers: IC-135
    #[test]
    fn only_a_special_invoice_needs_the_company_s_bank_and_only_there_it_is_kept() {
        let empty = Written { address: "", phone: "", bank: "", account: "", ..SPECIAL };
        assert_eq!(fault(empty), Some(("/buyerAddress", "field-missing")));
        assert_eq!(fault(Written { kind: Kind::Normal, ..empty }), None);
        assert!(Details::parse(&SPECIAL).unwrap().buyer.is_some());
        assert_eq!(Details::parse(&Written { kind: Kind::Normal, ..SPECIAL }).unwrap().buyer, None);
    }

    #[test]
    fn details_are_stored_whole_and_never_shown_in_a_log() {
        let details = Details::parse(&SPECIAL).unwrap();
        let stored = serde_json::to_string(&details).unwrap();
        assert_eq!(serde_json::from_str::<Details>(&stored).unwrap(), details);
        let shown = format!("{details:?}");
        for personal in ["zhangsan", TAX_NO, "某某", "深南", "12345678", "招商", "0501"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }
}
