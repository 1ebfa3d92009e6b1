//! Adapters: the only crate that names AWS or a provider's interface.
