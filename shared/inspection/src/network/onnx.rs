//! Implements [`Network`] with ONNX Runtime: one thread, all graph optimisations.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use super::manifest::Manifest;
use super::{LoadError, Network, RunError};

/// The library has one environment per process; all runtimes share it.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// The runtime library, loaded from the folder that also contains the networks.
pub struct OnnxRuntime<'a> {
    folder: &'a Path,
    manifest: Manifest,
    environment: Environment,
}

impl<'a> OnnxRuntime<'a> {
    /// Loads the runtime library from `folder`, once per process.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the library is missing, altered or unreadable, is refused, or none is known for this machine.
    pub fn load(folder: &'a Path) -> Result<Self, LoadError> {
        let manifest = Manifest::built_in();
        let mut slot = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match slot.clone() {
            Some(environment) => environment,
            None => slot.insert(open(&manifest.runtime(folder)?)?).clone(),
        };
        Ok(Self { folder, manifest, environment })
    }

    /// Loads the network in a file of the folder, for example `iris.onnx`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the file is missing, altered or unreadable, or the runtime refuses it.
    pub fn network(&self, file: &str) -> Result<OnnxNetwork, LoadError> {
        let (description, bytes) = self.manifest.network(self.folder, file)?;
        let network = OnnxNetwork {
            file: description.file.clone(),
            input: description.input,
            outputs: description.outputs().map(str::to_owned).collect(),
            bytes,
            environment: self.environment.clone(),
            idle: Mutex::new(Vec::new()),
        };
        let refused = |error: RunError| LoadError::Refused(self.folder.join(file), error.0);
        let session = network.session().map_err(refused)?;
        network.give_back(session);
        Ok(network)
    }
}

impl fmt::Debug for OnnxRuntime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnnxRuntime({})", self.folder.display())
    }
}

fn open(library: &Path) -> Result<Environment, LoadError> {
    let refused = |error: &dyn fmt::Display| LoadError::Refused(library.to_owned(), error.to_string());
    let builder = ort::init_from(library).map_err(|error| refused(&error))?;
    let environment = builder.with_telemetry(false).build().map_err(|error| refused(&error))?;
    environment.set_log_level(LogLevel::Error);
    Ok(environment)
}

/// A loaded network. A session runs one input at a time. A concurrent call creates another session, and all sessions
/// are reused.
pub struct OnnxNetwork {
    file: String,
    input: [usize; 4],
    outputs: Vec<String>,
    bytes: Vec<u8>,
    environment: Environment,
    idle: Mutex<Vec<Session>>,
}

impl OnnxNetwork {
    fn session(&self) -> Result<Session, RunError> {
        if let Some(session) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(session);
        }
        let mut builder = Session::builder(&self.environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_optimization_level(GraphOptimizationLevel::All)?;
        Ok(builder.commit_from_memory(&self.bytes)?)
    }

    fn give_back(&self, session: Session) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    }
}

impl Network for OnnxNetwork {
    fn run(&self, input: &[f32]) -> Result<Vec<Vec<f32>>, RunError> {
        let mut session = self.session()?;
        let tensor = TensorRef::from_array_view((self.input, input))?;
        let results = session.run(ort::inputs![tensor])?;
        let copy = |name: &String| Ok(results[name.as_str()].try_extract_tensor::<f32>()?.1.to_vec());
        let outputs = self.outputs.iter().map(copy).collect();
        drop(results);
        self.give_back(session);
        outputs
    }
}

impl fmt::Debug for OnnxNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OnnxNetwork({})", self.file)
    }
}

impl<T> From<ort::Error<T>> for RunError {
    fn from(error: ort::Error<T>) -> Self {
        Self(error.to_string())
    }
}
