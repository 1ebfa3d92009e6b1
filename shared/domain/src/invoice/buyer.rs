//! The company details that a 专票 prints beside the buyer's name and tax number: address, telephone, bank and bank
//! account.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::InvalidDetails;
use crate::text::{is_invisible, normalised};

/// The most characters of the address.
pub const ADDRESS_MAX: usize = 100;
/// The most characters of the bank.
pub const BANK_MAX: usize = 100;

/// The company details of the buyer. `Debug` shows none of them, because they can be personal.
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

/// The fields of [`Buyer`] as they were typed; a field that was left out is empty.
#[derive(Clone, Copy)]
pub struct BuyerInput<'a> {
    /// 注册地址
    pub address: &'a str,
    /// 注册电话
    pub phone: &'a str,
    /// 开户银行
    pub bank: &'a str,
    /// 银行账号
    pub account: &'a str,
}

impl BuyerInput<'_> {
    /// Four empty fields.
    pub const EMPTY: BuyerInput<'static> = BuyerInput { address: "", phone: "", bank: "", account: "" };
}

impl fmt::Debug for BuyerInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BuyerInput(..)")
    }
}

impl Buyer {
    /// Reads the four fields as they were typed. All of them are mandatory.
    ///
    /// # Errors
    ///
    /// The first field that is missing or malformed.
    pub fn parse(input: &BuyerInput<'_>) -> Result<Self, InvalidDetails> {
        let address = text(input.address, "/buyerAddress", "buyer-address-malformed", ADDRESS_MAX)?;
        let phone = number(input.phone, "/buyerPhone", "buyer-phone-malformed", is_phone)?;
        let bank = text(input.bank, "/buyerBank", "buyer-bank-malformed", BANK_MAX)?;
        let account = number(input.account, "/buyerAccount", "buyer-account-malformed", is_account)?;
        Ok(Self { address, phone, bank, account })
    }

    /// The telephone number without all but its last four digits: that of a small company is often personal.
    pub fn phone_masked(&self) -> String {
        masked(&self.phone)
    }

    /// The bank account without all but its last four characters.
    pub fn account_masked(&self) -> String {
        masked(&self.account)
    }
}

fn text(typed: &str, field: &'static str, code: &'static str, most: usize) -> Result<String, InvalidDetails> {
    let text = normalised(typed);
    match text.chars().count() {
        0 => Err(InvalidDetails { field, code: "field-missing" }),
        count if count <= most && !text.chars().any(is_invisible) => Ok(text),
        _ => Err(InvalidDetails { field, code }),
    }
}

/// The number without white space.
fn number(
    typed: &str,
    field: &'static str,
    code: &'static str,
    fits: fn(&str) -> bool,
) -> Result<String, InvalidDetails> {
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    match number.as_str() {
        "" => Err(InvalidDetails { field, code: "field-missing" }),
        text if fits(text) => Ok(number),
        _ => Err(InvalidDetails { field, code }),
    }
}

/// Whether the text is a landline or mobile number: digits with the separators that people type, as `0755-12345678` or
/// `+86(755)12345678-801`.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=20).contains(&digits) && text.bytes().all(|b| b.is_ascii_digit() || b"+-()".contains(&b))
}

/// Whether the text is a bank account number. Banks of the mainland use up to 30 digits; some numbers have letters and
/// hyphens.
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

    const FULL: BuyerInput<'static> = BuyerInput {
        address: " 深圳市福田区深南大道 1 号 ",
        phone: "0755 1234-5678",
        bank: "招商银行深圳分行",
        account: "7559 2030 4010 501",
    };

    /// Covers: IC-135
    #[test]
    fn buyer_is_normalised_and_masked_to_its_last_digits() {
        let buyer = Buyer::parse(&FULL).unwrap();
        assert_eq!((buyer.address.as_str(), buyer.phone.as_str()), ("深圳市福田区深南大道 1 号", "07551234-5678"));
        assert_eq!((buyer.phone_masked().as_str(), buyer.account_masked().as_str()), ("****5678", "****0501"));
        assert_eq!(format!("{buyer:?}"), "Buyer(..)");
    }

    /// Covers: IC-135
    #[test]
    fn missing_or_malformed_field_is_named() {
        let fault = |input: BuyerInput<'_>| Buyer::parse(&input).map(|_| ()).map_err(|bad| (bad.field, bad.code));
        let (long, longest) = ("字".repeat(101), "字".repeat(100));
        let address = |address| fault(BuyerInput { address, ..FULL });
        assert_eq!(address("  "), Err(("/buyerAddress", "field-missing")));
        assert_eq!(address(&long), Err(("/buyerAddress", "buyer-address-malformed")));
        assert_eq!(address("深圳\u{202e}市"), Err(("/buyerAddress", "buyer-address-malformed")));
        assert_eq!(address(&longest), Ok(()));
        let bank = |bank| fault(BuyerInput { bank, ..FULL });
        assert_eq!(bank(""), Err(("/buyerBank", "field-missing")));
        assert_eq!(bank(&long), Err(("/buyerBank", "buyer-bank-malformed")));
        assert_eq!(bank(&longest), Ok(()));
        let phone = |phone| fault(BuyerInput { phone, ..FULL });
        assert_eq!(phone(" "), Err(("/buyerPhone", "field-missing")));
        for good in ["1234567", "12345678901234567890", "13810548469", "+86(755)12345678-801"] {
            assert_eq!(phone(good), Ok(()), "{good}");
        }
        for bad in ["123456", "123456789012345678901", "0755-12345678转1", "１２３４５６７"] {
            assert_eq!(phone(bad), Err(("/buyerPhone", "buyer-phone-malformed")), "{bad}");
        }
        let account = |account| fault(BuyerInput { account, ..FULL });
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
