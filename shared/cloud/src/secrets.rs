//! Secrets from Secrets Manager. Environment variables hold their names.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::MissingVariable;

/// A secret could not be read. The texts contain no part of a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment does not name the secret.
    #[error(transparent)]
    NotConfigured(#[from] MissingVariable),
    /// Secrets Manager did not return a text.
    #[error("cannot read secret {name}: {cause}")]
    Unreadable {
        /// Name or ARN of the secret.
        name: String,
        /// The SDK's error.
        cause: String,
    },
}

/// The text of the secret whose name or ARN is the value of the environment variable `variable`.
///
/// # Errors
///
/// [`SecretError`] if the variable is not set, the call fails, or the secret is binary.
pub async fn read(sdk: &SdkConfig, variable: &str) -> Result<String, SecretError> {
    let name = std::env::var(variable).map_err(|_| MissingVariable(variable.to_owned()))?;
    let unreadable = |cause: String| SecretError::Unreadable { name: name.clone(), cause };
    let answer = Client::new(sdk).get_secret_value().secret_id(&name).send().await;
    let answer = answer.map_err(|error| unreadable(DisplayErrorContext(error).to_string()))?;
    answer.secret_string.ok_or_else(|| unreadable("the secret is not a text".to_owned()))
}
