//! Fault injection: a scenario runs once per call and kind of fault, then again without a fault, as a client would repeat it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::store::{Fault, FaultPlan};

/// A scenario or its preparation, on an app of type `A`: `fn scenario(app: &TestApp) -> Scenario<'_>`.
pub(crate) type Scenario<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Longer than any scenario waits by itself. The tests run on a paused clock, so a scenario whose caller was killed takes no time.
const SCENARIO_TIMEOUT: Duration = Duration::from_secs(3600);

/// An app whose ports can be made to fail.
pub(crate) trait FaultInjection: Sized {
    /// A new app, the same every time.
    fn build() -> Self;

    /// The fault plans of its ports, in a fixed order.
    fn ports(&self) -> Vec<&FaultPlan>;

    /// Lets time pass and runs the due work until everything that can end has ended.
    async fn run_until_settled(&self);

    /// Fails the test if an invariant is violated.
    async fn assert_invariants(&self, context: &str);

    /// Fails the test if anything still waits.
    fn assert_all_ended(&self, context: &str);
}

/// Runs `scenario` with each call to each port failing in each way, including a killed caller; then repeats it without a fault,
/// lets the due work end everything, and checks the invariants after each step. Returns how many calls the scenario makes.
///
/// The scenario must go on after any failure and use the same idempotency keys when it is repeated.
pub(crate) async fn fail_every_call<A: FaultInjection>(
    name: &str,
    prepare: fn(&A) -> Scenario<'_>,
    scenario: fn(&A) -> Scenario<'_>,
) -> usize {
    let app = A::build();
    prepare(&app).await;
    let before = calls(&app);
    scenario(&app).await;
    let after = calls(&app);
    for port in 0..before.len() {
        for call in 0..after[port] - before[port] {
            for fault in Fault::ALL.into_iter().chain(Fault::KILLS) {
                let context = format!("{name}: port {port}, call {call}, {fault:?}");
                let app = A::build();
                prepare(&app).await;
                app.ports()[port].fail(call, fault);
                let _killed = tokio::time::timeout(SCENARIO_TIMEOUT, scenario(&app)).await;
                app.assert_invariants(&context).await;
                scenario(&app).await;
                app.assert_invariants(&context).await;
                app.run_until_settled().await;
                app.assert_invariants(&context).await;
                app.assert_all_ended(&context);
            }
        }
    }
    after.iter().sum::<usize>() - before.iter().sum::<usize>()
}

fn calls<A: FaultInjection>(app: &A) -> Vec<usize> {
    app.ports().into_iter().map(FaultPlan::calls).collect()
}
