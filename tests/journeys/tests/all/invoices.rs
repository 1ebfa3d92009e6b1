//! Invoices: applications, decisions by staff, issued documents and reversals.

use std::sync::Arc;

use app::ledger::Loaded;
use app::store::{Store, Token};
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::number::Number;
use domain::money::order::{Line, Method, Order, PaidBy};
use jiff::Timestamp;
use journeys::{Client, Response, TestStack, wait_for};
use reqwest::Method as Verb;
use serde_json::{Value, json};

/// Access to the stack with a staff member who decides on applications.
struct InvoiceApp {
    stack: Arc<TestStack>,
    finance: Client,
}

/// An application for a special invoice, without its orders.
fn company(tax_no: &str) -> Value {
    json!({"type": "special", "title": "某某公司", "taxNo": tax_no, "buyerAddress": "深圳市福田区深南大道 1 号", "buyerPhone": "0755-12345678",
           "buyerBank": "招商银行深圳分行", "buyerAccount": "755920304010501", "email": "buyer@example.cn"})
}

/// An application for a normal invoice.
fn form(orders: &[Number]) -> Value {
    json!({"type": "normal", "title": "某某公司", "email": "buyer@example.cn", "orderNos": orders})
}

impl InvoiceApp {
    async fn start() -> Self {
        let stack = TestStack::shared().await;
        let finance = stack.finance("invoice-staff").await;
        Self { stack, finance }
    }

    async fn customer(&self, name: &str) -> Client {
        self.stack.register(name).await
    }

    /// Writes paid orders into the table; other tests cover the payment.
    async fn paid_orders(&self, customer: &Client, orders: u64) -> Vec<Number> {
        let (store, now) = (self.stack.store().await, Timestamp::now());
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

    async fn send(&self, person: &Client, verb: Verb, path: &str, key: &str, body: Value) -> Response {
        let body = (!body.is_null()).then_some(body);
        self.stack.send(Some(person), verb, path, &[("idempotency-key", key)], body).await
    }

    async fn apply(&self, customer: &Client, key: &str, body: Value) -> Response {
        self.send(customer, Verb::POST, "/v1/invoices", key, body).await
    }

    async fn applied(&self, customer: &Client, orders: &[Number]) -> String {
        let made = self.apply(customer, orders[0].as_str(), form(orders)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["no"].as_str().unwrap().to_owned()
    }

    async fn decide(&self, no: &str, key: &str, body: Value) -> Response {
        self.send(&self.finance, Verb::POST, &format!("/v1/admin/invoices/{no}/decision"), key, body).await
    }

    /// Waits until an invoice is in this state; the invoice.
    async fn wait_for_invoice(&self, customer: &Client, no: &str, state: &str) -> Value {
        wait_for(&format!("invoice {no} in state {state}"), async || {
            let seen = self.stack.get(customer, &format!("/v1/invoices/{no}")).await;
            assert_eq!(seen.status, 200, "{}", seen.body);
            (seen.body["state"] == state).then_some(seen.body)
        })
        .await
    }

    async fn invoice_state(&self, customer: &Client, order: &Number) -> Value {
        self.stack.get(customer, &format!("/v1/orders/{order}")).await.body["invoiceState"].clone()
    }
}

/// Covers: IC-135, IC-136, IC-137, IC-138, IC-139, IC-140
#[tokio::test(flavor = "multi_thread")]
async fn application_with_an_invalid_field_is_refused_with_that_field() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("form").await;
    let orders = app.paid_orders(&customer, 1).await;
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
        let refused = app.apply(&customer, &format!("refused-{n}"), body).await;
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
    assert_eq!(app.apply(&customer, "cheap", cheap).await.status, 422, "the amount cannot be sent");
    let made = app.apply(&customer, "special", special).await;
    assert_eq!((made.status.as_u16(), &made.body["remark"]), (201, &json!("")), "{}", made.body);
    assert_eq!((&made.body["buyerPhone"], &made.body["buyerAccount"]), (&json!("****5678"), &json!("****0501")));
}

/// Covers: IC-134, IC-136, IC-142, XX-08
#[tokio::test(flavor = "multi_thread")]
async fn application_adds_up_its_orders_and_locks_them() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("five").await;
    let orders = app.paid_orders(&customer, 6).await;
    let made = app.apply(&customer, "five", form(&orders[..5])).await;
    assert_eq!((made.status.as_u16(), &made.body["amountText"]), (201, &json!("7.5元")), "{}", made.body);
    let again = app.apply(&customer, "five", form(&orders[..5])).await;
    assert_eq!((again.status.as_u16(), &again.body["no"]), (201, &made.body["no"]));
    let other = app.apply(&customer, "other", form(&orders[4..])).await;
    assert_eq!((other.status.as_u16(), &other.body["code"]), (409, &json!("order-already-invoiced")));
    let list = app.stack.get(&customer, "/v1/orders").await.body;
    let listed = |no: &Number| list["items"].as_array().unwrap().iter().find(|one| one["no"] == no.as_str()).unwrap();
    assert_eq!(listed(&orders[0])["invoiceable"], false);
    assert_eq!(listed(&orders[0])["invoiceNo"], made.body["no"]);
    assert_eq!(
        (&listed(&orders[5])["invoiceable"], &listed(&orders[5])["invoiceState"]),
        (&json!(true), &json!("open"))
    );
}

