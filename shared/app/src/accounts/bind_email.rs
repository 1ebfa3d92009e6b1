//! 绑定邮箱: after a step-up the account gets a link by e-mail; following the link, signed in, binds the address.
//!
//! The link holds a random secret and nothing else. Its hash is stored in the account's row, so the link works for this
//! account only, and the next link replaces it.

use domain::account::Email;
use domain::account::email_link::{InvalidLink, LIFETIME, State};
use domain::actor::{AccountId, Actor};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, EmailLink, account_key};
use super::{AccountError, Accounts, Profile, StepUp, secret, secret_hash};
use crate::captcha::{self, Answer, Purpose};
use crate::messages::{self, EmailMessage, Message};
use crate::rate_limit;
use crate::store::{Change, Token};

/// The field name under which the address is sealed.
const FIELD: &str = "email";
/// E-mails of one account.
const PER_ACCOUNT: TokenBucket = TokenBucket::new(1, SignedDuration::from_secs(60));
const PER_ACCOUNT_DAY: i64 = 10;
/// E-mails to one mailbox, from all accounts, so that a mailbox cannot be flooded.
const PER_MAILBOX_DAY: i64 = 5;
/// E-mails requested from one network address.
const PER_ADDRESS_DAY: i64 = 50;

/// The request for a link.
#[derive(Debug)]
pub struct BindEmailRequest<'a> {
    /// The e-mail address to bind.
    pub email: &'a str,
    /// A captcha solved for [`Purpose::BindEmail`].
    pub captcha: Option<&'a Answer>,
    /// A step-up token for [`StepUp::BindEmail`].
    pub step_up: Option<&'a str>,
    /// The client's network address, for the rate limits.
    pub address: &'a str,
    /// The origin of our page, from the configuration and never from the request, e.g. `https://photos.example.cn`.
    pub page: &'a str,
}

/// A link that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    /// The masked address.
    pub email_masked: String,
    /// The end of the link's lifetime.
    pub expires_at: Timestamp,
}

impl Accounts {
    /// 发送激活链接: sends the link.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a malformed address, [`AccountError::CaptchaNeeded`] or
    /// [`CaptchaUnsolved`](AccountError::CaptchaUnsolved), [`AccountError::Wait`] for a rate limit,
    /// [`AccountError::StepUpNeeded`].
    pub async fn send_email_link(
        &self,
        actor: &Actor,
        request: BindEmailRequest<'_>,
    ) -> Result<SentLink, AccountError> {
        let now = self.now();
        let malformed = |bad: domain::account::Malformed| AccountError::field("email", bad.0);
        let email = Email::parse(request.email).map_err(malformed)?;
        let answer = request.captcha.ok_or(AccountError::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, Purpose::BindEmail, answer).await?;
        self.limit_emails(actor.account, &email, request.address, now).await?;
        self.redeem_step_up(actor, StepUp::BindEmail, request.step_up, now).await?;

        let account = self.account(actor.account).await?;
        let token = secret(&*self.random);
        let link = EmailLink {
            hash: secret_hash(&token),
            state: State::Waiting,
            sealed: self.seal(account.id, FIELD, email.as_str()).await?,
            masked: email.masked(),
            expires_at: now + LIFETIME,
        };
        let sent = SentLink { email_masked: link.masked.clone(), expires_at: link.expires_at };
        let message = Message::Email(compose(&email, &format!("{}/activate-email#{token}", request.page)));
        let update = versioned(&account).set("emailLink", row(&link)?);
        let queued = messages::enqueue(self.keys.messages(), self.id(now), &message, now)?;
        self.store.commit(&Token::from(self.id(now)), vec![update, queued]).await?;
        Ok(sent)
    }

    /// 邮箱已成功绑定: binds the address of the link `token`.
    ///
    /// # Errors
    /// [`AccountError::EmailLink`] when the link is used, expired or unknown; [`AccountError::Other`] when it is followed
    /// twice at the same time.
    pub async fn confirm_email(&self, actor: &Actor, token: &str) -> Result<Profile, AccountError> {
        let now = self.now();
        let account = self.account(actor.account).await?;
        let link = account.email_link.clone().filter(|link| link.hash == secret_hash(token));
        let link = link.ok_or(AccountError::EmailLink(InvalidLink::Unknown))?;
        let state = link.state.confirm(link.expires_at, now).map_err(AccountError::EmailLink)?;
        let update = versioned(&account)
            .set("emailMasked", link.masked.clone())
            .set("emailSealed", link.sealed.clone())
            .set("emailLink", row(&EmailLink { state, ..link })?);
        let notice = self.notice(account.id, "email-changed", now).await?;
        self.store.commit(&Token::from(self.id(now)), vec![update, notice]).await?;
        Ok(Profile::from(&self.account(account.id).await?))
    }

    /// The bound address in full, for the export of personal data.
    pub(super) async fn own_email(&self, account: &AccountRow) -> Result<Option<String>, AccountError> {
        let Some(sealed) = &account.email_sealed else { return Ok(None) };
        self.unseal(account.id, FIELD, sealed).await.map(Some)
    }

    async fn limit_emails(
        &self,
        account: AccountId,
        email: &Email,
        address: &str,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let (store, account) = (&*self.store, account.to_string());
        let mailbox = self.keys.index("email", &email.as_str().to_ascii_lowercase());
        rate_limit::acquire(store, now, "mail-minute", &account, PER_ACCOUNT).await?;
        rate_limit::acquire_daily(store, now, "mail-account", &account, PER_ACCOUNT_DAY).await?;
        rate_limit::acquire_daily(store, now, "mail-mailbox", &mailbox, PER_MAILBOX_DAY).await?;
        rate_limit::acquire_daily(store, now, "mail-address", address, PER_ADDRESS_DAY).await?;
        Ok(())
    }
}

fn versioned(account: &AccountRow) -> Change {
    Change::update(account_key(account.id)).set("version", account.version + 1).if_version(account.version)
}

fn row(link: &EmailLink) -> Result<serde_json::Value, AccountError> {
    serde_json::to_value(link).map_err(AccountError::internal)
}

/// The text is in both languages, because the language of the mailbox's owner is not known.
fn compose(to: &Email, link: &str) -> EmailMessage {
    let text = format!(
        "您好：\n\n请在 24 小时内点击此链接完成绑定：\n\n{link}\n\n打开后按「确认绑定」。如果不是您本人操作，请忽略本邮件，邮箱不会被绑定。\n\n\
         --\n\nHello,\n\nopen the link above within 24 hours and press \"Confirm\" to bind this e-mail address. \
         If you did not ask for it, ignore this letter: nothing will be bound.\n"
    );
    let subject = "证件照中心：绑定邮箱 · ID Photo Centre: confirm your e-mail address".to_owned();
    EmailMessage { to: to.as_str().to_owned(), subject, text }
}
