//! The representation of an invoice for its owner, and the application form.

use domain::invoice::{
    self, Buyer, BuyerInput, CustomerState, Details, DetailsInput, FailureReason, InvalidDetails, Invoice, State,
};
use http_api::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 发票类型
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = InvoiceKind)]
pub enum Kind {
    /// 普票
    Normal,
    /// 专票
    Special,
}

impl From<Kind> for invoice::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Normal => Self::Normal,
            Kind::Special => Self::Special,
        }
    }
}

/// The application form.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = InvoiceForm)]
pub struct Form {
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    /// 发票抬头, up to 100 letters
    pub(crate) title: String,
    /// 税号, 15 to 20 digits and capitals; mandatory for `special`
    #[serde(default)]
    pub(crate) tax_no: Option<String>,
    /// 注册地址, up to 100 letters; this and the next three are mandatory for `special` and ignored otherwise
    #[serde(default)]
    pub(crate) buyer_address: String,
    /// 注册电话, 7 to 20 digits. In a correction, empty means unchanged
    #[serde(default)]
    pub(crate) buyer_phone: String,
    /// 开户银行, up to 100 letters
    #[serde(default)]
    pub(crate) buyer_bank: String,
    /// 银行账号, at least 8 digits. In a correction, empty means unchanged
    #[serde(default)]
    pub(crate) buyer_account: String,
    /// 备注, up to 200 letters
    #[serde(default)]
    pub(crate) remark: String,
    /// Where e-mails about the invoice are sent
    pub(crate) email: String,
}

impl Form {
    pub fn details(&self) -> Result<Details, Problem> {
        self.details_after(None)
    }

    /// The details of a correction: an empty phone or account means the known one, which the client saw only masked.
    pub fn details_after(&self, known: Option<&Buyer>) -> Result<Details, Problem> {
        fn or<'a>(new: &'a str, known: Option<&'a String>) -> &'a str {
            known.filter(|_| new.trim().is_empty()).map_or(new, String::as_str)
        }
        let input = DetailsInput {
            kind: self.kind.into(),
            title: &self.title,
            tax_no: self.tax_no.as_deref().unwrap_or_default(),
            buyer: BuyerInput {
                address: &self.buyer_address,
                phone: or(&self.buyer_phone, known.map(|buyer| &buyer.phone)),
                bank: &self.buyer_bank,
                account: or(&self.buyer_account, known.map(|buyer| &buyer.account)),
            },
            remark: &self.remark,
            email: &self.email,
        };
        Details::parse(&input).map_err(|InvalidDetails { field, code }| Problem::invalid().field(field, code))
    }
}

/// An action that the present state allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = InvoiceAction)]
pub enum Action {
    /// 撤销
    Withdraw,
    /// 修改
    Amend,
    /// 删除
    Delete,
    /// 下载
    Download,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invoice)]
pub struct InvoiceBody {
    /// 发票编号
    #[schema(example = "2024011513365667890123")]
    no: String,
    /// `applying` 申请中, `succeeded` 申请成功, `failed` 申请失败, `withdrawn` 已撤销, `reversed` 已冲红
    state: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_no: Option<String>,
    /// Why the tax number can be wrong: `check-character`, `length`. It is accepted nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_no_doubt: Option<&'static str>,
    /// This and the next three: only of a `special` invoice
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_address: Option<String>,
    /// Its last four digits
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "****5678")]
    buyer_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_bank: Option<String>,
    /// Its last four digits
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "****0501")]
    buyer_account: Option<String>,
    remark: String,
    email: String,
    /// The amount paid for the orders, in fen
    amount_fen: i64,
    #[schema(example = "7.5元")]
    amount_text: String,
    orders: Vec<ItemBody>,
    applied_at: String,
    /// When it entered its state
    since: String,
    /// 发票号码 of the document
    #[serde(skip_serializing_if = "Option::is_none")]
    fiscal_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_at: Option<String>,
    /// 发票号码 of the red invoice that cancels it
    #[serde(skip_serializing_if = "Option::is_none")]
    red_fiscal_no: Option<String>,
    /// Why it failed: `rejected` by staff, or `refused` by the provider
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_for: Option<&'static str>,
    /// The reason of the rejection
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    actions: Vec<Action>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceItem)]
pub struct ItemBody {
    order_no: String,
    amount_fen: i64,
}

