//! 绑定手机号, 修改手机号码.

use domain::account::{Phone, code};
use domain::actor::{AccountId, Actor, Scope};
use serde_json::json;

use super::codes::parse_phone;
use super::rows::{account_key, phone_key, release, reserve, session_key};
use super::{AccountError, Accounts, CodeAnswer, Profile, StepUp};
use crate::messages::{self, Message};
use crate::store::{Change, Token};

impl Accounts {
    /// Binds `phone`, proven by the code sent to it. Replacing a phone needs a step-up token for
    /// [`StepUp::ChangePhone`] too. Both numbers get a notice.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a malformed number, [`AccountError::StepUpNeeded`], [`AccountError::CodeWrong`],
    /// [`AccountError::PhoneTaken`].
    pub async fn bind_phone(
        &self,
        actor: &Actor,
        phone: &str,
        answer: &CodeAnswer,
        step_up: Option<&str>,
    ) -> Result<Profile, AccountError> {
        let now = self.now();
        let phone = parse_phone(phone)?;
        let account = self.account(actor.account).await?;
        let old = self.own_phone(actor.account).await?;
        if old.is_some() {
            self.redeem_step_up(actor, StepUp::ChangePhone, step_up, now).await?;
        }
        self.prove_phone(code::Purpose::BindPhone, &phone, answer, now).await?;

        let key = |phone: &Phone| phone_key(&self.keys.index("phone", phone.digits()));
        let notify = |to: &Phone| Message::Notice { phone: to.e164(), change: "phone-changed".to_owned() };
        let update = Change::update(account_key(account.id))
            .set("phoneMasked", phone.masked())
            .set("phoneSealed", self.seal(account.id, "phone", phone.digits()).await?)
            .set("phoneIndex", self.keys.index("phone", phone.digits()))
            .set("version", account.version + 1)
            .if_version(account.version);
        let mut changes = vec![
            reserve(key(&phone), account.id)?,
            update,
            messages::enqueue(self.keys.messages(), self.id(now), &notify(&phone), now)?,
        ];
        if let Some(old) = &old {
            changes.push(release(key(old), account.id, now));
            changes.push(messages::enqueue(self.keys.messages(), self.id(now), &notify(old), now)?);
        }
        if actor.scope == Scope::BindPhone {
            // The next refresh of this session gets full scope.
            changes.push(
                Change::update(session_key(actor.account, actor.session))
                    .set("scope", json!(Scope::Full))
                    .if_missing("ended"),
            );
        }
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            Err(error) if error.conflicts_at(0) => Err(AccountError::PhoneTaken),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(Profile::from(&self.account(account.id).await?)),
        }
    }

    /// The account's bound phone in full.
    pub(super) async fn own_phone(&self, id: AccountId) -> Result<Option<Phone>, AccountError> {
        let Some(sealed) = self.account(id).await?.phone_sealed else { return Ok(None) };
        let digits = self.unseal(id, "phone", &sealed).await?;
        Phone::parse(&digits).map(Some).map_err(AccountError::internal)
    }
}
