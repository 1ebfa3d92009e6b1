//! 发票申请: the application for an invoice.

use app::idempotency::Command;
use app::invoices::{self, InvoiceApplication};
use axum::extract::State;
use axum::http::StatusCode;
use domain::money::Number;
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::body::{Form, InvoiceBody, Kind};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInvoice {
    /// 1 to 98 paid orders of photos
    #[schema(example = json!(["2024011513365667890123"]))]
    order_nos: Vec<String>,
    #[serde(rename = "type")]
    kind: Kind,
    /// 发票抬头, up to 100 letters
    title: String,
    /// 税号, 15 to 20 digits and capitals; mandatory for `special`
    #[serde(default)]
    tax_no: Option<String>,
    /// 注册地址, up to 100 letters; this and the next three are mandatory for `special` and ignored otherwise
    #[serde(default)]
    buyer_address: String,
    /// 注册电话, 7 to 20 digits
    #[serde(default)]
    buyer_phone: String,
    /// 开户银行, up to 100 letters
    #[serde(default)]
    buyer_bank: String,
    /// 银行账号, at least 8 digits
    #[serde(default)]
    buyer_account: String,
    /// 备注, up to 200 letters
    #[serde(default)]
    remark: String,
    /// Where e-mails about the invoice are sent
    email: String,
}

impl NewInvoice {
    fn parse(self) -> Result<InvoiceApplication, Problem> {
        let Self {
            order_nos,
            kind,
            title,
            tax_no,
            buyer_address,
            buyer_phone,
            buyer_bank,
            buyer_account,
            remark,
            email,
        } = self;
        let form = Form { kind, title, tax_no, buyer_address, buyer_phone, buyer_bank, buyer_account, remark, email };
        let order_nos: Result<Vec<Number>, Problem> = order_nos.iter().map(|no| order_no(no)).collect();
        Ok(InvoiceApplication { order_nos: order_nos?, details: form.details()? })
    }
}

/// Applies for one invoice that covers the given orders. The amount is computed and frozen.
#[utoipa::path(post, path = "/v1/invoices", tag = "invoices",
    params(("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 201, body = InvoiceBody),
        (status = 404, description = "an order that is not there"),
        (status = 409, description = "order-already-invoiced, order-not-invoiceable")))]
pub async fn apply(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewInvoice>,
) -> Result<(StatusCode, Json<InvoiceBody>), Problem> {
    let owner = actor.account;
    let command = Command::new(owner, "apply-invoice", &key, &new)?;
    let invoice = invoices::apply(&state.invoicing, owner, &new.parse()?, &command).await?;
    Ok((StatusCode::CREATED, Json(invoice.into())))
}

fn order_no(no: &str) -> Result<Number, Problem> {
    no.parse().map_err(|_| Problem::invalid().field("/orderNos", "field-invalid"))
}
