//! Validation of requests: required fields, their form, and no unknown fields.

use domain::money::Fen;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Refusal;
use super::requests::{Request, Requests};

const BUYER: [&str; 4] = ["buyerAddress", "buyerTel", "buyerBankName", "buyerBankAccount"];
const ISSUE: [&str; 14] = [
    "orderNo",
    "invoiceType",
    "buyerName",
    "buyerTaxNum",
    BUYER[0],
    BUYER[1],
    BUYER[2],
    BUYER[3],
    "sellerName",
    "sellerTaxNum",
    "remark",
    "orderTotal",
    "details",
    "callbackUrl",
];
const REVERSE: [&str; 5] = ["orderNo", "invoiceNum", "orderTotal", "reason", "callbackUrl"];

fn only<'a>(body: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let fields = body.as_object().ok_or(Refusal(42_200, "not an object"))?;
    if fields.keys().all(|name| known.contains(&name.as_str())) {
        Ok(fields)
    } else {
        Err(Refusal(42_201, "unknown field"))
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str, why: &'static str) -> Result<&'a str, Refusal> {
    let text = fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() || text.chars().count() > 200 { Err(Refusal(42_202, why)) } else { Ok(text) }
}

fn number(fields: &Map<String, Value>) -> Result<String, Refusal> {
    let no = text(fields, "orderNo", "orderNo")?;
    let fits = no.len() <= 32 && no.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(no.to_owned()) } else { Err(Refusal(42_202, "orderNo")) }
}

fn total(fields: &Map<String, Value>) -> Result<i64, Refusal> {
    let fen = Fen::from_yuan(text(fields, "orderTotal", "orderTotal")?).map_err(|_| Refusal(42_203, "orderTotal"))?;
    if fen > Fen::ZERO { Ok(fen.get()) } else { Err(Refusal(42_203, "orderTotal")) }
}

fn request(order_no: String, buyer: &str, fen: i64, cancels: Option<String>, callback_url: &str) -> Request {
    let (buyer, callback_url) = (buyer.to_owned(), callback_url.to_owned());
    Request { order_no, buyer, fen, cancels, callback_url, refuse: None, done_at: Timestamp::MAX, outcome: None }
}

/// Validates the body of `issue`.
pub fn issue(body: &Value) -> Result<Request, Refusal> {
    let fields = only(body, &ISSUE)?;
    let (no, fen) = (number(fields)?, total(fields)?);
    let buyer = text(fields, "buyerName", "buyerName")?;
    text(fields, "sellerName", "sellerName")?;
    tax_number(text(fields, "sellerTaxNum", "sellerTaxNum")?)?;
    match fields.get("invoiceType").and_then(Value::as_str) {
        Some("special") => {
            tax_number(text(fields, "buyerTaxNum", "a special invoice needs buyerTaxNum")?)?;
            for name in BUYER {
                text(fields, name, "a special invoice needs the buyer's address, phone, bank and account")?;
            }
        }
        Some("normal") if fields.contains_key("buyerTaxNum") => {
            tax_number(text(fields, "buyerTaxNum", "buyerTaxNum")?)?
        }
        Some("normal") => {}
        _ => return Err(Refusal(42_204, "invoiceType")),
    }
    let lines = fields.get("details").and_then(Value::as_array).filter(|lines| !lines.is_empty());
    let mut sum = 0;
    for line in lines.ok_or(Refusal(42_205, "details"))? {
        let line = only(line, &["goodsName", "num", "taxIncludedAmount", "taxRate"])?;
        text(line, "goodsName", "goodsName")?;
        let rate = text(line, "taxRate", "taxRate")?;
        let amount = Fen::from_yuan(text(line, "taxIncludedAmount", "taxIncludedAmount")?);
        sum += amount.map_err(|_| Refusal(42_203, "taxIncludedAmount"))?.get();
        if !["0.01", "0.03", "0.06", "0.13"].contains(&rate) {
            return Err(Refusal(42_206, "taxRate"));
        }
    }
    if sum != fen {
        return Err(Refusal(42_207, "orderTotal is not the sum of its lines"));
    }
    Ok(request(no, buyer, fen, None, text(fields, "callbackUrl", "callbackUrl")?))
}

/// Validates the body of `reverse`.
pub fn reverse(body: &Value, requests: &Requests) -> Result<Request, Refusal> {
    let fields = only(body, &REVERSE)?;
    let (no, fen) = (number(fields)?, total(fields)?);
    text(fields, "reason", "reason")?;
    let num = text(fields, "invoiceNum", "invoiceNum")?;
    // A repeated request is a duplicate, even if its invoice has been cancelled since.
    if requests.find(&no).is_some() {
        return Err(Refusal(40_901, "duplicate orderNo"));
    }
    let blue = requests.find_uncancelled(num).ok_or(Refusal(42_208, "no such invoice, or it is cancelled"))?;
    if blue.fen != fen {
        return Err(Refusal(42_207, "orderTotal is not that of the invoice"));
    }
    Ok(request(no, &blue.buyer, fen, Some(num.to_owned()), text(fields, "callbackUrl", "callbackUrl")?))
}

fn tax_number(text: &str) -> Result<(), Refusal> {
    let fits = (15..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if fits { Ok(()) } else { Err(Refusal(42_209, "tax number")) }
}
