//! 修改密码: replaces the password and ends every other session.

use domain::account::session::EndReason;
use domain::account::{Password, Phone};
use domain::actor::{AccountId, Actor};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, account_key};
use super::{AccountError, Accounts, FieldError, StepUp};
use crate::messages::{self, Message};
use crate::rate_limit;
use crate::store::{Change, Token};

/// Tries of one account.
const PER_ACCOUNT: TokenBucket = TokenBucket::new(10, SignedDuration::from_mins(6));

impl Accounts {
    /// Replaces the password. Needs the `current` password, or a step-up token for [`StepUp::ChangePassword`].
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a wrong current or a bad new password, [`AccountError::StepUpNeeded`],
    /// [`AccountError::Wait`] for the rate limit.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: Option<&str>,
        step_up: Option<&str>,
        new: &str,
    ) -> Result<(), AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "change-password", &actor.account.to_string(), PER_ACCOUNT).await?;
        let account = self.account(actor.account).await?;
        let password = self.check_new_password(&account, new).await?;
        match current {
            Some(current) => self.check_password(actor.account, current, "currentPassword").await?,
            None => self.redeem_step_up(actor, StepUp::ChangePassword, step_up, now).await?,
        }
        self.replace_password(&account, &password, now).await?;
        self.end_sessions(actor.account, Some(actor.session), EndReason::PasswordChanged).await
    }

    /// Checks a new password against the rules and the account's own names.
    pub(super) async fn check_new_password(&self, account: &AccountRow, new: &str) -> Result<Password, AccountError> {
        let phone = self.own_phone(account.id).await?;
        let nickname = account.nickname.as_ref().map(|name| name.as_str());
        let names = [Some(account.user_name.as_str()), nickname, phone.as_ref().map(Phone::digits)];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        Password::choose(new, &names).map_err(|rules| {
            AccountError::Fields(rules.into_iter().map(|rule| FieldError { field: "password", code: rule.0 }).collect())
        })
    }

    /// Writes the hash and queues a notice to the owner, in one commit.
    pub(super) async fn replace_password(
        &self,
        account: &AccountRow,
        password: &Password,
        now: Timestamp,
    ) -> Result<(), AccountError> {
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

    /// The change that queues a notice to the account's phone; a no-op message when it has none.
    pub(super) async fn notice(
        &self,
        account: AccountId,
        change: &str,
        now: Timestamp,
    ) -> Result<Change, AccountError> {
        let message = match self.own_phone(account).await? {
            Some(phone) => Message::Notice { phone: phone.e164(), change: change.to_owned() },
            None => Message::NoOp,
        };
        Ok(messages::enqueue(self.keys.messages(), self.id(now), &message, now)?)
    }
}
