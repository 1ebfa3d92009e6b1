//! 邮寄地址: an account's address book. It is one sealed row, so that exactly one address is the default.

use domain::account::address::{Address, AddressBook, AddressBookError, Draft, Entry};
use domain::actor::{AccountId, Actor};
use serde::{Deserialize, Serialize};

use super::rows::addresses_key;
use super::{AccountError, Accounts, FieldError};
use crate::failure::Failure;
use crate::store::{Change, StoreError, from_row, to_row};

/// The field name under which the book is sealed.
const FIELD: &str = "addresses";
/// Tries of one change. Of concurrent changes of one book, one wins each round.
const TRIES_MAX: usize = 8;

#[derive(Serialize, Deserialize)]
struct AddressBookRow {
    version: i64,
    sealed: String,
}

/// A change of an address: fields that are `None` stay as they are.
#[derive(Debug, Clone, Default)]
pub struct AddressChange {
    /// 收件人
    pub receiver: Option<String>,
    /// A mobile number.
    pub phone: Option<String>,
    /// 省
    pub province: Option<String>,
    /// 市
    pub city: Option<String>,
    /// 区/县
    pub district: Option<String>,
    /// 详细地址
    pub detail: Option<String>,
    /// Whether the address becomes the default.
    pub make_default: bool,
}

impl Accounts {
    /// The actor's address book.
    ///
    /// # Errors
    /// [`AccountError::Other`] when the store fails.
    pub async fn addresses(&self, actor: &Actor) -> Result<AddressBook, AccountError> {
        Ok(self.book(actor.account).await?.0)
    }

    /// 增加: adds an address and returns the book, the new address first.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a bad address, [`AccountError::AddressesFull`] when the book is full.
    pub async fn add_address(
        &self,
        actor: &Actor,
        draft: &Draft<'_>,
        as_default: bool,
    ) -> Result<AddressBook, AccountError> {
        let address = parse(draft)?;
        let id = self.id(self.now()).to_string();
        self.change_book(actor.account, |book| {
            book.add(Entry { id: id.clone(), address: address.clone() }, as_default).map_err(refused)
        })
        .await
    }

    /// 修改: changes the address `id` and returns the book.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an unknown `id`, [`AccountError::Fields`] for a bad address.
    pub async fn change_address(
        &self,
        actor: &Actor,
        id: &str,
        change: &AddressChange,
    ) -> Result<AddressBook, AccountError> {
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
            if change.make_default { book.set_default(id).map_err(refused) } else { Ok(()) }
        })
        .await
    }

    /// 删除: removes the address `id`.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an unknown `id`.
    pub async fn remove_address(&self, actor: &Actor, id: &str) -> Result<(), AccountError> {
        self.change_book(actor.account, |book| book.remove(id).map_err(refused)).await.map(drop)
    }

    async fn change_book(
        &self,
        account: AccountId,
        change: impl Fn(&mut AddressBook) -> Result<(), AccountError>,
    ) -> Result<AddressBook, AccountError> {
        for _ in 0..TRIES_MAX {
            let (mut book, version) = self.book(account).await?;
            change(&mut book)?;
            let text = serde_json::to_string(&book).map_err(AccountError::internal)?;
            let sealed = self.seal(account, FIELD, &text).await?;
            let row = Change::put(addresses_key(account), to_row(&AddressBookRow { version: version + 1, sealed })?);
            let row = if version == 0 { row.if_absent() } else { row.if_version(version) };
            match self.store.apply(row).await {
                Ok(_) => return Ok(book),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::Raced.into())
    }

    /// The book and its version; the version is 0 before the first address.
    pub(super) async fn book(&self, account: AccountId) -> Result<(AddressBook, i64), AccountError> {
        let Some(row) = self.store.get(&addresses_key(account)).await? else { return Ok((AddressBook::default(), 0)) };
        let row: AddressBookRow = from_row(row)?;
        let text = self.unseal(account, FIELD, &row.sealed).await?;
        let book = serde_json::from_str(&text).map_err(AccountError::internal)?;
        Ok((book, row.version))
    }
}

/// The change that deletes the book. It increments the version, so that a concurrent change conflicts.
pub(super) fn delete(account: AccountId) -> Change {
    Change::update(addresses_key(account)).add("version", 1).remove("sealed")
}

fn parse(draft: &Draft<'_>) -> Result<Address, AccountError> {
    let error = |(field, malformed): domain::account::address::FieldError| FieldError { field, code: malformed.0 };
    Address::parse(draft).map_err(|errors| AccountError::Fields(errors.into_iter().map(error).collect()))
}

fn refused(error: AddressBookError) -> AccountError {
    match error {
        AddressBookError::Full => AccountError::AddressesFull,
        AddressBookError::NotFound => Failure::NotFound.into(),
    }
}
