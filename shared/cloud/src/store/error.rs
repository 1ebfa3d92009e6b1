//! Translates the SDK's errors into `StoreError`.

use std::error::Error;

use app::store::StoreError;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// What a call does. After a lost response it is unknown whether a write happened; a read can simply be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    Write,
}

const THROTTLED: [&str; 3] = ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"];

const SERVERS_FAULT: [&str; 3] = ["InternalServerError", "ServiceUnavailable", "InternalFailure"];

pub fn translate<E, R>(error: SdkError<E, R>, effect: Effect) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    let code = error.code().unwrap_or_default().to_owned();
    let text = DisplayErrorContext(&error).to_string();
    let doubtful =
        |text| if effect == Effect::Write { StoreError::Unknown(text) } else { StoreError::Unavailable(text) };
    match error {
        SdkError::ConstructionFailure(_) => StoreError::Invalid(text),
        SdkError::ServiceError(_) if code == "ConditionalCheckFailedException" => {
            StoreError::Conflict { changes: vec![0] }
        }
        SdkError::ServiceError(_) if THROTTLED.contains(&code.as_str()) => StoreError::Throttled,
        SdkError::ServiceError(_) if SERVERS_FAULT.contains(&code.as_str()) => doubtful(text),
        SdkError::ServiceError(_) => StoreError::Invalid(text),
        _ => doubtful(text),
    }
}
