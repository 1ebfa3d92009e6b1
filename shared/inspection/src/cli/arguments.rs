//! The command-line arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use inspection::render::sheet;
use inspection::{Edits, Options, Profile, Ruleset};
use rules::card::Card;
use rules::reason;

/// Judges portrait photos for Chinese certificates and makes the standard photo.
#[derive(Debug, Parser)]
#[command(name = "idphoto", version)]
pub struct Arguments {
    /// Folder with the models (default: $MODELS_DIR, else the checkout's .cache/models)
    #[arg(long, global = true)]
    pub models: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge one photo, or every JPEG in a folder. Exit code 0: all pass, 1: one fails, 2: unreadable or wrong use
    Check(Check),
}

/// Arguments of `idphoto check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Card type: resident-id, social-security, driving-licence, security-guard, residence-permit, accountant,
    /// infant-social-security, senior-privilege, senior-free-ride
    #[arg(long, default_value = "resident-id")]
    pub card: Card,
    /// Print the report as JSON: an object for one file, one line per file for several
    #[arg(long)]
    pub json: bool,
    /// Write the standard photo here: a file for one photo, a folder for several
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write the photo with the measured lines drawn on it (PNG) here: a file for one photo, a folder for several
    #[arg(long)]
    pub overlay: Option<PathBuf>,
    /// Write copies of the standard photo with cut marks on one sheet of photo paper (JPEG) here: a file for one photo,
    /// a folder for several
    #[arg(long)]
    pub sheet: Option<PathBuf>,
    /// Paper of the sheet: 89 x 127 mm, 102 x 152 mm, or A4
    #[arg(long, value_enum, default_value_t = Paper::SixInch)]
    pub paper: Paper,
    /// Language of the reasons
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    pub lang: Language,
    /// 标准上传: judge the photo as it is, without cropping or straightening
    #[arg(long)]
    pub strict: bool,
    /// How strictly pose and expression are judged: `relaxed` (优检) is for people who cannot hold a pose; a member of
    /// staff decides afterwards
    #[arg(long, value_enum, default_value_t = Strictness::Standard)]
    pub profile: Strictness,
    /// Crop and scale only: the background is not whitened, and a tilted head is not straightened
    #[arg(long)]
    pub no_edit: bool,
}

impl Check {
    /// The options of the inspection.
    pub fn options(&self) -> Options {
        Options {
            ruleset: if self.strict { Ruleset::Strict } else { Ruleset::Easy },
            profile: self.profile.into(),
            render: true,
            edits: if self.no_edit { Edits::None } else { Edits::Usual },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Strictness {
    Standard,
    Relaxed,
}

impl From<Strictness> for Profile {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Standard => Self::Standard,
            Strictness::Relaxed => Self::Relaxed,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    FiveInch,
    SixInch,
    A4,
}

impl From<Paper> for sheet::Paper {
    fn from(paper: Paper) -> Self {
        match paper {
            Paper::FiveInch => Self::FiveInch,
            Paper::SixInch => Self::SixInch,
            Paper::A4 => Self::A4,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Zh,
    En,
}

impl From<Language> for reason::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Chinese,
            Language::En => Self::English,
        }
    }
}
