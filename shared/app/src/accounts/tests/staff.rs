use std::collections::BTreeSet;
use std::sync::Arc;

use domain::actor::{Actor, Role, Scope};

use super::house::{House, PASSWORD};
use crate::accounts::{Failure, Fault, Registry, Shown, SignedIn, live, totp};
use crate::audit::{self, Doer, Filter, Subject, Why};
use crate::random::OsRandom;

fn doer(by: &str) -> Doer {
    Doer { by: by.to_owned(), request_id: "request".to_owned() }
}

fn why() -> Why {
    Why::parse("joins the team").unwrap()
}

impl House {
    fn registry(&self) -> Registry {
        Registry { store: self.store.clone(), clock: self.clock.clone(), random: Arc::new(OsRandom) }
    }

    /// Somebody who was made staff after registering.
    async fn staff(&self, name: &str, role: Role) -> SignedIn {
        let person = self.register(name).await;
        let roles = BTreeSet::from([role]);
        self.registry().set_roles(&doer("operator/test"), person.actor.account, roles, &why()).await.unwrap();
        self.sign_in(name, PASSWORD).await.unwrap()
    }

    /// What an authenticator shows now.
    async fn shows(&self, secret: &str) -> String {
        totp::shown(secret, self.accounts.now()).unwrap()
    }

    async fn show(&self, actor: &Actor, code: &str) -> Result<SignedIn, Failure> {
        self.accounts.show_second_factor(actor, Shown::Code(code.to_owned()), self.device()).await
    }
}

fn wrong() -> Failure {
    Failure::Fields(vec![Fault { field: "code", code: "second-factor-wrong" }])
}

/// Covers: XX-16
#[tokio::test]
async fn staff_sign_in_with_a_second_factor_and_a_code_is_good_once() {
    let house = House::new();
    let first = house.staff("finance", Role::Finance).await;
    assert_eq!(first.actor.scope, Scope::SecondFactor);
    assert!(!first.actor.has(Role::Finance), "a password alone is no role");
    assert_eq!(house.show(&first.actor, "000000").await.unwrap_err(), Failure::NotEnrolled);

    let made = house.accounts.enrol_second_factor(&first.actor).await.unwrap();
    let stored = format!("{:?}", house.store.dump());
    assert!(!stored.contains(&made.secret), "the secret rests sealed");
    let bad = house.accounts.confirm_second_factor(&first.actor, "123", house.device()).await;
    assert_eq!(bad.unwrap_err(), wrong());
    let code = house.shows(&made.secret).await;
    let (whole, recovery) = house.accounts.confirm_second_factor(&first.actor, &code, house.device()).await.unwrap();
    assert!(whole.actor.has(Role::Finance));
    assert_eq!(recovery.iter().collect::<BTreeSet<_>>().len(), 10);
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &first.actor, now).await, Ok(false), "the first step's session ended");
    assert_eq!(live(&*house.store, &whole.actor, now).await, Ok(true));
    assert_eq!(house.accounts.enrol_second_factor(&whole.actor).await.unwrap_err(), Failure::AlreadyEnrolled);

    let again = house.sign_in("finance", PASSWORD).await.unwrap();
    assert_eq!(house.show(&again.actor, &code).await.unwrap_err(), wrong(), "the code was used");
    house.pass(30);
    let code = house.shows(&made.secret).await;
    let whole = house.show(&again.actor, &code).await.unwrap();
    assert_eq!(whole.actor.scope, Scope::Full);
    assert!(house.accounts.refresh(&again.refresh).await.is_err(), "nothing is left of the first step");
    assert_eq!(house.accounts.refresh(&whole.refresh).await.unwrap().actor.scope, Scope::Full);

    house.pass(300);
    let lost = house.sign_in("finance", PASSWORD).await.unwrap();
    let typed = Shown::Recovery(recovery[3].to_uppercase().replace('-', " "));
    assert!(house.accounts.show_second_factor(&lost.actor, typed.clone(), house.device()).await.is_ok());
    let lost = house.sign_in("finance", PASSWORD).await.unwrap();
    assert_eq!(house.accounts.show_second_factor(&lost.actor, typed, house.device()).await.unwrap_err(), wrong());
}

/// Covers: XX-16
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_show_one_code_at_once_one_is_let_in() {
    let house = Arc::new(House::new());
    let first = house.staff("finance", Role::Finance).await;
    let made = house.accounts.enrol_second_factor(&first.actor).await.unwrap();
    let code = house.shows(&made.secret).await;
    house.accounts.confirm_second_factor(&first.actor, &code, house.device()).await.unwrap();
    house.pass(60);
    let code = house.shows(&made.secret).await;
    let mut calls = Vec::new();
    for _ in 0..4 {
        let step = house.sign_in("finance", PASSWORD).await.unwrap();
        let (house, code) = (house.clone(), code.clone());
        calls.push(tokio::spawn(async move { house.show(&step.actor, &code).await.is_ok() }));
    }
    let mut let_in = 0;
    for call in calls {
        let_in += usize::from(call.await.unwrap());
    }
    assert_eq!(let_in, 1);
}

