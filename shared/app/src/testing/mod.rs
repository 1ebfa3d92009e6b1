//! Test support for the use cases: an application in memory, fake providers, and helpers for fault injection and concurrency.
//!
//! # The test app
//!
//! [`TestApp`] wires the real use cases of money and photos to a store, buckets, a clock and providers in memory. A test arranges
//! its data through the use cases themselves, runs one, and checks the result and the invariants of all rows:
//!
//! ```ignore
//! #[tokio::test]
//! async fn order_of_a_passed_photo_is_paid_from_the_balance() {
//!     let app = TestApp::new().with_balance(account(1), 1000).await;
//!     let photo = app.add_passed_photo(account(1)).await;
//!     let order = app.place(account(1), &[photo], Method::Balance, None, "key").await.unwrap();
//!
//!     let paid = app.pay(&order).await.unwrap().order;
//!
//!     assert!(matches!(paid.state, State::Paid { .. }));
//!     assert_eq!(app.balance(account(1)).await.balance, Fen::new(850));
//!     app.assert_invariants("after the payment").await;
//! }
//! ```
//!
//! | to | use |
//! |---|---|
//! | name a customer | [`account`] |
//! | arrange data | [`TestApp::with_balance`], `add_balance`, `add_passed_photo`, `add_coupon` |
//! | act as a provider | [`FakePaymentProvider`] (`app.wechat`, `app.alipay`), `app.notify`; [`FakeInvoiceProvider`] |
//! | use accounts | `app.accounts()`; `accounts::tests::person` has what a person does with one |
//! | let time pass | `app.advance`, `app.process_due`, `app.run_until_settled` |
//! | make calls fail | [`faults::fail_every_call`], or one call: `app.store.fail`, `app.wechat.faults().fail` |
//! | run things at the same time | [`concurrency::run_concurrently`] |
//! | check | `app.assert_invariants`, [`MoneyRows`], [`assert_all_ended`], `app.audited_actions` |

pub(crate) mod concurrency;
mod fake_calls;
mod fake_invoice_provider;
mod fake_payment_provider;
pub(crate) mod faults;
mod inspector;
mod money_invariants;
mod money_rows;
mod objects;
mod test_app;

pub(crate) use fake_invoice_provider::{FakeInvoiceProvider, signed_invoice_callback};
pub(crate) use fake_payment_provider::{FakePaymentProvider, TradeState, signed_callback};
pub(crate) use inspector::ScriptedInspector;
pub(crate) use money_invariants::assert_all_ended;
pub(crate) use money_rows::MoneyRows;
pub(crate) use objects::MemoryObjects;
pub(crate) use test_app::{TestApp, account, staff, submission};
