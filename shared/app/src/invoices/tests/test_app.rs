//! The test app of money with the invoice use cases and a fake invoice provider.

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

pub(crate) use crate::testing::account as customer;

pub const STAFF: &str = "01HM4XJQ8Z00000000000STAFF";
pub const TAX_NO: &str = "91350100M000100Y43";

pub const PAGE: &str = "https://photos.example.cn";

fn messages_key() -> SealingKey {
    SealingKey::for_messages(&"m".repeat(64)).unwrap()
}

pub fn staff() -> AuditActor {
    AuditActor { id: STAFF.to_owned(), request_id: "request".to_owned() }
}

pub struct InvoiceTestApp {
    pub money_app: TestApp,
    pub invoicing: InvoiceService,
    pub provider: Arc<FakeInvoiceProvider>,
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

impl InvoiceTestApp {
    pub fn new() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let money_app = TestApp::with_seed(seed);
        let (provider, objects) = (Arc::new(FakeInvoiceProvider::default()), Arc::new(MemoryObjects::default()));
        let emails = Arc::new(EmailComposer { key: messages_key(), page: PAGE.to_owned() });
        let money = money_app.payments.money.clone();
        let invoicing = InvoiceService { money, provider: provider.clone(), objects: objects.clone(), emails };
        Self { money_app, invoicing, provider, objects }
    }

    /// Orders of one photo each, paid from the balance.
    pub async fn paid(&self, who: AccountId, orders: usize) -> Vec<Order> {
        self.money_app.add_balance(who, 60_000).await;
        let mut paid = Vec::new();
        for _ in 0..orders {
            let photo = self.money_app.add_passed_photo(who).await;
            let key = format!("order {}", self.money_app.store.calls());
            let order = self.money_app.place(who, &[photo], Method::Balance, None, &key).await.unwrap();
            paid.push(self.money_app.pay(&order).await.unwrap().order);
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
        invoices::decide(&self.invoicing, &staff(), &invoice.no, Decision::Approve, &why, &command).await
    }

    pub async fn reject(&self, invoice: &Invoice, reason: &str, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(STAFF, "decide-invoice", key, &(&invoice.no, reason))?;
        let why = Reason::parse(reason)?;
        invoices::decide(&self.invoicing, &staff(), &invoice.no, Decision::Reject, &why, &command).await
    }

    pub async fn reverse(&self, invoice: &Invoice, reason: &str, key: &str) -> Result<Invoice, Failure> {
        let command = Command::new(STAFF, "reverse-invoice", key, &(&invoice.no, reason))?;
        invoices::reverse(&self.invoicing, &staff(), &invoice.no, &Reason::parse(reason)?, &command).await
    }

    pub async fn refund(&self, order: &Order) -> Result<Order, Failure> {
        self.money_app.refund(order).await
    }

    /// The provider sends a callback about a request.
    pub async fn notify(&self, request_no: &str) -> Result<(), CallbackRejected> {
        handle_callback(&self.invoicing, &signed_invoice_callback(request_no)).await
    }

    /// Approves the application, issues the document and sends the callback.
    pub async fn issued(&self, invoice: &Invoice) -> Invoice {
        let issuing = self.approve(invoice, &format!("approve {}", self.money_app.store.calls())).await.unwrap();
        self.provider.work();
        self.notify(&issuing.request_no().unwrap()).await.unwrap();
        self.invoice(invoice).await
    }

    pub async fn invoice(&self, invoice: &Invoice) -> Invoice {
        let key = crate::ledger::key::invoice(invoice.owner, &invoice.no);
        crate::ledger::load(&self.money_app.store.inner, &key).await.unwrap().unwrap().value
    }

    /// All e-mails in the outbox, in no order.
    pub fn emails(&self) -> Vec<EmailMessage> {
        let rows = self.money_app.store.inner.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        rows.filter_map(|(_, row)| match messages::unseal(&messages_key(), row, Timestamp::UNIX_EPOCH).unwrap() {
            Some(Message::Email(letter)) => Some(letter),
            _ => None,
        })
        .collect()
    }

    /// The list of orders of an account.
    pub async fn orders(&self, who: AccountId) -> Vec<Listed> {
        let (owner, filter) = (who, orders::Filter::default());
        let page = orders::list(&self.money_app.store.inner, owner, OrderType::Photos, &filter, 50, None).await;
        page.unwrap().orders
    }

    pub async fn list(&self, who: AccountId, filter: &Filter) -> Vec<Number> {
        let list = invoices::list(&self.money_app.store.inner, who, filter, 50, None).await.unwrap();
        list.invoices.into_iter().map(|invoice| invoice.no).collect()
    }

    /// Lets the provider work, hours pass and the due work run, so that everything that can end has ended.
    pub async fn run_until_settled(&self) {
        for _ in 0..8 {
            self.provider.work();
            self.money_app.advance(3600);
            let _ = process_due(&self.invoicing).await;
        }
    }

    /// Panics if an invariant does not hold.
    pub async fn assert_invariants(&self, context: &str) {
        super::invariants::check(self, context);
    }
}
