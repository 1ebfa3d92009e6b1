//! The JSON bodies of requests, responses and callbacks.

use app::invoices::{Document, InvoiceStatus};
use domain::china_time;
use domain::invoice::{Buyer, Details, Kind};
use domain::money::Fen;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Settings;

/// Characters of the provider's messages that are kept.
pub(super) const MESSAGE_CHARS_MAX: usize = 200;
/// Digits of a 发票号码 of a 数电票.
const FISCAL_DIGITS: usize = 20;

/// Body of `issue`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssueBody {
    /// Our number of the request.
    pub order_no: String,
    /// `normal` (普票) or `special` (专票).
    pub invoice_type: String,
    /// 抬头.
    pub buyer_name: String,
    /// 纳税人识别号 of the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_tax_num: Option<String>,
    /// Further data of the buyer, for a special invoice.
    #[serde(flatten)]
    pub buyer: Option<BuyerFields>,
    /// 销售方.
    pub seller_name: String,
    /// 纳税人识别号 of the seller.
    pub seller_tax_num: String,
    /// 备注.
    pub remark: String,
    /// Total in yuan with two decimals, tax included.
    pub order_total: String,
    /// The lines; we send one.
    pub details: Vec<Line>,
    /// The URL to be called when the request is done.
    pub callback_url: String,
}

/// Data of the buyer that a special invoice must state.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuyerFields {
    /// Postal address.
    pub buyer_address: String,
    /// Telephone number.
    pub buyer_tel: String,
    /// 开户行.
    pub buyer_bank_name: String,
    /// Account number.
    pub buyer_bank_account: String,
}

/// A line of an invoice.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Line {
    /// What was sold.
    pub goods_name: String,
    /// How many.
    pub num: u32,
    /// In yuan with two decimals, tax included.
    pub tax_included_amount: String,
    /// As a decimal fraction: `0.06`.
    pub tax_rate: String,
}

/// Body of `reverse`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReverseBody {
    /// Our number of the request.
    pub order_no: String,
    /// 发票号码 of the invoice to be cancelled.
    pub invoice_num: String,
    /// Total of that invoice in yuan with two decimals.
    pub order_total: String,
    /// For the provider's record.
    pub reason: String,
    /// The URL to be called when the request is done.
    pub callback_url: String,
}

/// The envelope of every response.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response<T> {
    /// See [`Code`].
    pub code: u32,
    /// For people.
    pub msg: String,
    /// The result, after success.
    pub data: Option<T>,
}

/// The meaning of a response's `code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The call succeeded.
    Success,
    /// The number was used before: the request exists, and a query returns its status.
    Duplicate,
    /// There is no request with this number.
    Absent,
    /// The request breaks a rule of the provider; repeating it changes nothing.
    Refused,
    /// Every other code: it says nothing about the request.
    Unclear,
}

impl Code {
    /// Code of [`Self::Success`].
    pub const SUCCESS: u32 = 200;
    /// Code of [`Self::Absent`].
    pub const ABSENT: u32 = 40_400;
    /// Code of [`Self::Duplicate`].
    pub const DUPLICATE: u32 = 40_901;
    /// The first of the hundred codes of [`Self::Refused`].
    pub const REFUSED: u32 = 42_200;

    /// The meaning of a code.
    pub const fn of(code: u32) -> Self {
        match code {
            Self::SUCCESS => Self::Success,
            Self::DUPLICATE => Self::Duplicate,
            Self::ABSENT => Self::Absent,
            Self::REFUSED..=42_299 => Self::Refused,
            _ => Self::Unclear,
        }
    }
}

/// Status of a request: the result of `query`, and the body of a callback.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryData {
    /// Our number of the request.
    pub order_no: String,
    /// Progress of the request.
    pub status: Status,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_msg: Option<String>,
    /// 发票号码, once issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_num: Option<String>,
    /// When it was issued, in China time: `2024-01-15 13:36:56`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_time: Option<String>,
    /// Total in yuan with two decimals; negative for a red invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_total: Option<String>,
    /// The login at the tax bureau was lost: the request is kept and continues later.
    #[serde(default)]
    pub disconn_flag: bool,
}

