"""Rules about dependencies: between packages, between modules of a crate, between files of the page."""
