//! 邮寄地址: postal addresses, and the address book of one person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::single_line;
use super::{Malformed, Phone};

/// Addresses in one book, at most.
pub const ADDRESSES_MAX: usize = 20;

/// An address as the person typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft<'a> {
    /// 收件人: 1 to 30 characters.
    pub receiver: &'a str,
    /// A mobile number, see [`Phone`].
    pub phone: &'a str,
    /// 省: 2 to 20 characters.
    pub province: &'a str,
    /// 市: 2 to 20 characters.
    pub city: &'a str,
    /// 区/县: up to 20 characters; empty where a city has none.
    pub district: &'a str,
    /// 详细地址: 2 to 100 characters.
    pub detail: &'a str,
}

/// A field's name and why it was refused.
pub type FieldError = (&'static str, Malformed);

/// A checked address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// 收件人
    pub receiver: String,
    /// Eleven digits.
    phone: String,
    /// 省
    pub province: String,
    /// 市
    pub city: String,
    /// 区/县; empty where a city has none.
    pub district: String,
    /// 详细地址
    pub detail: String,
}

/// Shows the province only, so that no name and no street reaches a log.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("province", &self.province).finish_non_exhaustive()
    }
}

impl Address {
    /// Checks every field.
    ///
    /// # Errors
    /// Every field that breaks its rule, e.g. `receiver` with `receiver-malformed`.
    pub fn parse(draft: &Draft<'_>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut read = |field, text, characters, code| {
            let line = single_line(text, characters);
            if line.is_none() {
                errors.push((field, Malformed(code)));
            }
            line.unwrap_or_default()
        };
        let receiver = read("receiver", draft.receiver, 1..=30, "receiver-malformed");
        let province = read("province", draft.province, 2..=20, "province-malformed");
        let city = read("city", draft.city, 2..=20, "city-malformed");
        let district = read("district", draft.district, 0..=20, "district-malformed");
        let detail = read("detail", draft.detail, 2..=100, "detail-malformed");
        let phone = Phone::parse(draft.phone).map_err(|bad| errors.push(("phone", bad)));
        match phone {
            Ok(phone) if errors.is_empty() => {
                Ok(Self { receiver, phone: phone.digits().to_owned(), province, city, district, detail })
            }
            _ => Err(errors),
        }
    }

    /// The eleven digits.
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// The number as screens show it: `138****8469`.
    pub fn phone_masked(&self) -> String {
        Phone::parse(&self.phone).map(|phone| phone.masked()).unwrap_or_default()
    }
}

/// One address in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Unique in the book.
    pub id: String,
    /// The address.
    pub address: Address,
}

/// Why a change of the book was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressBookError {
    /// The book holds [`ADDRESSES_MAX`] addresses.
    #[error("the book is full")]
    Full,
    /// The book has no address with this id.
    #[error("no such address")]
    NotFound,
}

/// The addresses of one person, newest first. Unless the book is empty, exactly one address is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressBook {
    entries: Vec<Entry>,
    default: Option<String>,
}

impl AddressBook {
    /// The addresses, newest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The address with this id.
    ///
    /// # Errors
    /// [`AddressBookError::NotFound`].
    pub fn get(&self, id: &str) -> Result<&Entry, AddressBookError> {
        self.entries.iter().find(|entry| entry.id == id).ok_or(AddressBookError::NotFound)
    }

    /// Whether the address with this id is the default.
    pub fn is_default(&self, id: &str) -> bool {
        self.default.as_deref() == Some(id)
    }

    /// Adds an address in front. The first address of a book is the default in any case.
    ///
    /// # Errors
    /// [`AddressBookError::Full`].
    pub fn add(&mut self, entry: Entry, as_default: bool) -> Result<(), AddressBookError> {
        if self.entries.len() >= ADDRESSES_MAX {
            return Err(AddressBookError::Full);
        }
        if as_default || self.default.is_none() {
            self.default = Some(entry.id.clone());
        }
        self.entries.insert(0, entry);
        Ok(())
    }

    /// Replaces the address with this id.
    ///
    /// # Errors
    /// [`AddressBookError::NotFound`].
    pub fn replace(&mut self, id: &str, address: Address) -> Result<(), AddressBookError> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id).ok_or(AddressBookError::NotFound)?;
        entry.address = address;
        Ok(())
    }

    /// Makes the address with this id the default.
    ///
    /// # Errors
    /// [`AddressBookError::NotFound`].
    pub fn set_default(&mut self, id: &str) -> Result<(), AddressBookError> {
        self.default = Some(self.get(id)?.id.clone());
        Ok(())
    }

    /// Removes the address with this id. If it was the default, the newest of the others becomes the default.
    ///
    /// # Errors
    /// [`AddressBookError::NotFound`].
    pub fn remove(&mut self, id: &str) -> Result<(), AddressBookError> {
        self.get(id)?;
        self.entries.retain(|entry| entry.id != id);
        if self.is_default(id) {
            self.default = self.entries.first().map(|entry| entry.id.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft<'static> {
        Draft {
            receiver: " 张三 ",
            phone: "138 1054 8469",
            province: "四川省",
            city: "成都市",
            district: "武侯区",
            detail: "人民南路四段 1 号",
        }
    }

    fn entry(id: &str) -> Entry {
        Entry { id: id.to_owned(), address: Address::parse(&draft()).unwrap() }
    }

    /// Covers: UA-31
    #[test]
    fn address_is_checked_field_by_field_and_every_bad_field_is_named() {
        let good = Address::parse(&draft()).unwrap();
        assert_eq!(
            (good.receiver.as_str(), good.phone(), &*good.phone_masked()),
            ("张三", "13810548469", "138****8469")
        );
        assert!(Address::parse(&Draft { district: "", ..draft() }).is_ok());
        assert!(!format!("{good:?}").contains("张三"));
        let long = "路".repeat(101);
        let bad =
            Draft { receiver: "", phone: "10086", province: "川", city: "", district: "a\u{202e}b", detail: &long };
        let fields: Vec<_> = Address::parse(&bad).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["receiver", "province", "city", "district", "detail", "phone"]);
    }

    /// Covers: UA-32
    #[test]
    fn book_with_addresses_has_exactly_one_default() {
        let mut book = AddressBook::default();
        book.add(entry("a"), false).unwrap();
        assert!(book.is_default("a"));
        book.add(entry("b"), false).unwrap();
        book.add(entry("c"), true).unwrap();
        assert!(book.is_default("c") && !book.is_default("a"));
        book.set_default("a").unwrap();
        book.remove("a").unwrap();
        assert!(book.is_default("c"), "the newest address becomes the default");
        assert_eq!(book.remove("a"), Err(AddressBookError::NotFound));
        assert_eq!(book.set_default("a"), Err(AddressBookError::NotFound));
        assert!(book.is_default("c"));
        book.remove("b").unwrap();
        book.remove("c").unwrap();
        assert_eq!(book, AddressBook::default());
    }

    /// Covers: UA-32
    #[test]
    fn book_refuses_the_twenty_first_address() {
        let mut book = AddressBook::default();
        for n in 0..ADDRESSES_MAX {
            book.add(entry(&n.to_string()), false).unwrap();
        }
        assert_eq!(book.add(entry("more"), true), Err(AddressBookError::Full));
        assert!(book.is_default("0"));
    }
}
