//! A shop that sells photos, with the office that issues its invoices.

use std::sync::Arc;

use domain::actor::AccountId;
use domain::invoice::{BuyerInput, Details, DetailsInput, Invoice, Kind};
use domain::money::number::Number;
use domain::money::order::{Method, Order};
use jiff::Timestamp;

use crate::audit::{AuditActor, Reason};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::invoices::{
    self, Decision, EmailComposer, Filter, InvoiceApplication, InvoiceService, handle_callback, process_due,
};
use crate::messages::{self, EmailMessage, Message};
use crate::orders::{self, Listed, OrderType};
use crate::payments::CallbackRejected;
use crate::sealing::SealingKey;
use crate::store::Table;
use crate::testing::MemoryObjects;
use crate::testing::TestApp;
use crate::testing::{FakeInvoiceProvider, signed_invoice_callback};

pub(crate) use crate::testing::account as person;

pub const STAFF: &str = "01HM4XJQ8Z00000000000STAFF";
pub const TAX_NO: &str = "91350100M000100Y43";

pub const PAGE: &str = "https://photos.example.cn";

fn messages_key() -> SealingKey {
    SealingKey::for_messages(&"m".repeat(64)).unwrap()
}

pub fn clerk() -> AuditActor {
    AuditActor { id: STAFF.to_owned(), request_id: "request".to_owned() }
}

pub struct House {
    pub shop: TestApp,
    pub invoicing: InvoiceService,
    pub office: Arc<FakeInvoiceProvider>,
    pub objects: Arc<MemoryObjects>,
}

const NORMAL: DetailsInput<'static> =
    DetailsInput { title: "某某公司", email: "buyer@example.cn", ..DetailsInput::EMPTY };

pub fn details() -> Details {
    Details::parse(&NORMAL).unwrap()
}

pub fn special() -> Details {
    let company = DetailsInput {
        kind: Kind::Special,
        tax_no: TAX_NO,
        buyer: BuyerInput {
            address: "深圳市福田区深南大道 1 号",
            phone: "0755-12345678",
            bank: "招商银行深圳分行",
            account: "755920304010501",
        },
        remark: "加急",
        ..NORMAL
    };
    Details::parse(&company).unwrap()
}

