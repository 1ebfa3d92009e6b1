//! 邮寄地址: a person's addresses, all in one sealed row, so that there is always one default.

use domain::account::address::{Address, Book, Draft, Entry, Refusal};
use domain::actor::{AccountId, Actor};
use serde::{Deserialize, Serialize};

use super::rows::addresses_key;
use super::{Accounts, Failure, Fault};
use crate::store::{Change, StoreError, from_row, to_row};

/// What the book is sealed as.
const FIELD: &str = "addresses";
/// Changes of one book that meet: each round one of them wins.
const TRIES_MAX: usize = 8;

#[derive(Serialize, Deserialize)]
struct BookRow {
    version: i64,
    sealed: String,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct AddressChange {
    pub receiver: Option<String>,
    pub phone: Option<String>,
    pub province: Option<String>,
    pub city: Option<String>,
    pub district: Option<String>,
    pub detail: Option<String>,
    pub make_default: bool,
}

impl Accounts {
    pub async fn addresses(&self, actor: &Actor) -> Result<Book, Failure> {
        Ok(self.book(actor.account).await?.0)
    }

    /// The book with the new address first.
    pub async fn add_address(&self, actor: &Actor, draft: &Draft<'_>, as_default: bool) -> Result<Book, Failure> {
        let address = parse(draft)?;
        let id = self.id(self.now()).to_string();
        self.change_book(actor.account, |book| {
            book.add(Entry { id: id.clone(), address: address.clone() }, as_default).map_err(refused)
        })
        .await
    }

    pub async fn change_address(&self, actor: &Actor, id: &str, change: &AddressChange) -> Result<Book, Failure> {
        self.change_book(actor.account, |book| {
            let old = &book.get(id).map_err(refused)?.address;
            let or = |new: &Option<String>, old: &str| new.clone().unwrap_or_else(|| old.to_owned());
            let address = parse(&Draft {
                receiver: &or(&change.receiver, &old.receiver),
                phone: &or(&change.phone, old.phone()),
                province: &or(&change.province, &old.province),
                city: &or(&change.city, &old.city),
                district: &or(&change.district, &old.district),
                detail: &or(&change.detail, &old.detail),
            })?;
            book.replace(id, address).map_err(refused)?;
            if change.make_default { book.choose(id).map_err(refused) } else { Ok(()) }
        })
        .await
    }

    pub async fn remove_address(&self, actor: &Actor, id: &str) -> Result<(), Failure> {
        self.change_book(actor.account, |book| book.remove(id).map_err(refused)).await.map(drop)
    }

    async fn change_book(
        &self,
        account: AccountId,
        change: impl Fn(&mut Book) -> Result<(), Failure>,
    ) -> Result<Book, Failure> {
        for _ in 0..TRIES_MAX {
            let (mut book, version) = self.book(account).await?;
            change(&mut book)?;
            let text = serde_json::to_string(&book).map_err(|error| Failure::Broken(error.to_string()))?;
            let sealed = self.seal(account, FIELD, &text).await?;
            let row = Change::put(addresses_key(account), to_row(&BookRow { version: version + 1, sealed })?);
            let row = if version == 0 { row.if_absent() } else { row.if_version(version) };
            match self.store.apply(row).await {
                Ok(_) => return Ok(book),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::Changed)
    }

    /// The book and its version; 0 before the first address.
    pub(super) async fn book(&self, account: AccountId) -> Result<(Book, i64), Failure> {
        let Some(row) = self.store.get(&addresses_key(account)).await? else { return Ok((Book::default(), 0)) };
        let row: BookRow = from_row(row)?;
        let text = self.unseal(account, FIELD, &row.sealed).await?;
        let book = serde_json::from_str(&text).map_err(|error| Failure::Broken(error.to_string()))?;
        Ok((book, row.version))
    }
}

/// Takes the book away and counts its version, so that no change on its way brings it back.
pub(super) fn forget(account: AccountId) -> Change {
    Change::update(addresses_key(account)).add("version", 1).remove("sealed")
}

fn parse(draft: &Draft<'_>) -> Result<Address, Failure> {
    let fault = |(field, bad): (&'static str, domain::account::Malformed)| Fault { field, code: bad.0 };
    Address::parse(draft).map_err(|faults| Failure::Fields(faults.into_iter().map(fault).collect()))
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Full => Failure::AddressesFull,
        Refusal::Unknown => Failure::NotFound,
    }
}
