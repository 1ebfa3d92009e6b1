//! Pixels in, findings out: decode -> orient -> locate -> measure -> judge -> render.
//!
//! ```text
//! bytes -> codec -> Rgb8 -> locate -> Head, Portrait, Mask -> check/* -> Report
//!                                          '-> render (crop, whiten, encode) -> standard photo
//! ```
//!
//! The library reads its models once ([`Engine::load`]) and does no other I/O. It never panics on any upload and
//! gives the same answer to the same bytes.

pub mod catalogue;
pub mod check;
pub mod codec;
pub mod head;
pub mod image;
pub mod landmark;
pub mod locate;
pub mod look;
pub mod measure;
pub mod network;
pub mod portrait;
pub mod render;
pub mod scene;

use std::path::Path;

use rules::card::Card;
use rules::report::{Report, StandardPhoto};

pub use network::{LoadError, RunError};

/// Version of the engine and its rules; changes whenever a verdict could.
pub const VERSION: &str = concat!("idphoto/", env!("CARGO_PKG_VERSION"));

/// How the standard photo is made (相片规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ruleset {
    /// 轻松上传: cut, straightened and whitened automatically.
    #[default]
    Easy,
    /// 标准上传: judged as it is, only scaled to the card's size.
    Strict,
}

/// How strictly pose and expression are judged (`shared/rules/data/relaxed.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    #[default]
    Standard,
    /// 优检: for people who cannot hold a pose; a person decides afterwards.
    Relaxed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub ruleset: Ruleset,
    pub profile: Profile,
    /// Make the standard photo where it is feasible.
    pub render: bool,
    pub edits: Edits,
}

/// How far the standard photo may differ from the upload. A card may forbid what is allowed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edits {
    /// A leaning head is put upright, and the background becomes white.
    #[default]
    Usual,
    /// Cut and scaled, nothing else.
    None,
}

impl Options {
    /// 标准上传 takes the photo as it is.
    pub(crate) fn may_edit(&self) -> bool {
        self.edits == Edits::Usual && self.ruleset == Ruleset::Easy
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { ruleset: Ruleset::Easy, profile: Profile::Standard, render: true, edits: Edits::Usual }
    }
}

/// The report, and the finished JPEG where a standard photo could be made.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub report: Report,
    pub standard_photo: Option<Vec<u8>>,
}

/// The networks, loaded and warm. Shared between threads.
#[derive(Debug)]
pub struct Engine {
    locator: locate::Locator,
}

impl Engine {
    /// Loads the models that `shared/inspection/models/fetch` put into `folder`.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Ok(Self { locator: locate::Locator::load(folder)? })
    }

    /// Judges one upload for one card type. Whatever is wrong with the upload stands in the report; an error means that
    /// the machine failed and the same upload may be tried again.
    pub fn inspect(&self, bytes: &[u8], card: Card, options: &Options) -> Result<Inspection, RunError> {
        let file = look::File::read(bytes);
        let scene = look::scene(&self.locator, &file, bytes.len(), card, options)?;
        if !file.too_coarse(&scene) {
            return Ok(judge(&scene));
        }
        let file = look::File::read_fully(bytes);
        Ok(judge(&look::scene(&self.locator, &file, bytes.len(), card, options)?))
    }
}

fn judge(scene: &scene::Scene<'_>) -> Inspection {
    let findings = check::run(scene);
    let verdict = Report::verdict_of(&findings);
    let made = scene.options.render.then(|| standard_photo(scene)).flatten();
    let (standard_photo, made) = made.unzip();
    let report = Report {
        engine: VERSION.to_owned(),
        card: scene.card,
        verdict,
        findings,
        picture: scene.picture(),
        overlay: scene.overlay(),
        standard_photo: made,
    };
    Inspection { report, standard_photo }
}

/// Made for one clear subject where the crop is feasible, whatever else is wrong: the person sees what would come out.
fn standard_photo(scene: &scene::Scene<'_>) -> Option<(Vec<u8>, StandardPhoto)> {
    let view = scene.view.as_ref()?;
    let subject = view.subject.as_ref()?;
    let crop = subject.crop.as_ref().ok()?;
    let may = scene.options.may_edit();
    let source = render::standard::Source { picture: view.picture, mask: &subject.mask, profile: view.profile };
    render::standard::render(&source, crop, scene.spec, may && scene.spec.may_whiten && subject.wall.is_some())
}
