//! 邮寄地址: where papers are sent, and the book that holds a person's addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::line::line;
use super::{Malformed, Phone};

/// Addresses one person may keep.
pub const ADDRESSES_MAX: usize = 20;

/// One address as it was typed. Every field that does not fit is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft<'a> {
    pub receiver: &'a str,
    pub phone: &'a str,
    pub province: &'a str,
    pub city: &'a str,
    pub district: &'a str,
    pub detail: &'a str,
}

/// A field and why it was refused.
pub type Fault = (&'static str, Malformed);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub receiver: String,
    /// Eleven digits.
    phone: String,
    pub province: String,
    pub city: String,
    /// Some cities have none.
    pub district: String,
    pub detail: String,
}

/// Neither a name nor a street reaches a log.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("province", &self.province).finish_non_exhaustive()
    }
}

impl Address {
    pub fn parse(draft: &Draft<'_>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut read = |field, text, characters, code| {
            let read = line(text, characters);
            if read.is_none() {
                faults.push((field, Malformed(code)));
            }
            read.unwrap_or_default()
        };
        let receiver = read("receiver", draft.receiver, 1..=30, "receiver-malformed");
        let province = read("province", draft.province, 2..=20, "province-malformed");
        let city = read("city", draft.city, 2..=20, "city-malformed");
        let district = read("district", draft.district, 0..=20, "district-malformed");
        let detail = read("detail", draft.detail, 2..=100, "detail-malformed");
        let phone = Phone::parse(draft.phone).map_err(|bad| faults.push(("phone", bad)));
        match phone {
            Ok(phone) if faults.is_empty() => {
                Ok(Self { receiver, phone: phone.digits().to_owned(), province, city, district, detail })
            }
            _ => Err(faults),
        }
    }

    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// What a screen shows of the number.
    pub fn phone_masked(&self) -> String {
        Phone::parse(&self.phone).map(|phone| phone.masked()).unwrap_or_default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    pub address: Address,
}

/// Why the book stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the book is full")]
    Full,
    #[error("no such address")]
    Unknown,
}

/// Newest first. As soon as there is an address, exactly one is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    entries: Vec<Entry>,
    default: Option<String>,
}

impl Book {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn get(&self, id: &str) -> Result<&Entry, Refusal> {
        self.entries.iter().find(|entry| entry.id == id).ok_or(Refusal::Unknown)
    }

    pub fn is_default(&self, id: &str) -> bool {
        self.default.as_deref() == Some(id)
    }

    /// The first address is the default whether or not anybody says so.
    pub fn add(&mut self, entry: Entry, as_default: bool) -> Result<(), Refusal> {
        if self.entries.len() >= ADDRESSES_MAX {
            return Err(Refusal::Full);
        }
        if as_default || self.default.is_none() {
            self.default = Some(entry.id.clone());
        }
        self.entries.insert(0, entry);
        Ok(())
    }

    pub fn replace(&mut self, id: &str, address: Address) -> Result<(), Refusal> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id).ok_or(Refusal::Unknown)?;
        entry.address = address;
        Ok(())
    }

    pub fn choose(&mut self, id: &str) -> Result<(), Refusal> {
        self.default = Some(self.get(id)?.id.clone());
        Ok(())
    }

    /// The newest of the others takes a default's place.
    pub fn remove(&mut self, id: &str) -> Result<(), Refusal> {
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
    fn an_address_names_every_field_that_does_not_fit() {
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
        let faults: Vec<_> = Address::parse(&bad).unwrap_err().into_iter().map(|(field, _)| field).collect();
        assert_eq!(faults, ["receiver", "province", "city", "district", "detail", "phone"]);
    }

    /// Covers: UA-32
    #[test]
    fn one_address_is_the_default_as_long_as_there_is_one() {
        let mut book = Book::default();
        book.add(entry("a"), false).unwrap();
        assert!(book.is_default("a"));
        book.add(entry("b"), false).unwrap();
        book.add(entry("c"), true).unwrap();
        assert!(book.is_default("c") && !book.is_default("a"));
        book.choose("a").unwrap();
        book.remove("a").unwrap();
        assert!(book.is_default("c"), "the newest takes its place");
        assert_eq!(book.remove("a"), Err(Refusal::Unknown));
        assert_eq!(book.choose("a"), Err(Refusal::Unknown));
        assert!(book.is_default("c"));
        book.remove("b").unwrap();
        book.remove("c").unwrap();
        assert_eq!(book, Book::default());
    }

    /// Covers: UA-32
    #[test]
    fn the_book_holds_twenty() {
        let mut book = Book::default();
        for n in 0..ADDRESSES_MAX {
            book.add(entry(&n.to_string()), false).unwrap();
        }
        assert_eq!(book.add(entry("more"), true), Err(Refusal::Full));
        assert!(book.is_default("0"));
    }
}
