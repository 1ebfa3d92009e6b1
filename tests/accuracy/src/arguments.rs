//! What can be asked for.

use std::path::PathBuf;

use accuracy::half::Half;
use clap::Parser;
use domain::card::Card;

/// Measures how often each check is right on labelled photos.
#[derive(Debug, Parser)]
#[command(name = "accuracy")]
pub struct Arguments {
    /// Folder with the photos
    #[arg(required_unless_present = "compare")]
    pub folder: Option<PathBuf>,
    /// What a person saw: CSV with a column `file` and one column a subject (default: labels.csv in the folder)
    #[arg(long)]
    pub labels: Option<PathBuf>,
    /// Card type
    #[arg(long, default_value = "resident-id")]
    pub card: Card,
    /// Which half of the people: choose thresholds on one, report the other
    #[arg(long, value_enum, default_value_t)]
    pub half: Half,
    /// Write what every check said about every photo here
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Show what changed between two files written by --json
    #[arg(long, num_args = 2, value_names = ["BEFORE", "AFTER"], conflicts_with_all = ["folder", "degrade", "json"])]
    pub compare: Option<Vec<PathBuf>>,
    /// Spoil the clean photos and drawn portraits by growing amounts, and judge every photo at half size and recompressed
    #[arg(long)]
    pub degrade: bool,
    /// Spoil them only in this way, as it is called in the table
    #[arg(long, requires = "degrade")]
    pub only: Option<String>,
    /// Spoil all photos, not only the clean ones; a photo that fails before it is spoiled is not counted
    #[arg(long, requires = "degrade")]
    pub all_photos: bool,
    /// Drawn portraits to spoil with --degrade
    #[arg(long, default_value_t = 6)]
    pub drawn: u32,
    /// List every photo whose answer contradicts its label
    #[arg(long)]
    pub list: bool,
    /// Folder with the models (default: $MODELS_DIR, else the checkout's .cache/models)
    #[arg(long)]
    pub models: Option<PathBuf>,
}
