//! Fault injection: a plan of failing calls for any port, and a store that follows one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;

use super::{Change, Key, Page, Query, Row, Store, StoreError, Token};

/// How one call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call has no effect, and the caller gets an error that says so.
    RequestLost,
    /// The call has its effect, but the caller gets an error.
    ResponseLost,
    /// The call has no effect, and the caller gets an error that leaves the outcome open.
    Timeout,
    /// The condition of the first change does not hold.
    Conflict,
    /// The store refuses the call because of too many others.
    Throttled,
    /// The call is executed twice.
    Duplicated,
    /// The caller is killed before the call has an effect: its future is never resumed.
    KilledBefore,
    /// The caller is killed after the call had its effect.
    KilledAfter,
}

impl Fault {
    /// Faults after which the caller goes on.
    pub const ALL: [Self; 6] =
        [Self::RequestLost, Self::ResponseLost, Self::Timeout, Self::Conflict, Self::Throttled, Self::Duplicated];
    /// Faults that end the caller.
    pub const KILLS: [Self; 2] = [Self::KilledBefore, Self::KilledAfter];
}

/// Counts the calls to a port and makes the chosen ones fail.
///
/// # Panics
///
/// All methods panic if another thread panicked while it held the plan.
#[derive(Debug, Default)]
pub struct FaultPlan(Mutex<Planned>);

#[derive(Debug, Default)]
struct Planned {
    calls: usize,
    faults: BTreeMap<usize, Fault>,
}

impl FaultPlan {
    /// Makes a later call fail: `call` is 0 for the next call, 1 for the one after it.
    pub fn fail(&self, call: usize, fault: Fault) {
        let mut planned = self.0.lock().expect("plan");
        let at = planned.calls + call;
        planned.faults.insert(at, fault);
    }

    /// Removes all planned faults.
    pub fn forget_faults(&self) {
        self.0.lock().expect("plan").faults.clear();
    }

    /// How many calls were made so far.
    pub fn calls(&self) -> usize {
        self.0.lock().expect("plan").calls
    }

    fn next(&self) -> Option<Fault> {
        let mut planned = self.0.lock().expect("plan");
        let call = planned.calls;
        planned.calls += 1;
        planned.faults.remove(&call)
    }

    /// Makes `call`, unless a fault is planned for it. `injected` makes the error that the caller gets from a fault.
    ///
    /// # Errors
    ///
    /// That of the call, or the injected one.
    pub async fn run<T, E, F>(&self, call: impl Fn() -> F, injected: impl Fn(Fault) -> E) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        match self.next() {
            None => call().await,
            Some(fault @ Fault::ResponseLost) => {
                let _ = call().await;
                Err(injected(fault))
            }
            Some(Fault::Duplicated) => {
                call().await?;
                call().await
            }
            Some(Fault::KilledBefore) => std::future::pending().await,
            Some(Fault::KilledAfter) => {
                let _ = call().await;
                std::future::pending().await
            }
            Some(fault @ (Fault::RequestLost | Fault::Timeout | Fault::Conflict | Fault::Throttled)) => {
                Err(injected(fault))
            }
        }
    }
}

/// A store whose calls fail as its plan says.
#[derive(Debug)]
pub struct FaultyStore<S> {
    /// The store behind it. Calls to it are not counted and do not fail.
    pub inner: S,
    plan: FaultPlan,
}

impl<S: Store> FaultyStore<S> {
    /// A store in front of `inner`, without planned faults.
    pub fn new(inner: S) -> Self {
        Self { inner, plan: FaultPlan::default() }
    }

    /// The plan of this store's faults.
    pub const fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// See [`FaultPlan::fail`].
    pub fn fail(&self, call: usize, fault: Fault) {
        self.plan.fail(call, fault);
    }

    /// See [`FaultPlan::forget_faults`].
    pub fn forget_faults(&self) {
        self.plan.forget_faults();
    }

    /// See [`FaultPlan::calls`].
    pub fn calls(&self) -> usize {
        self.plan.calls()
    }

    async fn with<T, F>(&self, call: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let injected = |fault| match fault {
            Fault::Conflict => StoreError::Conflict { changes: vec![0] },
            Fault::Throttled => StoreError::Throttled,
            Fault::RequestLost => StoreError::Unavailable("injected".into()),
            _ => StoreError::Unknown("injected".into()),
        };
        self.plan.run(call, injected).await
    }
}

#[async_trait]
impl<S: Store> Store for FaultyStore<S> {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.with(|| self.inner.get(key)).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        self.with(|| self.inner.query(query)).await
    }

    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError> {
        self.with(|| self.inner.commit(token, changes.clone())).await
    }

    async fn apply(&self, change: Change) -> Result<Row, StoreError> {
        self.with(|| self.inner.apply(change.clone())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{MemoryStore, Table};

    #[tokio::test]
    async fn lost_request_has_no_effect_and_lost_response_has_its_effect() {
        let store = FaultyStore::new(MemoryStore::new());
        let count = || Change::update(Key::new(Table::Ephemeral, "counter", "all")).add("n", 1);
        store.fail(0, Fault::RequestLost);
        store.fail(1, Fault::ResponseLost);
        assert!(matches!(store.apply(count()).await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.apply(count()).await, Err(StoreError::Unknown(_))));
        assert_eq!(store.apply(count()).await.unwrap()["n"], 2);
        assert_eq!(store.calls(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn killed_caller_does_not_resume_and_duplicated_commit_has_one_effect() {
        let store = FaultyStore::new(MemoryStore::new());
        let key = || Key::new(Table::Ephemeral, "counter", "all");
        let count = || Change::update(key()).add("n", 1);
        let second = std::time::Duration::from_secs(1);
        for fault in Fault::KILLS {
            store.fail(0, fault);
            assert!(tokio::time::timeout(second, store.apply(count())).await.is_err(), "{fault:?}");
        }
        assert_eq!(store.get(&key()).await.unwrap().unwrap()["n"], 1);
        store.fail(0, Fault::Duplicated);
        store.commit(&Token::new("once").unwrap(), vec![count()]).await.unwrap();
        assert_eq!(store.get(&key()).await.unwrap().unwrap()["n"], 2);
    }
}
