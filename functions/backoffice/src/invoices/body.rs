//! The representation of an invoice for staff.

use domain::invoice::{Buyer, CustomerState, FailureReason, Invoice, State};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceCase)]
pub struct CaseBody {
    no: String,
    /// The account that applied for it
    account: String,
    /// `applied`, `issuing`, `succeeded`, `failed`, `withdrawn`, `reversing`, `reversed`
    state: &'static str,
    /// The state that the customer sees: `applying`, `succeeded`, `failed`, `withdrawn`, `reversed`
    shown: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_no: Option<String>,
    /// `check-character` or `length`: why it can be wrong
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_no_doubt: Option<&'static str>,
    /// This and the next three: only of a `special` invoice
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_address: Option<String>,
    /// Its last four digits
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_bank: Option<String>,
    /// Its last four digits
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_account: Option<String>,
    remark: String,
    amount_fen: i64,
    order_nos: Vec<String>,
    applied_at: String,
    since: String,
    /// How often the provider was polled about the request
    asked: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    ask_at: Option<String>,
    /// The number of the current request to the provider
    #[serde(skip_serializing_if = "Option::is_none")]
    request_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fiscal_no: Option<String>,
    /// Why it failed, or why the provider refused to reverse it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "trouble")]
    failure: Option<String>,
}

fn failure(state: &State) -> Option<String> {
    match state {
        State::Failed { failure: FailureReason::Rejected { reason, .. }, .. } => Some(reason.clone()),
        State::Failed { failure: FailureReason::Refused { cause }, .. } => Some(cause.clone()),
        State::Succeeded { reversal_refused, .. } => reversal_refused.clone(),
        _ => None,
    }
}

impl From<Invoice> for CaseBody {
    fn from(invoice: Invoice) -> Self {
        let request_no = invoice.request_no();
        let Invoice { no, owner, details, orders, amount_fen, applied_at, polls, poll_at, state, .. } = invoice;
        Self {
            no: no.to_string(),
            account: owner.to_string(),
            state: state.name(),
            shown: state.customer_state().map_or("deleted", CustomerState::code),
            kind: details.kind.code(),
            title: details.title,
            tax_no_doubt: details.tax_no.as_ref().and_then(|no| no.doubt()).map(|doubt| doubt.code()),
            tax_no: details.tax_no.map(|no| no.as_str().to_owned()),
            buyer_phone: details.buyer.as_ref().map(Buyer::phone_masked),
            buyer_account: details.buyer.as_ref().map(Buyer::account_masked),
            buyer_address: details.buyer.as_ref().map(|buyer| buyer.address.clone()),
            buyer_bank: details.buyer.map(|buyer| buyer.bank),
            remark: details.remark,
            amount_fen: amount_fen.get(),
            order_nos: orders.into_iter().map(|item| item.order_no.to_string()).collect(),
            applied_at: applied_at.to_string(),
            since: state.since().to_string(),
            asked: polls,
            ask_at: poll_at.map(|at| at.to_string()),
            request_no,
            fiscal_no: state.issued().map(|issued| issued.fiscal_no.clone()),
            failure: failure(&state),
        }
    }
}
