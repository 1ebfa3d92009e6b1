//! Proof that a person is at the other end: one puzzle, one try, one purpose, five minutes.
//!
//! Machines solve such puzzles too; the limits behind the door are the real protection. The sum in words exists for people
//! who do not see the picture.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::store::{Change, Key, Store, StoreError, TTL, Table, from_row, to_row};

pub const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Characters of a picture.
pub const CHARACTERS: usize = 5;
/// No two of them look alike.
const ALPHABET: &[u8; 24] = b"ACDEFHJKMNPQRTUVWXY34679";

/// What a solved puzzle may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Register,
    SignIn,
    SmsCode,
    Recover,
    BindEmail,
    StepUp,
    Upload,
}

/// What the person is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Puzzle {
    /// Characters to be drawn.
    Picture(String),
    /// Two numbers to be added, asked in words.
    Sum(u32, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PuzzleKind {
    Picture,
    Sum,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captcha {
    pub id: String,
    pub puzzle: Puzzle,
    pub expires_at: Timestamp,
}

/// What the person answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub id: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptchaFailure {
    /// Wrong, used, too late, or meant for something else: the person gets a new puzzle in every case.
    #[error("captcha not solved")]
    Unsolved,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CaptchaRow {
    purpose: Purpose,
    answer: String,
    expires_at: Timestamp,
    ttl: i64,
}

/// Makes a puzzle for `purpose` and remembers its answer.
pub async fn issue(
    store: &dyn Store,
    random: &dyn Random,
    now: Timestamp,
    purpose: Purpose,
    kind: PuzzleKind,
) -> Result<Captcha, StoreError> {
    let mut bytes = [0; 16 + CHARACTERS];
    random.fill(&mut bytes);
    let id = URL_SAFE_NO_PAD.encode(&bytes[..16]);
    let draw = &bytes[16..];
    let (puzzle, answer) = match kind {
        PuzzleKind::Picture => {
            let text: String =
                draw.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
            (Puzzle::Picture(text.clone()), text)
        }
        PuzzleKind::Sum => {
            let (a, b) = (u32::from(draw[0]) % 20 + 1, u32::from(draw[1]) % 9 + 1);
            (Puzzle::Sum(a, b), (a + b).to_string())
        }
    };
    let expires_at = now + LIFE;
    let row = CaptchaRow { purpose, answer: hashed(&id, &answer), expires_at, ttl: expires_at.as_second() };
    debug_assert_eq!(TTL, "ttl");
    let row = to_row(&row).map_err(|error| StoreError::Invalid(error.to_string()))?;
    store.apply(Change::put(key(&id), row).if_absent()).await?;
    Ok(Captcha { id, puzzle, expires_at })
}

/// Uses the puzzle up and says whether it was solved for `purpose`.
pub async fn redeem(
    store: &dyn Store,
    now: Timestamp,
    purpose: Purpose,
    answer: &Answer,
) -> Result<(), CaptchaFailure> {
    if answer.id.len() > 32 || answer.text.len() > 32 {
        return Err(CaptchaFailure::Unsolved);
    }
    let key = key(&answer.id);
    let row = store.get(&key).await?.ok_or(CaptchaFailure::Unsolved)?;
    match store.apply(Change::delete(key).if_exists()).await {
        Ok(_) => {}
        // Somebody else used it between the two calls.
        Err(StoreError::Conflict { .. }) => return Err(CaptchaFailure::Unsolved),
        Err(error) => return Err(error.into()),
    }
    let row: CaptchaRow = from_row(row).map_err(|error| StoreError::Invalid(error.to_string()))?;
    let given = hashed(&answer.id, answer.text.trim());
    let solved = row.purpose == purpose && now < row.expires_at && row.answer == given;
    if solved { Ok(()) } else { Err(CaptchaFailure::Unsolved) }
}

fn key(id: &str) -> Key {
    Key::new(Table::Guards, format!("CAPTCHA#{id}"), "CAPTCHA")
}

/// Case does not matter. The identifier makes every stored answer different.
fn hashed(id: &str, answer: &str) -> String {
    let hash = digest(&SHA256, format!("{id}:{}", answer.to_ascii_uppercase()).as_bytes());
    URL_SAFE_NO_PAD.encode(hash)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::random::OsRandom;
    use crate::store::MemoryStore;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn solution(captcha: &Captcha) -> Answer {
        let text = match &captcha.puzzle {
            Puzzle::Picture(text) => text.to_lowercase(),
            Puzzle::Sum(a, b) => format!(" {} ", a + b),
        };
        Answer { id: captcha.id.clone(), text }
    }

    async fn fresh(store: &MemoryStore, kind: PuzzleKind) -> Answer {
        solution(&issue(store, &OsRandom, NOW, Purpose::SignIn, kind).await.unwrap())
    }

    /// Covers: IC-12
    #[tokio::test]
    async fn a_captcha_is_good_once_for_its_purpose_and_time() {
        let store = MemoryStore::new();
        for kind in [PuzzleKind::Picture, PuzzleKind::Sum] {
            let good = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &good).await, Ok(()));
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &good).await, Err(CaptchaFailure::Unsolved));
            let other = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW, Purpose::Register, &other).await, Err(CaptchaFailure::Unsolved));
            let late = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW + LIFE, Purpose::SignIn, &late).await, Err(CaptchaFailure::Unsolved));
            let right = fresh(&store, kind).await;
            let wrong = Answer { text: "0".to_owned(), ..right.clone() };
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &wrong).await, Err(CaptchaFailure::Unsolved));
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &right).await, Err(CaptchaFailure::Unsolved));
        }
    }

    /// Covers: IC-12
    #[tokio::test(flavor = "multi_thread")]
    async fn of_many_at_once_one_uses_the_captcha() {
        let store = Arc::new(MemoryStore::new());
        let answer = fresh(&store, PuzzleKind::Picture).await;
        let calls = (0..32).map(|_| {
            let (store, answer) = (store.clone(), answer.clone());
            tokio::spawn(async move { redeem(&*store, NOW, Purpose::SignIn, &answer).await.is_ok() })
        });
        let mut solved = 0;
        for call in calls.collect::<Vec<_>>() {
            solved += usize::from(call.await.unwrap());
        }
        assert_eq!(solved, 1);
    }
}
