//! The bodies on the wire.

use app::invoices::{Document, Found};
use domain::china_time;
use domain::invoice::{Buyer, Details, Kind};
use domain::money::Fen;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Settings;

/// Characters of a provider's words that are kept.
const WORDS_MAX: usize = 200;
const FISCAL_DIGITS: usize = 20;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssueBody {
    pub order_no: String,
    /// `normal` 普票, `special` 专票
    pub invoice_type: String,
    pub buyer_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_tax_num: Option<String>,
    #[serde(flatten)]
    pub buyer: Option<BuyerFields>,
    pub seller_name: String,
    pub seller_tax_num: String,
    pub remark: String,
    /// In yuan, tax included.
    pub order_total: String,
    pub details: Vec<Line>,
    pub callback_url: String,
}

/// Of a `special` one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuyerFields {
    pub buyer_address: String,
    pub buyer_tel: String,
    pub buyer_bank_name: String,
    pub buyer_bank_account: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Line {
    pub goods_name: String,
    pub num: u32,
    pub tax_included_amount: String,
    pub tax_rate: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReverseBody {
    pub order_no: String,
    /// The number of the invoice to be taken back.
    pub invoice_num: String,
    pub order_total: String,
    pub reason: String,
    pub callback_url: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<T> {
    pub code: u32,
    pub msg: String,
    pub data: Option<T>,
}

/// What an answer's `code` means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Success,
    /// The number was used before: the request is there, asking tells what became of it.
    Duplicate,
    Absent,
    /// A rule of the provider's: repeating changes nothing.
    Refused,
    /// Anything else says nothing about the request.
    Unclear,
}

impl Code {
    pub const SUCCESS: u32 = 200;
    pub const ABSENT: u32 = 40_400;
    pub const DUPLICATE: u32 = 40_901;
    /// The first of a hundred.
    pub const REFUSED: u32 = 42_200;

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

/// What became of a request: the answer to a question, and the body of a callback.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryData {
    pub order_no: String,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_msg: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_num: Option<String>,
    /// `2024-01-15 13:36:56`, Asia/Shanghai
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_time: Option<String>,
    /// In yuan; of a red invoice with a minus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_total: Option<String>,
    /// The login at the tax bureau dropped: nothing is lost, it goes on later.
    #[serde(default)]
    pub disconn_flag: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Status {
    ToDo,
    Running,
    Done,
    Failed,
    RedToDo,
    RedRunning,
    RedDone,
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
        known.map(|(_, status)| status).ok_or_else(|| format!("status {code}"))
    }
}

impl From<Status> for u8 {
    fn from(status: Status) -> Self {
        Status::CODES.into_iter().find(|(_, known)| *known == status).map_or(Self::MAX, |(code, _)| code)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileData {
    /// `pdf` or `ofd`
    pub file_type: String,
    /// Base64
    pub content: String,
}

impl IssueBody {
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
    /// What it says, or what about it cannot be believed.
    pub fn found(self) -> Result<Found, String> {
        match self.status {
            Status::ToDo | Status::Running | Status::RedToDo | Status::RedRunning => Ok(Found::Running),
            // The request is as good as before: only the login is gone.
            Status::Failed | Status::RedFailed if self.disconn_flag => Ok(Found::Running),
            Status::Failed | Status::RedFailed => {
                Ok(Found::Refused(self.status_msg.unwrap_or_default().chars().take(WORDS_MAX).collect()))
            }
            Status::Done | Status::RedDone => self.document().map(Found::Done),
        }
    }

    fn document(self) -> Result<Document, String> {
        let fiscal_no = self.invoice_num.ok_or("no invoice number")?;
        if fiscal_no.len() != FISCAL_DIGITS || !fiscal_no.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("an invoice number that is none".to_owned());
        }
        let time = self.invoice_time.ok_or("no time")?;
        let total = self.order_total.ok_or("no total")?;
        let amount = Fen::from_yuan(total.trim_start_matches('-')).map_err(|error| error.to_string())?;
        Ok(Document { fiscal_no, issued_at: instant(&time).ok_or("a time that is none")?, amount })
    }
}

/// A clock time in China.
fn instant(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.replacen(' ', "T", 1).parse().ok()?;
    let midnight = china_time::midnight(local.date());
    let into_the_day = local.duration_since(local.date().at(0, 0, 0, 0));
    midnight.checked_add(into_the_day).ok()
}
