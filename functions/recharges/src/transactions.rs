//! 交易明细

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use app::failure::Failure;
use app::wallet::statement::{self, Filter};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use csv::{Terminator, WriterBuilder};
use domain::china_time;
use domain::money::ledger::{Entry, Kind};
use http_api::paging::{DayRange, PageParams};
use http_api::responses;
use http_api::{Actor, Json, Paging, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::AppState;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Filters {
    order_no: Option<String>,
    /// `recharge`, `spend` or `refund`
    #[serde(rename = "type")]
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
}

impl Filters {
    fn within(self, days: DayRange) -> Filter {
        Filter { order_no: self.order_no, kind: self.kind, from: days.from, to: days.to }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Transaction)]
pub struct TransactionBody {
    seq: u64,
    /// `recharge`, `spend` or `refund`
    #[serde(rename = "type")]
    kind: &'static str,
    /// 充值, 消费, 退款
    type_text: &'static str,
    /// Negative for money that was spent
    amount_fen: i64,
    balance_after_fen: i64,
    order_no: String,
    at: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TransactionPage)]
pub struct TransactionsBody {
    /// Newest first
    items: Vec<TransactionBody>,
    /// For the next page; absent on the last. A page can be short and still have a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One page of the wallet's transactions.
#[utoipa::path(get, path = "/v1/transactions", tag = "wallet", params(Filters, DayRange, PageParams),
    responses(responses::Query, (status = 200, body = TransactionsBody),
        (status = 400, description = "query-invalid, cursor-invalid")))]
pub async fn list(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
    Query(days): Query<DayRange>,
    paging: Paging,
) -> Result<Json<TransactionsBody>, Problem> {
    let owner = actor.account;
    let name = format!("transactions/{owner}");
    let (store, after) = (&*state.payments.money.store, paging.after(&name)?);
    let page = statement::list(store, owner, &filters.within(days), paging.limit(), after).await?;
    let next_cursor = paging.next_cursor(&name, page.next)?;
    Ok(Json(TransactionsBody { items: page.entries.into_iter().map(body).collect(), next_cursor }))
}

/// The same as a CSV file, oldest first, in yuan.
#[utoipa::path(get, path = "/v1/transactions/statement.csv", tag = "wallet", params(Filters, DayRange, PageParams),
    responses(responses::Query, (status = 200, content_type = "text/csv", body = String),
        (status = 409, description = "statement-too-long")))]
pub async fn statement(
    State(state): State<AppState>,
    Actor(actor): Actor,
    Query(filters): Query<Filters>,
    Query(days): Query<DayRange>,
) -> Result<impl IntoResponse, Problem> {
    let owner = actor.account;
    let entries = statement::all(&*state.payments.money.store, owner, &filters.within(days)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"transactions.csv\""),
    ];
    Ok((headers, csv(&entries)?))
}

/// The entries as CSV. No cell can be a formula: numbers, dates and fixed words only. There is no byte order mark, because the
/// function's runtime would strip it after the length was computed; the page adds it when it saves the file.
fn csv(entries: &[Entry]) -> Result<String, Failure> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let mut write = |record: [&str; 6]| writer.write_record(record).map_err(Failure::internal);
    write(["序号", "交易时间", "交易类型", "订单编号", "金额(元)", "余额(元)"])?;
    for entry in entries {
        let (seq, at) = (entry.seq.to_string(), china_time::text(entry.at));
        let (amount, after) = (entry.amount_fen.decimal(), entry.balance_after_fen.decimal());
        write([&seq, &at, kind_text(entry.kind), entry.order_no.as_str(), &amount, &after])?;
    }
    String::from_utf8(writer.into_inner().map_err(Failure::internal)?).map_err(Failure::internal)
}

const fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Recharge => "充值",
        Kind::Spend => "消费",
        Kind::Refund => "退款",
        Kind::Hold => "冻结",
        Kind::Release => "解冻",
    }
}

fn body(entry: Entry) -> TransactionBody {
    TransactionBody {
        seq: entry.seq,
        kind: entry.kind.code(),
        type_text: kind_text(entry.kind),
        amount_fen: entry.amount_fen.get(),
        balance_after_fen: entry.balance_after_fen.get(),
        order_no: entry.order_no.to_string(),
        at: entry.at.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use domain::actor::AccountId;
    use domain::money::Fen;
    use domain::money::wallet::{Movement, Wallet};

    use super::*;

    /// Covers: IC-172
    #[test]
    fn statement_shows_signed_yuan_and_the_balance_after_each_entry() {
        let at = "2024-01-15T05:36:56Z".parse().unwrap();
        let owner: AccountId = "01HM4XJQ8Z0000000000000001".parse().unwrap();
        let (wallet, first) = Wallet::new(owner)
            .apply(Movement::Credit(Fen::new(1000)), &"2024011513365600000001".parse().unwrap(), at)
            .unwrap();
        let (_, second) =
            wallet.apply(Movement::Debit(Fen::new(150)), &"2024011513365600000002".parse().unwrap(), at).unwrap();
        let expected = "序号,交易时间,交易类型,订单编号,金额(元),余额(元)\r\n\
            1,2024-01-15 13:36:56,充值,2024011513365600000001,10.00,10.00\r\n\
            2,2024-01-15 13:36:56,消费,2024011513365600000002,-1.50,8.50\r\n";
        assert_eq!(csv(&[first, second]).unwrap(), expected);
    }
}
