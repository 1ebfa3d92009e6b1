//! The two phases of paying from the balance: a hold when a photo is submitted; post, void or expiry when its outcome is known.
//!
//! [`authorise`], [`post`] and [`void`] return their changes instead of writing them: they are part of the commit that writes the
//! photo. If that commit conflicts, the caller calls them again.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::coupon::Coupon;
use domain::money::hold::{Hold, State};
use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::order::{Line, Order};
use domain::money::wallet::Movement;
use jiff::Timestamp;

use crate::backoff::Backoff;
use crate::coupons;
use crate::failure::Failure;
use crate::ledger::{Loaded, MoneyContext, TransactionKind, WalletTransaction, key, load, photo_lock, user_account};
use crate::store::{Change, Store};

/// The code of the conflict when a hold is not open any more.
pub const RESOLVED: &str = "hold-resolved";

/// A hold that is about to be written.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Number of the hold, and of the order that it becomes if the photo passes.
    pub no: Number,
    /// The price of the photo.
    pub gross: Fen,
    /// What the coupon takes off the price.
    pub discount: Fen,
    /// What to write.
    pub changes: Vec<Change>,
}

/// Holds the price of one photo, less the coupon that [`domain::money::coupon::pick`] finds, until `deadline`.
///
/// # Errors
///
/// [`Failure::Short`] if the available balance is too low; [`Failure::Unavailable`] if the store does not answer.
pub async fn authorise(
    money: &MoneyContext,
    owner: AccountId,
    image_no: ImageNumber,
    now: Timestamp,
    deadline: Timestamp,
) -> Result<NewHold, Failure> {
    let gross = money.price(now)?;
    let coupons = coupons::all(&*money.store, owner).await?;
    let picked = coupons::pick(&coupons, gross, now);
    let hold = Hold {
        no: money.new_number(now),
        owner,
        image_no,
        gross_fen: gross,
        discount: picked.map(|coupon| coupon.value.discount(gross)),
        opened_at: now,
        state: State::Open { deadline },
    };
    let mut wallet = WalletTransaction::load(&*money.store, owner).await?;
    let amount = hold.amount();
    if !amount.is_zero() {
        let moved = Transaction::transfer(user_account(owner), Account::Hold(hold.no.clone()), amount)?;
        wallet.apply(Movement::Hold(amount), &hold.no, TransactionKind::Hold, &moved, now)?;
    }
    let mut changes = wallet.into_changes()?;
    changes.push(Loaded::new(hold.clone()).replace(&hold)?);
    if let Some(coupon) = picked {
        let held = coupon.value.clone().hold(hold.no.clone(), now).map_err(coupons::refused)?;
        changes.push(coupon.replace(&held)?);
    }
    let discount = gross.minus(amount)?;
    Ok(NewHold { no: hold.no, gross, discount, changes })
}

/// Captures the hold of a photo that passed: the held money is spent, and the hold becomes a paid order at the held price.
///
/// # Errors
///
/// [`RESOLVED`] (409) if the hold is not open any more; [`Failure::NotFound`] if the photo has no hold; [`Failure::Raced`] if the
/// coupon changed meanwhile.
pub async fn post(
    store: &dyn Store,
    owner: AccountId,
    image_no: ImageNumber,
    line: Line,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let (row, mut wallet, coupon) = read(store, owner, image_no).await?;
    let hold = row.value.clone().post(now).map_err(resolved)?;
    let order = Order::of_hold(&hold, line.card, line.region, now);
    let (net, discount) = (order.payable(), order.discount_amount());
    let moved = Transaction::sale(Account::Hold(hold.no.clone()), net, discount)?;
    if net.is_zero() {
        wallet.record(&hold.no, TransactionKind::Sale, &moved, now);
    } else {
        wallet.apply(Movement::Post(net), &hold.no, TransactionKind::Sale, &moved, now)?;
    }
    let mut changes = wallet.into_changes()?;
    changes.push(row.replace(&hold)?);
    changes.push(Loaded::new(order.clone()).replace(&order)?);
    changes.push(photo_lock::acquire(hold.image_no, &hold.no));
    if let Some(coupon) = coupon {
        let used = coupon.value.clone().redeem(&hold.no, now).map_err(|_| Failure::Raced)?;
        changes.push(coupon.replace(&used)?);
    }
    Ok(changes)
}

/// Releases the hold of a photo that failed, timed out or was never uploaded: money and coupon are available again.
///
/// # Errors
///
/// As [`post`].
pub async fn void(
    store: &dyn Store,
    owner: AccountId,
    image_no: ImageNumber,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let (row, wallet, coupon) = read(store, owner, image_no).await?;
    let hold = row.value.clone().void(now).map_err(resolved)?;
    release(&row, &hold, wallet, coupon, now)
}

/// Releases a hold that was not resolved before its deadline. Returns whether this call released it.
///
/// # Errors
///
/// [`Failure::NotFound`] if the photo has no hold; [`Failure::Unavailable`] if the store does not answer.
pub async fn expire(
    money: &MoneyContext,
    owner: AccountId,
    image_no: ImageNumber,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match expire_once(money, owner, image_no, now).await {
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            expired => return expired,
        }
    }
}

async fn expire_once(
    money: &MoneyContext,
    owner: AccountId,
    image_no: ImageNumber,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (row, wallet, coupon) = read(&*money.store, owner, image_no).await?;
    let Ok(hold) = row.value.clone().expire(now) else { return Ok(false) };
    money.commit(now, release(&row, &hold, wallet, coupon, now)?).await?;
    Ok(true)
}

fn release(
    row: &Loaded<Hold>,
    hold: &Hold,
    mut wallet: WalletTransaction,
    coupon: Option<Loaded<Coupon>>,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let amount = hold.amount();
    if !amount.is_zero() {
        let moved = Transaction::transfer(Account::Hold(hold.no.clone()), user_account(hold.owner), amount)?;
        wallet.apply(Movement::Release(amount), &hold.no, TransactionKind::Release, &moved, now)?;
    }
    let mut changes = wallet.into_changes()?;
    changes.push(row.replace(hold)?);
    if let Some(coupon) = coupon {
        let released = coupon.value.clone().release(&hold.no, now).map_err(|_| Failure::Raced)?;
        changes.push(coupon.replace(&released)?);
    }
    Ok(changes)
}

/// The hold of a photo, the wallet, and the coupon that the hold reserves.
type HoldRows = (Loaded<Hold>, WalletTransaction, Option<Loaded<Coupon>>);

async fn read(store: &dyn Store, owner: AccountId, image_no: ImageNumber) -> Result<HoldRows, Failure> {
    let hold: Loaded<Hold> = load(store, &key::hold(owner, image_no)).await?.ok_or(Failure::NotFound)?;
    let wallet = WalletTransaction::load(store, owner).await?;
    let coupon = match &hold.value.discount {
        Some(discount) => load(store, &key::coupon(owner, &discount.coupon)).await?,
        None => None,
    };
    Ok((hold, wallet, coupon))
}

const fn resolved(_: domain::Refused) -> Failure {
    Failure::Conflict { code: RESOLVED }
}
