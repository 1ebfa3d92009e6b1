//! The two phases of paying by balance: hold when a photo is submitted; post, void or expire when its fate is known.
//!
//! [`take`], [`post`] and [`void`] hand their changes back instead of writing them: they belong into the one commit that also
//! writes the photo. When that commit reports a conflict, everything is read again.

use domain::money::Fen;
use domain::money::coupon::Coupon;
use domain::money::hold::{Hold, State};
use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::order::{Line, Order};
use domain::money::wallet::Movement;
use jiff::Timestamp;

use crate::backoff::Backoff;
use crate::books::{Books, Loaded, MoneyContext, key, load, photo_lock, user};
use crate::coupons;
use crate::failure::Failure;
use crate::store::{Change, Store};

/// Somebody ended the hold before.
pub const RESOLVED: &str = "hold-resolved";

/// A hold about to be written.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Number of the hold, and of the order a pass makes of it.
    pub no: Number,
    pub gross: Fen,
    pub discount: Fen,
    pub changes: Vec<Change>,
}

/// Keeps the price of one photo aside, lowered by the coupon that expires soonest. Refused as `balance-too-low`.
pub async fn take(
    money: &MoneyContext,
    owner: &str,
    image_no: &str,
    now: Timestamp,
    deadline: Timestamp,
) -> Result<Taken, Failure> {
    let gross = money.price(now)?;
    let coupons = coupons::all(&*money.store, owner).await?;
    let picked = coupons::pick(&coupons, gross, now);
    let hold = Hold {
        no: money.number(now),
        owner: owner.to_owned(),
        image_no: image_no.to_owned(),
        gross_fen: gross,
        discount: picked.map(|coupon| coupon.value.discount(gross)),
        opened_at: now,
        state: State::Open { deadline },
    };
    let mut books = Books::of(&*money.store, owner).await?;
    let amount = hold.amount();
    if !amount.is_zero() {
        let moved = Transaction::transfer(user(owner), Account::Hold(hold.no.to_string()), amount)?;
        books.apply(Movement::Hold(amount), hold.no.as_str(), "hold", &moved, now)?;
    }
    let mut changes = books.changes()?;
    changes.push(Loaded::new(hold.clone()).replace(&hold)?);
    if let Some(coupon) = picked {
        let held = coupon.value.clone().hold(hold.no.clone(), now).map_err(coupons::refused)?;
        changes.push(coupon.replace(&held)?);
    }
    let discount = gross.minus(amount)?;
    Ok(Taken { no: hold.no, gross, discount, changes })
}

/// The photo passed: what was held is spent and its order is paid, at the price frozen with the hold. Refused as `hold-resolved`
/// when nothing is held any more.
pub async fn post(
    store: &dyn Store,
    owner: &str,
    image_no: &str,
    line: Line,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let (row, mut books, coupon) = read(store, owner, image_no).await?;
    let hold = row.value.clone().post(now).map_err(resolved)?;
    let order = Order::of_hold(&hold, line.card, line.region, now);
    let no = &hold.no;
    let (net, discount) = (order.payable(), order.discounted());
    let moved = Transaction::sale(Account::Hold(no.to_string()), net, discount)?;
    if net.is_zero() {
        books.note(owner, no.as_str(), "sale", &moved, now);
    } else {
        books.apply(Movement::Post(net), no.as_str(), "sale", &moved, now)?;
    }
    let mut changes = books.changes()?;
    changes.push(row.replace(&hold)?);
    changes.push(Loaded::new(order.clone()).replace(&order)?);
    changes.push(photo_lock::take(&hold.image_no, no));
    if let Some(coupon) = coupon {
        let used = coupon.value.clone().redeem(no, now).map_err(|_| Failure::Raced)?;
        changes.push(coupon.replace(&used)?);
    }
    Ok(changes)
}

/// The photo failed, timed out or never came: everything is as before. Refused as `hold-resolved` when it is already.
pub async fn void(store: &dyn Store, owner: &str, image_no: &str, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let (row, books, coupon) = read(store, owner, image_no).await?;
    let hold = row.value.clone().void(now).map_err(resolved)?;
    release(&row, &hold, books, coupon, now)
}

/// Gives back what nobody resolved until its deadline. Answers whether this call did it.
pub async fn expire(money: &MoneyContext, owner: &str, image_no: &str, now: Timestamp) -> Result<bool, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match expire_once(money, owner, image_no, now).await {
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            expired => return expired,
        }
    }
}

async fn expire_once(money: &MoneyContext, owner: &str, image_no: &str, now: Timestamp) -> Result<bool, Failure> {
    let (row, books, coupon) = read(&*money.store, owner, image_no).await?;
    let Ok(hold) = row.value.clone().expire(now) else { return Ok(false) };
    money.commit(now, release(&row, &hold, books, coupon, now)?).await?;
    Ok(true)
}

fn release(
    row: &Loaded<Hold>,
    hold: &Hold,
    mut books: Books,
    coupon: Option<Loaded<Coupon>>,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let amount = hold.amount();
    if !amount.is_zero() {
        let moved = Transaction::transfer(Account::Hold(hold.no.to_string()), user(&hold.owner), amount)?;
        books.apply(Movement::Release(amount), hold.no.as_str(), "release", &moved, now)?;
    }
    let mut changes = books.changes()?;
    changes.push(row.replace(hold)?);
    if let Some(coupon) = coupon {
        let free = coupon.value.clone().release(&hold.no, now).map_err(|_| Failure::Raced)?;
        changes.push(coupon.replace(&free)?);
    }
    Ok(changes)
}

type Read = (Loaded<Hold>, Books, Option<Loaded<Coupon>>);

async fn read(store: &dyn Store, owner: &str, image_no: &str) -> Result<Read, Failure> {
    let hold: Loaded<Hold> = load(store, &key::hold(owner, image_no)).await?.ok_or(Failure::NotFound)?;
    let books = Books::of(store, owner).await?;
    let coupon = match &hold.value.discount {
        Some(discount) => load(store, &key::coupon(owner, &discount.coupon)).await?,
        None => None,
    };
    Ok((hold, books, coupon))
}

const fn resolved(_: domain::Refused) -> Failure {
    Failure::Conflict { code: RESOLVED }
}
