//! Runs the neural networks that find and measure a face.
//!
//! Why this runtime, and what it costs: `docs/decisions/0001-network-runtime.md`.

mod manifest;
mod onnx;

use std::fmt::Debug;
use std::path::{Path, PathBuf};

pub use onnx::OnnxRuntime;

/// One network: numbers in, numbers out. May be shared between threads.
pub trait Network: Debug + Send + Sync {
    /// `input` holds one picture, channel by channel (red, green, blue), each row by row. The outputs come in the
    /// order of the network's description, flat.
    fn run(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, RunError>;
}

/// Why the networks cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0} is missing; run shared/inspection/models/fetch")]
    Missing(PathBuf),
    #[error("{0} is not the file this program was built for; run shared/inspection/models/fetch")]
    Altered(PathBuf),
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("no network runtime is known for {0}")]
    UnknownMachine(String),
    #[error("{0} cannot be loaded: {1}")]
    Refused(PathBuf, String),
}

/// The runtime gave up on a network it had loaded, for example for want of memory.
#[derive(Debug, thiserror::Error)]
#[error("a network failed to run: {0}")]
pub struct RunError(String);

/// Where `models/fetch` puts the networks for programs that run from a checkout: `$IDPHOTO_CACHE/models`, or
/// `.cache/models` at the top of the repository. A deployed program carries them beside itself instead.
pub fn cache_folder() -> PathBuf {
    let cache = std::env::var_os("IDPHOTO_CACHE").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    cache.unwrap_or_else(|| repository.join(".cache")).join("models")
}
