use std::sync::Arc;

use domain::account::address::Draft;
use domain::account::code;
use domain::actor::Actor;
use domain::invoice::{Details, DetailsInput, Invoice, Item};
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::wallet::{Movement, Wallet};
use jiff::Timestamp;

use super::person::PASSWORD;
use crate::accounts::{AccountClosures, AccountError, BindEmailRequest, Proof, StepUp, is_live};
use crate::audit::{self, Filter, Subject};
use crate::captcha::Purpose;
use crate::messages::Message;
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};
use crate::testing::TestApp;

const PHONE: &str = "13810548469";
const EMAIL: &str = "zhang.san@example.cn";
const STREET: &str = "科技园路 1 号";
const WEEK: i64 = 7 * 86_400;

impl TestApp {
    /// A step-up token for `purpose`.
    async fn step_up(&self, actor: &Actor, purpose: StepUp) -> String {
        self.accounts().step_up(actor, purpose, Proof::Password(PASSWORD.into())).await.unwrap().0
    }

    fn closures(&self) -> AccountClosures {
        AccountClosures { store: self.store.clone(), clock: self.clock.clone(), random: Arc::new(OsRandom) }
    }

    /// Binds an e-mail address and adds a postal address.
    async fn add_contacts(&self, actor: &Actor) {
        let (captcha, step_up) = (self.solved(Purpose::BindEmail).await, self.step_up(actor, StepUp::BindEmail).await);
        let request = BindEmailRequest {
            email: EMAIL,
            captcha: captcha.as_ref(),
            step_up: Some(&step_up),
            address: "192.0.2.1",
            page: "https://photos.test",
        };
        self.accounts().send_email_link(actor, request).await.unwrap();
        let text = self.messages().await.into_iter().rev().find_map(|message| match message {
            Message::Email(email) => Some(email.text),
            _ => None,
        });
        let text = text.unwrap();
        let link = text.split('#').nth(1).unwrap().split_whitespace().next().unwrap();
        self.accounts().confirm_email(actor, link).await.unwrap();
        let draft = Draft {
            receiver: "张三",
            phone: PHONE,
            province: "广东省",
            city: "深圳市",
            district: "南山区",
            detail: STREET,
        };
        self.accounts().add_address(actor, &draft, true).await.unwrap();
    }

    async fn put_invoice(&self, actor: &Actor, state: serde_json::Value) {
        let (now, owner) = (self.now(), actor.account);
        let details = Details::parse(&DetailsInput { title: "某某公司", email: EMAIL, ..DetailsInput::EMPTY }).unwrap();
        let order = Item { order_no: Number::new(now, 1), amount_fen: Fen::new(150) };
        let invoice = Invoice::apply(Number::new(now, 2), owner, details, vec![order], now).unwrap();
        let mut data = serde_json::to_value(invoice).unwrap();
        data["state"] = state;
        self.put_money_row(actor, "INVOICE#1", data).await;
    }

    async fn put_money_row(&self, actor: &Actor, sk: &str, data: serde_json::Value) {
        let key = Key::new(Table::Money, format!("USER#{}", actor.account), sk);
        let row = serde_json::json!({"version": 1, "data": data}).as_object().unwrap().clone();
        self.store.apply(Change::put(key, row)).await.unwrap();
    }
}

