//! 注销账户: asked for after a step-up, done after a week, taken back until then.
//!
//! Nobody leaves anything behind that is not finished: with a balance, an open order or an invoice on its way the wish is
//! refused, and looked at again before it is done. What is done stays done: personal fields are taken away and their key is
//! destroyed, the phone is free for another account, the user name is not.

use std::sync::Arc;

use domain::account::session::Ended;
use domain::actor::{AccountId, Actor};
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, account_key, phone_key, release};
use super::unfinished::unfinished;
use super::{Accounts, Failure, Profile, StepUp, addresses, fields, second_factor, sessions};
use crate::audit::{self, Deed, Doer, Subject, Why};
use crate::clock::Clock;
use crate::random::Random;
use crate::store::{BY_DUE, Change, Query, Span, Store, StoreError, Table, Token, from_row, sortable};

pub const COOLING_OFF: SignedDuration = SignedDuration::from_hours(7 * 24);
/// When a closure that cannot be done yet is looked at again.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);
const DUE: &str = "account-close";
/// Everything of an account that says who it was.
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
    pub async fn ask_closure(&self, actor: &Actor, step_up: Option<&str>, request: &str) -> Result<Profile, Failure> {
        let now = self.now();
        self.spend_step_up(actor, StepUp::CloseAccount, step_up, now).await?;
        let account = self.account(actor.account).await?;
        if account.closes_at.is_some() {
            return Ok(Profile::from(&account));
        }
        if let Some(why) = unfinished(&*self.store, &account).await? {
            return Err(Failure::Unfinished(why));
        }
        let at = now + COOLING_OFF;
        let update = Change::update(account_key(account.id))
            .set("closesAt", at.to_string())
            .set(BY_DUE.pk, DUE)
            .set(BY_DUE.sk, sortable(at));
        self.change_closure(&account, update, "closure-asked", request, now).await
    }

    /// 撤销注销
    pub async fn keep_account(&self, actor: &Actor, request: &str) -> Result<Profile, Failure> {
        let account = self.account(actor.account).await?;
        if account.closes_at.is_none() {
            return Ok(Profile::from(&account));
        }
        let update = Change::update(account_key(account.id)).remove("closesAt").remove(BY_DUE.pk).remove(BY_DUE.sk);
        self.change_closure(&account, update, "closure-withdrawn", request, self.now()).await
    }

    async fn change_closure(
        &self,
        account: &AccountRow,
        update: Change,
        what: &'static str,
        request: &str,
        now: Timestamp,
    ) -> Result<Profile, Failure> {
        let by = Doer { by: account.id.to_string(), request_id: request.to_owned() };
        let deed = Deed {
            by: &by,
            what,
            subject: Subject::account(account.id),
            why: &Why::rule("own wish"),
            facts: audit::nothing(),
        };
        let changes = vec![
            update.set("version", account.version + 1).if_version(account.version),
            audit::line(&*self.store, &deed, now).await?,
            self.notice(account.id, what, now).await?,
        ];
        self.store.commit(&Token::from(self.id(now)), changes).await?;
        Ok(Profile::from(&self.account(account.id).await?))
    }
}

/// The job that does what was asked for a week ago.
#[derive(Clone)]
pub struct Closures {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for Closures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Closures")
    }
}

impl Closures {
    /// How many accounts were closed. One that somebody changed meanwhile waits for the next time.
    pub async fn close_due(&self) -> Result<usize, Failure> {
        let now = self.clock.now();
        let span = Span::Between(" ".to_owned(), sortable(now));
        let page = self.store.query(&Query::index(Table::Accounts, BY_DUE, DUE).span(span)).await?;
        let mut closed = 0;
        for row in page.rows {
            let account: AccountRow = from_row(row)?;
            match self.close(account.id, now).await {
                Ok(done) => closed += usize::from(done),
                Err(Failure::Changed) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(closed)
    }

    async fn close(&self, id: AccountId, now: Timestamp) -> Result<bool, Failure> {
        // The index may lag behind: what the row says now decides.
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        let account: AccountRow = from_row(row)?;
        if account.closed_at.is_some() || account.closes_at.is_none_or(|at| at > now) {
            return Ok(false);
        }
        let update = Change::update(account_key(id)).set("version", account.version + 1).if_version(account.version);
        if unfinished(&*self.store, &account).await?.is_some() {
            self.store.apply(update.set(BY_DUE.sk, sortable(now + AGAIN))).await?;
            return Ok(false);
        }
        let gone = PERSONAL.into_iter().chain([BY_DUE.pk, BY_DUE.sk]);
        let update = gone.fold(update.set("closedAt", now.to_string()), Change::remove);
        let by = Doer { by: "system/jobs".to_owned(), request_id: String::new() };
        let why = Why::rule("own wish, a week old");
        let deed =
            Deed { by: &by, what: "account-closed", subject: Subject::account(id), why: &why, facts: audit::nothing() };
        let mut changes = vec![
            update,
            audit::line(&*self.store, &deed, now).await?,
            fields::shred(id),
            addresses::forget(id),
            second_factor::forget(id),
        ];
        changes.extend(account.phone_index.as_deref().map(|index| release(phone_key(index), id, now)));
        match self.store.commit(&Token::from(self.random.ulid(now)), changes).await {
            Ok(()) => {
                sessions::end_all(&*self.store, id, None, Ended::AccountClosed).await?;
                sessions::forget_devices(&*self.store, id).await.map(|()| true)
            }
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
        }
    }
}
