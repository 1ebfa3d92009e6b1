//! From paid orders to a tax document and back, on a whole stack: page's front, functions, tables, bucket, the provider's sandbox.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::ledger::Loaded;
use app::store::{Store, Token};
use domain::actor::Role;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::{Line, Method, Order, PaidBy};
use jiff::Timestamp;
use journeys::{Answer, PATIENCE, Person, Town};
use reqwest::Method as Verb;
use serde_json::{Value, json};

struct House {
    town: Town,
    clerk: Person,
}

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn invoices() {
    let town = Town::build();
    let clerk = town.staff("clerk", Role::Finance).await;
    let house = Arc::new(House { town, clerk });
    let step = |name: &str| println!("- {name}");
    step("IC-135 IC-137 IC-138 IC-139 IC-140 the form");
    house.the_form_is_checked_field_by_field().await;
    step("IC-134 IC-136 IC-142 five orders, once");
    house.five_orders_are_seven_and_a_half_yuan_and_locked().await;
    step("IC-143 recharges are not invoiced");
    house.a_recharge_is_no_order_to_invoice().await;
    step("I21 a crowd over HTTP");
    house.many_applications_at_once_are_one().await;
    step("IC-177 filters and pages");
    house.the_list_narrows_and_turns_pages().await;
    step("IC-179 IC-182 I23 withdrawn, and only by its owner");
    house.an_application_is_withdrawn_by_its_owner().await;
    step("IC-180 IC-181 IC-183 rejected, amended, rejected, deleted");
    house.a_rejected_one_is_amended_or_deleted().await;
    step("IC-178 IC-183 I20 I22 issued, downloaded, reversed, refunded");
    house.an_issued_one_is_downloaded_and_reversed().await;
}

/// What a special invoice needs, but for its orders.
fn company(tax_no: &str) -> Value {
    json!({"type": "special", "title": "某某公司", "taxNo": tax_no, "buyerAddress": "深圳市福田区深南大道 1 号", "buyerPhone": "0755-12345678",
           "buyerBank": "招商银行深圳分行", "buyerAccount": "755920304010501", "email": "buyer@example.cn"})
}

fn form(orders: &[Number]) -> Value {
    json!({"type": "normal", "title": "某某公司", "email": "buyer@example.cn", "orderNos": orders})
}

impl House {
    async fn customer(&self, name: &str) -> Person {
        self.town.newcomer(name).await
    }

    /// Orders paid from the balance, as they stand in the table afterwards; paying is a journey of its own.
    async fn paid(&self, customer: &Person, orders: u64) -> Vec<Number> {
        let (store, now) = (self.town.store().await, Timestamp::now());
        let mut nos = Vec::new();
        for n in 0..orders {
            let no = Number::new(now, now.as_nanosecond().unsigned_abs() as u64 / 1000 + n);
            let image_no = ImageNumber::nth(1).unwrap();
            let (region, price_fen) = ("广东省-深圳市".to_owned(), Fen::new(150));
            let line = Line { image_no, card: Card::ResidentId, region, price_fen };
            let order = Order::place(no, customer.account.parse().unwrap(), vec![line], Method::Balance, now).unwrap();
            let order = order.pay(PaidBy::Balance, now).unwrap();
            let change = Loaded::new(order.clone()).replace(&order).unwrap();
            store.commit(&Token::new(order.no.as_str()).unwrap(), vec![change]).await.unwrap();
            nos.push(order.no);
        }
        nos
    }

    async fn send(&self, person: &Person, verb: Verb, path: &str, key: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        self.town.send(Some(person), verb, path, &[("idempotency-key", key)], body).await
    }

    async fn apply(&self, customer: &Person, key: &str, body: Value) -> Answer {
        self.send(customer, Verb::POST, "/v1/invoices", key, body).await
    }

