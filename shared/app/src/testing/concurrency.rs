//! Running many tasks at the same time on one app.

use std::sync::Arc;

/// Starts `count` tasks on their own threads' turns and returns their results in the order of their numbers, from 0.
///
/// The test needs `#[tokio::test(flavor = "multi_thread")]`, otherwise the tasks take turns on one thread.
///
/// # Panics
///
/// If a task panics.
pub(crate) async fn run_concurrently<A, T, F>(app: &Arc<A>, count: usize, task: impl Fn(Arc<A>, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|n| tokio::spawn(task(app.clone(), n))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