/// Covers: UA-76
#[tokio::test]
async fn account_is_closed_seven_days_after_the_request_and_its_phone_becomes_free() {
    let app = TestApp::new();
    let person = app.register_phone(PHONE).await;
    let actor = person.actor;
    assert_eq!(app.accounts().request_closure(&actor, None, "r").await.unwrap_err(), AccountError::StepUpNeeded);
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    let requested = app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap();
    assert!(requested.closes_at.is_some());
    app.advance(WEEK - 1);
    assert_eq!(app.closures().close_due().await, Ok(0), "a second before it is due");
    assert!(app.sign_in(PHONE, PASSWORD).await.is_ok());
    app.advance(1);
    assert_eq!(app.closures().close_due().await, Ok(1));
    assert_eq!(app.closures().close_due().await, Ok(0), "it is closed once");

    assert_eq!(app.sign_in(PHONE, PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    let now = app.now();
    assert_eq!(is_live(&*app.store, &actor, now).await, Ok(false));
    let row = app.store.get(&Key::new(Table::Accounts, format!("ACCOUNT#{}", actor.account), "ACCOUNT")).await;
    let row = format!("{:?}", row.unwrap().unwrap());
    for personal in ["phoneMasked", "phoneSealed", "nickname", "passwordHash", "小明", "****"] {
        assert!(!row.contains(personal), "{personal} in {row}");
    }
    let subject = Subject::account(actor.account);
    let entries = audit::read(&*app.store, &Filter::Subject(subject), None, 9).await.unwrap().entries;
    assert_eq!(
        entries.iter().map(|entry| entry.what.as_str()).collect::<Vec<_>>(),
        ["account-closed", "closure-asked"]
    );

    let again = app.register_phone(PHONE).await;
    assert_ne!(again.actor.account, actor.account, "the phone is free for another account");
}

#[tokio::test]
async fn request_to_close_can_be_cancelled_within_seven_days() {
    let app = TestApp::new();
    let actor = app.register_phone(PHONE).await.actor;
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap();
    app.advance(WEEK - 60);
    let actor = app.sign_in(PHONE, PASSWORD).await.unwrap().actor;
    assert_eq!(app.accounts().cancel_closure(&actor, "r").await.unwrap().closes_at, None);
    app.advance(WEEK);
    assert_eq!(app.closures().close_due().await, Ok(0));
    assert!(app.sign_in(PHONE, PASSWORD).await.is_ok());
}

/// Covers: UA-76
#[tokio::test]
async fn closed_account_stores_no_e_mail_no_address_and_no_device() {
    let app = TestApp::new();
    let actor = app.register_phone(PHONE).await.actor;
    app.add_contacts(&actor).await;
    let stored = |app: &TestApp| {
        let rows = app.store.inner.dump().into_iter().filter(|(key, _)| key.pk.contains(&actor.account.to_string()));
        rows.map(|(key, row)| format!("{} {} {row:?}", key.pk, key.sk)).collect::<Vec<_>>().join("\n")
    };
    let personal = ["emailMasked", "emailSealed", "emailLink", "phoneSealed", "\"sealed\"", "192.0.2.1", "wrapped"];
    let before = stored(&app);
    for field in personal {
        assert!(before.contains(field), "{field} is not stored before: {before}");
    }
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap();
    app.advance(WEEK);
    assert_eq!(app.closures().close_due().await, Ok(1));
    let after = stored(&app);
    for field in personal.into_iter().chain(["zha***", "138****", "小明", "\"name\": String(\"test\")"]) {
        assert!(!after.contains(field), "{field} is still stored: {after}");
    }
    // Another account can use the mailbox and the number.
    let other = app.register_phone(PHONE).await.actor;
    assert_ne!(other.account, actor.account);
    app.add_contacts(&other).await;
    assert_eq!(app.accounts().profile(&other).await.unwrap().email_masked.as_deref(), Some("zha***@example.cn"));
}

/// Covers: UA-76
#[tokio::test]
async fn invoice_in_progress_blocks_the_closing() {
    let app = TestApp::new();
    let actor = app.register_phone(PHONE).await.actor;
    let running = [
        serde_json::json!({"state": "applied", "at": "2026-03-01T00:00:00Z"}),
        serde_json::json!({"state": "issuing", "at": "2026-03-01T00:00:00Z", "by": "staff"}),
    ];
    for state in running {
        app.put_invoice(&actor, state).await;
        let token = app.step_up(&actor, StepUp::CloseAccount).await;
        let refused = app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap_err();
        assert_eq!(refused, AccountError::ClosureBlocked("account-has-open-invoices"));
    }
    app.put_invoice(&actor, serde_json::json!({"state": "withdrawn", "at": "2026-03-01T00:00:00Z"})).await;
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap();
}

/// Covers: UA-76
#[tokio::test]
async fn balance_blocks_the_request_and_later_the_closing() {
    let app = TestApp::new();
    let actor = app.register_phone(PHONE).await.actor;
    let no = Number::new(Timestamp::UNIX_EPOCH, 1);
    let wallet = |fen: i64| {
        let empty = Wallet::new(actor.account);
        let filled = empty.clone().apply(Movement::Credit(Fen::new(fen)), &no, Timestamp::UNIX_EPOCH);
        serde_json::json!(filled.map_or(empty, |(wallet, _)| wallet))
    };
    app.put_money_row(&actor, "WALLET", wallet(150)).await;
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    let refused = app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap_err();
    assert_eq!(refused, AccountError::ClosureBlocked("account-has-balance"));

    app.put_money_row(&actor, "WALLET", wallet(0)).await;
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    app.accounts().request_closure(&actor, Some(&token), "r").await.unwrap();
    // Money that arrives within the seven days blocks the closing; it is tried again daily.
    app.put_money_row(&actor, "WALLET", wallet(150)).await;
    app.advance(WEEK);
    assert_eq!(app.closures().close_due().await, Ok(0));
    app.put_money_row(&actor, "WALLET", wallet(0)).await;
    assert_eq!(app.closures().close_due().await, Ok(0), "it is tried again a day later");
    app.advance(86_400);
    assert_eq!(app.closures().close_due().await, Ok(1));
}

/// Covers: UA-76
#[tokio::test]
async fn export_holds_all_data_of_the_account_and_nothing_about_staff_or_others() {
    let app = TestApp::new();
    let actor = app.register_phone(PHONE).await.actor;
    let other = app.register("hanmeimei").await.actor;
    app.add_contacts(&actor).await;
    app.put_invoice(&actor, serde_json::json!({"state": "issuing", "at": "2026-03-01T00:00:00Z", "by": "staff-7"}))
        .await;
    app.put_money_row(&actor, "COUPON#1", serde_json::json!({"id": "1", "grantedBy": "staff"})).await;
    app.put_money_row(&other, "COUPON#2", serde_json::json!({"id": "2"})).await;
    assert_eq!(app.accounts().export(&actor, None).await.unwrap_err(), AccountError::StepUpNeeded);
    let token = app.step_up(&actor, StepUp::CloseAccount).await;
    assert_eq!(
        app.accounts().export(&actor, Some(&token)).await.unwrap_err(),
        AccountError::StepUpNeeded,
        "a token for another purpose"
    );
    let token = app.step_up(&actor, StepUp::ExportData).await;
    let export = app.accounts().export(&actor, Some(&token)).await.unwrap();
    assert_eq!((&export.account["phone"], &export.account["email"]), (&PHONE.into(), &EMAIL.into()));
    assert_eq!(
        (&export.account["addresses"][0]["detail"], &export.account["addresses"][0]["phone"]),
        (&STREET.into(), &PHONE.into())
    );
    assert_eq!(
        (&export.invoices[0]["amountFen"], &export.invoices[0]["state"]["state"]),
        (&150.into(), &"issuing".into())
    );
    assert!(!serde_json::to_string(&export).unwrap().contains("staff"), "{export:?}");
    assert_eq!(export.account["consent"]["version"], "2024-02");
    assert_eq!(export.coupons, [serde_json::json!({"id": "1"})]);
    assert_eq!((export.sessions.len(), export.cut), (1, false));
    assert!(app.send(code::Purpose::SignIn, PHONE).await.is_ok());
}