/// Covers: XX-16
#[tokio::test]
async fn guessing_a_code_is_slow_and_the_first_step_is_over_in_ten_minutes() {
    let house = House::new();
    let first = house.staff("finance", Role::Finance).await;
    let made = house.accounts.enrol_second_factor(&first.actor).await.unwrap();
    for _ in 0..5 {
        assert_eq!(
            house.accounts.confirm_second_factor(&first.actor, "000000", house.device()).await.unwrap_err(),
            wrong()
        );
    }
    let refused = house.accounts.confirm_second_factor(&first.actor, "000000", house.device()).await.unwrap_err();
    assert!(matches!(refused, Failure::Wait(_)), "{refused:?}");
    house.pass(61);
    let code = house.shows(&made.secret).await;
    let (whole, _) = house.accounts.confirm_second_factor(&first.actor, &code, house.device()).await.unwrap();

    let step = house.sign_in("finance", PASSWORD).await.unwrap();
    house.pass(10 * 60);
    assert_eq!(house.accounts.refresh(&step.refresh).await.unwrap_err(), Failure::SessionOver);
    house.pass(20 * 60);
    assert_eq!(house.accounts.refresh(&whole.refresh).await.unwrap_err(), Failure::SessionOver, "30 minutes unused");
}

/// Covers: XX-16, IC-203
#[tokio::test]
async fn roles_are_granted_by_another_end_the_sessions_and_leave_a_line() {
    let house = House::new();
    let admin = house.staff("admin", Role::Admin).await.actor.account;
    let person = house.register("wangli").await;
    let (id, by) = (person.actor.account, doer(&admin.to_string()));
    let registry = house.registry();
    let granted = registry.set_roles(&by, id, BTreeSet::from([Role::Reviewer]), &why()).await.unwrap();
    assert_eq!(granted.roles, BTreeSet::from([Role::User, Role::Reviewer]));
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &person.actor, now).await, Ok(false));
    assert_eq!(house.accounts.refresh(&person.refresh).await.unwrap_err(), Failure::SessionOver);

    let own = registry.set_roles(&by, admin, BTreeSet::from([Role::Admin, Role::Finance]), &why()).await;
    assert_eq!(own.unwrap_err(), Failure::OwnAccount);
    let both = BTreeSet::from([Role::Auditor, Role::Finance]);
    let clash = registry.set_roles(&by, id, both, &why()).await.unwrap_err();
    assert_eq!(clash, Failure::Fields(vec![Fault { field: "roles", code: "roles-clash" }]));
    assert_eq!(registry.find_by_name("WangLi").await.unwrap().id, id);
    assert_eq!(registry.find_by_name("nobody").await.unwrap_err(), Failure::NotFound);

    let subject = Subject::account(id);
    let lines = audit::read(&*house.store, &Filter::Subject(subject.clone()), None, 9).await.unwrap().lines;
    assert_eq!(lines.len(), 1, "a refused grant leaves none");
    assert_eq!((lines[0].what.as_str(), &lines[0].by), ("roles-set", &admin.to_string()));
    assert_eq!(lines[0].facts, r#"{"after":["user","reviewer"],"before":["user"]}"#);
    assert_eq!(audit::verify(&*house.store, &subject).await.unwrap(), None);
}

/// Covers: XX-16
#[tokio::test]
async fn who_becomes_staff_is_not_let_on_by_an_older_refresh_token() {
    let house = House::new();
    let person = house.register("wangli").await;
    // As if the sessions had not been ended: the process died between the commit and them.
    let key =
        crate::store::Key::new(crate::store::Table::Accounts, format!("ACCOUNT#{}", person.actor.account), "ACCOUNT");
    let change = crate::store::Change::update(key).set("roles", serde_json::json!(["user", "admin"]));
    crate::store::Store::apply(&*house.store, change).await.unwrap();
    assert_eq!(house.accounts.refresh(&person.refresh).await.unwrap_err(), Failure::SessionOver);
}

/// Covers: XX-16
#[tokio::test]
async fn an_admin_takes_a_lost_second_factor_away_and_the_next_sign_in_sets_up_another() {
    let house = House::new();
    let first = house.staff("finance", Role::Finance).await;
    let made = house.accounts.enrol_second_factor(&first.actor).await.unwrap();
    let code = house.shows(&made.secret).await;
    let (whole, _) = house.accounts.confirm_second_factor(&first.actor, &code, house.device()).await.unwrap();
    let id = whole.actor.account;
    house.registry().forget_second_factor(&doer("operator/test"), id, &why()).await.unwrap();
    assert_eq!(house.accounts.refresh(&whole.refresh).await.unwrap_err(), Failure::SessionOver);
    assert_eq!(house.accounts.has_second_factor(id).await, Ok(false));
    house.pass(60);
    let step = house.sign_in("finance", PASSWORD).await.unwrap();
    let old = house.shows(&made.secret).await;
    assert_eq!(house.show(&step.actor, &old).await.unwrap_err(), Failure::NotEnrolled);
    let second = house.accounts.enrol_second_factor(&step.actor).await.unwrap();
    assert_ne!(second.secret, made.secret);
}

#[tokio::test]
async fn a_user_has_one_step_and_no_second_factor() {
    let house = House::new();
    let person = house.register("wangli").await;
    assert_eq!(person.actor.scope, Scope::Full);
    assert_eq!(house.accounts.enrol_second_factor(&person.actor).await.unwrap_err(), Failure::NotStaff);
}
