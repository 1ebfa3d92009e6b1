//! What the clock does.

use std::time::Instant;

use jiff::SignedDuration;
use journeys::{Person, Town};
use serde_json::json;

use crate::{code, no, passed, place};

pub async fn the_clock_closes_frees_reminds_and_expires(town: &Town, staff: &Person) {
    let person = &town.newcomer("forgetful").await;
    town.fund(person, 300, "fund").await;
    let kept = town.grant(staff, person, 40, 24 * 30, "kept").await;
    let brief = town.grant(staff, person, 50, 24 * 4, "brief").await;
    let photo = passed(town, person, "unpaid").await;
    let order = place(town, person, &[&photo], "wechat", Some(&kept)).await;
    let code = code(town, person, no(&order), "pay").await;
    let path = format!("/v1/coupons/{brief}");
    let wish = json!({"account": person.account, "why": "核实"});
    let frozen = town.post(staff, &format!("{path}/freeze"), "x", wish.clone()).await;
    assert_eq!(frozen.body["state"], "frozen", "{}", frozen.body);
    let thawed = town.post(staff, &format!("{path}/thaw"), "x", wish).await;
    assert_eq!(thawed.body["state"], "usable", "{}", thawed.body);
    // Paid by the balance, begun and never concluded: its object cannot be fetched.
    let mut form = Town::form(50_000);
    form["paymentMethod"] = "balance".into();
    let ticket = town.submit_form(person, "stalled", form).await.body;
    assert_eq!(town.wallet(person).await, (300, 100), "the price less the coupon that expires soonest");
    assert_eq!(town.coupons(person, "frozen").await.len(), 2, "IC-159 both wait for an outcome");
    town.say_to_detection(&town.event(ticket["upload"]["fields"]["key"].as_str().unwrap()).to_string()).await;
    let stalled = format!("/v1/photos/{}", ticket["imageNo"].as_str().unwrap());
    let started = Instant::now();
    while town.get(person, &stalled).await.body["state"] != "inspecting" {
        assert!(started.elapsed() < journeys::PATIENCE, "the event was not taken");
    }
    let ahead = async |time: SignedDuration| {
        town.set_clock_ahead(time).await;
        let person = town.sign_in(person).await;
        town.sweep().await;
        person
    };
    let late = &ahead(SignedDuration::from_secs(31 * 60)).await;
    assert_eq!(town.get(late, &stalled).await.body["state"], "timed-out", "IC-56");
    assert_eq!(town.wallet(late).await, (300, 0), "IC-51 a time-out costs nothing");
    assert_eq!(town.order(late, no(&order)).await["state"], "closed", "IC-78");
    assert_eq!(town.trade(&code).await["status"], "closed", "and nobody can pay it any more");
    assert_eq!(town.coupons(late, "usable").await, [brief.clone(), kept.clone()], "both are free again");
    let again = town.post(late, "/v1/orders", "again", json!({"imageNos": [photo], "method": "balance"})).await;
    assert_eq!(again.status, 201, "the photo is free again: {}", again.body);
    let late = &ahead(SignedDuration::from_hours(25)).await;
    // The order had kept the coupon: free since a moment, it is reminded of by the next run.
    town.sweep().await;
    let usable = town.get(late, "/v1/coupons").await.body;
    let reminded = |id: &str| {
        usable["items"].as_array().unwrap().iter().any(|one| one["id"] == id && one["remindedAt"].is_string())
    };
    assert!(reminded(&brief) && !reminded(&kept), "IC-162 {usable}");
    let late = &ahead(SignedDuration::from_hours(97)).await;
    assert_eq!(town.coupons(late, "expired").await, [brief], "IC-160");
    assert_eq!(town.sweep().await["coupons"]["done"], 0, "XX-04 running it again changes nothing");
    town.set_clock_ahead(SignedDuration::ZERO).await;
}
