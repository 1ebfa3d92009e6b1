//! 角色: admins grant and withdraw roles, never their own (XX-16).

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::account::UserName;
use domain::account::session::EndReason;
use domain::actor::{AccountId, Role, roles_clash};
use jiff::Timestamp;
use serde_json::json;

use super::rows::{AccountRow, Reservation, account_key, name_key};
use super::{AccountError, Profile, second_factor, sessions};
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Store, Token, from_row};

/// The use cases by which staff administer accounts. They need no secret of the deployment.
#[derive(Clone)]
pub struct AccountAdmin {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random numbers.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for AccountAdmin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountAdmin")
    }
}

impl AccountAdmin {
    /// The profile of an account.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the account does not exist or is closed.
    pub async fn find(&self, id: AccountId) -> Result<Profile, AccountError> {
        Ok(Profile::from(&self.row(id).await?))
    }

    /// The profile of the account with this user name.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn find_by_name(&self, user_name: &str) -> Result<Profile, AccountError> {
        let name = UserName::parse(user_name).map_err(|_| Failure::NotFound)?;
        let reservation = self.store.get(&name_key(&name)).await?.map(from_row::<Reservation>).transpose()?;
        self.find(reservation.and_then(|reservation| reservation.account).ok_or(Failure::NotFound)?).await
    }

    /// Sets an account's roles (`user` is always added), writes an audit entry, and ends the account's sessions, so
    /// that the next sign-in gets the new roles.
    ///
    /// # Errors
    /// [`AccountError::OwnAccount`], [`AccountError::Fields`] for roles that one account must not have together,
    /// [`Failure::NotFound`].
    pub async fn set_roles(
        &self,
        by: &AuditActor,
        id: AccountId,
        mut roles: BTreeSet<Role>,
        why: &Reason,
    ) -> Result<Profile, AccountError> {
        if by.id == id.to_string() {
            return Err(AccountError::OwnAccount);
        }
        roles.insert(Role::User);
        if roles_clash(&roles) {
            return Err(AccountError::field("roles", "roles-clash"));
        }
        let now = self.clock.now();
        let account = self.row(id).await?;
        let update = Change::update(account_key(id))
            .set("roles", json!(roles))
            .set("version", account.version + 1)
            .if_version(account.version);
        let facts = json!({"before": account.roles, "after": roles});
        self.write(by, "roles-set", id, why, facts, update, now).await?;
        sessions::end_all(&*self.store, id, None, EndReason::RolesChanged).await?;
        self.find(id).await
    }

    /// Deletes the second factor of an account whose owner lost the device, writes an audit entry, and ends the
    /// account's sessions. The next sign-in sets up a new factor.
    ///
    /// # Errors
    /// [`AccountError::OwnAccount`], [`Failure::NotFound`].
    pub async fn reset_second_factor(&self, by: &AuditActor, id: AccountId, why: &Reason) -> Result<(), AccountError> {
        if by.id == id.to_string() {
            return Err(AccountError::OwnAccount);
        }
        let now = self.clock.now();
        self.row(id).await?;
        self.write(by, "second-factor-forgotten", id, why, audit::no_facts(), second_factor::delete(id), now).await?;
        sessions::end_all(&*self.store, id, None, EndReason::RolesChanged).await
    }

    #[allow(clippy::too_many_arguments, reason = "one action and one change")]
    async fn write(
        &self,
        by: &AuditActor,
        what: &'static str,
        id: AccountId,
        why: &Reason,
        facts: serde_json::Value,
        change: Change,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let action = AuditAction { by, what, subject: Subject::account(id), why, facts };
        let entry = audit::entry(&*self.store, &action, now).await?;
        Ok(self.store.commit(&Token::from(self.random.ulid(now)), vec![change, entry]).await?)
    }

    async fn row(&self, id: AccountId) -> Result<AccountRow, AccountError> {
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        let account: AccountRow = from_row(row)?;
        if account.closed_at.is_some() { Err(Failure::NotFound.into()) } else { Ok(account) }
    }
}
