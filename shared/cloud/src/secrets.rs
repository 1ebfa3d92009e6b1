//! Secrets: the environment names them, Secrets Manager holds them, nothing writes them down.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;

use crate::Missing;

#[derive(Debug, thiserror::Error)]
pub enum SecretFailure {
    #[error(transparent)]
    Unnamed(#[from] Missing),
    #[error("secret {name}: {cause}")]
    Unread { name: String, cause: String },
}

/// The text of the secret whose name or ARN stands in the environment as `variable`.
pub async fn read(sdk: &SdkConfig, variable: &str) -> Result<String, SecretFailure> {
    let name = std::env::var(variable).map_err(|_| Missing(variable.to_owned()))?;
    let unread = |cause: String| SecretFailure::Unread { name: name.clone(), cause };
    let answer = Client::new(sdk).get_secret_value().secret_id(&name).send().await;
    let answer = answer.map_err(|error| unread(DisplayErrorContext(error).to_string()))?;
    answer.secret_string.ok_or_else(|| unread("it is not a text".to_owned()))
}
