use std::sync::Arc;

use domain::account::code;
use domain::actor::Actor;
use domain::money::Fen;
use domain::money::wallet::{Movement, Wallet};
use jiff::Timestamp;

use super::house::{House, PASSWORD};
use crate::accounts::{Closures, Failure, Proof, StepUp, live};
use crate::audit::{self, Filter, Subject};
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};

const PHONE: &str = "13810548469";
const WEEK: i64 = 7 * 86_400;

impl House {
    async fn proven(&self, actor: &Actor, purpose: StepUp) -> String {
        self.accounts.step_up(actor, purpose, Proof::Password(PASSWORD.to_owned())).await.unwrap().0
    }

    fn closures(&self) -> Closures {
        Closures { store: self.store.clone(), clock: self.clock.clone(), random: Arc::new(OsRandom) }
    }

    async fn money(&self, actor: &Actor, sk: &str, data: serde_json::Value) {
        let key = Key::new(Table::Money, format!("USER#{}", actor.account), sk);
        let row = serde_json::json!({"version": 1, "data": data}).as_object().unwrap().clone();
        self.store.apply(Change::put(key, row)).await.unwrap();
    }
}

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
    let now = house.accounts.now().await;
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

#[tokio::test]
async fn a_person_takes_everything_the_system_holds_about_them_elsewhere() {
    let house = House::new();
    let actor = house.register_phone(PHONE).await.actor;
    let other = house.register("hanmeimei").await.actor;
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
    assert_eq!(export.account["phone"], PHONE);
    assert_eq!(export.account["consent"]["version"], "2024-02");
    assert_eq!(export.coupons, [serde_json::json!({"id": "1"})]);
    assert_eq!((export.sessions.len(), export.cut), (1, false));
    assert!(house.send(code::Purpose::SignIn, PHONE).await.is_ok());
}