impl House {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let shop = TestApp::with_seed(seed);
        let (office, objects) = (Arc::new(FakeInvoiceProvider::default()), Arc::new(MemoryObjects::default()));
        let emails = Arc::new(EmailComposer { key: messages_key(), page: PAGE.to_owned() });
        let (money, provider) = (shop.payments.money.clone(), office.clone());
        let invoicing = InvoiceService { money, provider, objects: objects.clone(), emails };
        Self { shop, invoicing, office, objects }
    }

    /// Orders of one photo each, paid from the balance.
    pub async fn paid(&self, who: AccountId, orders: usize) -> Vec<Order> {
        self.shop.add_balance(who, 60_000).await;
        let mut paid = Vec::new();
        for _ in 0..orders {
            let photo = self.shop.add_passed_photo(who).await;
            let key = format!("order {}", self.shop.store.calls());
            let order = self.shop.place(who, &[photo], Method::Balance, None, &key).await.unwrap();
            paid.push(self.shop.pay(&order).await.unwrap().order);
        }
        paid
    }

    pub async fn apply(&self, who: AccountId, orders: &[Order], key: &str) -> Result<Invoice, Failure> {
        let order_nos: Vec<Number> = orders.iter().map(|order| order.no.clone()).collect();
        self.apply_for(who, order_nos, details(), key).await
    }

    pub async fn apply_for(
        &self,
        who: AccountId,
        order_nos: Vec<Number>,
        details: Details,
        key: &str,
    ) -> Result<Invoice, Failure> {
        let owner = who;
        let command = Command::new(owner, "apply-invoice", key, &(&order_nos, &details))?;
        invoices::apply(&self.invoicing, owner, &InvoiceApplication { order_nos, details }, &command).await
    }

    pub async fn amend(&self, invoice: &Invoice, details: &Details, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(invoice.owner, "amend-invoice", key, &(&invoice.no, details))?;
        invoices::amend(&self.invoicing, invoice.owner, &invoice.no, details, &command).await
    }

    pub async fn withdraw(&self, invoice: &Invoice) -> Result<Invoice, Failure> {
        invoices::withdraw(&self.invoicing, invoice.owner, &invoice.no).await
    }

    pub async fn delete(&self, invoice: &Invoice) -> Result<Invoice, Failure> {
        invoices::delete(&self.invoicing, invoice.owner, &invoice.no).await
    }

    pub async fn approve(&self, invoice: &Invoice, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(STAFF, "decide-invoice", key, &(&invoice.no, "approve"))?;
        let why = Reason::rule("in order");
        invoices::decide(&self.invoicing, &clerk(), &invoice.no, Decision::Approve, &why, &command).await
    }

    pub async fn reject(&self, invoice: &Invoice, reason: &str, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(STAFF, "decide-invoice", key, &(&invoice.no, reason))?;
        let why = Reason::parse(reason)?;
        invoices::decide(&self.invoicing, &clerk(), &invoice.no, Decision::Reject, &why, &command).await
    }

    pub async fn reverse(&self, invoice: &Invoice, reason: &str, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(STAFF, "reverse-invoice", key, &(&invoice.no, reason))?;
        invoices::reverse(&self.invoicing, &clerk(), &invoice.no, &Reason::parse(reason)?, &command).await
    }

    pub async fn refund(&self, order: &Order) -> Result<Order, Failure> {
        self.shop.refund(order).await
    }

    /// The office calls about a request.
    pub async fn notify(&self, request_no: &str) -> Result<(), CallbackRejected> {
        handle_callback(&self.invoicing, &signed_invoice_callback(request_no)).await
    }

    /// Approved, issued and told.
    pub async fn issued(&self, invoice: &Invoice) -> Invoice {
        let issuing = self.approve(invoice, &format!("approve {}", self.shop.store.calls())).await.unwrap();
        self.office.work();
        self.notify(&issuing.request_no().unwrap()).await.unwrap();
        self.invoice(invoice).await
    }

    pub async fn invoice(&self, invoice: &Invoice) -> Invoice {
        let key = crate::ledger::key::invoice(invoice.owner, &invoice.no);
        crate::ledger::load(&self.shop.store.inner, &key).await.unwrap().unwrap().value
    }

    /// What was posted so far, in no order.
    pub fn letters(&self) -> Vec<EmailMessage> {
        let rows = self.shop.store.inner.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        rows.filter_map(|(_, row)| match messages::unseal(&messages_key(), row, Timestamp::UNIX_EPOCH).unwrap() {
            Some(Message::Email(letter)) => Some(letter),
            _ => None,
        })
        .collect()
    }

    /// The person's orders, as their list shows them.
    pub async fn orders(&self, who: AccountId) -> Vec<Listed> {
        let (owner, filter) = (who, orders::Filter::default());
        let page = orders::list(&self.shop.store.inner, owner, OrderType::Photos, &filter, 50, None).await;
        page.unwrap().orders
    }

    pub async fn list(&self, who: AccountId, filter: &Filter) -> Vec<Number> {
        let list = invoices::list(&self.shop.store.inner, who, filter, 50, None).await.unwrap();
        list.invoices.into_iter().map(|invoice| invoice.no).collect()
    }

    /// The office works, hours pass, and the chore asks: everything that can end has ended.
    pub async fn settle_down(&self) {
        for _ in 0..8 {
            self.office.work();
            self.shop.advance(3600);
            let _ = process_due(&self.invoicing).await;
        }
    }

    /// Fails with every broken promise.
    pub async fn assert_promises(&self, context: &str) {
        super::invariants::check(self, context);
    }
}
