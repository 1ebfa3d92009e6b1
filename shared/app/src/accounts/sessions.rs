//! Sessions: opening, listing and ending them, and the check whether one is live.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::session::{EndReason, Session};
use domain::actor::{AccountId, Actor, Scope, SessionId};
use jiff::Timestamp;

use super::rows::{AccountRow, Device, SessionRow, lifetime, session_key, sessions_partition};
use super::{AccountError, Accounts, Profile};
use crate::failure::Failure;
use crate::store::{Change, Query, Store, Table, from_row, to_row};

/// A new session, or a session with a new refresh token.
#[derive(Debug)]
pub struct SignedIn {
    /// The content of the access token.
    pub actor: Actor,
    /// The account.
    pub profile: Profile,
    /// The refresh token, opaque to clients.
    pub refresh: String,
    /// The end of the refresh token's lifetime.
    pub refresh_until: Timestamp,
}

/// The characters of a device name that are stored, at most.
const DEVICE_CHARS_MAX: usize = 120;

impl Accounts {
    /// A session for `account` with the scope of a first step, and the change that stores it.
    pub(super) fn open_session(
        &self,
        account: &AccountRow,
        device: Device,
        now: Timestamp,
    ) -> Result<(SignedIn, Change), AccountError> {
        self.open_session_with(account, account.first_scope(), device, now)
    }

    /// A session with this `scope`, and the change that stores it.
    pub(super) fn open_session_with(
        &self,
        account: &AccountRow,
        scope: Scope,
        device: Device,
        now: Timestamp,
    ) -> Result<(SignedIn, Change), AccountError> {
        let id = SessionId(self.id(now));
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let session = Session::start(now);
        let lifetime = lifetime(account.is_staff(), scope);
        let until = session.expires_at(lifetime);
        let row = SessionRow {
            salt: URL_SAFE_NO_PAD.encode(salt),
            staff: account.is_staff(),
            scope,
            device: Device { name: device.name.chars().take(DEVICE_CHARS_MAX).collect(), ..device },
            ttl: (session.started_at + lifetime.absolute).as_second(),
            session,
        };
        let change = Change::put(session_key(account.id, id), to_row(&row)?).if_absent();
        let refresh = self.refresh_token(account.id, id, &row, 0);
        let profile = Profile::from(account);
        Ok((SignedIn { actor: account.actor(id, scope), profile, refresh, refresh_until: until }, change))
    }

    pub(super) async fn session(&self, account: AccountId, id: SessionId) -> Result<Option<SessionRow>, AccountError> {
        Ok(self.store.get(&session_key(account, id)).await?.map(from_row).transpose()?)
    }

    /// 退出: ends the actor's session. Does nothing when it has ended already.
    ///
    /// # Errors
    /// [`AccountError::Other`] when the store fails.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), AccountError> {
        self.end_session(actor.account, actor.session, EndReason::SignedOut).await
    }

    pub(super) async fn end_session(
        &self,
        account: AccountId,
        id: SessionId,
        why: EndReason,
    ) -> Result<(), AccountError> {
        end(&*self.store, account, id, why).await
    }
}

/// A session in the list of devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub id: SessionId,
    /// The device.
    pub device: Device,
    /// When the person signed in.
    pub started_at: Timestamp,
    /// When the refresh token was last exchanged.
    pub used_at: Timestamp,
    /// Whether it is the session of this request.
    pub current: bool,
}

impl Accounts {
    /// The actor's live sessions, newest first.
    ///
    /// # Errors
    /// [`AccountError::Other`] when the store fails.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<OpenSession>, AccountError> {
        let now = self.now();
        let mut open = Vec::new();
        for (id, row) in rows(&*self.store, actor.account).await? {
            if row.session.is_live(row.lifetime(), now) {
                let (started_at, used_at) = (row.session.started_at, row.session.rotated_at);
                open.push(OpenSession { id, device: row.device, started_at, used_at, current: id == actor.session });
            }
        }
        open.sort_by_key(|session| std::cmp::Reverse(session.started_at));
        Ok(open)
    }

    /// Ends one of the actor's own sessions.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for another account's session.
    pub async fn remove_session(&self, actor: &Actor, id: SessionId) -> Result<(), AccountError> {
        self.session(actor.account, id).await?.ok_or(Failure::NotFound)?;
        self.end_session(actor.account, id, EndReason::Removed).await
    }

    /// Ends every session of an account except `keep`.
    pub(super) async fn end_sessions(
        &self,
        account: AccountId,
        keep: Option<SessionId>,
        why: EndReason,
    ) -> Result<(), AccountError> {
        end_all(&*self.store, account, keep, why).await
    }
}

/// Ends a session. Does nothing when it has ended already.
async fn end(store: &dyn Store, account: AccountId, id: SessionId, why: EndReason) -> Result<(), AccountError> {
    let why = serde_json::to_value(why).map_err(AccountError::internal)?;
    let change = Change::update(session_key(account, id)).set("ended", why).if_exists().if_missing("ended");
    match store.apply(change).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_conflict() => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Ends every session of an account except `keep`.
pub(super) async fn end_all(
    store: &dyn Store,
    account: AccountId,
    keep: Option<SessionId>,
    why: EndReason,
) -> Result<(), AccountError> {
    for (id, row) in rows(store, account).await? {
        if Some(id) != keep && row.session.ended.is_none() {
            end(store, account, id, why).await?;
        }
    }
    Ok(())
}

/// Erases the device names and network addresses of an account's sessions.
pub(super) async fn erase_devices(store: &dyn Store, account: AccountId) -> Result<(), AccountError> {
    let nothing = serde_json::to_value(Device::default()).map_err(AccountError::internal)?;
    for (id, _) in rows(store, account).await? {
        store.apply(Change::update(session_key(account, id)).set("device", nothing.clone()).if_exists()).await?;
    }
    Ok(())
}

async fn rows(store: &dyn Store, account: AccountId) -> Result<Vec<(SessionId, SessionRow)>, AccountError> {
    let mut query = Query::table(Table::Accounts, sessions_partition(account));
    let mut rows = Vec::new();
    loop {
        let page = store.query(&query).await?;
        for row in page.rows {
            let id = row.get("sk").and_then(|sk| sk.as_str()).and_then(|sk| sk.parse().ok());
            let id = id.ok_or_else(|| AccountError::internal("a session row without an id"))?;
            rows.push((id, from_row(row)?));
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(rows),
        }
    }
}

/// Whether the actor's session is live at `now`. Every function checks it before it uses money or personal data,
/// because an access token stays valid for minutes after its session has ended.
///
/// # Errors
/// [`AccountError::Other`] when the store fails.
pub async fn is_live(store: &dyn Store, actor: &Actor, now: Timestamp) -> Result<bool, AccountError> {
    let row = store.get(&session_key(actor.account, actor.session)).await?;
    let row = row.map(from_row::<SessionRow>).transpose()?;
    Ok(row.is_some_and(|row| row.session.is_live(row.lifetime(), now)))
}
