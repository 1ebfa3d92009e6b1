//! From the identity rooms' failures to answers.

use app::accounts::Failure;
use app::store::StoreError;
use http_api::Problem;

pub fn problem(failure: Failure) -> Problem {
    failure.into()
}

pub fn store(error: StoreError) -> Problem {
    Failure::Store(error).into()
}