/// Covers: IC-143
#[tokio::test(flavor = "multi_thread")]
async fn recharge_and_unknown_order_cannot_be_invoiced() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("recharging").await;
    let body = json!({"amountFen": 1_500, "provider": "wechat"});
    let recharge = app.send(&customer, Verb::POST, "/v1/recharges", "recharge", body).await;
    assert_eq!(recharge.status, 201, "{}", recharge.body);
    let no: Number = recharge.body["no"].as_str().unwrap().parse().unwrap();
    let refused = app.apply(&customer, "key", form(&[no])).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("order-not-invoiceable")));
    let unknown = Number::new(Timestamp::UNIX_EPOCH, 1);
    assert_eq!(app.apply(&customer, "unknown", form(&[unknown])).await.status, 404);
}

/// Covers: I21
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_applications_for_the_same_orders_make_one_invoice() {
    let app = Arc::new(InvoiceApp::start().await);
    let customer = Arc::new(app.customer("concurrent").await);
    let orders = app.paid_orders(&customer, 2).await;
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let (app, customer, body) = (Arc::clone(&app), customer.clone(), form(&orders));
            tokio::spawn(async move { app.apply(&customer, &format!("concurrent-{n}"), body).await.status.as_u16() })
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
    let list = app.stack.get(&customer, "/v1/invoices").await.body;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

/// Covers: IC-177
#[tokio::test(flavor = "multi_thread")]
async fn invoice_list_is_filtered_and_paged() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("listing").await;
    let orders = app.paid_orders(&customer, 6).await;
    let (one, two, three) = (&orders[..1], &orders[1..3], &orders[3..]);
    let nos =
        [app.applied(&customer, one).await, app.applied(&customer, two).await, app.applied(&customer, three).await];
    let rejected = app.decide(&nos[2], "reject", json!({"decision": "reject", "why": "抬头有误"})).await;
    assert_eq!(rejected.status, 200, "{}", rejected.body);
    let found = async |query: &str| {
        let list = app.stack.get(&customer, &format!("/v1/invoices{query}")).await;
        assert_eq!(list.status, 200, "{query}: {}", list.body);
        let mut found: Vec<String> =
            list.body["items"].as_array().unwrap().iter().map(|one| one["no"].as_str().unwrap().to_owned()).collect();
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
    assert_eq!(app.stack.get(&customer, "/v1/invoices?state=lost").await.status, 400);
    let (first, next) = found("?limit=2").await;
    let (second, end) = found(&format!("?limit=2&cursor={}", next.unwrap())).await;
    assert_eq!((first.len(), second.len(), end), (2, 1, None));
    assert!(!first.contains(&second[0]));
}

/// Covers: IC-179, IC-182, I23
#[tokio::test(flavor = "multi_thread")]
async fn application_is_withdrawn_only_by_its_owner_and_frees_its_orders() {
    let app = InvoiceApp::start().await;
    let (customer, stranger) = (app.customer("withdrawing").await, app.customer("stranger").await);
    let orders = app.paid_orders(&customer, 1).await;
    let no = app.applied(&customer, &orders).await;
    let paths = [
        (Verb::GET, format!("/v1/invoices/{no}")),
        (Verb::GET, format!("/v1/invoices/{no}/file")),
        (Verb::POST, format!("/v1/invoices/{no}/withdrawal")),
        (Verb::DELETE, format!("/v1/invoices/{no}")),
    ];
    for (verb, path) in &paths {
        let answer = app.send(&stranger, verb.clone(), path, "key", Value::Null).await;
        assert_eq!(answer.status, 404, "{verb} {path}: {}", answer.body);
    }
    assert_eq!(app.apply(&stranger, "theirs", form(&orders)).await.status, 404);
    let early = app.send(&customer, Verb::DELETE, &paths[3].1, "key", Value::Null).await;
    assert_eq!((early.status.as_u16(), &early.body["code"]), (409, &json!("invoice-not-deletable")));
    let withdrawn = app.send(&customer, Verb::POST, &paths[2].1, "key", Value::Null).await;
    assert_eq!((withdrawn.status.as_u16(), &withdrawn.body["state"]), (200, &json!("withdrawn")), "{}", withdrawn.body);
    assert_eq!(app.invoice_state(&customer, &orders[0]).await, "open", "the order can be invoiced again");
    let late = app.decide(&no, "late", json!({"decision": "approve"})).await;
    assert_eq!((late.status.as_u16(), &late.body["code"]), (409, &json!("invoice-not-decidable")));
    let again = app.apply(&customer, "again", form(&orders)).await;
    assert_eq!(again.status, 201, "{}", again.body);
}

/// Covers: IC-180, IC-181, IC-183
#[tokio::test(flavor = "multi_thread")]
async fn rejected_application_is_amended_and_deleted() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("rejected").await;
    let orders = app.paid_orders(&customer, 1).await;
    let no = app.applied(&customer, &orders).await;
    let path = format!("/v1/invoices/{no}");
    let decision = format!("/v1/admin{}/decision", &path[3..]);
    let own = app.send(&customer, Verb::POST, &decision, "own", json!({"decision": "approve"})).await;
    assert_eq!(own.status, 403, "only staff decide");
    let silent = app.decide(&no, "silent", json!({"decision": "reject", "why": " "})).await;
    assert_eq!((silent.status.as_u16(), &silent.body["errors"][0]["pointer"]), (422, &json!("/why")));
    let queue = app.stack.get(&app.finance, "/v1/admin/invoices?limit=50").await.body;
    assert!(queue["items"].as_array().unwrap().iter().any(|case| case["no"] == no.as_str()), "{queue}");
    let rejected = app.decide(&no, "rejected", json!({"decision": "reject", "why": "抬头与税号不符"})).await;
    assert_eq!(rejected.status, 200, "{}", rejected.body);
    let seen = app.stack.get(&customer, &path).await.body;
    assert_eq!((&seen["state"], &seen["reason"]), (&json!("failed"), &json!("抬头与税号不符")), "{seen}");
    assert_eq!(seen["actions"], json!(["amend", "delete"]));
    let better = company("91350100M000100Y44");
    let amended = app.send(&customer, Verb::PATCH, &path, "amend", better).await;
    assert_eq!((amended.status.as_u16(), &amended.body["state"]), (200, &json!("applying")), "{}", amended.body);
    assert_eq!(amended.body["taxNoDoubt"], "check-character", "a wrong check character warns");
    app.decide(&no, "reject-again", json!({"decision": "reject", "why": "税号有误"})).await;
    for reason in ["抬头与税号不符", "税号有误"] {
        let email =
            app.stack.email("the e-mail about the invoice", |text| text.contains(&no) && text.contains(reason)).await;
        assert!(email["subject"].as_str().unwrap().contains("发票申请未通过"), "{email}");
    }
    let deleted = app.send(&customer, Verb::DELETE, &path, "delete", Value::Null).await;
    assert_eq!(deleted.status, 204, "{}", deleted.body);
    assert_eq!(app.stack.get(&customer, &path).await.status, 404);
    assert_eq!(app.invoice_state(&customer, &orders[0]).await, "open");
}

