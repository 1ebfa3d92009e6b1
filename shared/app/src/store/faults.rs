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
    /// The call is refused by its first change's condition.
    Conflict,
    Throttled,
}

impl Fault {
    pub const ALL: [Self; 4] = [Self::Before, Self::After, Self::Conflict, Self::Throttled];
}

/// Counts calls from 0 and fails those it was told to.
#[derive(Debug)]
pub struct FaultyStore<S> {
    pub inner: S,
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    calls: usize,
    faults: BTreeMap<usize, Fault>,
}

impl<S: Store> FaultyStore<S> {
    pub fn new(inner: S) -> Self {
        Self { inner, plan: Mutex::default() }
    }

    /// The call with this number, counted from now, fails.
    pub fn fail(&self, call: usize, fault: Fault) {
        let mut plan = self.plan.lock().expect("plan");
        let at = plan.calls + call;
        plan.faults.insert(at, fault);
    }

    /// No call fails any more.
    pub fn forget_faults(&self) {
        self.plan.lock().expect("plan").faults.clear();
    }

    /// How many calls were made since the store was built.
    pub fn calls(&self) -> usize {
        self.plan.lock().expect("plan").calls
    }

    fn next(&self) -> Option<Fault> {
        let mut plan = self.plan.lock().expect("plan");
        let call = plan.calls;
        plan.calls += 1;
        plan.faults.remove(&call)
    }

    async fn with<T>(
        &self,
        fault: Option<Fault>,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match fault {
            None => call.await,
            Some(Fault::Before) => Err(StoreError::Unavailable("injected".into())),
            Some(Fault::After) => {
                call.await?;
                Err(StoreError::Unknown("injected".into()))
            }
            Some(Fault::Conflict) => Err(StoreError::Conflict { changes: vec![0] }),
            Some(Fault::Throttled) => Err(StoreError::Throttled),
        }
    }
}

#[async_trait]
impl<S: Store> Store for FaultyStore<S> {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        let fault = self.next();
        self.with(fault, self.inner.get(key)).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        let fault = self.next();
        self.with(fault, self.inner.query(query)).await
    }

    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError> {
        let fault = self.next();
        self.with(fault, self.inner.commit(token, changes)).await
    }

    async fn apply(&self, change: Change) -> Result<Row, StoreError> {
        let fault = self.next();
        self.with(fault, self.inner.apply(change)).await
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
}
