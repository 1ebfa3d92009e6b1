//! Climbing a ramp: where does the expected check start to doubt, where does it fail, and what fails before it?

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;
use rayon::prelude::*;

use crate::Trouble;
use crate::judge::{Answers, Judge, strongest};
use crate::ramp::Ramp;
use crate::sitter::Sitter;
use crate::statistics::Spread;

pub const STEPS: u8 = 12;

/// One sitter on one ramp. The strengths are those of the step that was reached.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Climb {
    pub unsure: Option<f32>,
    pub fail: Option<f32>,
    /// Blocking checks about the face that failed while the expected one did not.
    pub wrong: BTreeSet<String>,
}

/// One ramp over all sitters of one kind.
#[derive(Debug, Clone)]
pub struct Summary {
    pub ramp: &'static Ramp,
    pub sitters: usize,
    /// Sitters whose expected check did not pass before anything was spoiled: left out.
    pub unfit: usize,
    pub unsure: Option<Spread>,
    pub fail: Option<Spread>,
    pub wrong: BTreeMap<String, usize>,
}

/// The ramps, in their order, that some sitter can be spoiled by.
pub fn summaries(judge: &Judge, ramps: &[&'static Ramp], sitters: &[Sitter]) -> Result<Vec<Summary>, Trouble> {
    let summaries: Result<Vec<_>, Trouble> = ramps.par_iter().map(|ramp| summary(judge, ramp, sitters)).collect();
    Ok(summaries?.into_iter().filter(|summary| summary.sitters > 0).collect())
}

fn summary(judge: &Judge, ramp: &'static Ramp, sitters: &[Sitter]) -> Result<Summary, Trouble> {
    let outcomes: Result<Vec<Outcome>, Trouble> = sitters.par_iter().map(|sitter| climb(judge, ramp, sitter)).collect();
    let mut summary = Summary { ramp, sitters: 0, unfit: 0, unsure: None, fail: None, wrong: BTreeMap::new() };
    let mut climbs = Vec::new();
    for outcome in outcomes? {
        match outcome {
            Outcome::CannotBeSpoiled => continue,
            Outcome::Unfit => summary.unfit += 1,
            Outcome::Climbed(climb) => climbs.push(climb),
        }
        summary.sitters += 1;
    }
    summary.unsure = Spread::of(climbs.iter().filter_map(|climb| climb.unsure).map(f64::from));
    summary.fail = Spread::of(climbs.iter().filter_map(|climb| climb.fail).map(f64::from));
    for check in climbs.into_iter().flat_map(|climb| climb.wrong) {
        *summary.wrong.entry(check).or_default() += 1;
    }
    Ok(summary)
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    CannotBeSpoiled,
    Unfit,
    Climbed(Climb),
}

/// Climbs until the expected check fails or the top is reached.
pub fn climb(judge: &Judge, ramp: &Ramp, sitter: &Sitter) -> Result<Outcome, Trouble> {
    let mut before = None;
    let mut climb = Climb::default();
    for step in 0..=STEPS {
        let strength = ramp.from + (ramp.to - ramp.from) * f32::from(step) / f32::from(STEPS);
        let Some(jpeg) = ramp.jpeg(sitter, strength)? else { return Ok(Outcome::CannotBeSpoiled) };
        let answers = judge.answers(&jpeg)?;
        let noticed = strongest(&answers, ramp.checks);
        let Some(before) = &before else {
            if noticed != Some(Verdict::Pass) {
                return Ok(Outcome::Unfit);
            }
            before = Some(answers);
            continue;
        };
        if noticed != Some(Verdict::Fail) {
            climb.wrong.extend(wrong(ramp, before, &answers));
        }
        if noticed.is_some_and(|verdict| verdict != Verdict::Pass) {
            climb.unsure.get_or_insert(strength);
        }
        if noticed == Some(Verdict::Fail) {
            climb.fail = Some(strength);
            break;
        }
    }
    Ok(Outcome::Climbed(climb))
}

/// Blocking checks about the face, and sharpness, that began to fail although the ramp does not concern them.
fn wrong(ramp: &Ramp, before: &Answers, now: &Answers) -> Vec<String> {
    let concerned = |check: &str| ramp.checks.contains(&check) || ramp.allies.contains(&check);
    let fired = now.iter().filter(|(check, answer)| {
        let guarded = answer.about_the_face() || *check == "image.sharp";
        guarded && answer.refuses() && !concerned(check) && !before.get(*check).is_some_and(|old| old.refuses())
    });
    fired.map(|(check, _)| check.clone()).collect()
}