fn actions(state: &State) -> Vec<Action> {
    match state {
        State::Applied { .. } => vec![Action::Withdraw],
        State::Failed { .. } => vec![Action::Amend, Action::Delete],
        State::Succeeded { .. } | State::Reversing { .. } | State::Reversed { .. } => vec![Action::Download],
        State::Issuing { .. } | State::Withdrawn { .. } | State::Deleted { .. } => vec![],
    }
}

impl From<Invoice> for InvoiceBody {
    fn from(invoice: Invoice) -> Self {
        let Invoice { no, details, orders, amount_fen, applied_at, state, .. } = invoice;
        let issued = state.issued();
        let (failed_for, reason) = match &state {
            State::Failed { failure: FailureReason::Rejected { reason, .. }, .. } => {
                (Some("rejected"), Some(reason.clone()))
            }
            State::Failed { failure: FailureReason::Refused { .. }, .. } => (Some("refused"), None),
            _ => (None, None),
        };
        let red_fiscal_no = match &state {
            State::Reversed { red, .. } => Some(red.fiscal_no.clone()),
            _ => None,
        };
        let item =
            |item: invoice::Item| ItemBody { order_no: item.order_no.to_string(), amount_fen: item.amount_fen.get() };
        Self {
            no: no.to_string(),
            state: state.customer_state().map_or("deleted", CustomerState::code),
            kind: details.kind.code(),
            title: details.title,
            tax_no_doubt: details.tax_no.as_ref().and_then(|no| no.doubt()).map(|doubt| doubt.code()),
            tax_no: details.tax_no.map(|no| no.as_str().to_owned()),
            buyer_phone: details.buyer.as_ref().map(Buyer::phone_masked),
            buyer_account: details.buyer.as_ref().map(Buyer::account_masked),
            buyer_address: details.buyer.as_ref().map(|buyer| buyer.address.clone()),
            buyer_bank: details.buyer.map(|buyer| buyer.bank),
            remark: details.remark,
            email: details.email.as_str().to_owned(),
            amount_fen: amount_fen.get(),
            amount_text: amount_fen.fee_text(),
            orders: orders.into_iter().map(item).collect(),
            applied_at: applied_at.to_string(),
            since: state.since().to_string(),
            fiscal_no: issued.map(|issued| issued.fiscal_no.clone()),
            issued_at: issued.map(|issued| issued.issued_at.to_string()),
            red_fiscal_no,
            failed_for,
            reason,
            actions: actions(&state),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::money::{Fen, Number};
    use http_api::Locale;
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    fn form(body: serde_json::Value) -> Result<Details, Vec<String>> {
        let form: Form = serde_json::from_value(body).map_err(|error| vec![error.to_string()])?;
        let pointers = |problem: Problem| problem.body(Locale::En, "").errors.into_iter().map(|error| error.pointer);
        form.details().map_err(|problem| pointers(problem).collect())
    }

    fn invoice() -> Invoice {
        let details = form(json!({"type": "normal", "title": "某某公司", "email": "a@example.cn"})).unwrap();
        let item = invoice::Item { order_no: Number::new(Timestamp::UNIX_EPOCH, 1), amount_fen: Fen::new(750) };
        Invoice::apply(
            Number::new(Timestamp::UNIX_EPOCH, 2),
            "01HM4XJQ8Z0000000000000001".parse().unwrap(),
            details,
            vec![item],
            Timestamp::UNIX_EPOCH,
        )
        .unwrap()
    }

    fn special() -> serde_json::Value {
        json!({"type": "special", "title": "某某公司", "taxNo": "91350100M000100Y43", "buyerAddress": "深南大道 1 号",
               "buyerPhone": "0755-12345678", "buyerBank": "招商银行", "buyerAccount": "755920304010501", "email": "a@example.cn"})
    }

    /// Covers: IC-135
    #[test]
    fn phone_and_account_are_masked_and_stay_unchanged_if_a_correction_omits_them() {
        let details = form(special()).unwrap();
        let orders = invoice().orders;
        let no = Number::new(Timestamp::UNIX_EPOCH, 2);
        let invoice = Invoice::apply(
            no,
            "01HM4XJQ8Z0000000000000001".parse().unwrap(),
            details.clone(),
            orders,
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
        let shown = serde_json::to_value(InvoiceBody::from(invoice)).unwrap();
        assert_eq!((&shown["buyerPhone"], &shown["buyerAccount"]), (&json!("****5678"), &json!("****0501")));
        assert!(!shown.to_string().contains("0755") && !shown.to_string().contains("755920304010501"));
        let mut corrected = special();
        (corrected["buyerPhone"], corrected["buyerAccount"], corrected["buyerBank"]) =
            ("".into(), " ".into(), "".into());
        let corrected: Form = serde_json::from_value(corrected).unwrap();
        assert!(corrected.details_after(details.buyer.as_ref()).is_err(), "an omitted bank is missing");
        let corrected = Form { buyer_bank: "中国银行".into(), ..corrected };
        assert!(corrected.details().is_err(), "a new application has no known details");
        let kept = corrected.details_after(details.buyer.as_ref()).unwrap().buyer.unwrap();
        assert_eq!((kept.account.as_str(), kept.bank.as_str()), ("755920304010501", "中国银行"));
    }

    /// Covers: IC-135, IC-137, IC-138, IC-140
    #[test]
    fn error_names_the_invalid_field() {
        let full = special();
        assert!(form(full.clone()).is_ok());
        for (field, value) in [
            ("title", " "),
            ("taxNo", ""),
            ("taxNo", "123"),
            ("buyerAddress", ""),
            ("buyerPhone", "12"),
            ("buyerBank", " "),
            ("buyerAccount", "x"),
            ("email", ""),
            ("email", "a@b"),
        ] {
            let mut body = full.clone();
            body[field] = value.into();
            assert_eq!(form(body), Err(vec![format!("/{field}")]), "{field} {value:?}");
        }
    }

    /// Covers: IC-136
    #[test]
    fn form_with_an_amount_is_refused() {
        let body = json!({"type": "normal", "title": "某某公司", "email": "a@example.cn", "amountFen": 1});
        assert!(form(body).is_err());
    }

    /// Covers: IC-178, IC-179, IC-180, IC-181, IC-182
    #[test]
    fn actions_depend_on_the_state() {
        let now = Timestamp::UNIX_EPOCH;
        let offered = |invoice: Invoice| serde_json::to_value(InvoiceBody::from(invoice)).unwrap()["actions"].clone();
        let issuing = invoice().approve("staff".into(), now).unwrap();
        assert_eq!(offered(invoice()), json!(["withdraw"]));
        assert_eq!(offered(issuing.clone()), json!([]), "the request was sent to the provider");
        assert_eq!(offered(issuing.refused("no".into(), now).unwrap()), json!(["amend", "delete"]));
        assert_eq!(offered(invoice().withdraw(now).unwrap()), json!([]));
    }

    /// Covers: IC-183
    #[test]
    fn customer_does_not_see_the_cause_of_the_provider_or_the_names_of_staff() {
        let now = Timestamp::UNIX_EPOCH;
        let refused = invoice().approve("clerk".into(), now).unwrap().refused("E4711 internal".into(), now).unwrap();
        let body = serde_json::to_value(InvoiceBody::from(refused)).unwrap();
        assert_eq!((&body["state"], &body["failedFor"]), (&json!("failed"), &json!("refused")));
        assert!(!body.to_string().contains("4711") && !body.to_string().contains("clerk"));
        let rejected = invoice().reject("抬头有误".into(), "clerk".into(), now).unwrap();
        let body = serde_json::to_value(InvoiceBody::from(rejected)).unwrap();
        assert_eq!((&body["failedFor"], &body["reason"]), (&json!("rejected"), &json!("抬头有误")));
        assert!(!body.to_string().contains("clerk"), "the account of staff is not shown");
    }
}
