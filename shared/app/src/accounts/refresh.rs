//! Exchanging a refresh token for the next one.
//!
//! A token is an HMAC over the session and its counter. The next token can therefore be computed again: a lost answer
//! is repeated within the grace period, and concurrent requests with one token get one rotation and the same next
//! token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::session::{EndReason, RefreshDecision};
use domain::actor::{AccountId, SessionId};
use jiff::Timestamp;
use ulid::Ulid;

use super::rows::{SessionRow, session_key};
use super::{AccountError, Accounts, Profile, SignedIn};
use crate::failure::Failure;
use crate::store::{Change, StoreError};

/// The bytes of account, session and counter, before the MAC.
const HEAD_BYTES: usize = 16 + 16 + 8;
const TOKEN_BYTES: usize = HEAD_BYTES + 32;

impl Accounts {
    /// Exchanges the refresh token `token`. An old token, which must be a copy, ends the session.
    ///
    /// # Errors
    /// [`AccountError::SessionOver`] for a token that is not valid any more, changed or malformed.
    pub async fn refresh(&self, token: &str) -> Result<SignedIn, AccountError> {
        let now = self.now();
        let token = ParsedToken::parse(token).ok_or(AccountError::SessionOver)?;
        // The second round repeats the answer of a concurrent request that rotated first.
        for _ in 0..2 {
            let row = self.session(token.account, token.session).await?.ok_or(AccountError::SessionOver)?;
            if !self.matches(&token, &row) {
                return Err(AccountError::SessionOver);
            }
            let counter = match row.session.decide_refresh(token.counter, row.lifetime(), now) {
                RefreshDecision::Rotate { next } => match self.rotate(&token, next, now).await {
                    Ok(_) => next,
                    Err(StoreError::Conflict { .. }) => continue,
                    Err(error) => return Err(error.into()),
                },
                RefreshDecision::Repeat { current } => current,
                RefreshDecision::Reused => {
                    self.end_session(token.account, token.session, EndReason::Reused).await?;
                    return Err(AccountError::SessionOver);
                }
                RefreshDecision::Over | RefreshDecision::Unknown => return Err(AccountError::SessionOver),
            };
            return self.continue_session(&token, &row, counter, now).await;
        }
        Err(Failure::Raced.into())
    }

    /// Ends the session of a refresh token, for a page whose access token has expired. An invalid token does nothing.
    ///
    /// # Errors
    /// [`AccountError::Other`] when the store fails.
    pub async fn sign_out_with(&self, token: &str) -> Result<(), AccountError> {
        let Some(token) = ParsedToken::parse(token) else { return Ok(()) };
        let Some(row) = self.session(token.account, token.session).await? else { return Ok(()) };
        if self.matches(&token, &row) {
            self.end_session(token.account, token.session, EndReason::SignedOut).await?;
        }
        Ok(())
    }

    async fn rotate(&self, token: &ParsedToken, next: i64, now: Timestamp) -> Result<crate::store::Row, StoreError> {
        let change = Change::update(session_key(token.account, token.session))
            .set("counter", next)
            .set("rotatedAt", now.to_string())
            .if_equals("counter", token.counter)
            .if_missing("ended");
        self.store.apply(change).await
    }

    async fn continue_session(
        &self,
        token: &ParsedToken,
        row: &SessionRow,
        counter: i64,
        now: Timestamp,
    ) -> Result<SignedIn, AccountError> {
        let account = self.account(token.account).await?;
        // An account that became staff since then has not shown a second factor in this session.
        if account.closed_at.is_some() || account.is_staff() != row.staff {
            return Err(AccountError::SessionOver);
        }
        let until = (now + row.lifetime().idle).min(row.session.started_at + row.lifetime().absolute);
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

    fn matches(&self, token: &ParsedToken, row: &SessionRow) -> bool {
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

struct ParsedToken {
    account: AccountId,
    session: SessionId,
    counter: i64,
    tag: Vec<u8>,
}

impl ParsedToken {
    fn parse(token: &str) -> Option<Self> {
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
