//! Sessions: opening one, asking whether it is in force, ending it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::session::{Ended, Session};
use domain::actor::{AccountId, Actor, Scope, SessionId};
use jiff::Timestamp;

use super::rows::{AccountRow, Device, SessionRow, life, session_key, sessions_partition};
use super::{Accounts, Failure, Profile};
use crate::store::{Change, Query, Store, Table, from_row, to_row};

/// A person who has just proven who they are.
#[derive(Debug)]
pub struct SignedIn {
    pub actor: Actor,
    pub profile: Profile,
    /// The refresh token; opaque to everyone else.
    pub refresh: String,
    pub refresh_until: Timestamp,
}

/// Letters of a client's own name that are kept.
const DEVICE_CHARS_MAX: usize = 120;

impl Accounts {
    /// A session for `account` and the change that stores it.
    pub(super) fn open_session(
        &self,
        account: &AccountRow,
        device: Device,
        now: Timestamp,
    ) -> Result<(SignedIn, Change), Failure> {
        self.open_session_in(account, account.first_scope(), device, now)
    }

    pub(super) fn open_session_in(
        &self,
        account: &AccountRow,
        scope: Scope,
        device: Device,
        now: Timestamp,
    ) -> Result<(SignedIn, Change), Failure> {
        let id = SessionId(self.id(now));
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let session = Session::start(now);
        let life = life(account.is_staff(), scope);
        let until = session.expires_at(life);
        let row = SessionRow {
            salt: URL_SAFE_NO_PAD.encode(salt),
            staff: account.is_staff(),
            scope,
            device: Device { name: device.name.chars().take(DEVICE_CHARS_MAX).collect(), ..device },
            ttl: (session.started_at + life.absolute).as_second(),
            session,
        };
        let change = Change::put(session_key(account.id, id), to_row(&row)?).if_absent();
        let refresh = self.refresh_token(account.id, id, &row, 0);
        let profile = Profile::from(account);
        Ok((SignedIn { actor: account.actor(id, scope), profile, refresh, refresh_until: until }, change))
    }

    pub(super) async fn session(&self, account: AccountId, id: SessionId) -> Result<Option<SessionRow>, Failure> {
        Ok(self.store.get(&session_key(account, id)).await?.map(from_row).transpose()?)
    }

    /// 退出. Ending what has ended already is fine.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Failure> {
        self.end_session(actor.account, actor.session, Ended::SignedOut).await
    }

    pub(super) async fn end_session(&self, account: AccountId, id: SessionId, why: Ended) -> Result<(), Failure> {
        end(&*self.store, account, id, why).await
    }
}

/// A session as the list of devices shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: SessionId,
    pub device: Device,
    pub started_at: Timestamp,
    pub used_at: Timestamp,
    pub current: bool,
}

impl Accounts {
    /// The sessions in force, newest first.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<OpenSession>, Failure> {
        let now = self.now();
        let mut open = Vec::new();
        for (id, row) in rows(&*self.store, actor.account).await? {
            if row.session.is_live(row.life(), now) {
                let (started_at, used_at) = (row.session.started_at, row.session.rotated_at);
                open.push(OpenSession { id, device: row.device, started_at, used_at, current: id == actor.session });
            }
        }
        open.sort_by_key(|session| std::cmp::Reverse(session.started_at));
        Ok(open)
    }

    /// Ends one of the actor's own sessions; another's is not found.
    pub async fn remove_session(&self, actor: &Actor, id: SessionId) -> Result<(), Failure> {
        self.session(actor.account, id).await?.ok_or(Failure::NotFound)?;
        self.end_session(actor.account, id, Ended::Removed).await
    }

    /// Ends every session of an account but one.
    pub(super) async fn end_sessions(
        &self,
        account: AccountId,
        keep: Option<SessionId>,
        why: Ended,
    ) -> Result<(), Failure> {
        end_all(&*self.store, account, keep, why).await
    }
}

/// Ending what has ended already is fine.
async fn end(store: &dyn Store, account: AccountId, id: SessionId, why: Ended) -> Result<(), Failure> {
    let why = serde_json::to_value(why).map_err(|error| Failure::Broken(error.to_string()))?;
    let change = Change::update(session_key(account, id)).set("ended", why).if_exists().if_missing("ended");
    match store.apply(change).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn end_all(
    store: &dyn Store,
    account: AccountId,
    keep: Option<SessionId>,
    why: Ended,
) -> Result<(), Failure> {
    for (id, row) in rows(store, account).await? {
        if Some(id) != keep && row.session.ended.is_none() {
            end(store, account, id, why).await?;
        }
    }
    Ok(())
}

/// Takes away on which devices and from where somebody was signed in.
pub(super) async fn forget_devices(store: &dyn Store, account: AccountId) -> Result<(), Failure> {
    let nothing = serde_json::to_value(Device::default()).map_err(|error| Failure::Broken(error.to_string()))?;
    for (id, _) in rows(store, account).await? {
        store.apply(Change::update(session_key(account, id)).set("device", nothing.clone()).if_exists()).await?;
    }
    Ok(())
}

async fn rows(store: &dyn Store, account: AccountId) -> Result<Vec<(SessionId, SessionRow)>, Failure> {
    let mut query = Query::table(Table::Accounts, sessions_partition(account));
    let mut rows = Vec::new();
    loop {
        let page = store.query(&query).await?;
        for row in page.rows {
            let id = row.get("sk").and_then(|sk| sk.as_str()).and_then(|sk| sk.parse().ok());
            let id = id.ok_or_else(|| Failure::Broken("a session without a name".to_owned()))?;
            rows.push((id, from_row(row)?));
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(rows),
        }
    }
}

/// Whether the actor's session is in force at `now`; asked by every function before money or personal data moves.
pub async fn live(store: &dyn Store, actor: &Actor, now: Timestamp) -> Result<bool, Failure> {
    let row = store.get(&session_key(actor.account, actor.session)).await?;
    let row = row.map(from_row::<SessionRow>).transpose()?;
    Ok(row.is_some_and(|row| row.session.is_live(row.life(), now)))
}
