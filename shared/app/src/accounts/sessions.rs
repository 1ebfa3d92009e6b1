//! Sessions: opening one, asking whether it is in force, ending it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::session::{Ended, Session};
use domain::actor::{AccountId, Actor, SessionId};
use jiff::Timestamp;

use super::rows::{AccountRow, Device, SessionRow, session_key};
use super::{Accounts, Failure, Profile};
use crate::store::{Change, Store, from_row, to_row};

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
        let id = SessionId(self.id(now));
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let session = Session::start(now);
        let until = session.expires_at(account.life());
        let row = SessionRow {
            salt: URL_SAFE_NO_PAD.encode(salt),
            staff: account.is_staff(),
            device: Device { name: device.name.chars().take(DEVICE_CHARS_MAX).collect(), ..device },
            ttl: (session.started_at + account.life().absolute).as_second(),
            session,
        };
        let change = Change::put(session_key(account.id, id), to_row(&row)?).if_absent();
        let refresh = self.refresh_token(account.id, id, &row, 0);
        let profile = Profile::from(account);
        Ok((SignedIn { actor: account.actor(id), profile, refresh, refresh_until: until }, change))
    }

    pub(super) async fn session(&self, account: AccountId, id: SessionId) -> Result<Option<SessionRow>, Failure> {
        Ok(self.store.get(&session_key(account, id)).await?.map(from_row).transpose()?)
    }

    /// 退出. Ending what has ended already is fine.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Failure> {
        self.end_session(actor.account, actor.session, Ended::SignedOut).await
    }

    pub(super) async fn end_session(&self, account: AccountId, id: SessionId, why: Ended) -> Result<(), Failure> {
        let why = serde_json::to_value(why).map_err(|error| Failure::Broken(error.to_string()))?;
        let change = Change::update(session_key(account, id)).set("ended", why).if_exists().if_missing("ended");
        match self.store.apply(change).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_conflict() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the actor's session is in force at `now`; asked by every function before money or personal data moves.
pub async fn live(store: &dyn Store, actor: &Actor, now: Timestamp) -> Result<bool, Failure> {
    let row = store.get(&session_key(actor.account, actor.session)).await?;
    let row = row.map(from_row::<SessionRow>).transpose()?;
    Ok(row.is_some_and(|row| row.session.is_live(row.life(), now)))
}