/// Covers: IC-178, IC-182, IC-183, I20, I22
#[tokio::test(flavor = "multi_thread")]
async fn issued_invoice_is_downloaded_and_reversed_and_then_its_order_refunded() {
    let app = InvoiceApp::start().await;
    let customer = app.customer("issued").await;
    let orders = app.paid_orders(&customer, 2).await;
    let mut wish = company("91350100M000100Y43");
    wish["orderNos"] = json!(orders);
    let made = app.apply(&customer, orders[0].as_str(), wish).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let no = made.body["no"].as_str().unwrap().to_owned();
    let approved = app.decide(&no, "approve", json!({"decision": "approve"})).await;
    assert_eq!(approved.status, 200, "{}", approved.body);
    let issued = app.wait_for_invoice(&customer, &no, "succeeded").await;
    assert_eq!(issued["fiscalNo"].as_str().unwrap().len(), 20);
    let fiscal_no = issued["fiscalNo"].as_str().unwrap();
    let email =
        app.stack.email("the e-mail about the invoice", |text| text.contains(&no) && text.contains(fiscal_no)).await;
    assert_eq!(email["to"], "buyer@example.cn", "{email}");
    assert!(email["text"].as_str().unwrap().contains(&format!("/me/invoices/{no}")), "{email}");
    let link = app.stack.get(&customer, &format!("/v1/invoices/{no}/file")).await.body;
    let left = link["expiresAt"].as_str().unwrap().parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
    assert!(left.as_secs() <= 300, "{link}");
    let file = app.stack.http.get(link["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF-"));
    let withdrawal = format!("/v1/invoices/{no}/withdrawal");
    let late = app.send(&customer, Verb::POST, &withdrawal, "late", Value::Null).await;
    assert_eq!((late.status.as_u16(), &late.body["code"]), (409, &json!("invoice-not-withdrawable")));

    let refund = format!("/v1/orders/{}/refund", orders[0]);
    let wish = json!({"account": customer.account, "why": "误购"});
    let early = app.send(&app.finance, Verb::POST, &refund, "early", wish.clone()).await;
    assert_eq!((early.status.as_u16(), &early.body["code"]), (409, &json!("order-invoiced")), "{}", early.body);
    let reversal = format!("/v1/admin/invoices/{no}/reversal");
    let reversing = app.send(&app.finance, Verb::POST, &reversal, "reverse", json!({"why": "订单退款"})).await;
    assert_eq!(reversing.status, 200, "{}", reversing.body);
    let reversed = app.wait_for_invoice(&customer, &no, "reversed").await;
    assert_ne!(reversed["redFiscalNo"], reversed["fiscalNo"]);
    let red = reversed["redFiscalNo"].as_str().unwrap();
    app.stack.email("the e-mail about the invoice", |text| text.contains(&no) && text.contains(red)).await;
    let emails = app
        .stack
        .inbox()
        .await
        .into_iter()
        .filter(|email| email["text"].as_str().is_some_and(|text| text.contains(&no)));
    assert_eq!(emails.count(), 2, "one e-mail each for issued and reversed");
    assert_eq!(app.invoice_state(&customer, &orders[1]).await, "open");
    let refunded = app.send(&app.finance, Verb::POST, &refund, "refund", wish).await;
    assert_eq!((refunded.status.as_u16(), &refunded.body["state"]), (200, &json!("refunded")), "{}", refunded.body);
}
