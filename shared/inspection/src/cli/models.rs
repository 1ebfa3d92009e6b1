//! Where the models are: `--models`, `$MODELS_DIR`, or the cache of the checkout this was built from.

use std::env;
use std::path::{Path, PathBuf};

use inspection::{Engine, LoadError, network};

pub fn load(asked: Option<&Path>) -> Result<Engine, LoadError> {
    Engine::load(&asked.map_or_else(folder, Path::to_path_buf))
}

fn folder() -> PathBuf {
    env::var_os("MODELS_DIR").map_or_else(network::cache_folder, PathBuf::from)
}
