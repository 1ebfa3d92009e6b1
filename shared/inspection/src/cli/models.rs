//! Loads the models from `--models`, `$MODELS_DIR`, or the cache of the checkout that the program was built from.

use std::env;
use std::path::{Path, PathBuf};

use inspection::{Engine, LoadError, network};

/// The engine with the models from `path`, or from the default folder.
pub fn load(path: Option<&Path>) -> Result<Engine, LoadError> {
    Engine::load(&path.map_or_else(folder, Path::to_path_buf))
}

fn folder() -> PathBuf {
    env::var_os("MODELS_DIR").map_or_else(network::cache_folder, PathBuf::from)
}
