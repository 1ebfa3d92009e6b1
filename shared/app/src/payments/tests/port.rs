//! What the providers in memory have in common: books of their own, and calls that fail when told to.

use std::sync::{Mutex, MutexGuard};

use crate::payments::provider::ProviderError;
use crate::store::{Fault, FaultPlan};

#[derive(Debug, Default)]
pub struct Port<S> {
    books: Mutex<S>,
    pub plan: FaultPlan,
}

impl<S> Port<S> {
    pub fn books(&self) -> MutexGuard<'_, S> {
        self.books.lock().unwrap()
    }

    /// A call from outside.
    pub async fn call<T>(&self, effect: impl Fn(&mut S) -> Result<T, ProviderError>) -> Result<T, ProviderError> {
        let injected = |fault| match fault {
            Fault::Conflict => ProviderError::Refused("not now".into()),
            _ => ProviderError::Unknown("the call or its answer was lost".into()),
        };
        self.plan.run(|| std::future::ready(effect(&mut self.books())), injected).await
    }
}
