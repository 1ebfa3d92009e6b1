//! What stands on a 专票 beside the buyer's name and tax number: the company's address, phone, bank and account there.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::details::{BadDetails, Written, line};

pub const ADDRESS_MAX: usize = 100;
pub const BANK_MAX: usize = 100;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// 注册地址
    pub address: String,
    /// 注册电话
    pub phone: String,
    /// 开户银行
    pub bank: String,
    /// 银行账号
    pub account: String,
}

impl Buyer {
    /// All four or none: half of them prints nothing. The first fault found is named.
    pub fn parse(written: &Written<'_>) -> Result<Self, BadDetails> {
        let address = text(written.address, "/buyerAddress", "buyer-address-malformed", ADDRESS_MAX)?;
        let phone = number(written.phone, "/buyerPhone", "buyer-phone-malformed", is_phone)?;
        let bank = text(written.bank, "/buyerBank", "buyer-bank-malformed", BANK_MAX)?;
        let account = number(written.account, "/buyerAccount", "buyer-account-malformed", is_account)?;
        Ok(Self { address, phone, bank, account })
    }

    /// The last four digits: a small company's phone is often its owner's own.
    pub fn phone_masked(&self) -> String {
        masked(&self.phone)
    }

    pub fn account_masked(&self) -> String {
        masked(&self.account)
    }
}

fn text(written: &str, field: &'static str, code: &'static str, most: usize) -> Result<String, BadDetails> {
    let text = line(written);
    match text.chars().count() {
        0 => Err(BadDetails { field, code: "field-missing" }),
        count if count <= most && !text.chars().any(super::details::is_hidden) => Ok(text),
        _ => Err(BadDetails { field, code }),
    }
}

/// Blanks are left out.
fn number(
    written: &str,
    field: &'static str,
    code: &'static str,
    fits: fn(&str) -> bool,
) -> Result<String, BadDetails> {
    let number: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    match number.as_str() {
        "" => Err(BadDetails { field, code: "field-missing" }),
        text if fits(text) => Ok(number),
        _ => Err(BadDetails { field, code }),
    }
}

/// Of a desk or a mobile, with what people write between the digits: `0755-12345678`, `+86(755)12345678-801`.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=20).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b"+-()".contains(&b))
}

/// Banks of the mainland count up to thirty digits; some of their numbers hold letters and hyphens.
fn is_account(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 8 && text.len() <= 34 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-')
}

fn masked(number: &str) -> String {
    format!("****{}", &number[number.len() - 4..])
}

impl fmt::Debug for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buyer(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Written<'static> = Written {
        address: " 深圳市福田区深南大道 1 号 ",
        phone: "0755 1234-5678",
        bank: "招商银行深圳分行",
        account: "7559 2030 4010 501",
        ..Written::NOTHING
    };

    /// Covers: IC-135
    #[test]
    fn a_buyer_is_cleaned_and_shown_by_its_last_digits() {
        let buyer = Buyer::parse(&FULL).unwrap();
        assert_eq!((buyer.address.as_str(), buyer.phone.as_str()), ("深圳市福田区深南大道 1 号", "07551234-5678"));
        assert_eq!((buyer.phone_masked().as_str(), buyer.account_masked().as_str()), ("****5678", "****0501"));
        assert_eq!(format!("{buyer:?}"), "Buyer(..)");
    }

    /// Covers: IC-135
    #[test]
    fn what_is_missing_or_no_such_thing_is_named() {
        let fault = |written: Written<'_>| Buyer::parse(&written).map(|_| ()).map_err(|bad| (bad.field, bad.code));
        let (long, longest) = ("字".repeat(101), "字".repeat(100));
        let address = |address| fault(Written { address, ..FULL });
        assert_eq!(address("  "), Err(("/buyerAddress", "field-missing")));
        assert_eq!(address(&long), Err(("/buyerAddress", "buyer-address-malformed")));
        assert_eq!(address("深圳\u{202e}市"), Err(("/buyerAddress", "buyer-address-malformed")));
        assert_eq!(address(&longest), Ok(()));
        let bank = |bank| fault(Written { bank, ..FULL });
        assert_eq!(bank(""), Err(("/buyerBank", "field-missing")));
        assert_eq!(bank(&long), Err(("/buyerBank", "buyer-bank-malformed")));
        assert_eq!(bank(&longest), Ok(()));
        let phone = |phone| fault(Written { phone, ..FULL });
        assert_eq!(phone(" "), Err(("/buyerPhone", "field-missing")));
        for good in ["1234567", "12345678901234567890", "13810548469", "+86(755)12345678-801"] {
            assert_eq!(phone(good), Ok(()), "{good}");
        }
        for bad in ["123456", "123456789012345678901", "0755-12345678转1", "１２３４５６７"] {
            assert_eq!(phone(bad), Err(("/buyerPhone", "buyer-phone-malformed")), "{bad}");
        }
        let account = |account| fault(Written { account, ..FULL });
        assert_eq!(account(""), Err(("/buyerAccount", "field-missing")));
        let (most, more) = ("1".repeat(34), "1".repeat(35));
        for good in ["12345678", "NRA7559203040", "1-2345678", &most] {
            assert_eq!(account(good), Ok(()), "{good}");
        }
        for bad in ["1234567", "ABCDEFGHIJ", "7559203040a", &more] {
            assert_eq!(account(bad), Err(("/buyerAccount", "buyer-account-malformed")), "{bad}");
        }
    }
}
