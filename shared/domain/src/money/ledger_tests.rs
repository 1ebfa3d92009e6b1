use proptest::prelude::*;

use super::*;
use crate::money::wallet::{Movement, Wallet};

fn owner() -> AccountId {
    AccountId(ulid::Ulid::from_parts(1, 7))
}

fn number(n: u64) -> Number {
    Number::new(Timestamp::UNIX_EPOCH, n)
}

fn chain(moves: &[Movement]) -> (Wallet, Vec<Entry>) {
    let mut wallet = Wallet::new(owner());
    let mut entries = Vec::new();
    for (index, movement) in moves.iter().enumerate() {
        let at = Timestamp::from_second(1_700_000_000 + index as i64).unwrap();
        if let Ok((next, entry)) = wallet.clone().apply(*movement, &"2024011513365600000001".parse().unwrap(), at) {
            wallet = next;
            entries.push(entry);
        }
    }
    (wallet, entries)
}

fn movement() -> impl Strategy<Value = Movement> {
    (0..6_u8, 1..700_i64).prop_map(|(which, fen)| match which {
        0 => Movement::Credit(Fen::new(fen)),
        1 => Movement::Debit(Fen::new(fen)),
        2 => Movement::Hold(Fen::new(fen)),
        3 => Movement::Post(Fen::new(fen)),
        4 => Movement::Release(Fen::new(fen)),
        _ => Movement::Return(Fen::new(fen)),
    })
}

proptest! {
    /// Covers: I1, I2, I3
    #[test]
    fn chain_of_any_movements_adds_up_without_a_gap(moves in prop::collection::vec(movement(), 0..60)) {
        let (wallet, entries) = chain(&moves);
        let sum = Fen::sum(entries.iter().map(|entry| entry.amount_fen)).unwrap();
        prop_assert_eq!(sum, wallet.balance());
        prop_assert_eq!(check_chain(owner(), &entries), Ok((wallet.balance(), wallet.held())));
        prop_assert!(!wallet.held().is_negative() && wallet.held() <= wallet.balance());
    }

    /// Covers: I28
    #[test]
    fn changed_missing_or_moved_entry_is_detected(
        moves in prop::collection::vec(movement(), 12..60), at in any::<prop::sample::Index>(), how in 0..5_u8,
    ) {
        let (_, mut entries) = chain(&[vec![Movement::Credit(Fen::new(700)); 3], moves].concat());
        let index = at.index(entries.len() - 1);
        match how {
            0 => entries[index].amount_fen = entries[index].amount_fen.plus(Fen::new(1)).unwrap(),
            1 => entries[index].at += jiff::SignedDuration::from_secs(1),
            2 => entries[index].order_no = number(9),
            3 => { entries.remove(index); }
            _ => entries.swap(index, index + 1),
        }
        prop_assert!(check_chain(owner(), &entries).is_err());
    }

    /// Covers: I4
    #[test]
    fn transaction_of_postings_that_do_not_sum_to_zero_is_refused(net in 0..10_000_i64, discount in 0..10_000_i64, off in -3..=3_i64) {
        let sale = Transaction::sale(Account::Channel(Provider::Wechat), Fen::new(net), Fen::new(discount)).unwrap();
        prop_assert_eq!(Fen::sum(sale.postings().iter().map(|posting| posting.amount)), Ok(Fen::ZERO));
        prop_assert!(sale.postings().iter().all(|posting| !posting.amount.is_zero()));
        let skewed = Transaction::new([(Account::Revenue, Fen::new(net + off)), (Account::User(owner()), Fen::new(-net))]);
        prop_assert_eq!(skewed.is_ok(), off == 0);
    }
}

