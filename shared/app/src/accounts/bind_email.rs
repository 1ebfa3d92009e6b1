//! 绑定邮箱: identity proven, a link mailed, the link confirmed by whom it was mailed for.
//!
//! The link holds a random secret and nothing else. It stands in the account's own row, so it is good for nobody else, and the
//! next one takes its place.

use domain::account::Email;
use domain::account::email_link::{LIFE, State, Void};
use domain::actor::{AccountId, Actor};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::{AccountRow, account_key};
use super::{Accounts, Failure, Fault, Profile, StepUp, secret, secret_hash};
use crate::captcha::{self, Answer, Purpose};
use crate::limits;
use crate::messages::{self, Letter, Message};
use crate::store::{Change, Token};

/// What the address is sealed as.
const FIELD: &str = "email";
const PER_ACCOUNT: Bucket = Bucket::new(1, SignedDuration::from_secs(60));
const PER_ACCOUNT_DAY: i64 = 10;
/// Letters to one mailbox, whoever asks: nobody's is to be flooded.
const PER_MAILBOX_DAY: i64 = 5;
const PER_ADDRESS_DAY: i64 = 50;

#[derive(Debug)]
pub struct EmailWish<'a> {
    pub email: &'a str,
    pub captcha: Option<&'a Answer>,
    pub step_up: Option<&'a str>,
    /// The caller's network address, for the limits.
    pub address: &'a str,
    /// Where our page is served: nothing that a request says.
    pub page: &'a str,
}

/// A letter is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    pub email_masked: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailLink {
    hash: String,
    state: State,
    /// The address to be bound.
    sealed: String,
    masked: String,
    expires_at: Timestamp,
}

impl Accounts {
    /// 发送激活链接
    pub async fn send_email_link(&self, actor: &Actor, wish: EmailWish<'_>) -> Result<SentLink, Failure> {
        let now = self.now();
        let malformed = |bad: domain::account::Malformed| Failure::Fields(vec![Fault { field: "email", code: bad.0 }]);
        let email = Email::parse(wish.email).map_err(malformed)?;
        captcha::redeem(&*self.store, now, Purpose::BindEmail, wish.captcha.ok_or(Failure::CaptchaNeeded)?).await?;
        self.allow_letter(actor.account, &email, wish.address, now).await?;
        self.spend_step_up(actor, StepUp::BindEmail, wish.step_up, now).await?;

        let account = self.account(actor.account).await?;
        let token = secret(&*self.random);
        let link = EmailLink {
            hash: secret_hash(&token),
            state: State::Waiting,
            sealed: self.seal(account.id, FIELD, email.as_str()).await?,
            masked: email.masked(),
            expires_at: now + LIFE,
        };
        let sent = SentLink { email_masked: link.masked.clone(), expires_at: link.expires_at };
        let letter = letter(&email, &format!("{}/activate-email#{token}", wish.page));
        let update = versioned(&account).set("emailLink", row(&link)?);
        let posted = messages::post(self.keys.messages(), self.id(now), &Message::Mail(letter), now)?;
        self.store.commit(&Token::from(self.id(now)), vec![update, posted]).await?;
        Ok(sent)
    }

    /// 邮箱已成功绑定
    pub async fn confirm_email(&self, actor: &Actor, token: &str) -> Result<Profile, Failure> {
        let now = self.now();
        let account = self.account(actor.account).await?;
        let link = account.email_link.clone().filter(|link| link.hash == secret_hash(token));
        let link = link.ok_or(Failure::EmailLink(Void::Unknown))?;
        let state = link.state.confirm(link.expires_at, now).map_err(Failure::EmailLink)?;
        let update = versioned(&account)
            .set("emailMasked", link.masked.clone())
            .set("emailSealed", link.sealed.clone())
            .set("emailLink", row(&EmailLink { state, ..link })?);
        let notice = self.notice(account.id, "email-changed", now).await?;
        match self.store.commit(&Token::from(self.id(now)), vec![update, notice]).await {
            // Two clicks at once: what the other one did decides.
            Err(error) if error.conflicts_at(0) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(Profile::from(&self.account(account.id).await?)),
        }
    }

    /// The bound address in full: for the owner's own copy of what is theirs, and for letters.
    pub(super) async fn own_email(&self, account: &AccountRow) -> Result<Option<String>, Failure> {
        let Some(sealed) = &account.email_sealed else { return Ok(None) };
        self.unseal(account.id, FIELD, sealed).await.map(Some)
    }

    async fn allow_letter(
        &self,
        account: AccountId,
        email: &Email,
        address: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let (store, account) = (&*self.store, account.to_string());
        let mailbox = self.keys.index("email", &email.as_str().to_ascii_lowercase());
        limits::take(store, now, "mail-minute", &account, PER_ACCOUNT).await?;
        limits::count_today(store, now, "mail-account", &account, PER_ACCOUNT_DAY).await?;
        limits::count_today(store, now, "mail-mailbox", &mailbox, PER_MAILBOX_DAY).await?;
        limits::count_today(store, now, "mail-address", address, PER_ADDRESS_DAY).await?;
        Ok(())
    }
}

fn versioned(account: &AccountRow) -> Change {
    Change::update(account_key(account.id)).set("version", account.version + 1).if_version(account.version)
}

fn row(link: &EmailLink) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(link).map_err(|error| Failure::Broken(error.to_string()))
}

/// Both languages: who asks may read another one than who receives.
fn letter(to: &Email, link: &str) -> Letter {
    let text = format!(
        "您好：\n\n请在 24 小时内点击此链接完成绑定：\n\n{link}\n\n打开后按「确认绑定」。如果不是您本人操作，请忽略本邮件，邮箱不会被绑定。\n\n\
         --\n\nHello,\n\nopen the link above within 24 hours and press \"Confirm\" to bind this e-mail address. \
         If you did not ask for it, ignore this letter: nothing will be bound.\n"
    );
    let subject = "证件照中心：绑定邮箱 · ID Photo Centre: confirm your e-mail address".to_owned();
    Letter { to: to.as_str().to_owned(), subject, text }
}
