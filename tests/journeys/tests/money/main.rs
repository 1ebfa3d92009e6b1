//! From the first yuan to the last: recharges, photos and orders paid in every way, coupons, and the books behind them, on a whole
//! stack with the providers' wire protocols.
#![allow(clippy::unwrap_used)]

mod counting;
mod inspecting;
mod ordering;
mod recharging;
mod repeating;
mod waiting;

use std::sync::Arc;

use drawn::Portrait;
use journeys::{Person, Town};
use serde_json::{Value, json};

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn money() {
    let town = Arc::new(Town::build());
    let step = |name: &str| println!("- {name}");
    let staff = town.cashier("cashier").await;
    // One address may open ten accounts an hour: people do more than one thing.
    let (person, orderer) = (town.newcomer("payer").await, town.newcomer("orderer").await);
    step("IC-165 IC-166 IC-168 IC-169 IC-170 recharges at either provider");
    recharging::recharges_are_credited_once_and_seen_at_once(&town, &person).await;
    step("IC-77 I18 one callback twenty times, mixed with questions");
    recharging::twenty_callbacks_mixed_with_questions_are_one(&town, &person).await;
    step("IC-77 I19 forged, tampered, stale and misaddressed callbacks");
    recharging::bad_callbacks_change_nothing(&town, &person).await;
    step("IC-61 IC-63 IC-51 IC-60 a photo paid by balance");
    inspecting::a_pass_takes_what_was_held_and_a_fail_gives_it_back(&town).await;
    step("IC-62 IC-158 the coupon that expires soonest");
    inspecting::the_balance_takes_the_soonest_then_the_largest_coupon(&town, &staff).await;
    step("IC-64 IC-65 IC-67 IC-68 IC-69 IC-70 IC-71 IC-72 IC-73 IC-74 IC-75 IC-207 inspected first, paid after");
    ordering::an_order_is_paid_at_either_provider_with_and_without_a_coupon(&town, &orderer, &staff).await;
    step("IC-76 a coupon that covers everything");
    ordering::an_order_of_nothing_is_paid_at_once(&town, &orderer, &staff).await;
    step("IC-66 IC-79 a changed method, a second success");
    ordering::a_second_success_goes_back(&town, &orderer).await;
    step("XX-08 I17 repeated commands");
    repeating::the_same_command_is_one(&town).await;
    step("IC-163 I8 I12 many at once for one coupon and one order");
    repeating::many_at_once_win_once(&town, &staff).await;
    step("I25 workers killed while they take money");
    repeating::killed_workers_lose_and_double_nothing(&town).await;
    step("IC-130 I20 staff take orders back");
    ordering::orders_are_taken_back_once(&town, &orderer, &staff).await;
    step("IC-129 IC-131 IC-132 IC-171 IC-172 lists, filters, statement");
    counting::lists_narrow_and_the_statement_adds_up(&town, &person).await;
    step("IC-56 IC-78 IC-156 IC-159 IC-160 IC-161 IC-162 IC-164 IC-201 XX-04 what the clock does");
    waiting::the_clock_closes_frees_reminds_and_expires(&town, &staff).await;
    step("IC-173 I1 to I5 the nightly check");
    counting::the_nightly_check_finds_nothing_and_then_what_was_changed(&town, &person).await;
}

fn passing() -> Vec<u8> {
    Portrait::passing().jpeg()
}

/// A photo that passed and that nobody paid for; its number.
async fn passed(town: &Town, person: &Person, key: &str) -> String {
    let number = town.submit(person, key, &passing()).await;
    assert_eq!(town.outcome(person, &number).await["state"], "passed");
    number
}

/// Ticket and upload of a photo that the balance pays.
async fn submit_by_balance(town: &Town, person: &Person, key: &str, file: &[u8]) -> String {
    let mut form = Town::form(file.len());
    form["paymentMethod"] = "balance".into();
    let ticket = town.submit_form(person, key, form).await;
    assert_eq!(ticket.status, 201, "{}", ticket.body);
    assert_eq!(town.upload(&ticket.body, file).await, 201);
    ticket.body["imageNo"].as_str().unwrap().to_owned()
}

/// An order that waits; its number.
async fn place(town: &Town, person: &Person, photos: &[&str], method: &str, coupon: Option<&str>) -> Value {
    let mut wish = json!({"imageNos": photos, "method": method});
    if let Some(coupon) = coupon {
        wish["couponId"] = coupon.into();
    }
    let made = town.post(person, "/v1/orders", &format!("place {}", photos.join("-")), wish).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

fn no(order: &Value) -> &str {
    order["no"].as_str().unwrap()
}

/// What a provider is to be paid by.
async fn code(town: &Town, person: &Person, order: &str, key: &str) -> String {
    let paying = town.post(person, &format!("/v1/orders/{order}/payments"), key, json!({"scene": "qr"})).await;
    assert_eq!(paying.status, 200, "{}", paying.body);
    paying.body["code"]["text"].as_str().unwrap_or_else(|| panic!("{}", paying.body)).to_owned()
}
