//! The nightly check of everybody's books (I1 to I5). It reports and repairs nothing.

use std::collections::BTreeMap;

use domain::money::Fen;
use domain::money::hold::{Hold, State};
use domain::money::ledger::{Entry, check_chain};
use domain::money::wallet::Wallet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::books::{Books, Loaded, key, load, of_person, page};
use crate::failure::Failure;
use crate::store::{BY_OWNER, Query, Row, Store, Table};

/// Somebody may spend while we look; then we look again.
const LOOKS: usize = 5;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub wallets: u64,
    pub entries: u64,
    pub transactions: u64,
    /// Sum of every account over all transactions, in fen.
    pub trial_balance: BTreeMap<String, i64>,
    pub differences: Vec<Difference>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The account's id, or `all`.
    pub owner: String,
    /// Which promise is broken: `I1` to `I5`.
    pub promise: String,
    pub found: String,
}

/// Walks through all wallets.
pub async fn check(store: &dyn Store) -> Result<Report, Failure> {
    let mut report = Report::default();
    for list in Books::lists() {
        let mut query = Query::index(Table::Money, BY_OWNER, list);
        loop {
            let (wallets, next) = page::<Wallet>(store, &query).await?;
            for wallet in wallets {
                check_one(store, wallet.value.owner(), &mut report).await?;
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
        report.differences.push(Difference { owner: "all".into(), promise: "I4".into(), found });
    }
    Ok(report)
}

async fn check_one(store: &dyn Store, owner: &str, report: &mut Report) -> Result<(), Failure> {
    let mut looked = look(store, owner).await?;
    for _ in 1..LOOKS {
        if looked.steady {
            break;
        }
        looked = look(store, owner).await?;
    }
    report.wallets += 1;
    report.entries += looked.entries;
    report.transactions += looked.transactions;
    for (account, fen) in looked.accounts {
        // One line for all persons and one for all holds: the trial balance is about accounts, not about people.
        let account = account
            .split_once(':')
            .filter(|(kind, _)| matches!(*kind, "user" | "hold"))
            .map_or_else(|| account.clone(), |(kind, _)| kind.to_owned());
        *report.trial_balance.entry(account).or_default() += fen;
    }
    report.differences.extend(looked.differences);
    Ok(())
}

struct Look {
    /// Nothing moved between the first row read and the last.
    steady: bool,
    entries: u64,
    transactions: u64,
    accounts: BTreeMap<String, i64>,
    differences: Vec<Difference>,
}

async fn look(store: &dyn Store, owner: &str) -> Result<Look, Failure> {
    let wallet = wallet(store, owner).await?;
    let entries: Vec<Entry> = rows(store, owner, "LEDGER#").await?;
    let holds: Vec<Hold> = rows(store, owner, "HOLD#").await?;
    let (accounts, transactions, skewed) = transactions(store, owner).await?;
    let mut differences = Vec::new();
    let mut differ = |promise: &str, found: String| {
        differences.push(Difference { owner: owner.to_owned(), promise: promise.to_owned(), found });
    };
    if Fen::sum(entries.iter().map(|entry| entry.amount_fen)) != Ok(wallet.balance()) {
        differ("I1", format!("the lines do not sum to the balance of {} fen", wallet.balance().get()));
    }
    if wallet.held().is_negative() || wallet.balance() < wallet.held() {
        differ("I2", format!("{} fen held of {}", wallet.held().get(), wallet.balance().get()));
    }
    match check_chain(owner, &entries) {
        Err(broken) => differ("I3", broken.to_string()),
        Ok(ends) if ends != (wallet.balance(), wallet.held()) || entries.len() as u64 != wallet.seq() => {
            differ("I3", format!("{} lines, the wallet counts {}", entries.len(), wallet.seq()));
        }
        Ok(_) => {}
    }
    for no in skewed {
        differ("I4", format!("transaction {no} does not sum to zero"));
    }
    let own: i64 = accounts
        .iter()
        .filter(|(name, _)| name.starts_with("user:") || name.starts_with("hold:"))
        .map(|(_, fen)| fen)
        .sum();
    if own != wallet.balance().get() {
        differ("I4", format!("transactions leave {own} fen, the balance is {}", wallet.balance().get()));
    }
    let open = holds.iter().filter(|hold| matches!(hold.state, State::Open { .. })).map(Hold::amount);
    if Fen::sum(open) != Ok(wallet.held()) {
        differ("I5", format!("open holds do not sum to the {} fen held", wallet.held().get()));
    }
    let steady = self::wallet(store, owner).await? == wallet;
    Ok(Look { steady, entries: entries.len() as u64, transactions, accounts, differences })
}

async fn wallet(store: &dyn Store, owner: &str) -> Result<Wallet, Failure> {
    let row: Option<Loaded<Wallet>> = load(store, &key::wallet(owner)).await?;
    Ok(row.map_or_else(|| Wallet::new(owner), |row| row.value))
}

async fn rows<T: crate::books::Stored>(store: &dyn Store, owner: &str, prefix: &str) -> Result<Vec<T>, Failure> {
    let mut query = of_person(owner, prefix);
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

type Sums = (BTreeMap<String, i64>, u64, Vec<String>);

/// Sum of every account over one person's transactions, their count, and the numbers of those that do not sum to zero.
async fn transactions(store: &dyn Store, owner: &str) -> Result<Sums, Failure> {
    let (mut accounts, mut count, mut skewed) = (BTreeMap::new(), 0, Vec::new());
    let mut query = of_person(owner, "TX#");
    loop {
        let page = store.query(&query).await?;
        for row in &page.rows {
            count += 1;
            let postings = postings(row);
            if postings.iter().map(|(_, fen)| i128::from(*fen)).sum::<i128>() != 0 {
                skewed.push(row.get("no").and_then(Value::as_str).unwrap_or("?").to_owned());
            }
            for (account, fen) in postings {
                *accounts.entry(account).or_default() += fen;
            }
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok((accounts, count, skewed)),
        }
    }
}

fn postings(row: &Row) -> Vec<(String, i64)> {
    let postings = row.get("postings").and_then(Value::as_array).into_iter().flatten();
    postings
        .filter_map(|posting| Some((posting.get("account")?.as_str()?.to_owned(), posting.get("fen")?.as_i64()?)))
        .collect()
}
