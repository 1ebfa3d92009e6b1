//! Every function in one program, for the local cloud and its tests: linked once instead of eleven times.
//!
//! The environment variable `_HANDLER` names the function. `localstack/local_cloud/deploy.py` writes the name into the deployed
//! template as the function's handler, and Lambda passes it on. On AWS each function is a program of its own (`infra/build`).
//!
//! Functions must not depend on each other (`tests/dependencies`); only this program and tests link more than one.

// Named only for their features (Cargo.toml).
use lambda_runtime::Error;
use tokio::runtime::{Builder, Runtime};
use {app as _, bitflags as _, cloud as _};

fn main() -> Result<(), Error> {
    let function = std::env::var("_HANDLER").map_err(|_| "_HANDLER is not in the environment")?;
    match function.as_str() {
        "auth" => single_threaded()?.block_on(auth::run()),
        "backoffice" => single_threaded()?.block_on(backoffice::run()),
        "coupons" => single_threaded()?.block_on(coupons::run()),
        "detection" => multi_threaded()?.block_on(detection::run()),
        "invoices" => single_threaded()?.block_on(invoices::run()),
        "jobs" => single_threaded()?.block_on(jobs::run()),
        "orders" => single_threaded()?.block_on(orders::run()),
        "payments" => single_threaded()?.block_on(payments::run()),
        "photos" => multi_threaded()?.block_on(photos::run()),
        "recharges" => single_threaded()?.block_on(recharges::run()),
        "relay" => single_threaded()?.block_on(relay::run()),
        unknown => Err(format!("_HANDLER is {unknown:?}, which is the name of no function").into()),
    }
}

/// The runtime of `#[tokio::main(flavor = "current_thread")]`.
fn single_threaded() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// The runtime of `#[tokio::main]`.
fn multi_threaded() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}
