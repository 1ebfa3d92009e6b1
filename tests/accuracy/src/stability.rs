//! Measures stability: the same photo at half its size, or recompressed, should get the same verdict. If it does not,
//! the verdict of the check must have changed between unsure and fail; a change between pass and fail is a defect of
//! the engine.

use std::collections::BTreeMap;
use std::path::Path;

use domain::finding::{Group, Verdict};
use inspection::codec::EncodeError;
use inspection::image::Rgb8;
use rayon::prelude::*;

use crate::judge::{Answer, Answers, Judge};
use crate::run::Run;
use crate::{MeasurementError, photo};

/// Checks whose result depends on the size of the picture itself.
const SIZE_CHECKS: [&str; 2] = ["face.resolution", "framing.size"];

/// A change of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Half the width and height.
    HalfSize,
    /// Recompressed with JPEG quality 90.
    Quality90,
}

/// The effect of a change on the verdicts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stability {
    /// Number of photos.
    pub photos: usize,
    /// Photos that are refused before and after, or accepted before and after.
    pub kept: usize,
    /// Photos whose verdict changed because a check changed between unsure and fail.
    pub drifted: usize,
    /// Checks that changed between pass and fail, with the number of photos.
    pub jumps: BTreeMap<String, usize>,
}

impl Change {
    fn apply(self, picture: &Rgb8) -> Result<Vec<u8>, EncodeError> {
        match self {
            Self::HalfSize => photo::encoded(&photo::resized(picture, 0.5), 95),
            Self::Quality90 => photo::encoded(picture, 90),
        }
    }
}

/// Applies a change to every photo of a run and compares the verdicts.
///
/// # Errors
///
/// [`MeasurementError`] when a file cannot be read or encoded, or the engine fails.
pub fn measure(judge: &Judge, folder: &Path, run: &Run, change: Change) -> Result<Stability, MeasurementError> {
    let pairs: Result<Vec<_>, MeasurementError> = run
        .photos
        .par_iter()
        .map(|judged| {
            let path = folder.join(&judged.file);
            let picture = photo::decoded(&photo::read(&path, judge.max_bytes())?, &path)?;
            let answers = judge.answers(&change.apply(&picture)?)?;
            Ok((!too_coarse(&answers)).then(|| (judged.answers.clone(), answers)))
        })
        .collect();
    let mut stability = Stability::default();
    for (before, after) in pairs?.iter().flatten() {
        stability.count(before, after);
    }
    Ok(stability)
}

impl Stability {
    fn count(&mut self, before: &Answers, after: &Answers) {
        self.photos += 1;
        let refused =
            |answers: &Answers| answers.iter().any(|(check, answer)| counts(check, answer) && answer.refuses());
        let jumps = jumps(before, after);
        if refused(before) == refused(after) {
            self.kept += 1;
        } else if jumps.is_empty() {
            self.drifted += 1;
        }
        for check in jumps {
            *self.jumps.entry(check).or_default() += 1;
        }
    }
}

/// Whether the changed photo has fewer pixels than a certificate needs. Such photos are not counted.
fn too_coarse(answers: &Answers) -> bool {
    answers.get("face.resolution").is_some_and(|answer| answer.verdict != Verdict::Pass)
}

fn counts(check: &str, answer: &Answer) -> bool {
    answer.group != Group::File && !SIZE_CHECKS.contains(&check)
}

fn jumps(before: &Answers, after: &Answers) -> Vec<String> {
    let jumped = |(check, old): &(&String, &Answer)| {
        let Some(new) = after.get(*check) else { return false };
        let verdicts = [old.verdict, new.verdict];
        let both = verdicts.contains(&Verdict::Pass) && verdicts.contains(&Verdict::Fail);
        counts(check, old) && old.blocking && both
    };
    before.iter().filter(jumped).map(|(check, _)| check.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, Verdict)]) -> Answers {
        let answer = |verdict| Answer { verdict, group: Group::Pose, blocking: true, measured: None };
        pairs.iter().map(|&(check, verdict)| (check.to_owned(), answer(verdict))).collect()
    }

    #[test]
    fn a_change_between_unsure_and_fail_is_not_counted_as_a_jump() {
        let mut stability = Stability::default();
        stability.count(&answers(&[("pose.yaw", Verdict::Fail)]), &answers(&[("pose.yaw", Verdict::Unsure)]));
        stability.count(&answers(&[("pose.yaw", Verdict::Pass)]), &answers(&[("pose.yaw", Verdict::Fail)]));
        stability.count(&answers(&[("pose.yaw", Verdict::Pass)]), &answers(&[("pose.yaw", Verdict::Unsure)]));
        stability
            .count(&answers(&[("face.resolution", Verdict::Pass)]), &answers(&[("face.resolution", Verdict::Fail)]));
        assert_eq!((stability.photos, stability.kept, stability.drifted), (4, 2, 1));
        assert_eq!(stability.jumps, [("pose.yaw".to_owned(), 1)].into());
    }
}
