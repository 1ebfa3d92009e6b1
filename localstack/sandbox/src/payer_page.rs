//! The payer's page: what a phone shows after it has scanned a QR code, with a button that pays.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use domain::money::Fen;
use serde::Deserialize;

use crate::trades::{Provider, Status, Trade};
use crate::{Sandbox, callbacks};

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route("/pay", get(show).post(pay))
}

#[derive(Debug, Default, Deserialize)]
pub struct Scanned {
    #[serde(default)]
    pub code: String,
    /// The URL to which Alipay's page returns the payer.
    #[serde(default)]
    pub back: String,
}

async fn show(State(sandbox): State<Arc<Sandbox>>, Query(scanned): Query<Scanned>) -> Response {
    page(&sandbox, &scanned)
}

/// The page for a QR code.
pub fn page(sandbox: &Sandbox, scanned: &Scanned) -> Response {
    let trade = sandbox.trades.lock().by_code(&scanned.code).cloned();
    match trade {
        None if scanned.code.is_empty() => {
            let scan = "<p><label for=code>二维码内容 · Text of the code</label></p>\
                        <p><input id=code name=code size=34 autofocus></p><button>打开 · Open</button>";
            Html(form("扫一扫 · Scan", scan, "get")).into_response()
        }
        None => (StatusCode::NOT_FOUND, Html(form("无此二维码 · No such code", "", "get"))).into_response(),
        Some(trade) => Html(trade_page(&trade, &scanned.back)).into_response(),
    }
}

async fn pay(State(sandbox): State<Arc<Sandbox>>, Form(scanned): Form<Scanned>) -> Response {
    let now = sandbox.trades.now();
    let paid = sandbox.trades.lock().pay(&scanned.code, now, false);
    if let Some(trade) = &paid {
        callbacks::paid(&sandbox, trade);
        if scanned.back.starts_with("http") {
            return axum::response::Redirect::to(&scanned.back).into_response();
        }
    }
    page(&sandbox, &scanned)
}

fn trade_page(trade: &Trade, back: &str) -> String {
    let name = if trade.provider == Provider::Wechat { "微信支付 · WeChat Pay" } else { "支付宝 · Alipay" };
    let amount = Fen::new(trade.fen).balance_text();
    let action = match trade.status {
        Status::Unpaid => format!(
            "<input type=hidden name=code value=\"{}\"><input type=hidden name=back value=\"{}\"><button>支付 · Pay {amount}</button>",
            escaped(&trade.code),
            escaped(back)
        ),
        Status::Paid => "<strong>已支付 · Paid</strong>".to_owned(),
        Status::Closed => "<strong>已关闭 · Closed</strong>".to_owned(),
        Status::Refunded => "<strong>已退款 · Refunded</strong>".to_owned(),
    };
    let (subject, no) = (escaped(&trade.subject), escaped(&trade.no));
    let facts = format!("<p>{subject}</p><p>{no}</p><p class=amount>{amount}</p>{action}");
    form(name, &facts, "post")
}

fn form(title: &str, inside: &str, method: &str) -> String {
    format!(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:1.2rem sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem;text-align:center;overflow-wrap:anywhere}}\
         button,input{{font-size:1.2rem;padding:.7rem 1rem;max-width:100%;box-sizing:border-box}}.amount{{font-size:2rem;font-weight:bold}}</style>\
         <main><p>沙箱 · Sandbox</p><h1>{title}</h1><form action=/pay method={method}>{inside}</form></main></html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
