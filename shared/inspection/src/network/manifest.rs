//! The expected content of the files that `models/fetch` writes: `models/manifest.json`, included in the binary.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::LoadError;

/// The networks and the runtime libraries.
#[derive(Deserialize)]
pub struct Manifest {
    networks: Vec<NetworkFile>,
    runtimes: Vec<RuntimeFile>,
}

/// One network.
#[derive(Deserialize)]
pub struct NetworkFile {
    /// Name of the file.
    pub file: String,
    sha256: String,
    /// Shape of the input: batch, channels, rows, columns.
    pub input: [usize; 4],
    outputs: Vec<Output>,
}

#[derive(Deserialize)]
struct Output {
    name: String,
}

#[derive(Deserialize)]
struct RuntimeFile {
    machine: String,
    file: String,
    sha256: String,
}

impl NetworkFile {
    /// Names of the outputs, in the order of the manifest.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|output| output.name.as_str())
    }
}

impl Manifest {
    /// The manifest in the binary.
    pub fn built_in() -> Self {
        serde_json::from_str(include_str!("../../models/manifest.json")).expect("models/manifest.json is valid")
    }

    /// The description and the bytes of a network, after its checksum was verified.
    pub fn network(&self, folder: &Path, file: &str) -> Result<(&NetworkFile, Vec<u8>), LoadError> {
        let network = self.networks.iter().find(|network| network.file == file);
        let network = network.ok_or_else(|| LoadError::Missing(folder.join(file)))?;
        let (_, bytes) = verified(folder, file, &network.sha256)?;
        Ok((network, bytes))
    }

    /// The path of this machine's runtime library, after its checksum was verified.
    pub fn runtime(&self, folder: &Path) -> Result<PathBuf, LoadError> {
        let machine = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
        let runtime = self.runtimes.iter().find(|runtime| runtime.machine == machine);
        let runtime = runtime.ok_or(LoadError::UnknownMachine(machine))?;
        verified(folder, &runtime.file, &runtime.sha256).map(|(path, _)| path)
    }
}

fn verified(folder: &Path, file: &str, sha256: &str) -> Result<(PathBuf, Vec<u8>), LoadError> {
    let path = folder.join(file);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(LoadError::Missing(path)),
        Err(error) => return Err(LoadError::Unreadable(path, error)),
    };
    let digest = HEXLOWER.encode(&Sha256::digest(&bytes));
    if digest == sha256 { Ok((path, bytes)) } else { Err(LoadError::Altered(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_manifest_lists_every_network_and_both_linux_runtimes() {
        let manifest = Manifest::built_in();
        let files: Vec<_> = manifest.networks.iter().map(|network| network.file.as_str()).collect();
        assert_eq!(files, ["detector.onnx", "mesh.onnx", "iris.onnx", "person.onnx"]);
        for machine in ["linux-x86_64", "linux-aarch64"] {
            assert!(manifest.runtimes.iter().any(|runtime| runtime.machine == machine));
        }
    }

    #[test]
    fn error_for_a_missing_or_altered_file_names_the_file_and_the_fetch_script() {
        let folder = std::env::temp_dir().join(format!("idphoto-manifest-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let manifest = Manifest::built_in();
        let missing = manifest.network(&folder, "iris.onnx").err().expect("the file is missing").to_string();
        std::fs::write(folder.join("iris.onnx"), b"altered").expect("a file");
        let altered = manifest.network(&folder, "iris.onnx").err().expect("the file is altered").to_string();
        std::fs::remove_dir_all(&folder).expect("cleaning up");
        for message in [missing, altered] {
            assert!(message.contains("iris.onnx") && message.contains("shared/inspection/models/fetch"), "{message}");
        }
    }
}
