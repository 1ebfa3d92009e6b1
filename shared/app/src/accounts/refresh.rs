//! Exchanging a refresh token for the next one.
//!
//! The next token is computed from the session and its counter, so an answer that was lost can be given again within the
//! grace, and a hundred callers at once get one rotation and one successor.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::session::{Ended, Presented};
use domain::actor::{AccountId, SessionId};
use jiff::Timestamp;
use ulid::Ulid;

use super::rows::{SessionRow, session_key};
use super::{Accounts, Failure, Profile, SignedIn};
use crate::store::{Change, StoreError};

/// Account, session and counter before the tag.
const HEAD_BYTES: usize = 16 + 16 + 8;
const TOKEN_BYTES: usize = HEAD_BYTES + 32;

impl Accounts {
    pub async fn refresh(&self, token: &str) -> Result<SignedIn, Failure> {
        let now = self.now();
        let token = Parsed::read(token).ok_or(Failure::SessionOver)?;
        // A second round only after losing the race for the rotation: then the answer is the winner's.
        for _ in 0..2 {
            let row = self.session(token.account, token.session).await?.ok_or(Failure::SessionOver)?;
            if !self.is_ours(&token, &row) {
                return Err(Failure::SessionOver);
            }
            let counter = match row.session.present(token.counter, row.life(), now) {
                Presented::Rotate { next } => match self.rotate(&token, next, now).await {
                    Ok(_) => next,
                    Err(StoreError::Conflict { .. }) => continue,
                    Err(error) => return Err(error.into()),
                },
                Presented::Repeat { current } => current,
                Presented::Reused => {
                    self.end_session(token.account, token.session, Ended::Reused).await?;
                    return Err(Failure::SessionOver);
                }
                Presented::Over | Presented::Unknown => return Err(Failure::SessionOver),
            };
            return self.continue_session(&token, &row, counter, now).await;
        }
        Err(Failure::Changed)
    }

    /// Ends the session a refresh token belongs to, for a page whose access token has run out already.
    pub async fn sign_out_with(&self, token: &str) -> Result<(), Failure> {
        let Some(token) = Parsed::read(token) else { return Ok(()) };
        let Some(row) = self.session(token.account, token.session).await? else { return Ok(()) };
        if self.is_ours(&token, &row) {
            self.end_session(token.account, token.session, Ended::SignedOut).await?;
        }
        Ok(())
    }

    async fn rotate(&self, token: &Parsed, next: i64, now: Timestamp) -> Result<crate::store::Row, StoreError> {
        let change = Change::update(session_key(token.account, token.session))
            .set("counter", next)
            .set("rotatedAt", now.to_string())
            .if_equals("counter", token.counter)
            .if_missing("ended");
        self.store.apply(change).await
    }

    async fn continue_session(
        &self,
        token: &Parsed,
        row: &SessionRow,
        counter: i64,
        now: Timestamp,
    ) -> Result<SignedIn, Failure> {
        let account = self.account(token.account).await?;
        // Who became staff since then has not shown a second factor.
        if account.closed_at.is_some() || account.is_staff() != row.staff {
            return Err(Failure::SessionOver);
        }
        let until = (now + row.life().idle).min(row.session.started_at + row.life().absolute);
        Ok(SignedIn {
            actor: account.actor(token.session, row.scope),
            profile: Profile::from(&account),
            refresh: self.refresh_token(token.account, token.session, row, counter),
            refresh_until: until,
        })
    }

    pub(super) fn refresh_token(&self, account: AccountId, id: SessionId, row: &SessionRow, counter: i64) -> String {
        let head = head(account, id, counter);
        let tag = self.keys.refresh_mac(&[&head, row.salt.as_bytes()]);
        URL_SAFE_NO_PAD.encode([&head, tag.as_ref()].concat())
    }

    fn is_ours(&self, token: &Parsed, row: &SessionRow) -> bool {
        let head = head(token.account, token.session, token.counter);
        self.keys.refresh_matches(&[&head, row.salt.as_bytes()], &token.tag)
    }
}

fn head(account: AccountId, id: SessionId, counter: i64) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..16].copy_from_slice(&account.0.to_bytes());
    head[16..32].copy_from_slice(&id.0.to_bytes());
    head[32..].copy_from_slice(&counter.to_be_bytes());
    head
}

struct Parsed {
    account: AccountId,
    session: SessionId,
    counter: i64,
    tag: Vec<u8>,
}

impl Parsed {
    fn read(token: &str) -> Option<Self> {
        if token.len() > 2 * TOKEN_BYTES {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == TOKEN_BYTES)?;
        let id = |at: usize| bytes[at..at + 16].try_into().ok().map(Ulid::from_bytes);
        Some(Self {
            account: AccountId(id(0)?),
            session: SessionId(id(16)?),
            counter: i64::from_be_bytes(bytes[32..HEAD_BYTES].try_into().ok()?),
            tag: bytes[HEAD_BYTES..].to_vec(),
        })
    }
}
