//! A store that fails on purpose, for tests that crash a use case at each of its steps.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;

use super::{Change, Key, Page, Query, Row, Store, StoreError, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call is lost before it has any effect.
    Before,
    /// The call has its effect, but its answer is lost.
    After,
    /// The call is lost before it has any effect, and nobody knows.
    Timeout,
    /// The call is refused by its first change's condition.
    Conflict,
    Throttled,
    /// The call arrives twice.
    Twice,
    /// The caller is killed before the call has any effect: its future is never continued.
    Dies,
    /// The caller is killed before it hears of the effect.
    DiesAfter,
}

impl Fault {
    /// What the caller hears of, and goes on after.
    pub const ALL: [Self; 6] = [Self::Before, Self::After, Self::Timeout, Self::Conflict, Self::Throttled, Self::Twice];
    /// What ends the caller where it stands.
    pub const DEATHS: [Self; 2] = [Self::Dies, Self::DiesAfter];
}

/// Counts the calls to a port from 0 and fails those it was told to.
#[derive(Debug, Default)]
pub struct Plan(Mutex<Planned>);

#[derive(Debug, Default)]
struct Planned {
    calls: usize,
    faults: BTreeMap<usize, Fault>,
}

impl Plan {
    /// The call with this number, counted from now, fails.
    pub fn fail(&self, call: usize, fault: Fault) {
        let mut planned = self.0.lock().expect("plan");
        let at = planned.calls + call;
        planned.faults.insert(at, fault);
    }

    /// No call fails any more.
    pub fn forget_faults(&self) {
        self.0.lock().expect("plan").faults.clear();
    }

    /// How many calls were made since the port was built.
    pub fn calls(&self) -> usize {
        self.0.lock().expect("plan").calls
    }

    fn next(&self) -> Option<Fault> {
        let mut planned = self.0.lock().expect("plan");
        let call = planned.calls;
        planned.calls += 1;
        planned.faults.remove(&call)
    }

    /// Makes the call, or what its fault makes of it; `injected` is what the caller hears then.
    pub async fn carry_out<T, E, F>(&self, call: impl Fn() -> F, injected: impl Fn(Fault) -> E) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        match self.next() {
            None => call().await,
            Some(fault @ Fault::After) => {
                let _ = call().await;
                Err(injected(fault))
            }
            Some(Fault::Twice) => {
                call().await?;
                call().await
            }
            Some(Fault::Dies) => std::future::pending().await,
            Some(Fault::DiesAfter) => {
                let _ = call().await;
                std::future::pending().await
            }
            Some(fault @ (Fault::Before | Fault::Timeout | Fault::Conflict | Fault::Throttled)) => Err(injected(fault)),
        }
    }
}

#[derive(Debug)]
pub struct FaultyStore<S> {
    pub inner: S,
    plan: Plan,
}

impl<S: Store> FaultyStore<S> {
    pub fn new(inner: S) -> Self {
        Self { inner, plan: Plan::default() }
    }

    pub fn fail(&self, call: usize, fault: Fault) {
        self.plan.fail(call, fault);
    }

    pub fn forget_faults(&self) {
        self.plan.forget_faults();
    }

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
            Fault::Before => StoreError::Unavailable("injected".into()),
            _ => StoreError::Unknown("injected".into()),
        };
        self.plan.carry_out(call, injected).await
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
    async fn a_lost_call_leaves_nothing_and_a_lost_answer_leaves_its_effect() {
        let store = FaultyStore::new(MemoryStore::new());
        let count = || Change::update(Key::new(Table::Guards, "counter", "all")).add("n", 1);
        store.fail(0, Fault::Before);
        store.fail(1, Fault::After);
        assert!(matches!(store.apply(count()).await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.apply(count()).await, Err(StoreError::Unknown(_))));
        assert_eq!(store.apply(count()).await.unwrap()["n"], 2);
        assert_eq!(store.calls(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_dies_goes_no_further_and_a_commit_that_comes_twice_is_one() {
        let store = FaultyStore::new(MemoryStore::new());
        let key = || Key::new(Table::Guards, "counter", "all");
        let count = || Change::update(key()).add("n", 1);
        let second = std::time::Duration::from_secs(1);
        for fault in Fault::DEATHS {
            store.fail(0, fault);
            assert!(tokio::time::timeout(second, store.apply(count())).await.is_err(), "{fault:?}");
        }
        assert_eq!(store.get(&key()).await.unwrap().unwrap()["n"], 1);
        store.fail(0, Fault::Twice);
        store.commit(&Token::new("once").unwrap(), vec![count()]).await.unwrap();
        assert_eq!(store.get(&key()).await.unwrap().unwrap()["n"], 2);
    }
}