    async fn applied(&self, customer: &Person, orders: &[Number]) -> String {
        let made = self.apply(customer, orders[0].as_str(), form(orders)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["no"].as_str().unwrap().to_owned()
    }

    async fn decide(&self, no: &str, key: &str, body: Value) -> Answer {
        self.send(&self.clerk, Verb::POST, &format!("/v1/admin/invoices/{no}/decision"), key, body).await
    }

    /// Until the provider has told.
    async fn becomes(&self, customer: &Person, no: &str, state: &str) -> Value {
        let started = Instant::now();
        loop {
            let seen = self.town.get(customer, &format!("/v1/invoices/{no}")).await;
            assert_eq!(seen.status, 200, "{}", seen.body);
            if seen.body["state"] == state {
                return seen.body;
            }
            assert!(started.elapsed() < PATIENCE, "{no} is still {}", seen.body["state"]);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn invoice_state(&self, customer: &Person, order: &Number) -> Value {
        self.town.get(customer, &format!("/v1/orders/{order}")).await.body["invoiceState"].clone()
    }

    async fn the_form_is_checked_field_by_field(&self) {
        let customer = self.customer("form").await;
        let orders = self.paid(&customer, 1).await;
        let mut special = company("91350100M000100Y43");
        special["orderNos"] = json!(orders);
        for (n, (field, value, code)) in [
            ("title", json!(" "), "field-missing"),
            ("taxNo", json!(""), "tax-number-missing"),
            ("taxNo", json!("123"), "tax-number-malformed"),
            ("buyerAddress", json!(" "), "field-missing"),
            ("buyerPhone", json!("123"), "buyer-phone-malformed"),
            ("buyerBank", json!("字".repeat(101)), "buyer-bank-malformed"),
            ("buyerAccount", json!("none"), "buyer-account-malformed"),
            ("email", json!(""), "field-missing"),
            ("email", json!("a@b"), "email-malformed"),
            ("remark", json!("字".repeat(201)), "remark-malformed"),
            ("type", json!("red"), "field-invalid"),
            ("orderNos", json!([]), "count-out-of-range"),
            ("orderNos", json!([orders[0], orders[0]]), "listed-twice"),
        ]
        .into_iter()
        .enumerate()
        {
            let mut body = special.clone();
            body[field] = value;
            let refused = self.apply(&customer, &format!("refused-{n}"), body).await;
            assert_eq!(refused.status, 422, "{field}: {}", refused.body);
            let error = &refused.body["errors"][0];
            assert_eq!(
                (&error["pointer"], &error["code"]),
                (&json!(format!("/{field}")), &json!(code)),
                "{}",
                refused.body
            );
        }
        let mut cheap = special.clone();
        cheap["amountFen"] = 1.into();
        assert_eq!(self.apply(&customer, "cheap", cheap).await.status, 422, "IC-136: nobody sends the amount");
        let made = self.apply(&customer, "special", special).await;
        assert_eq!((made.status.as_u16(), &made.body["remark"]), (201, &json!("")), "{}", made.body);
        assert_eq!((&made.body["buyerPhone"], &made.body["buyerAccount"]), (&json!("****5678"), &json!("****0501")));
    }

    async fn five_orders_are_seven_and_a_half_yuan_and_locked(&self) {
        let customer = self.customer("five").await;
        let orders = self.paid(&customer, 6).await;
        let made = self.apply(&customer, "five", form(&orders[..5])).await;
        assert_eq!((made.status.as_u16(), &made.body["amountText"]), (201, &json!("7.5元")), "{}", made.body);
        let again = self.apply(&customer, "five", form(&orders[..5])).await;
        assert_eq!((again.status.as_u16(), &again.body["no"]), (201, &made.body["no"]), "XX-08");
        let other = self.apply(&customer, "other", form(&orders[4..])).await;
        assert_eq!((other.status.as_u16(), &other.body["code"]), (409, &json!("order-already-invoiced")));
        let list = self.town.get(&customer, "/v1/orders").await.body;
        let listed =
            |no: &Number| list["items"].as_array().unwrap().iter().find(|one| one["no"] == no.as_str()).unwrap();
        assert_eq!(listed(&orders[0])["invoiceable"], false);
        assert_eq!(listed(&orders[0])["invoiceNo"], made.body["no"]);
        assert_eq!(
            (&listed(&orders[5])["invoiceable"], &listed(&orders[5])["invoiceState"]),
            (&json!(true), &json!("open"))
        );
    }

    async fn a_recharge_is_no_order_to_invoice(&self) {
        let customer = self.customer("recharging").await;
        let body = json!({"amountFen": 1_500, "provider": "wechat"});
        let recharge = self.send(&customer, Verb::POST, "/v1/recharges", "recharge", body).await;
        assert_eq!(recharge.status, 201, "{}", recharge.body);
        let no: Number = recharge.body["no"].as_str().unwrap().parse().unwrap();
        let refused = self.apply(&customer, "key", form(&[no])).await;
        assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("order-not-invoiceable")));
        let nobodys = Number::new(Timestamp::UNIX_EPOCH, 1);
        assert_eq!(self.apply(&customer, "nobodys", form(&[nobodys])).await.status, 404);
    }

    async fn many_applications_at_once_are_one(self: &Arc<Self>) {
        let customer = Arc::new(self.customer("crowd").await);
        let orders = self.paid(&customer, 2).await;
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let (house, customer, body) = (self.clone(), customer.clone(), form(&orders));
                tokio::spawn(async move { house.apply(&customer, &format!("crowd-{n}"), body).await.status.as_u16() })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            match task.await.unwrap() {
                201 => made += 1,
                409 | 503 => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(made, 1);
        let list = self.town.get(&customer, "/v1/invoices").await.body;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }

    async fn the_list_narrows_and_turns_pages(&self) {
        let customer = self.customer("listing").await;
        let orders = self.paid(&customer, 6).await;
        let (one, two, three) = (&orders[..1], &orders[1..3], &orders[3..]);
        let nos = [
            self.applied(&customer, one).await,
            self.applied(&customer, two).await,
            self.applied(&customer, three).await,
        ];
        let rejected = self.decide(&nos[2], "reject", json!({"decision": "reject", "why": "抬头有误"})).await;
        assert_eq!(rejected.status, 200, "{}", rejected.body);
        let found = async |query: &str| {
            let list = self.town.get(&customer, &format!("/v1/invoices{query}")).await;
            assert_eq!(list.status, 200, "{query}: {}", list.body);
            let mut found: Vec<String> = list.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["no"].as_str().unwrap().to_owned())
                .collect();
            found.sort();
            (found, list.body["nextCursor"].as_str().map(str::to_owned))
        };
        let of = |these: &[usize]| {
            let mut wanted: Vec<String> = these.iter().map(|n| nos[*n].clone()).collect();
            wanted.sort();
            wanted
        };
        for (query, wanted) in [
            ("", of(&[0, 1, 2])),
            (&*format!("?no={}", nos[1]), of(&[1])),
            ("?state=applying", of(&[0, 1])),
            ("?state=failed", of(&[2])),
            ("?state=succeeded", vec![]),
            ("?minFen=300", of(&[1, 2])),
            ("?maxFen=300", of(&[0, 1])),
            ("?minFen=151&maxFen=449", of(&[1])),
            ("?to=2024-01-15", vec![]),
        ] {
            assert_eq!(found(query).await.0, wanted, "{query}");
        }
        assert_eq!(self.town.get(&customer, "/v1/invoices?state=lost").await.status, 400);
        let (first, next) = found("?limit=2").await;
        let (second, end) = found(&format!("?limit=2&cursor={}", next.unwrap())).await;
        assert_eq!((first.len(), second.len(), end), (2, 1, None));
        assert!(!first.contains(&second[0]));
    }

    async fn an_application_is_withdrawn_by_its_owner(&self) {
        let (customer, stranger) = (self.customer("withdrawing").await, self.customer("stranger").await);
        let orders = self.paid(&customer, 1).await;
        let no = self.applied(&customer, &orders).await;
        let paths = [
            (Verb::GET, format!("/v1/invoices/{no}")),
            (Verb::GET, format!("/v1/invoices/{no}/file")),
            (Verb::POST, format!("/v1/invoices/{no}/withdrawal")),
            (Verb::DELETE, format!("/v1/invoices/{no}")),
        ];
        for (verb, path) in &paths {
            let answer = self.send(&stranger, verb.clone(), path, "key", Value::Null).await;
            assert_eq!(answer.status, 404, "I23 {verb} {path}: {}", answer.body);
        }
        assert_eq!(self.apply(&stranger, "theirs", form(&orders)).await.status, 404);
        let early = self.send(&customer, Verb::DELETE, &paths[3].1, "key", Value::Null).await;
        assert_eq!((early.status.as_u16(), &early.body["code"]), (409, &json!("invoice-not-deletable")));
        let withdrawn = self.send(&customer, Verb::POST, &paths[2].1, "key", Value::Null).await;
        assert_eq!(
            (withdrawn.status.as_u16(), &withdrawn.body["state"]),
            (200, &json!("withdrawn")),
            "{}",
            withdrawn.body
        );
        assert_eq!(self.invoice_state(&customer, &orders[0]).await, "open", "the checkbox is back");
        let late = self.decide(&no, "late", json!({"decision": "approve"})).await;
        assert_eq!((late.status.as_u16(), &late.body["code"]), (409, &json!("invoice-not-decidable")));
        let again = self.apply(&customer, "again", form(&orders)).await;
        assert_eq!(again.status, 201, "{}", again.body);
    }

    async fn a_rejected_one_is_amended_or_deleted(&self) {
        let customer = self.customer("rejected").await;
        let orders = self.paid(&customer, 1).await;
        let no = self.applied(&customer, &orders).await;
        let path = format!("/v1/invoices/{no}");
        let decision = format!("/v1/admin{}/decision", &path[3..]);
        let own = self.send(&customer, Verb::POST, &decision, "own", json!({"decision": "approve"})).await;
        assert_eq!(own.status, 403, "only staff decide");
        let silent = self.decide(&no, "silent", json!({"decision": "reject", "why": " "})).await;
        assert_eq!((silent.status.as_u16(), &silent.body["errors"][0]["pointer"]), (422, &json!("/why")));
        let queue = self.town.get(&self.clerk, "/v1/admin/invoices?limit=50").await.body;
        assert!(queue["items"].as_array().unwrap().iter().any(|case| case["no"] == no.as_str()), "{queue}");
        let rejected = self.decide(&no, "rejected", json!({"decision": "reject", "why": "抬头与税号不符"})).await;
        assert_eq!(rejected.status, 200, "{}", rejected.body);
        let seen = self.town.get(&customer, &path).await.body;
        assert_eq!((&seen["state"], &seen["reason"]), (&json!("failed"), &json!("抬头与税号不符")), "{seen}");
        assert_eq!(seen["actions"], json!(["amend", "delete"]));
        let better = company("91350100M000100Y44");
        let amended = self.send(&customer, Verb::PATCH, &path, "amend", better).await;
        assert_eq!((amended.status.as_u16(), &amended.body["state"]), (200, &json!("applying")), "{}", amended.body);
        assert_eq!(amended.body["taxNoDoubt"], "check-character", "a wrong check character warns");
        self.decide(&no, "reject-again", json!({"decision": "reject", "why": "税号有误"})).await;
        for reason in ["抬头与税号不符", "税号有误"] {
            let letter = self.town.letter(|text| text.contains(&no) && text.contains(reason)).await;
            assert!(letter["subject"].as_str().unwrap().contains("发票申请未通过"), "{letter}");
        }
        let deleted = self.send(&customer, Verb::DELETE, &path, "delete", Value::Null).await;
        assert_eq!(deleted.status, 204, "{}", deleted.body);
        assert_eq!(self.town.get(&customer, &path).await.status, 404);
        assert_eq!(self.invoice_state(&customer, &orders[0]).await, "open");
    }

    async fn an_issued_one_is_downloaded_and_reversed(&self) {
        let customer = self.customer("issued").await;
        let orders = self.paid(&customer, 2).await;
        let mut wish = company("91350100M000100Y43");
        wish["orderNos"] = json!(orders);
        let made = self.apply(&customer, orders[0].as_str(), wish).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let no = made.body["no"].as_str().unwrap().to_owned();
        let approved = self.decide(&no, "approve", json!({"decision": "approve"})).await;
        assert_eq!(approved.status, 200, "{}", approved.body);
        let issued = self.becomes(&customer, &no, "succeeded").await;
        assert_eq!(issued["fiscalNo"].as_str().unwrap().len(), 20);
        let fiscal_no = issued["fiscalNo"].as_str().unwrap();
        let letter = self.town.letter(|text| text.contains(&no) && text.contains(fiscal_no)).await;
        assert_eq!(letter["to"], "buyer@example.cn", "{letter}");
        assert!(letter["text"].as_str().unwrap().contains(&format!("/me/invoices/{no}")), "{letter}");
        let link = self.town.get(&customer, &format!("/v1/invoices/{no}/file")).await.body;
        let left = link["expiresAt"].as_str().unwrap().parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
        assert!(left.as_secs() <= 300, "{link}");
        let file = self.town.http.get(link["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], "application/pdf");
        assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));
        let withdrawal = format!("/v1/invoices/{no}/withdrawal");
        let late = self.send(&customer, Verb::POST, &withdrawal, "late", Value::Null).await;
        assert_eq!((late.status.as_u16(), &late.body["code"]), (409, &json!("invoice-not-withdrawable")), "IC-182");

        let refund = format!("/v1/orders/{}/refund", orders[0]);
        let wish = json!({"account": customer.account, "why": "误购"});
        let early = self.send(&self.clerk, Verb::POST, &refund, "early", wish.clone()).await;
        assert_eq!((early.status.as_u16(), &early.body["code"]), (409, &json!("order-invoiced")), "{}", early.body);
        let reversal = format!("/v1/admin/invoices/{no}/reversal");
        let reversing = self.send(&self.clerk, Verb::POST, &reversal, "reverse", json!({"why": "订单退款"})).await;
        assert_eq!(reversing.status, 200, "{}", reversing.body);
        let reversed = self.becomes(&customer, &no, "reversed").await;
        assert_ne!(reversed["redFiscalNo"], reversed["fiscalNo"]);
        let red = reversed["redFiscalNo"].as_str().unwrap();
        self.town.letter(|text| text.contains(&no) && text.contains(red)).await;
        let told = self
            .town
            .inbox()
            .await
            .into_iter()
            .filter(|letter| letter["text"].as_str().is_some_and(|text| text.contains(&no)));
        assert_eq!(told.count(), 2, "issued and reversed, once each");
        assert_eq!(self.invoice_state(&customer, &orders[1]).await, "open");
        let refunded = self.send(&self.clerk, Verb::POST, &refund, "refund", wish).await;
        assert_eq!((refunded.status.as_u16(), &refunded.body["state"]), (200, &json!("refunded")), "{}", refunded.body);
    }
}
