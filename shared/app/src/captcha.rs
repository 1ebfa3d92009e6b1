//! Captchas: one puzzle for one purpose, one try, five minutes.
//!
//! Machines solve such puzzles too, so the rate limits are the real protection. The sum in words is for people who
//! cannot see the picture.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::store::{Change, Key, Store, StoreError, TTL, Table, from_row, to_row};

/// How long a captcha is valid.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// The number of characters in a picture.
pub const CHARACTERS: usize = 5;
/// The characters of pictures: no two of them look alike.
const ALPHABET: &[u8; 24] = b"ACDEFHJKMNPQRTUVWXY34679";

/// What a solved captcha is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 注册
    Register,
    /// 登录
    SignIn,
    /// 获取短信验证码
    SmsCode,
    /// 忘记密码
    Recover,
    /// 绑定邮箱
    BindEmail,
    /// 验证身份
    StepUp,
    /// 上传照片
    Upload,
}

/// The content of a captcha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Puzzle {
    /// The characters of a picture.
    Picture(String),
    /// Two numbers to add, asked in words.
    Sum(u32, u32),
}

/// The kind of a captcha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PuzzleKind {
    /// A picture with characters.
    Picture,
    /// A sum in words.
    Sum,
}

/// A new captcha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captcha {
    /// Identifies the captcha in the answer.
    pub id: String,
    /// Its content.
    pub puzzle: Puzzle,
    /// The end of its lifetime.
    pub expires_at: Timestamp,
}

/// A person's answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// [`Captcha::id`].
    pub id: String,
    /// The characters or the sum; case does not matter.
    pub text: String,
}

/// Why an answer was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptchaError {
    /// Wrong, used, expired, or for another purpose. The person needs a new captcha in every case.
    #[error("captcha not solved")]
    Unsolved,
    /// The store failed.
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

/// Makes a captcha for `purpose` and stores the hash of its answer.
///
/// # Errors
/// Those of the store.
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
    let choice = &bytes[16..];
    let (puzzle, answer) = match kind {
        PuzzleKind::Picture => {
            let text: String =
                choice.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect();
            (Puzzle::Picture(text.clone()), text)
        }
        PuzzleKind::Sum => {
            let (a, b) = (u32::from(choice[0]) % 20 + 1, u32::from(choice[1]) % 9 + 1);
            (Puzzle::Sum(a, b), (a + b).to_string())
        }
    };
    let expires_at = now + LIFETIME;
    let row = CaptchaRow { purpose, answer: hash(&id, &answer), expires_at, ttl: expires_at.as_second() };
    debug_assert_eq!(TTL, "ttl");
    let row = to_row(&row).map_err(|error| StoreError::Invalid(error.to_string()))?;
    store.apply(Change::put(key(&id), row).if_absent()).await?;
    Ok(Captcha { id, puzzle, expires_at })
}

/// Uses up the captcha and checks the answer.
///
/// # Errors
/// [`CaptchaError::Unsolved`] for a wrong, used or expired captcha or another purpose.
pub async fn redeem(store: &dyn Store, now: Timestamp, purpose: Purpose, answer: &Answer) -> Result<(), CaptchaError> {
    if answer.id.len() > 32 || answer.text.len() > 32 {
        return Err(CaptchaError::Unsolved);
    }
    let key = key(&answer.id);
    let row = store.get(&key).await?.ok_or(CaptchaError::Unsolved)?;
    match store.apply(Change::delete(key).if_exists()).await {
        Ok(_) => {}
        // A concurrent request used it.
        Err(StoreError::Conflict { .. }) => return Err(CaptchaError::Unsolved),
        Err(error) => return Err(error.into()),
    }
    let row: CaptchaRow = from_row(row).map_err(|error| StoreError::Invalid(error.to_string()))?;
    let given = hash(&answer.id, answer.text.trim());
    let solved = row.purpose == purpose && now < row.expires_at && row.answer == given;
    if solved { Ok(()) } else { Err(CaptchaError::Unsolved) }
}

fn key(id: &str) -> Key {
    Key::new(Table::Ephemeral, format!("CAPTCHA#{id}"), "CAPTCHA")
}

/// The stored form of an answer, without regard to case. The id makes equal answers have different hashes.
fn hash(id: &str, answer: &str) -> String {
    let digest = digest(&SHA256, format!("{id}:{}", answer.to_ascii_uppercase()).as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
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
    async fn captcha_is_accepted_once_for_its_purpose_within_five_minutes() {
        let store = MemoryStore::new();
        for kind in [PuzzleKind::Picture, PuzzleKind::Sum] {
            let good = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &good).await, Ok(()));
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &good).await, Err(CaptchaError::Unsolved));
            let other = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW, Purpose::Register, &other).await, Err(CaptchaError::Unsolved));
            let late = fresh(&store, kind).await;
            assert_eq!(redeem(&store, NOW + LIFETIME, Purpose::SignIn, &late).await, Err(CaptchaError::Unsolved));
            let right = fresh(&store, kind).await;
            let wrong = Answer { text: "0".to_owned(), ..right.clone() };
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &wrong).await, Err(CaptchaError::Unsolved));
            assert_eq!(redeem(&store, NOW, Purpose::SignIn, &right).await, Err(CaptchaError::Unsolved));
        }
    }

    /// Covers: IC-12
    #[tokio::test(flavor = "multi_thread")]
    async fn concurrent_right_answers_use_the_captcha_once() {
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
