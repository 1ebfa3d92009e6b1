//! The adapter of the inspection engine. The engine is loaded once and runs on blocking threads.

use std::path::Path;
use std::sync::Arc;

use app::photos::{Inspection, InspectionError, Inspector};
use async_trait::async_trait;
use domain::card::Card;
use domain::ruleset::Ruleset;
use inspection::{Engine, LoadError, Options};

/// The inspection engine with its neural networks.
#[derive(Debug, Clone)]
pub struct Networks(Arc<Engine>);

impl Networks {
    /// Loads the networks in `folder`.
    ///
    /// # Errors
    ///
    /// If a network is missing or cannot be loaded.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Ok(Self(Arc::new(Engine::load(folder)?)))
    }
}

#[async_trait]
impl Inspector for Networks {
    async fn inspect(&self, bytes: Vec<u8>, card: Card, ruleset: Ruleset) -> Result<Inspection, InspectionError> {
        let ruleset = match ruleset {
            Ruleset::Easy => inspection::Ruleset::Easy,
            Ruleset::Strict => inspection::Ruleset::Strict,
        };
        let options = Options { ruleset, ..Options::default() };
        let engine = self.0.clone();
        let run = tokio::task::spawn_blocking(move || engine.inspect(&bytes, card, &options));
        let done = run.await.map_err(|error| InspectionError(error.to_string()))?;
        let inspection::Inspection { report, standard_photo } =
            done.map_err(|error| InspectionError(error.to_string()))?;
        Ok(Inspection { report, standard_photo })
    }
}
