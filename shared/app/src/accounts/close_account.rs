//! 注销账户: the closing of an account. The owner requests it after a step-up and can cancel it for seven days; then the
//! due task closes the account.
//!
//! A balance, an open order or an invoice in progress blocks the request, and later the closing, until it is finished.
//! Closing is final: personal fields are removed, their data key is destroyed, the phone becomes free for another
//! account, and the user name stays reserved.

use std::sync::Arc;

use domain::account::session::EndReason;
use domain::actor::{AccountId, Actor};
use jiff::{SignedDuration, Timestamp};

use super::closure_blockers::first_closure_blocker;
use super::rows::{AccountRow, account_key, phone_key, release};
use super::{AccountError, Accounts, Profile, StepUp, addresses, field_encryption, second_factor, sessions};
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::random::Random;
use crate::store::{BY_DUE, Change, Query, Span, Store, Table, Token, from_row, sortable};

/// The time between the request and the closing.
pub const COOLING_OFF: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long after a blocked closing the task tries again.
const RETRY_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// The partition of due closings in the index by due time.
const DUE: &str = "account-close";
/// The personal attributes of an account's row.
const PERSONAL: [&str; 10] = [
    "nickname",
    "phoneMasked",
    "phoneSealed",
    "phoneIndex",
    "emailMasked",
    "emailSealed",
    "emailLink",
    "passwordHash",
    "oldHash",
    "closesAt",
];

impl Accounts {
    /// Requests the closing in seven days. Needs a step-up token for [`StepUp::CloseAccount`]; `request` is the
    /// request's id for the audit log. Repeating the request changes nothing.
    ///
    /// # Errors
    /// [`AccountError::StepUpNeeded`], [`AccountError::ClosureBlocked`].
    pub async fn request_closure(
        &self,
        actor: &Actor,
        step_up: Option<&str>,
        request: &str,
    ) -> Result<Profile, AccountError> {
        let now = self.now();
        self.redeem_step_up(actor, StepUp::CloseAccount, step_up, now).await?;
        let account = self.account(actor.account).await?;
        if account.closes_at.is_some() {
            return Ok(Profile::from(&account));
        }
        if let Some(blocker) = first_closure_blocker(&*self.store, &account).await? {
            return Err(AccountError::ClosureBlocked(blocker));
        }
        let at = now + COOLING_OFF;
        let update = Change::update(account_key(account.id))
            .set("closesAt", at.to_string())
            .set(BY_DUE.pk, DUE)
            .set(BY_DUE.sk, sortable(at));
        self.write_closure(&account, update, "closure-asked", request, now).await
    }

    /// 撤销注销: cancels the request. Does nothing when there is none.
    ///
    /// # Errors
    /// [`Failure::Raced`] when the account was changed at the same time.
    pub async fn cancel_closure(&self, actor: &Actor, request: &str) -> Result<Profile, AccountError> {
        let account = self.account(actor.account).await?;
        if account.closes_at.is_none() {
            return Ok(Profile::from(&account));
        }
        let update = Change::update(account_key(account.id)).remove("closesAt").remove(BY_DUE.pk).remove(BY_DUE.sk);
        self.write_closure(&account, update, "closure-withdrawn", request, self.now()).await
    }

    async fn write_closure(
        &self,
        account: &AccountRow,
        update: Change,
        what: &'static str,
        request: &str,
        now: Timestamp,
    ) -> Result<Profile, AccountError> {
        let by = AuditActor { id: account.id.to_string(), request_id: request.to_owned() };
        let action = AuditAction {
            by: &by,
            what,
            subject: Subject::account(account.id),
            why: &Reason::rule("requested by the owner"),
            facts: audit::no_facts(),
        };
        let changes = vec![
            update.set("version", account.version + 1).if_version(account.version),
            audit::entry(&*self.store, &action, now).await?,
            self.notice(account.id, what, now).await?,
        ];
        self.store.commit(&Token::from(self.id(now)), changes).await?;
        Ok(Profile::from(&self.account(account.id).await?))
    }
}

/// The due task that closes accounts whose seven days are over.
#[derive(Clone)]
pub struct AccountClosures {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random numbers.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for AccountClosures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountClosures")
    }
}

impl AccountClosures {
    /// Closes one page of due accounts and returns how many were closed. An account that was changed at the same time
    /// stays due for the next run.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails, [`Failure::Internal`] when a row cannot be read.
    pub async fn close_due(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let span = Span::Between(" ".to_owned(), sortable(now));
        let page = self.store.query(&Query::index(Table::Accounts, BY_DUE, DUE).span(span)).await?;
        let mut closed = 0;
        for row in page.rows {
            let account: AccountRow = from_row(row)?;
            match self.close(account.id, now).await {
                Ok(done) => closed += usize::from(done),
                Err(AccountError::Other(Failure::Raced)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(closed)
    }

    async fn close(&self, id: AccountId, now: Timestamp) -> Result<bool, AccountError> {
        // The index can lag behind the row, so the row decides.
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        let account: AccountRow = from_row(row)?;
        if account.closed_at.is_some() || account.closes_at.is_none_or(|at| at > now) {
            return Ok(false);
        }
        let update = Change::update(account_key(id)).set("version", account.version + 1).if_version(account.version);
        if first_closure_blocker(&*self.store, &account).await?.is_some() {
            self.store.apply(update.set(BY_DUE.sk, sortable(now + RETRY_AFTER))).await?;
            return Ok(false);
        }
        let removed = PERSONAL.into_iter().chain([BY_DUE.pk, BY_DUE.sk]);
        let update = removed.fold(update.set("closedAt", now.to_string()), Change::remove);
        let by = AuditActor { id: "system/jobs".to_owned(), request_id: String::new() };
        let why = Reason::rule("requested by the owner seven days ago");
        let action = AuditAction {
            by: &by,
            what: "account-closed",
            subject: Subject::account(id),
            why: &why,
            facts: audit::no_facts(),
        };
        let mut changes = vec![
            update,
            audit::entry(&*self.store, &action, now).await?,
            field_encryption::destroy_data_key(id),
            addresses::delete(id),
            second_factor::delete(id),
        ];
        changes.extend(account.phone_index.as_deref().map(|index| release(phone_key(index), id, now)));
        self.store.commit(&Token::from(self.random.ulid(now)), changes).await?;
        sessions::end_all(&*self.store, id, None, EndReason::AccountClosed).await?;
        sessions::erase_devices(&*self.store, id).await?;
        Ok(true)
    }
}
