//! The command-line arguments.

use std::path::PathBuf;

use accuracy::data_split::DataSplit;
use clap::Parser;
use domain::card::Card;

/// Measures how often each check is correct on labelled photos.
#[derive(Debug, Parser)]
#[command(name = "accuracy")]
pub struct Arguments {
    /// Folder with the photos
    #[arg(required_unless_present = "compare")]
    pub folder: Option<PathBuf>,
    /// Labels: CSV with a column `file` and one column per property (default: labels.csv in the folder)
    #[arg(long)]
    pub labels: Option<PathBuf>,
    /// Card type
    #[arg(long, default_value = "resident-id")]
    pub card: Card,
    /// Which part of the people: thresholds are chosen on one part and reported on the other
    #[arg(long, alias = "half", value_enum, default_value_t)]
    pub split: DataSplit,
    /// Write the results of every check on every photo to this file
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Show the differences between two files written by --json
    #[arg(long, num_args = 2, value_names = ["BEFORE", "AFTER"], conflicts_with_all = ["folder", "degrade", "json"])]
    pub compare: Option<Vec<PathBuf>>,
    /// Degrade the clean photos and synthetic portraits with growing strength, and judge every photo at half size and
    /// recompressed
    #[arg(long)]
    pub degrade: bool,
    /// Only this degradation, with its name in the table
    #[arg(long, requires = "degrade")]
    pub only: Option<String>,
    /// Degrade all photos, not only the clean ones; a photo that fails before it is degraded is not counted
    #[arg(long, requires = "degrade")]
    pub all_photos: bool,
    /// Number of synthetic portraits for --degrade
    #[arg(long, alias = "drawn", default_value_t = 6)]
    pub synthetic: u32,
    /// List every photo whose result contradicts its label
    #[arg(long)]
    pub list: bool,
    /// Folder with the models (default: $MODELS_DIR, else the checkout's .cache/models)
    #[arg(long)]
    pub models: Option<PathBuf>,
}
