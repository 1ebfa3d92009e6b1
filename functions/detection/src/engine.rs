//! The engine behind the port: loaded once, run beside the async threads.

use std::path::Path;
use std::sync::Arc;

use app::photos::{Inspection, InspectionError, Inspector};
use async_trait::async_trait;
use domain::card::Card;
use domain::ruleset::Ruleset;
use inspection::{Engine, LoadError, Options};

#[derive(Debug, Clone)]
pub struct Networks(Arc<Engine>);

impl Networks {
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
