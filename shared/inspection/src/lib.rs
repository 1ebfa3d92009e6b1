//! The inspection engine: takes the bytes of an upload, returns findings and the standard photo.
//!
//! ```text
//! bytes -> codec -> Rgb8 -> locate -> Head, Portrait, Mask -> check/* -> Report
//!                                          '-> render (crop, whiten, encode) -> standard photo
//! ```
//!
//! The library reads its models once ([`Engine::load`]) and does no other I/O. It does not panic on any upload, and the
//! same bytes always give the same result.
#![warn(missing_docs)]

pub mod box_filter;
pub mod catalogue;
pub mod check;
pub mod codec;
pub mod colour;
pub mod head;
pub mod image;
pub mod inspection_context;
pub mod landmark;
pub mod locate;
pub mod measure;
pub mod network;
pub mod pipeline;
pub mod polygon;
pub mod portrait;
pub mod render;
pub mod resample;

use std::path::Path;

use rules::card::Card;
use rules::report::{Report, StandardPhoto};

use inspection_context::InspectionContext;
pub use network::{LoadError, RunError};

/// Version of the engine and its rules. It changes whenever a verdict could change.
pub const VERSION: &str = concat!("idphoto/", env!("CARGO_PKG_VERSION"));

/// How the standard photo is made (相片规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ruleset {
    /// 轻松上传: cropped, straightened and whitened automatically.
    #[default]
    Easy,
    /// 标准上传: judged as uploaded, only scaled to the card's size.
    Strict,
}

/// How strictly pose and expression are judged (`shared/rules/data/relaxed.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// The card's own policies.
    #[default]
    Standard,
    /// 优检: for people who cannot hold a pose. A member of staff decides afterwards.
    Relaxed,
}

/// Parameters of one inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How the standard photo is made.
    pub ruleset: Ruleset,
    /// How strictly pose and expression are judged.
    pub profile: Profile,
    /// Make the standard photo where it is feasible.
    pub render: bool,
    /// How far the standard photo may differ from the upload.
    pub edits: Edits,
}

/// How far the standard photo may differ from the upload. A card may forbid what this allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edits {
    /// A tilted head is straightened, and the background is whitened.
    #[default]
    Usual,
    /// Cropped and scaled only.
    None,
}

impl Options {
    /// 标准上传 never edits the photo.
    pub(crate) fn may_edit(&self) -> bool {
        self.edits == Edits::Usual && self.ruleset == Ruleset::Easy
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { ruleset: Ruleset::Easy, profile: Profile::Standard, render: true, edits: Edits::Usual }
    }
}

/// The result of one inspection.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Verdict and findings.
    pub report: Report,
    /// The finished JPEG file; `None` where no standard photo could be made or none was requested.
    pub standard_photo: Option<Vec<u8>>,
}

/// The loaded networks. One engine can be shared between threads.
#[derive(Debug)]
pub struct Engine {
    locator: locate::Locator,
}

impl Engine {
    /// Loads the models that `shared/inspection/models/fetch` wrote to `folder`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when a file is missing, altered or unreadable, or this machine has no known runtime.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Ok(Self { locator: locate::Locator::load(folder)? })
    }

    /// Judges one upload for one card type. Every fault of the upload is a finding in the report, never an error.
    ///
    /// # Errors
    ///
    /// [`RunError`] when a network fails to run, for example without memory. The same upload can be inspected again.
    pub fn inspect(&self, bytes: &[u8], card: Card, options: &Options) -> Result<Inspection, RunError> {
        let upload = pipeline::DecodedUpload::read(bytes);
        let context = pipeline::context(&self.locator, &upload, bytes.len(), card, options)?;
        if !upload.too_coarse(&context) {
            return Ok(judge(&context));
        }
        let upload = pipeline::DecodedUpload::read_fully(bytes);
        Ok(judge(&pipeline::context(&self.locator, &upload, bytes.len(), card, options)?))
    }
}

fn judge(context: &InspectionContext<'_>) -> Inspection {
    let findings = check::run(context);
    let verdict = Report::verdict_of(&findings);
    let made = context.options.render.then(|| standard_photo(context)).flatten();
    let (standard_photo, made) = made.unzip();
    let report = Report {
        engine: VERSION.to_owned(),
        card: context.card,
        verdict,
        findings,
        picture: context.picture(),
        overlay: context.overlay(),
        standard_photo: made,
    };
    Inspection { report, standard_photo }
}

/// Made whenever one subject was found and the crop is feasible, even if other checks fail: the customer can see the
/// result of the crop.
fn standard_photo(context: &InspectionContext<'_>) -> Option<(Vec<u8>, StandardPhoto)> {
    let view = context.view.as_ref()?;
    let subject = view.subject.as_ref()?;
    let crop = subject.crop.as_ref().ok()?;
    let may_whiten = context.options.may_edit() && context.spec.may_whiten && subject.background.is_some();
    let source = render::standard::Source { picture: view.picture, mask: &subject.mask, profile: view.profile };
    render::standard::render(&source, crop, context.spec, may_whiten)
}
