//! An order as the client sees it.

use app::orders::Listed;
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::{PayCode, Provider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an order is or will be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PaymentMethod)]
pub enum Method {
    /// 账户余额
    Balance,
    /// 微信
    Wechat,
    /// 支付宝
    Alipay,
}

impl From<Method> for domain::money::order::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Balance => Self::Balance,
            Method::Wechat => Self::Wechat,
            Method::Alipay => Self::Alipay,
        }
    }
}

impl From<domain::money::order::Method> for Method {
    fn from(method: domain::money::order::Method) -> Self {
        match method {
            domain::money::order::Method::Balance => Self::Balance,
            domain::money::order::Method::Wechat => Self::Wechat,
            domain::money::order::Method::Alipay => Self::Alipay,
        }
    }
}

/// One order: of photos, or a recharge listed with them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Order)]
pub struct OrderBody {
    #[schema(example = "2024011513365667890123")]
    no: String,
    /// `photos` or `recharge`
    #[serde(rename = "type")]
    kind: &'static str,
    /// `awaiting-payment`, `paid`, `closed`, `refunding`, `refunded`
    state: &'static str,
    /// 待付款, 已付款, 已关闭, 退款中, 已退款
    state_text: &'static str,
    lines: Vec<LineBody>,
    /// Price in fen
    gross_fen: i64,
    /// What the coupon takes off
    discount_fen: i64,
    /// What is to be paid or was paid
    net_fen: i64,
    #[schema(example = "1元")]
    net_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_id: Option<String>,
    method: Method,
    /// `balance`, `coupon`, `wechat` or `alipay` once paid
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_with: Option<&'static str>,
    placed_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<String>,
    /// When it closes if it is not paid
    #[serde(skip_serializing_if = "Option::is_none")]
    close_at: Option<String>,
    /// An invoice can be requested for it
    invoiceable: bool,
    /// `open`: an invoice can be requested for it; `invoiced`: an invoice contains it; `none`: nothing to invoice
    invoice_state: &'static str,
    /// The invoice that contains it
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_no: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderLine)]
pub struct LineBody {
    image_no: String,
    card: &'static str,
    /// 广东省-深圳市
    region: String,
    price_fen: i64,
}

/// What the customer pays by.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = PayCode)]
pub enum CodeBody {
    /// Shown as a QR code
    Qr { text: String },
    /// A page to go to
    Page { url: String },
}

impl From<PayCode> for CodeBody {
    fn from(code: PayCode) -> Self {
        match code {
            PayCode::Qr { text } => Self::Qr { text },
            PayCode::Page { url } => Self::Page { url },
        }
    }
}

const fn state_text(state: &str) -> &'static str {
    match state.as_bytes() {
        b"awaiting-payment" => "待付款",
        b"paid" => "已付款",
        b"closed" => "已关闭",
        b"refunding" => "退款中",
        _ => "已退款",
    }
}

const fn paid_with(by: &PaidBy) -> &'static str {
    match by {
        PaidBy::Balance => "balance",
        PaidBy::Coupon => "coupon",
        PaidBy::Provider { provider, .. } => provider.code(),
    }
}

impl From<Order> for OrderBody {
    fn from(order: Order) -> Self {
        Self::from(Listed::Photos(order))
    }
}

impl From<Listed> for OrderBody {
    fn from(listed: Listed) -> Self {
        let (state, invoiceable, net) = (listed.state(), listed.is_invoiceable(), listed.net());
        let mut body = Self {
            no: listed.no().to_owned(),
            kind: "recharge",
            state,
            state_text: state_text(state),
            lines: Vec::new(),
            gross_fen: net.get(),
            discount_fen: 0,
            net_fen: net.get(),
            net_text: net.fee_text(),
            coupon_id: None,
            method: Method::Wechat,
            paid_with: None,
            placed_at: listed.placed_at().to_string(),
            paid_at: None,
            close_at: None,
            invoiceable,
            invoice_state: match listed.invoice() {
                Some(_) => "invoiced",
                None if invoiceable => "open",
                None => "none",
            },
            invoice_no: listed.invoice().map(ToString::to_string),
        };
        match listed {
            Listed::Photos(order) => body.photos(order),
            Listed::Recharge(recharge) => {
                if recharge.provider == Provider::Alipay {
                    body.method = Method::Alipay;
                }
                body.close_at = recharge.expires_at().map(|at| at.to_string());
                if let domain::money::recharge::State::Credited { at, .. } = recharge.state {
                    body.paid_at = Some(at.to_string());
                    body.paid_with = Some(recharge.provider.code());
                }
            }
        }
        body
    }
}

impl OrderBody {
    fn photos(&mut self, order: Order) {
        self.kind = "photos";
        self.gross_fen = order.gross().get();
        self.discount_fen = order.discount_amount().get();
        self.close_at = order.close_at().map(|at| at.to_string());
        self.method = order.method.into();
        self.coupon_id = order.discount.map(|discount| discount.coupon.to_string());
        if let State::Paid { at, by } | State::Refunding { at, by } | State::Refunded { at, by } = &order.state {
            self.paid_with = Some(paid_with(by));
            self.paid_at = matches!(order.state, State::Paid { .. }).then(|| at.to_string());
        }
        let line = |line: domain::money::order::Line| LineBody {
            image_no: line.image_no.to_string(),
            card: line.card.code(),
            region: line.region,
            price_fen: line.price_fen.get(),
        };
        self.lines = order.lines.into_iter().map(line).collect();
    }
}
