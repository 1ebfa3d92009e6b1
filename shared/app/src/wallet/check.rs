//! The nightly check of all wallets against the invariants I1 to I5. It only reports; it repairs nothing.
//!
//! ```text
//! I1  a wallet's ledger entries sum to its balance
//! I2  the held part is between zero and the balance
//! I3  the entries are an unbroken chain that ends at the wallet's sums
//! I4  every transaction sums to zero, and a customer's transactions sum to the balance
//! I5  a customer's open holds sum to the held part
//! ```

use std::collections::BTreeMap;

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::hold::{Hold, State};
use domain::money::ledger::{Entry, check_chain};
use domain::money::wallet::Wallet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Failure;
use crate::ledger::{Loaded, Stored, key, load, owner_rows, page};
use crate::store::{BY_OWNER, Query, Row, Store, Table};

/// How often a wallet is read until it does not change during the reading.
const READS_MAX: usize = 5;

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Wallets checked.
    pub wallets: u64,
    /// Ledger entries read.
    pub entries: u64,
    /// Transactions read.
    pub transactions: u64,
    /// Sum of every account over all transactions, in fen; all customers are one line, and all holds.
    pub trial_balance: BTreeMap<String, i64>,
    /// Violated invariants.
    pub differences: Vec<Difference>,
}

/// A violated invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The account's id, or `all`.
    pub owner: String,
    /// `I1` to `I5`.
    pub invariant: String,
    /// What was found, in words.
    pub found: String,
}

/// Checks every wallet.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn check(store: &dyn Store) -> Result<Report, Failure> {
    let mut report = Report::default();
    for shard in key::wallet_shards() {
        let mut query = Query::index(Table::Money, BY_OWNER, shard);
        loop {
            let (wallets, next) = page::<Wallet>(store, &query).await?;
            for wallet in wallets {
                check_wallet(store, wallet.value.owner(), &mut report).await?;
            }
            match next {
                Some(next) => query = query.after(Some(next)),
                None => break,
            }
        }
    }
    let total: i128 = report.trial_balance.values().map(|fen| i128::from(*fen)).sum();
    if total != 0 {
        let found = format!("all accounts sum to {total} fen");
        report.differences.push(Difference { owner: "all".into(), invariant: "I4".into(), found });
    }
    Ok(report)
}

async fn check_wallet(store: &dyn Store, owner: AccountId, report: &mut Report) -> Result<(), Failure> {
    let mut reading = read_wallet(store, owner).await?;
    for _ in 1..READS_MAX {
        if reading.is_consistent {
            break;
        }
        reading = read_wallet(store, owner).await?;
    }
    report.wallets += 1;
    report.entries += reading.entries;
    report.transactions += reading.transactions;
    for (account, fen) in reading.accounts {
        let account = account
            .split_once(':')
            .filter(|(kind, _)| matches!(*kind, "user" | "hold"))
            .map_or_else(|| account.clone(), |(kind, _)| kind.to_owned());
        *report.trial_balance.entry(account).or_default() += fen;
    }
    report.differences.extend(reading.differences);
    Ok(())
}

/// One reading of a wallet and everything behind it.
struct Reading {
    /// The wallet was the same after the last row was read as before the first.
    is_consistent: bool,
    entries: u64,
    transactions: u64,
    accounts: BTreeMap<String, i64>,
    differences: Vec<Difference>,
}

async fn read_wallet(store: &dyn Store, owner: AccountId) -> Result<Reading, Failure> {
    let wallet = wallet(store, owner).await?;
    let entries: Vec<Entry> = rows(store, owner, "LEDGER#").await?;
    let holds: Vec<Hold> = rows(store, owner, "HOLD#").await?;
    let (accounts, transactions, unbalanced) = transactions(store, owner).await?;
    let mut differences = Vec::new();
    let mut differ = |invariant: &str, found: String| {
        differences.push(Difference { owner: owner.to_string(), invariant: invariant.to_owned(), found });
    };
    if Fen::sum(entries.iter().map(|entry| entry.amount_fen)) != Ok(wallet.balance()) {
        differ("I1", format!("the entries do not sum to the balance of {} fen", wallet.balance().get()));
    }
    if wallet.held().is_negative() || wallet.balance() < wallet.held() {
        differ("I2", format!("{} fen are held of a balance of {}", wallet.held().get(), wallet.balance().get()));
    }
    match check_chain(owner, &entries) {
        Err(error) => differ("I3", error.to_string()),
        Ok(ends) if ends != (wallet.balance(), wallet.held()) || entries.len() as u64 != wallet.seq() => {
            differ("I3", format!("there are {} entries, the wallet counts {}", entries.len(), wallet.seq()));
        }
        Ok(_) => {}
    }
    for no in unbalanced {
        differ("I4", format!("transaction {no} does not sum to zero"));
    }
    let own: i64 = accounts
        .iter()
        .filter(|(name, _)| name.starts_with("user:") || name.starts_with("hold:"))
        .map(|(_, fen)| fen)
        .sum();
    if own != wallet.balance().get() {
        differ("I4", format!("the transactions sum to {own} fen, the balance is {}", wallet.balance().get()));
    }
    let open = holds.iter().filter(|hold| matches!(hold.state, State::Open { .. })).map(Hold::amount);
    if Fen::sum(open) != Ok(wallet.held()) {
        differ("I5", format!("the open holds do not sum to the {} fen held", wallet.held().get()));
    }
    let is_consistent = self::wallet(store, owner).await? == wallet;
    Ok(Reading { is_consistent, entries: entries.len() as u64, transactions, accounts, differences })
}

async fn wallet(store: &dyn Store, owner: AccountId) -> Result<Wallet, Failure> {
    let row: Option<Loaded<Wallet>> = load(store, &key::wallet(owner)).await?;
    Ok(row.map_or_else(|| Wallet::new(owner), |row| row.value))
}

async fn rows<T: Stored>(store: &dyn Store, owner: AccountId, prefix: &str) -> Result<Vec<T>, Failure> {
    let mut query = owner_rows(owner, prefix);
    let mut values = Vec::new();
    loop {
        let (found, next) = page::<T>(store, &query).await?;
        values.extend(found.into_iter().map(|row| row.value));
        match next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(values),
        }
    }
}

/// Sum of every account over one customer's transactions, the number of transactions, and the numbers of those that do not sum to
/// zero.
type TransactionSums = (BTreeMap<String, i64>, u64, Vec<String>);

async fn transactions(store: &dyn Store, owner: AccountId) -> Result<TransactionSums, Failure> {
    let (mut accounts, mut count, mut unbalanced) = (BTreeMap::new(), 0, Vec::new());
    let mut query = owner_rows(owner, "TX#");
    loop {
        let page = store.query(&query).await?;
        for row in &page.rows {
            count += 1;
            let postings = postings(row);
            if postings.iter().map(|(_, fen)| i128::from(*fen)).sum::<i128>() != 0 {
                unbalanced.push(row.get("no").and_then(Value::as_str).unwrap_or("?").to_owned());
            }
            for (account, fen) in postings {
                *accounts.entry(account).or_default() += fen;
            }
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok((accounts, count, unbalanced)),
        }
    }
}

fn postings(row: &Row) -> Vec<(String, i64)> {
    let postings = row.get("postings").and_then(Value::as_array).into_iter().flatten();
    postings
        .filter_map(|posting| Some((posting.get("account")?.as_str()?.to_owned(), posting.get("fen")?.as_i64()?)))
        .collect()
}
