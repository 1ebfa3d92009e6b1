//! Photos that the balance pays.

use drawn::fault;
use journeys::{Person, Town};
use serde_json::json;

use crate::{passing, submit_by_balance};

pub async fn a_pass_takes_what_was_held_and_a_fail_gives_it_back(town: &Town) {
    let person = &town.newcomer("prepaid").await;
    let mut form = Town::form(50_000);
    form["paymentMethod"] = "balance".into();
    let refused = town.submit_form(person, "poor", form).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (402, &"balance-too-low".into()));
    assert_eq!(town.get(person, "/v1/photos").await.body["items"], json!([]), "nothing to inspect");
    town.fund(person, 1_000, "fund").await;
    let number = submit_by_balance(town, person, "pays", &passing()).await;
    let photo = town.outcome(person, &number).await;
    assert_eq!((&photo["state"], &photo["feeFen"], &photo["paid"]), (&"paid".into(), &150.into(), &true.into()));
    assert_eq!(town.wallet(person).await, (850, 0));
    assert_eq!(town.get(person, &format!("/v1/photos/{number}/standard-photo")).await.status, 200);
    let orders = town.get(person, "/v1/orders").await.body;
    let order = &orders["items"][0];
    assert_eq!(
        (&order["state"], &order["netFen"], &order["paidWith"]),
        (&"paid".into(), &150.into(), &"balance".into())
    );
    let tilted = fault("tilted").unwrap().portrait.jpeg();
    let number = submit_by_balance(town, person, "fails", &tilted).await;
    assert_eq!(town.outcome(person, &number).await["state"], "failed");
    assert_eq!(town.wallet(person).await, (850, 0), "a refused photo costs nothing");
    let refused = town.post(person, "/v1/orders", "failed", json!({"imageNos": [number], "method": "wechat"})).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &"photo-not-payable".into()));
}

pub async fn the_balance_takes_the_soonest_then_the_largest_coupon(town: &Town, staff: &Person) {
    let person = &town.newcomer("thrifty").await;
    town.fund(person, 1_000, "fund").await;
    let later = town.grant(staff, person, 150, 900, "later").await;
    let small = town.grant(staff, person, 20, 300, "small").await;
    let large = town.grant(staff, person, 50, 300, "large").await;
    let usable = town.coupons(person, "usable").await;
    // Granted a moment apart, they expire a moment apart: the list says which comes first.
    assert_eq!(usable[2], later);
    let (taken, face) = if usable[0] == large { (&large, 50) } else { (&small, 20) };
    let number = submit_by_balance(town, person, "with a coupon", &passing()).await;
    assert_eq!(town.outcome(person, &number).await["state"], "paid");
    assert_eq!(town.wallet(person).await, (1_000 - 150 + face, 0));
    let used = town.get(person, "/v1/coupons?state=used").await.body;
    let coupon = &used["items"][0];
    assert_eq!(coupon["id"], taken.as_str());
    let order = town.order(person, coupon["orderNo"].as_str().unwrap()).await;
    assert_eq!(
        (&order["grossFen"], &order["discountFen"]),
        (&150.into(), &face.into()),
        "IC-157 the order that used it"
    );
}