/// Covers: I4
#[test]
fn sale_takes_the_net_price_and_the_discount_and_credits_the_revenue() {
    let (user, net, discount) = (Account::User(owner()), Fen::new(100), Fen::new(50));
    let sale = Transaction::sale(user.clone(), net, discount).unwrap();
    let postings = |transaction: &Transaction| -> Vec<(String, i64)> {
        transaction.postings().iter().map(|posting| (posting.account.to_string(), posting.amount.get())).collect()
    };
    let line = |account: &str, fen: i64| (account.to_owned(), fen);
    assert_eq!(
        postings(&sale),
        [line(&format!("user:{}", owner()), -100), line("expense:coupon", -50), line("revenue:detect", 150)]
    );
    let back = sale.reversed().unwrap();
    assert_eq!(
        postings(&back),
        [line(&format!("user:{}", owner()), 100), line("expense:coupon", 50), line("revenue:detect", -150)]
    );
    let paid_in = Transaction::transfer(Account::Channel(Provider::Wechat), user, net).unwrap();
    assert_eq!(postings(&paid_in), [line("channel:wechat", -100), line(&format!("user:{}", owner()), 100)]);
    assert_eq!(Account::Channel(Provider::Alipay).to_string(), "channel:alipay");
    assert_eq!(Account::Hold(number(1)).to_string(), "hold:1970010108000000000001");
    assert_eq!(Account::RefundSuspense.to_string(), "refund:suspense");
}

/// Covers: IC-172
#[test]
fn kind_has_a_stable_code_and_only_changes_of_the_balance_are_shown() {
    let codes = Kind::ALL.map(|kind| (kind.code(), kind.is_shown()));
    let expected = [("recharge", true), ("spend", true), ("refund", true), ("hold", false), ("release", false)];
    assert_eq!(codes, expected);
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}

/// The expected hashes are computed with Python's `hashlib`. They must never change: stored chains are checked by later builds.
///
/// Covers: I28
#[test]
fn entry_hash_is_sha_256_over_its_fields_and_the_previous_hash() {
    let (_, entries) = chain(&[Movement::Credit(Fen::new(150))]);
    assert_eq!(entries[0].previous.as_str(), "85a186a7b3dddb60530eea14c5a90a7fd390d4df8e2b3ad62cb1ec8bef4dca60");
    assert_eq!(entries[0].hash.as_str(), "f202c440395d91d4225bfba719703267d422428836df9959c3b9a076a75549ed");
}

/// An attacker who can write entries can also hash them, so the sums are checked beside the hashes.
///
/// Covers: I2, I3
#[test]
fn entry_with_a_valid_hash_and_wrong_or_negative_sums_is_detected() {
    let forged = |balance: i64, balance_after: i64, held: i64, held_after: i64| {
        let (_, mut entries) = chain(&[Movement::Credit(Fen::new(150))]);
        let line = &mut entries[0];
        (line.amount_fen, line.balance_after_fen) = (Fen::new(balance), Fen::new(balance_after));
        (line.held_fen, line.held_after_fen) = (Fen::new(held), Fen::new(held_after));
        line.hash = line.computed_hash();
        check_chain(owner(), &entries)
    };
    assert_eq!(forged(150, 150, 150, 150), Ok((Fen::new(150), Fen::new(150))));
    assert_eq!(forged(150, 151, 0, 0), Err(ChainError::Sum(1)));
    assert_eq!(forged(150, 150, 0, 1), Err(ChainError::Sum(1)));
    assert_eq!(forged(150, 150, 151, 151), Err(ChainError::Negative(1)), "the held part exceeds the balance");
    assert_eq!(forged(150, 150, -1, -1), Err(ChainError::Negative(1)));
    assert_eq!(forged(-1, -1, 0, 0), Err(ChainError::Negative(1)));
}

#[test]
fn chain_of_another_account_is_detected() {
    let (_, entries) = chain(&[Movement::Credit(Fen::new(150))]);
    assert_eq!(check_chain(AccountId(ulid::Ulid::from_parts(2, 7)), &entries), Err(ChainError::Gap(1)));
}
