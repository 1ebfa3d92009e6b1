//! Runs a degradation with growing strength: the strengths at which the expected check becomes unsure and fails, and
//! the other checks that fail before it.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;
use rayon::prelude::*;

use crate::MeasurementError;
use crate::degradation_sweep::DegradationSweep;
use crate::judge::{Answers, Judge, strongest};
use crate::statistics::Spread;
use crate::subject::Subject;

/// Number of steps from no effect to the largest strength.
pub const STEPS: u8 = 12;

/// One degradation of one subject.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweepResult {
    /// First strength at which the expected check was unsure or failed.
    pub unsure: Option<f32>,
    /// First strength at which the expected check failed.
    pub fail: Option<f32>,
    /// Blocking checks about the face that failed while the expected one did not.
    pub wrong: BTreeSet<String>,
}

/// One degradation of all subjects of one kind.
#[derive(Debug, Clone)]
pub struct SweepSummary {
    /// The degradation.
    pub sweep: &'static DegradationSweep,
    /// Number of subjects.
    pub subjects: usize,
    /// Subjects whose expected check did not pass before the degradation; they are not counted below.
    pub failed_before: usize,
    /// Strengths at which the expected check became unsure.
    pub unsure: Option<Spread>,
    /// Strengths at which the expected check failed.
    pub fail: Option<Spread>,
    /// Other blocking checks that failed first, with the number of subjects.
    pub wrong: BTreeMap<String, usize>,
}

/// Runs the sweeps, and returns those that apply to at least one subject, in their order.
///
/// # Errors
///
/// [`MeasurementError`] when a picture cannot be encoded or the engine fails.
pub fn summaries(
    judge: &Judge,
    sweeps: &[&'static DegradationSweep],
    subjects: &[Subject],
) -> Result<Vec<SweepSummary>, MeasurementError> {
    let summaries: Result<Vec<_>, MeasurementError> =
        sweeps.par_iter().map(|sweep| summary(judge, sweep, subjects)).collect();
    Ok(summaries?.into_iter().filter(|summary| summary.subjects > 0).collect())
}

fn summary(
    judge: &Judge,
    sweep: &'static DegradationSweep,
    subjects: &[Subject],
) -> Result<SweepSummary, MeasurementError> {
    let outcomes: Result<Vec<Outcome>, MeasurementError> =
        subjects.par_iter().map(|subject| run_sweep(judge, sweep, subject)).collect();
    let mut summary =
        SweepSummary { sweep, subjects: 0, failed_before: 0, unsure: None, fail: None, wrong: BTreeMap::new() };
    let mut results = Vec::new();
    for outcome in outcomes? {
        match outcome {
            Outcome::NotApplicable => continue,
            Outcome::FailedBefore => summary.failed_before += 1,
            Outcome::Completed(result) => results.push(result),
        }
        summary.subjects += 1;
    }
    summary.unsure = Spread::of(results.iter().filter_map(|result| result.unsure).map(f64::from));
    summary.fail = Spread::of(results.iter().filter_map(|result| result.fail).map(f64::from));
    for check in results.into_iter().flat_map(|result| result.wrong) {
        *summary.wrong.entry(check).or_default() += 1;
    }
    Ok(summary)
}

/// How a sweep on one subject ended.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// The degradation does not apply to the subject.
    NotApplicable,
    /// The expected check did not pass before the degradation.
    FailedBefore,
    /// The sweep ran until the expected check failed or the largest strength was reached.
    Completed(SweepResult),
}

/// Increases the strength until the expected check fails or the largest strength is reached.
///
/// # Errors
///
/// [`MeasurementError`] when a picture cannot be encoded or the engine fails.
pub fn run_sweep(judge: &Judge, sweep: &DegradationSweep, subject: &Subject) -> Result<Outcome, MeasurementError> {
    let mut before = None;
    let mut result = SweepResult::default();
    for step in 0..=STEPS {
        let strength = sweep.from + (sweep.to - sweep.from) * f32::from(step) / f32::from(STEPS);
        let Some(jpeg) = sweep.jpeg(subject, strength)? else { return Ok(Outcome::NotApplicable) };
        let answers = judge.answers(&jpeg)?;
        let strongest_verdict = strongest(&answers, sweep.checks);
        let Some(before) = &before else {
            if strongest_verdict != Some(Verdict::Pass) {
                return Ok(Outcome::FailedBefore);
            }
            before = Some(answers);
            continue;
        };
        if strongest_verdict != Some(Verdict::Fail) {
            result.wrong.extend(wrong(sweep, before, &answers));
        }
        if strongest_verdict.is_some_and(|verdict| verdict != Verdict::Pass) {
            result.unsure.get_or_insert(strength);
        }
        if strongest_verdict == Some(Verdict::Fail) {
            result.fail = Some(strength);
            break;
        }
    }
    Ok(Outcome::Completed(result))
}

/// Blocking checks about the face, and sharpness, that started to fail although the degradation does not concern them.
fn wrong(sweep: &DegradationSweep, before: &Answers, now: &Answers) -> Vec<String> {
    let concerned = |check: &str| sweep.checks.contains(&check) || sweep.also.contains(&check);
    let fired = now.iter().filter(|(check, answer)| {
        let guarded = answer.about_the_face() || *check == "image.sharp";
        guarded && answer.refuses() && !concerned(check) && !before.get(*check).is_some_and(|old| old.refuses())
    });
    fired.map(|(check, _)| check.clone()).collect()
}
