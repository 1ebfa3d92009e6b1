use std::sync::Arc;

use domain::account::address::Draft;
use domain::account::code;
use domain::actor::Actor;
use domain::invoice::{Details, Invoice, Item, Written};
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::wallet::{Movement, Wallet};
use jiff::Timestamp;

use super::house::{House, PASSWORD};
use crate::accounts::{Closures, EmailWish, Failure, Proof, StepUp, live};
use crate::audit::{self, Filter, Subject};
use crate::captcha::Purpose;
use crate::messages::Message;
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};

const PHONE: &str = "13810548469";
const EMAIL: &str = "zhang.san@example.cn";
const STREET: &str = "科技园路 1 号";
const WEEK: i64 = 7 * 86_400;

impl House {
    async fn proven(&self, actor: &Actor, purpose: StepUp) -> String {
        self.accounts.step_up(actor, purpose, Proof::Password(PASSWORD.to_owned())).await.unwrap().0
    }

    fn closures(&self) -> Closures {
        Closures { store: self.store.clone(), clock: self.clock.clone(), random: Arc::new(OsRandom) }
    }

    /// An address bound by the link in the letter, and one to send paper to.
    async fn contacts(&self, actor: &Actor) {
        let (captcha, step_up) = (self.solved(Purpose::BindEmail).await, self.proven(actor, StepUp::BindEmail).await);
        let wish = EmailWish {
            email: EMAIL,
            captcha: captcha.as_ref(),
            step_up: Some(&step_up),
            address: "192.0.2.1",
            page: "https://photos.test",
        };
        self.accounts.send_email_link(actor, wish).await.unwrap();
        let text = self.messages().await.into_iter().rev().find_map(|message| match message {
            Message::Mail(letter) => Some(letter.text),
            _ => None,
        });
        let text = text.unwrap();
        let link = text.split('#').nth(1).unwrap().split_whitespace().next().unwrap();
        self.accounts.confirm_email(actor, link).await.unwrap();
        let draft = Draft {
            receiver: "张三",
            phone: PHONE,
            province: "广东省",
            city: "深圳市",
            district: "南山区",
            detail: STREET,
        };
        self.accounts.add_address(actor, &draft, true).await.unwrap();
    }

    async fn invoice(&self, actor: &Actor, state: serde_json::Value) {
        let (now, owner) = (self.accounts.now(), actor.account.to_string());
        let details = Details::parse(&Written { title: "某某公司", email: EMAIL, ..Written::NOTHING }).unwrap();
        let order = Item { order_no: Number::new(now, 1), amount_fen: Fen::new(150) };
        let invoice = Invoice::apply(Number::new(now, 2), owner, details, vec![order], now).unwrap();
        let mut data = serde_json::to_value(invoice).unwrap();
        data["state"] = state;
        self.money(actor, "INVOICE#1", data).await;
    }

    async fn money(&self, actor: &Actor, sk: &str, data: serde_json::Value) {
        let key = Key::new(Table::Money, format!("USER#{}", actor.account), sk);
        let row = serde_json::json!({"version": 1, "data": data}).as_object().unwrap().clone();
        self.store.apply(Change::put(key, row)).await.unwrap();
    }
}

/// Covers: UA-76
#[tokio::test]
async fn an_account_closes_a_week_after_the_wish_and_nothing_personal_is_left() {
    let house = House::new();
    let person = house.register_phone(PHONE).await;
    let actor = person.actor;
    assert_eq!(house.accounts.ask_closure(&actor, None, "r").await.unwrap_err(), Failure::StepUpNeeded);
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    let asked = house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap();
    assert!(asked.closes_at.is_some());
    house.pass(WEEK - 1);
    assert_eq!(house.closures().close_due().await, Ok(0), "a second too early");
    assert!(house.sign_in(PHONE, PASSWORD).await.is_ok());
    house.pass(1);
    assert_eq!(house.closures().close_due().await, Ok(1));
    assert_eq!(house.closures().close_due().await, Ok(0), "once");

    assert_eq!(house.sign_in(PHONE, PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &actor, now).await, Ok(false));
    let row = house.store.get(&Key::new(Table::Accounts, format!("ACCOUNT#{}", actor.account), "ACCOUNT")).await;
    let row = format!("{:?}", row.unwrap().unwrap());
    for gone in ["phoneMasked", "phoneSealed", "nickname", "passwordHash", "小明", "****"] {
        assert!(!row.contains(gone), "{gone} in {row}");
    }
    let subject = Subject::account(actor.account);
    let lines = audit::read(&*house.store, &Filter::Subject(subject), None, 9).await.unwrap().lines;
    assert_eq!(lines.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["account-closed", "closure-asked"]);

    let again = house.register_phone(PHONE).await;
    assert_ne!(again.actor.account, actor.account, "the phone is free");
}

