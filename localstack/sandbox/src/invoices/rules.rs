//! What a request must hold: every field that is known, and none that is not.

use domain::money::Fen;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::No;
use super::book::{Book, Request};

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

fn only<'a>(body: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, No> {
    let fields = body.as_object().ok_or(No(42_200, "not an object"))?;
    if fields.keys().all(|name| known.contains(&name.as_str())) { Ok(fields) } else { Err(No(42_201, "unknown field")) }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str, why: &'static str) -> Result<&'a str, No> {
    let text = fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() || text.chars().count() > 200 { Err(No(42_202, why)) } else { Ok(text) }
}

fn number(fields: &Map<String, Value>) -> Result<String, No> {
    let no = text(fields, "orderNo", "orderNo")?;
    let fits = no.len() <= 32 && no.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(no.to_owned()) } else { Err(No(42_202, "orderNo")) }
}

fn total(fields: &Map<String, Value>) -> Result<i64, No> {
    let fen = Fen::from_yuan(text(fields, "orderTotal", "orderTotal")?).map_err(|_| No(42_203, "orderTotal"))?;
    if fen > Fen::ZERO { Ok(fen.get()) } else { Err(No(42_203, "orderTotal")) }
}

fn request(order_no: String, buyer: &str, fen: i64, takes_back: Option<String>, callback_url: &str) -> Request {
    let (buyer, callback_url) = (buyer.to_owned(), callback_url.to_owned());
    Request { order_no, buyer, fen, takes_back, callback_url, refuse: None, done_at: Timestamp::MAX, outcome: None }
}

pub fn issue(body: &Value) -> Result<Request, No> {
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
        _ => return Err(No(42_204, "invoiceType")),
    }
    let lines = fields.get("details").and_then(Value::as_array).filter(|lines| !lines.is_empty());
    let mut sum = 0;
    for line in lines.ok_or(No(42_205, "details"))? {
        let line = only(line, &["goodsName", "num", "taxIncludedAmount", "taxRate"])?;
        text(line, "goodsName", "goodsName")?;
        let rate = text(line, "taxRate", "taxRate")?;
        let amount = Fen::from_yuan(text(line, "taxIncludedAmount", "taxIncludedAmount")?);
        sum += amount.map_err(|_| No(42_203, "taxIncludedAmount"))?.get();
        if !["0.01", "0.03", "0.06", "0.13"].contains(&rate) {
            return Err(No(42_206, "taxRate"));
        }
    }
    if sum != fen {
        return Err(No(42_207, "orderTotal is not the sum of its lines"));
    }
    Ok(request(no, buyer, fen, None, text(fields, "callbackUrl", "callbackUrl")?))
}

pub fn reverse(body: &Value, book: &Book) -> Result<Request, No> {
    let fields = only(body, &REVERSE)?;
    let (no, fen) = (number(fields)?, total(fields)?);
    text(fields, "reason", "reason")?;
    let num = text(fields, "invoiceNum", "invoiceNum")?;
    // The same request again is a duplicate, whatever it has done meanwhile.
    if book.find(&no).is_some() {
        return Err(No(40_901, "duplicate orderNo"));
    }
    let blue = book.standing(num).ok_or(No(42_208, "no such invoice, or taken back"))?;
    if blue.fen != fen {
        return Err(No(42_207, "orderTotal is not that of the invoice"));
    }
    Ok(request(no, &blue.buyer, fen, Some(num.to_owned()), text(fields, "callbackUrl", "callbackUrl")?))
}

fn tax_number(text: &str) -> Result<(), No> {
    let fits = (15..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if fits { Ok(()) } else { Err(No(42_209, "tax number")) }
}
