//! 修改密码: from the next sign-in the new one counts, and every other session ends.

use domain::account::session::Ended;
use domain::account::{Password, Phone};
use domain::actor::{AccountId, Actor};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, account_key};
use super::{Accounts, Failure, Fault, StepUp};
use crate::limits;
use crate::messages::{self, Message};
use crate::store::{Change, Token};

const PER_ACCOUNT: Bucket = Bucket::new(10, SignedDuration::from_mins(6));

impl Accounts {
    /// Needs the current password, or the token of a step-up.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: Option<&str>,
        step_up: Option<&str>,
        new: &str,
    ) -> Result<(), Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "change-password", &actor.account.to_string(), PER_ACCOUNT).await?;
        let account = self.account(actor.account).await?;
        let password = self.chosen(&account, new).await?;
        match current {
            Some(current) => self.check_password(actor.account, current, "currentPassword").await?,
            None => self.spend_step_up(actor, StepUp::ChangePassword, step_up, now).await?,
        }
        self.replace_password(&account, &password, now).await?;
        self.end_sessions(actor.account, Some(actor.session), Ended::PasswordChanged).await
    }

    /// The new password against the rules and the person's own names.
    pub(super) async fn chosen(&self, account: &AccountRow, new: &str) -> Result<Password, Failure> {
        let phone = self.own_phone(account.id).await?;
        let nickname = account.nickname.as_ref().map(|name| name.as_str());
        let names = [Some(account.user_name.as_str()), nickname, phone.as_ref().map(Phone::digits)];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        Password::choose(new, &names).map_err(|rules| {
            Failure::Fields(rules.into_iter().map(|rule| Fault { field: "password", code: rule.0 }).collect())
        })
    }

    /// Writes the hash and tells the owner, in one commit.
    pub(super) async fn replace_password(
        &self,
        account: &AccountRow,
        password: &Password,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let hash = self.passwords.hash(password, &*self.random);
        let update = Change::update(account_key(account.id))
            .set("passwordHash", hash)
            .remove("oldHash")
            .set("version", account.version + 1)
            .if_version(account.version);
        let notice = self.notice(account.id, "password-changed", now).await?;
        self.store.commit(&Token::from(self.id(now)), vec![update, notice]).await?;
        Ok(())
    }

    /// Word of a change to the account's own phone; silence when it has none.
    pub(super) async fn notice(&self, account: AccountId, change: &str, now: Timestamp) -> Result<Change, Failure> {
        let message = match self.own_phone(account).await? {
            Some(phone) => Message::Notice { phone: phone.e164(), change: change.to_owned() },
            None => Message::Silence,
        };
        messages::post(self.keys.messages(), self.id(now), &message, now)
    }
}