#[tokio::test]
async fn a_wish_to_close_is_taken_back_within_the_week() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap();
    house.pass(WEEK - 60);
    let kept = house.sign_in(PHONE, PASSWORD).await.unwrap().actor;
    assert_eq!(house.accounts.keep_account(&kept, "r").await.unwrap().closes_at, None);
    house.pass(WEEK);
    assert_eq!(house.closures().close_due().await, Ok(0));
    assert!(house.sign_in(PHONE, PASSWORD).await.is_ok());
}

/// Covers: UA-76
#[tokio::test]
async fn a_closed_account_keeps_no_mailbox_no_address_and_no_device() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    house.contacts(&actor).await;
    let kept = |house: &House| {
        let rows = house.store.dump().into_iter().filter(|(key, _)| key.pk.contains(&actor.account.to_string()));
        rows.map(|(key, row)| format!("{} {} {row:?}", key.pk, key.sk)).collect::<Vec<_>>().join("\n")
    };
    let personal = ["emailMasked", "emailSealed", "emailLink", "phoneSealed", "\"sealed\"", "192.0.2.1", "wrapped"];
    let before = kept(&house);
    for field in personal {
        assert!(before.contains(field), "{field} is looked for in vain: {before}");
    }
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap();
    house.pass(WEEK);
    assert_eq!(house.closures().close_due().await, Ok(1));
    let after = kept(&house);
    for field in personal.into_iter().chain(["zha***", "138****", "小明", "\"name\": String(\"test\")"]) {
        assert!(!after.contains(field), "{field} is kept: {after}");
    }
    // The mailbox and the number are somebody else's to use.
    let other = house.register_phone(PHONE).await.actor;
    assert_ne!(other.account, actor.account);
    house.contacts(&other).await;
    assert_eq!(house.accounts.profile(&other).await.unwrap().email_masked.as_deref(), Some("zha***@example.cn"));
}

/// Covers: UA-76
#[tokio::test]
async fn an_invoice_on_its_way_keeps_an_account_open() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    let running = [
        serde_json::json!({"state": "applied", "at": "2026-03-01T00:00:00Z"}),
        serde_json::json!({"state": "issuing", "at": "2026-03-01T00:00:00Z", "by": "staff"}),
    ];
    for state in running {
        house.invoice(&actor, state).await;
        let token = house.proven(&actor, StepUp::CloseAccount).await;
        let refused = house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap_err();
        assert_eq!(refused, Failure::Unfinished("account-has-open-invoices"));
    }
    house.invoice(&actor, serde_json::json!({"state": "withdrawn", "at": "2026-03-01T00:00:00Z"})).await;
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap();
}

/// Covers: UA-76
#[tokio::test]
async fn nobody_leaves_a_balance_or_an_open_order_behind() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    let wallet = |fen: i64| {
        let empty = Wallet::new(actor.account.to_string());
        let filled = empty.clone().apply(Movement::Credit(Fen::new(fen)), "1", Timestamp::UNIX_EPOCH);
        serde_json::json!(filled.map_or(empty, |(wallet, _)| wallet))
    };
    house.money(&actor, "WALLET", wallet(150)).await;
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    let refused = house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap_err();
    assert_eq!(refused, Failure::Unfinished("account-has-balance"));

    house.money(&actor, "WALLET", wallet(0)).await;
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    house.accounts.ask_closure(&actor, Some(&token), "r").await.unwrap();
    // Money that came within the week stops it, day by day.
    house.money(&actor, "WALLET", wallet(150)).await;
    house.pass(WEEK);
    assert_eq!(house.closures().close_due().await, Ok(0));
    house.money(&actor, "WALLET", wallet(0)).await;
    assert_eq!(house.closures().close_due().await, Ok(0), "looked at again tomorrow");
    house.pass(86_400);
    assert_eq!(house.closures().close_due().await, Ok(1));
}

/// Covers: UA-76
#[tokio::test]
async fn a_person_takes_everything_the_system_holds_about_them_elsewhere() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    let other = house.register("hanmeimei").await.actor;
    house.contacts(&actor).await;
    house.invoice(&actor, serde_json::json!({"state": "issuing", "at": "2026-03-01T00:00:00Z", "by": "staff-7"})).await;
    house.money(&actor, "COUPON#1", serde_json::json!({"id": "1", "grantedBy": "staff"})).await;
    house.money(&other, "COUPON#2", serde_json::json!({"id": "2"})).await;
    assert_eq!(house.accounts.export(&actor, None).await.unwrap_err(), Failure::StepUpNeeded);
    let token = house.proven(&actor, StepUp::CloseAccount).await;
    assert_eq!(
        house.accounts.export(&actor, Some(&token)).await.unwrap_err(),
        Failure::StepUpNeeded,
        "for another thing"
    );
    let token = house.proven(&actor, StepUp::ExportData).await;
    let export = house.accounts.export(&actor, Some(&token)).await.unwrap();
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
    assert!(house.send(code::Purpose::SignIn, PHONE).await.is_ok());
}
