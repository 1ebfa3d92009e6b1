use std::collections::BTreeSet;
use std::sync::Arc;

use domain::actor::{Actor, Role, Scope};

use super::person::PASSWORD;
use crate::accounts::{AccountAdmin, AccountError, SecondFactorProof, SignedIn, is_live, totp};
use crate::audit::{self, AuditActor, Filter, Reason, Subject};
use crate::failure::Failure;
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};
use crate::testing::TestApp;

fn actor(by: &str) -> AuditActor {
    AuditActor { id: by.to_owned(), request_id: "request".to_owned() }
}

fn why() -> Reason {
    Reason::parse("joins the team").unwrap()
}

impl TestApp {
    fn account_admin(&self) -> AccountAdmin {
        AccountAdmin { store: self.store.clone(), clock: self.clock.clone(), random: Arc::new(OsRandom) }
    }

    /// A registered person who got the staff role `role`, after the first step of the sign-in.
    async fn staff(&self, name: &str, role: Role) -> SignedIn {
        let person = self.register(name).await;
        let roles = BTreeSet::from([role]);
        self.account_admin().set_roles(&actor("operator/test"), person.actor.account, roles, &why()).await.unwrap();
        self.sign_in(name, PASSWORD).await.unwrap()
    }

    /// The code that an authenticator shows now.
    async fn totp(&self, secret: &str) -> String {
        totp::code_at(secret, self.now()).unwrap()
    }

    async fn second_step(&self, actor: &Actor, code: &str) -> Result<SignedIn, AccountError> {
        self.accounts().verify_second_factor(actor, SecondFactorProof::Code(code.to_owned()), self.device()).await
    }
}

fn wrong() -> AccountError {
    AccountError::field("code", "second-factor-wrong")
}

/// Covers: XX-16
#[tokio::test]
async fn staff_sign_in_needs_a_second_factor_and_each_code_works_once() {
    let app = TestApp::new();
    let first = app.staff("finance", Role::Finance).await;
    assert_eq!(first.actor.scope, Scope::SecondFactor);
    assert!(!first.actor.has(Role::Finance), "the password alone gives no role");
    assert_eq!(app.second_step(&first.actor, "000000").await.unwrap_err(), AccountError::NotEnrolled);

    let made = app.accounts().enrol_second_factor(&first.actor).await.unwrap();
    let stored = format!("{:?}", app.store.inner.dump());
    assert!(!stored.contains(&made.secret), "the secret is stored sealed");
    let refused = app.accounts().confirm_second_factor(&first.actor, "123", app.device()).await;
    assert_eq!(refused.unwrap_err(), wrong());
    let code = app.totp(&made.secret).await;
    let (full, recovery) = app.accounts().confirm_second_factor(&first.actor, &code, app.device()).await.unwrap();
    assert!(full.actor.has(Role::Finance));
    assert_eq!(recovery.iter().collect::<BTreeSet<_>>().len(), 10);
    let now = app.now();
    assert_eq!(is_live(&*app.store, &first.actor, now).await, Ok(false), "the session of the first step has ended");
    assert_eq!(is_live(&*app.store, &full.actor, now).await, Ok(true));
    assert_eq!(app.accounts().enrol_second_factor(&full.actor).await.unwrap_err(), AccountError::AlreadyEnrolled);

    let again = app.sign_in("finance", PASSWORD).await.unwrap();
    assert_eq!(app.second_step(&again.actor, &code).await.unwrap_err(), wrong(), "the code was used");
    app.advance(30);
    let code = app.totp(&made.secret).await;
    let full = app.second_step(&again.actor, &code).await.unwrap();
    assert_eq!(full.actor.scope, Scope::Full);
    assert!(app.accounts().refresh(&again.refresh).await.is_err(), "the session of the first step has ended");
    assert_eq!(app.accounts().refresh(&full.refresh).await.unwrap().actor.scope, Scope::Full);

    app.advance(300);
    let lost = app.sign_in("finance", PASSWORD).await.unwrap();
    let typed = SecondFactorProof::Recovery(recovery[3].to_uppercase().replace('-', " "));
    assert!(app.accounts().verify_second_factor(&lost.actor, typed.clone(), app.device()).await.is_ok());
    let lost = app.sign_in("finance", PASSWORD).await.unwrap();
    assert_eq!(app.accounts().verify_second_factor(&lost.actor, typed, app.device()).await.unwrap_err(), wrong());
}

/// Covers: XX-16
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_sign_ins_with_one_code_succeed_once() {
    let app = Arc::new(TestApp::new());
    let first = app.staff("finance", Role::Finance).await;
    let made = app.accounts().enrol_second_factor(&first.actor).await.unwrap();
    let code = app.totp(&made.secret).await;
    app.accounts().confirm_second_factor(&first.actor, &code, app.device()).await.unwrap();
    app.advance(60);
    let code = app.totp(&made.secret).await;
    let mut calls = Vec::new();
    for _ in 0..4 {
        let step = app.sign_in("finance", PASSWORD).await.unwrap();
        let (app, code) = (app.clone(), code.clone());
        calls.push(tokio::spawn(async move { app.second_step(&step.actor, &code).await.is_ok() }));
    }
    let mut signed_in = 0;
    for call in calls {
        signed_in += usize::from(call.await.unwrap());
    }
    assert_eq!(signed_in, 1);
}

