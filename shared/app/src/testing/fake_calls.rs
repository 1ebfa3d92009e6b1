//! What the fake providers have in common: state of their own, and calls that can be made to fail.

use std::sync::{Mutex, MutexGuard};

use crate::payments::provider::ProviderError;
use crate::store::{Fault, FaultPlan};

/// The state `S` of a fake provider behind calls that can fail.
#[derive(Debug, Default)]
pub(super) struct FakeCalls<S> {
    state: Mutex<S>,
    pub(super) faults: FaultPlan,
}

impl<S> FakeCalls<S> {
    /// The state, for the provider's own side.
    pub(super) fn state(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap()
    }

    /// A call from outside, with its planned fault.
    pub(super) async fn call<T>(
        &self,
        effect: impl Fn(&mut S) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let injected = |fault| match fault {
            Fault::Conflict => ProviderError::Refused("not now".into()),
            _ => ProviderError::Unknown("the call or its answer was lost".into()),
        };
        self.faults.run(|| std::future::ready(effect(&mut self.state())), injected).await
    }
}
