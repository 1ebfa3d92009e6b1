//! 角色: an admin grants and takes roles; nobody changes their own (XX-16).

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::account::UserName;
use domain::account::session::Ended;
use domain::actor::{AccountId, Role, roles_clash};
use jiff::Timestamp;
use serde_json::json;

use super::rows::{AccountRow, Claim, account_key, name_key};
use super::{Failure, Fault, Profile, second_factor, sessions};
use crate::audit::{self, Deed, Doer, Subject, Why};
use crate::clock::Clock;
use crate::random::Random;
use crate::store::{Change, Store, Token, from_row};

/// Accounts as staff administer them: no password, no phone, no secret is needed for it.
#[derive(Clone)]
pub struct Registry {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Registry")
    }
}

impl Registry {
    pub async fn find(&self, id: AccountId) -> Result<Profile, Failure> {
        Ok(Profile::from(&self.row(id).await?))
    }

    pub async fn find_by_name(&self, user_name: &str) -> Result<Profile, Failure> {
        let name = UserName::parse(user_name).map_err(|_| Failure::NotFound)?;
        let claim = self.store.get(&name_key(&name)).await?.map(from_row::<Claim>).transpose()?;
        self.find(claim.and_then(|claim| claim.account).ok_or(Failure::NotFound)?).await
    }

    /// Gives an account exactly these roles, `user` always among them. Its sessions end: who signs in next has the new ones.
    pub async fn set_roles(
        &self,
        by: &Doer,
        id: AccountId,
        mut roles: BTreeSet<Role>,
        why: &Why,
    ) -> Result<Profile, Failure> {
        if by.by == id.to_string() {
            return Err(Failure::OwnAccount);
        }
        roles.insert(Role::User);
        if roles_clash(&roles) {
            return Err(Failure::Fields(vec![Fault { field: "roles", code: "roles-clash" }]));
        }
        let now = self.clock.now();
        let account = self.row(id).await?;
        let update = Change::update(account_key(id))
            .set("roles", json!(roles))
            .set("version", account.version + 1)
            .if_version(account.version);
        let facts = json!({"before": account.roles, "after": roles});
        self.write(by, "roles-set", id, why, facts, update, now).await?;
        sessions::end_all(&*self.store, id, None, Ended::RolesChanged).await?;
        self.find(id).await
    }

    /// Takes the second factor of somebody who lost the device away; the next sign-in sets up another.
    pub async fn forget_second_factor(&self, by: &Doer, id: AccountId, why: &Why) -> Result<(), Failure> {
        if by.by == id.to_string() {
            return Err(Failure::OwnAccount);
        }
        let now = self.clock.now();
        self.row(id).await?;
        self.write(by, "second-factor-forgotten", id, why, audit::nothing(), second_factor::forget(id), now).await?;
        sessions::end_all(&*self.store, id, None, Ended::RolesChanged).await
    }

    #[allow(clippy::too_many_arguments, reason = "one deed and one change")]
    async fn write(
        &self,
        by: &Doer,
        what: &'static str,
        id: AccountId,
        why: &Why,
        facts: serde_json::Value,
        change: Change,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let deed = Deed { by, what, subject: Subject::account(id), why, facts };
        let line = audit::line(&*self.store, &deed, now).await?;
        Ok(self.store.commit(&Token::from(self.random.ulid(now)), vec![change, line]).await?)
    }

    async fn row(&self, id: AccountId) -> Result<AccountRow, Failure> {
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        let account: AccountRow = from_row(row)?;
        if account.closed_at.is_some() { Err(Failure::NotFound) } else { Ok(account) }
    }
}
