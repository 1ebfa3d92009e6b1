//! The HTTP answers to failed use cases.

use app::accounts::AccountError;
use app::failure::Failure;
use app::store::StoreError;
use http_api::Problem;

pub fn problem(error: AccountError) -> Problem {
    error.into()
}

pub fn store(error: StoreError) -> Problem {
    Failure::from(error).into()
}