/// Covers: XX-16
#[tokio::test]
async fn tries_of_a_code_are_limited_and_the_first_step_expires_after_ten_minutes() {
    let app = TestApp::new();
    let first = app.staff("finance", Role::Finance).await;
    let made = app.accounts().enrol_second_factor(&first.actor).await.unwrap();
    for _ in 0..5 {
        assert_eq!(
            app.accounts().confirm_second_factor(&first.actor, "000000", app.device()).await.unwrap_err(),
            wrong()
        );
    }
    let refused = app.accounts().confirm_second_factor(&first.actor, "000000", app.device()).await.unwrap_err();
    assert!(matches!(refused, AccountError::Wait(_)), "{refused:?}");
    app.advance(61);
    let code = app.totp(&made.secret).await;
    let (full, _) = app.accounts().confirm_second_factor(&first.actor, &code, app.device()).await.unwrap();

    let step = app.sign_in("finance", PASSWORD).await.unwrap();
    app.advance(10 * 60);
    assert_eq!(app.accounts().refresh(&step.refresh).await.unwrap_err(), AccountError::SessionOver);
    app.advance(20 * 60);
    assert_eq!(
        app.accounts().refresh(&full.refresh).await.unwrap_err(),
        AccountError::SessionOver,
        "after 30 minutes unused"
    );
}

/// Covers: XX-16, IC-203
#[tokio::test]
async fn roles_are_set_by_another_admin_with_an_audit_entry_and_end_the_sessions() {
    let app = TestApp::new();
    let admin_id = app.staff("admin", Role::Admin).await.actor.account;
    let person = app.register("wangli").await;
    let (id, by) = (person.actor.account, actor(&admin_id.to_string()));
    let admin = app.account_admin();
    let granted = admin.set_roles(&by, id, BTreeSet::from([Role::Reviewer]), &why()).await.unwrap();
    assert_eq!(granted.roles, BTreeSet::from([Role::User, Role::Reviewer]));
    let now = app.now();
    assert_eq!(is_live(&*app.store, &person.actor, now).await, Ok(false));
    assert_eq!(app.accounts().refresh(&person.refresh).await.unwrap_err(), AccountError::SessionOver);

    let own = admin.set_roles(&by, admin_id, BTreeSet::from([Role::Admin, Role::Finance]), &why()).await;
    assert_eq!(own.unwrap_err(), AccountError::OwnAccount);
    let both = BTreeSet::from([Role::Auditor, Role::Finance]);
    let clash = admin.set_roles(&by, id, both, &why()).await.unwrap_err();
    assert_eq!(clash, AccountError::field("roles", "roles-clash"));
    assert_eq!(admin.find_by_name("WangLi").await.unwrap().id, id);
    assert_eq!(admin.find_by_name("nobody").await.unwrap_err(), Failure::NotFound.into());

    let subject = Subject::account(id);
    let entries = audit::read(&*app.store, &Filter::Subject(subject.clone()), None, 9).await.unwrap().entries;
    assert_eq!(entries.len(), 1, "a refused change has no entry");
    assert_eq!((entries[0].what.as_str(), &entries[0].by), ("roles-set", &admin_id.to_string()));
    assert_eq!(entries[0].facts, r#"{"after":["user","reviewer"],"before":["user"]}"#);
    assert_eq!(audit::verify(&*app.store, &subject).await.unwrap(), None);
}

/// Covers: XX-16
#[tokio::test]
async fn refresh_token_from_before_a_staff_role_is_refused() {
    let app = TestApp::new();
    let person = app.register("wangli").await;
    // The process ended after the commit and before it ended the sessions.
    let key = Key::new(Table::Accounts, format!("ACCOUNT#{}", person.actor.account), "ACCOUNT");
    let change = Change::update(key).set("roles", serde_json::json!(["user", "admin"]));
    app.store.apply(change).await.unwrap();
    assert_eq!(app.accounts().refresh(&person.refresh).await.unwrap_err(), AccountError::SessionOver);
}

/// Covers: XX-16
#[tokio::test]
async fn admin_resets_a_lost_second_factor_and_the_next_sign_in_sets_up_another() {
    let app = TestApp::new();
    let first = app.staff("finance", Role::Finance).await;
    let made = app.accounts().enrol_second_factor(&first.actor).await.unwrap();
    let code = app.totp(&made.secret).await;
    let (full, _) = app.accounts().confirm_second_factor(&first.actor, &code, app.device()).await.unwrap();
    let id = full.actor.account;
    app.account_admin().reset_second_factor(&actor("operator/test"), id, &why()).await.unwrap();
    assert_eq!(app.accounts().refresh(&full.refresh).await.unwrap_err(), AccountError::SessionOver);
    assert_eq!(app.accounts().has_second_factor(id).await, Ok(false));
    app.advance(60);
    let step = app.sign_in("finance", PASSWORD).await.unwrap();
    let old = app.totp(&made.secret).await;
    assert_eq!(app.second_step(&step.actor, &old).await.unwrap_err(), AccountError::NotEnrolled);
    let second = app.accounts().enrol_second_factor(&step.actor).await.unwrap();
    assert_ne!(second.secret, made.secret);
}

#[tokio::test]
async fn user_signs_in_with_one_step_and_cannot_set_up_a_second_factor() {
    let app = TestApp::new();
    let person = app.register("wangli").await;
    assert_eq!(person.actor.scope, Scope::Full);
    assert_eq!(app.accounts().enrol_second_factor(&person.actor).await.unwrap_err(), AccountError::NotStaff);
}
