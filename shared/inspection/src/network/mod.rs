//! Runs the neural networks that find and measure a face.
//!
//! The choice of the runtime is explained in `docs/decisions/0001-network-runtime.md`.

mod manifest;
mod onnx;

use std::fmt::Debug;
use std::path::{Path, PathBuf};

pub use onnx::OnnxRuntime;

/// One neural network. It can be shared between threads.
pub trait Network: Debug + Send + Sync {
    /// Runs the network on one picture.
    ///
    /// # Parameters
    ///
    /// `input`: the picture, one channel after the other (red, green, blue), each row by row. Its length must be that
    /// of the network's input.
    ///
    /// Returns one flat vector per output, in the order of `models/manifest.json`.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the runtime fails, for example without memory, or `input` has the wrong length.
    fn run(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, RunError>;
}

/// Why the networks cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file does not exist.
    #[error("{0} is missing; run shared/inspection/models/fetch")]
    Missing(PathBuf),
    /// The checksum differs from `models/manifest.json`.
    #[error("{0} is not the file this program was built for; run shared/inspection/models/fetch")]
    Altered(PathBuf),
    /// The file exists but cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// `models/manifest.json` has no runtime for this operating system and processor.
    #[error("no network runtime is known for {0}")]
    UnknownMachine(String),
    /// The runtime refused the library or the network.
    #[error("{0} cannot be loaded: {1}")]
    Refused(PathBuf, String),
}

/// A loaded network failed to run, for example because no memory was left.
#[derive(Debug, thiserror::Error)]
#[error("a network failed to run: {0}")]
pub struct RunError(String);

/// The folder to which `models/fetch` writes the networks for programs that run from a checkout:
/// `$IDPHOTO_CACHE/models`, or `.cache/models` at the top of the repository. Deployed functions include the networks in
/// their package instead.
pub fn cache_folder() -> PathBuf {
    let cache = std::env::var_os("IDPHOTO_CACHE").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    cache.unwrap_or_else(|| repository.join(".cache")).join("models")
}