/// Progress of a request, as a number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Status {
    /// 0: accepted.
    ToDo,
    /// 1: at the tax authority.
    Running,
    /// 2: issued.
    Done,
    /// 3: refused, or interrupted if `disconn_flag` is set.
    Failed,
    /// 6: as 0, for a red invoice.
    RedToDo,
    /// 7: as 1, for a red invoice.
    RedRunning,
    /// 8: as 2, for a red invoice.
    RedDone,
    /// 9: as 3, for a red invoice.
    RedFailed,
}

impl Status {
    const CODES: [(u8, Self); 8] = [
        (0, Self::ToDo),
        (1, Self::Running),
        (2, Self::Done),
        (3, Self::Failed),
        (6, Self::RedToDo),
        (7, Self::RedRunning),
        (8, Self::RedDone),
        (9, Self::RedFailed),
    ];
}

impl TryFrom<u8> for Status {
    type Error = String;

    fn try_from(code: u8) -> Result<Self, String> {
        let known = Self::CODES.into_iter().find(|(known, _)| *known == code);
        known.map(|(_, status)| status).ok_or_else(|| format!("unknown status {code}"))
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> Self {
        Status::CODES.into_iter().find(|(_, known)| *known == status).map_or(Self::MAX, |(code, _)| code)
    }
}

/// Result of `file`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileData {
    /// `pdf` or `ofd`.
    pub file_type: String,
    /// The document in Base64.
    pub content: String,
}

impl IssueBody {
    /// The body for an invoice of one line.
    pub fn of(settings: &Settings, request_no: &str, details: &Details, amount: Fen) -> Self {
        let total = amount.decimal();
        let kind = match details.kind {
            Kind::Normal => "normal",
            Kind::Special => "special",
        };
        Self {
            order_no: request_no.to_owned(),
            invoice_type: kind.to_owned(),
            buyer_name: details.title.clone(),
            buyer_tax_num: details.tax_no.as_ref().map(|no| no.as_str().to_owned()),
            buyer: details.buyer.clone().map(BuyerFields::from),
            seller_name: settings.seller_name.clone(),
            seller_tax_num: settings.seller_tax_no.clone(),
            remark: details.remark.clone(),
            order_total: total.clone(),
            details: vec![Line {
                goods_name: settings.goods_name.clone(),
                num: 1,
                tax_included_amount: total,
                tax_rate: settings.tax_rate.clone(),
            }],
            callback_url: settings.notify_url.clone(),
        }
    }
}

impl From<Buyer> for BuyerFields {
    fn from(Buyer { address, phone, bank, account }: Buyer) -> Self {
        Self { buyer_address: address, buyer_tel: phone, buyer_bank_name: bank, buyer_bank_account: account }
    }
}

impl std::fmt::Debug for BuyerFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuyerFields(..)")
    }
}

impl QueryData {
    /// The status in the port's terms.
    ///
    /// # Errors
    ///
    /// The reason if an issued document has no valid number, time or total.
    pub fn status(self) -> Result<InvoiceStatus, String> {
        match self.status {
            Status::ToDo | Status::Running | Status::RedToDo | Status::RedRunning => Ok(InvoiceStatus::Running),
            // Only the login was lost: the request is still valid.
            Status::Failed | Status::RedFailed if self.disconn_flag => Ok(InvoiceStatus::Running),
            Status::Failed | Status::RedFailed => Ok(InvoiceStatus::Refused(
                self.status_msg.unwrap_or_default().chars().take(MESSAGE_CHARS_MAX).collect(),
            )),
            Status::Done | Status::RedDone => self.document().map(InvoiceStatus::Done),
        }
    }

    fn document(self) -> Result<Document, String> {
        let fiscal_no = self.invoice_num.ok_or("the invoice has no number")?;
        if fiscal_no.len() != FISCAL_DIGITS || !fiscal_no.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("the invoice number does not have 20 digits".to_owned());
        }
        let time = self.invoice_time.ok_or("the invoice has no time")?;
        let total = self.order_total.ok_or("the invoice has no total")?;
        let amount = Fen::from_yuan(total.trim_start_matches('-')).map_err(|error| error.to_string())?;
        Ok(Document { fiscal_no, issued_at: instant(&time).ok_or("the invoice time is malformed")?, amount })
    }
}

/// The instant of a date and time in China time.
fn instant(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.replacen(' ', "T", 1).parse().ok()?;
    let midnight = china_time::midnight(local.date());
    let time_of_day = local.duration_since(local.date().at(0, 0, 0, 0));
    midnight.checked_add(time_of_day).ok()
}
