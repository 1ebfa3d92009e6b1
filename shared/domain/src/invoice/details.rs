//! The application form of an invoice (manual 000, section 5.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidDetails;
use super::buyer::{Buyer, BuyerInput};
use super::tax_number::TaxNumber;
use crate::account::Email;
use crate::text::{is_invisible, normalised};

/// The most characters of the title.
pub const TITLE_MAX: usize = 100;
/// The most characters of the remark.
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
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Normal, Self::Special];

    /// The code in requests and rows.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Special => "special",
        }
    }
}

/// The details of an invoice, as they are printed. `Debug` leaves out personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// 发票类型
    pub kind: Kind,
    /// 发票抬头
    pub title: String,
    /// 税号
    pub tax_no: Option<TaxNumber>,
    /// Company details; only for a 专票.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
    /// 备注; empty if there is none.
    pub remark: String,
    /// Where e-mails about the invoice are sent.
    #[serde(with = "email_text")]
    pub email: Email,
}

/// The form as it was filled in; a field that was left out is empty.
#[derive(Clone, Copy)]
pub struct DetailsInput<'a> {
    /// 发票类型
    pub kind: Kind,
    /// 发票抬头
    pub title: &'a str,
    /// 税号
    pub tax_no: &'a str,
    /// Company details.
    pub buyer: BuyerInput<'a>,
    /// 备注
    pub remark: &'a str,
    /// E-mail address.
    pub email: &'a str,
}

/// Prints nothing: every field is personal data.
impl fmt::Debug for DetailsInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DetailsInput(..)")
    }
}

impl DetailsInput<'_> {
    /// An empty form of the kind 普票.
    pub const EMPTY: DetailsInput<'static> =
        DetailsInput { kind: Kind::Normal, title: "", tax_no: "", buyer: BuyerInput::EMPTY, remark: "", email: "" };
}

impl Details {
    /// Reads the form. Title and e-mail are mandatory; tax number and company details only for a 专票. A 普票 does
    /// not keep the company details, because it does not print them.
    ///
    /// # Errors
    ///
    /// The first field that is missing or malformed.
    pub fn parse(input: &DetailsInput<'_>) -> Result<Self, InvalidDetails> {
        let bad = |field, code| InvalidDetails { field, code };
        let kind = input.kind;
        let title = normalised(input.title);
        if title.is_empty() {
            return Err(bad("/title", "field-missing"));
        }
        if title.chars().count() > TITLE_MAX || title.chars().any(is_invisible) {
            return Err(bad("/title", "title-malformed"));
        }
        let tax_no = Some(input.tax_no.trim()).filter(|text| !text.is_empty());
        let tax_no = tax_no.map(TaxNumber::parse).transpose().map_err(|malformed| bad("/taxNo", malformed.0))?;
        if kind == Kind::Special && tax_no.is_none() {
            return Err(bad("/taxNo", "tax-number-missing"));
        }
        let buyer = match kind {
            Kind::Normal => None,
            Kind::Special => Some(Buyer::parse(&input.buyer)?),
        };
        let remark = normalised(input.remark);
        if remark.chars().count() > REMARK_MAX || remark.chars().any(|c| is_invisible(c) && c != '\n') {
            return Err(bad("/remark", "remark-malformed"));
        }
        if input.email.trim().is_empty() {
            return Err(bad("/email", "field-missing"));
        }
        let email = Email::parse(input.email).map_err(|malformed| bad("/email", malformed.0))?;
        Ok(Self { kind, title, tax_no, buyer, remark, email })
    }
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

    fn fault(input: DetailsInput<'_>) -> Option<(&'static str, &'static str)> {
        Details::parse(&input).err().map(|bad| (bad.field, bad.code))
    }

    /// Covers: IC-137, IC-139, IC-140
    #[test]
    fn title_and_email_are_mandatory_and_the_remark_is_not() {
        let fault = |title: &str, remark: &str, email: &str| {
            fault(DetailsInput { title, remark, email, ..DetailsInput::EMPTY })
        };
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

    const SPECIAL: DetailsInput<'static> = DetailsInput {
        kind: Kind::Special,
        title: "某某公司",
        tax_no: TAX_NO,
        buyer: BuyerInput {
            address: "深圳市福田区深南大道 1 号",
            phone: "0755-12345678",
            bank: "招商银行深圳分行",
            account: "755920304010501",
        },
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
            assert_eq!(fault(DetailsInput { kind, tax_no, ..SPECIAL }), expected, "{kind:?} {tax_no:?}");
        }
    }

    /// Covers: IC-135
    #[test]
    fn only_a_special_invoice_needs_and_keeps_company_details() {
        let empty = DetailsInput { buyer: BuyerInput::EMPTY, ..SPECIAL };
        assert_eq!(fault(empty), Some(("/buyerAddress", "field-missing")));
        assert_eq!(fault(DetailsInput { kind: Kind::Normal, ..empty }), None);
        assert!(Details::parse(&SPECIAL).unwrap().buyer.is_some());
        assert_eq!(Details::parse(&DetailsInput { kind: Kind::Normal, ..SPECIAL }).unwrap().buyer, None);
    }

    #[test]
    fn details_are_stored_completely_and_debug_hides_personal_data() {
        let details = Details::parse(&SPECIAL).unwrap();
        let stored = serde_json::to_string(&details).unwrap();
        assert_eq!(serde_json::from_str::<Details>(&stored).unwrap(), details);
        let shown = format!("{details:?}");
        for personal in ["zhangsan", TAX_NO, "某某", "深南", "12345678", "招商", "0501"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }
}
