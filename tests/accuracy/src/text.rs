//! Formats the results as tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::attribute_groups::AttributeGroup;
use crate::compare::{Difference, Flip, word};
use crate::run::Run;
use crate::score::{self, Score, Tally};
use crate::stability::Stability;
use crate::statistics::{Spread, wilson};
use crate::sweep_result::SweepSummary;
use crate::table::Table;

/// The count, its share and the 95 % interval of the share, for example `3/23 (13 %, 5..32)`.
pub fn share(count: usize, of: usize) -> String {
    let percent = |share: f64| (share * 100.0).round();
    match wilson(count, of) {
        None => "-".to_owned(),
        Some([low, high]) => {
            let middle = percent(count as f64 / of as f64);
            format!("{count}/{of} ({middle} %, {}..{})", percent(low), percent(high))
        }
    }
}

/// One line about a run: engine, card, data split and number of photos.
pub fn heading(run: &Run) -> String {
    let photos = run.photos.len();
    let split = format!("{:?}", run.split).to_lowercase();
    format!("{}, {}, split {split}, {photos} photos; shares with 95 % intervals (Wilson)\n", run.engine, run.card)
}

/// The counts for each kind of fault.
pub fn scores(run: &Run, scores: &[Score]) -> String {
    let mut table = Table::new(&[
        "fault",
        "hits",
        "unsure",
        "misses",
        "elsewhere",
        "false fails",
        "doubts",
        "measured on faults",
        "on good",
    ]);
    for score in scores {
        let Tally { hits, unsure, misses, elsewhere, doubts, false_fails, .. } = score.tally;
        let (faulty, good) = (score.tally.faulty(), score.tally.good());
        table.row(vec![
            score.expectation.fault.to_owned(),
            share(hits, faulty),
            unsure.to_string(),
            misses.to_string(),
            elsewhere.to_string(),
            share(false_fails, good),
            doubts.to_string(),
            spread(score.measured[0]),
            spread(score.measured[1]),
        ]);
    }
    let [clean, refused] = score::clean_refused(run);
    format!("{table}\nclean photos refused by a blocking check about the face: {}\n", share(refused, clean))
}

/// The photos whose result contradicts their label, one per line.
pub fn wrong(scores: &[Score]) -> String {
    let mut text = String::new();
    for score in scores {
        for (file, what) in &score.wrong {
            writeln!(text, "{}: {what}: {file}", score.expectation.fault).expect("writing to a String does not fail");
        }
    }
    text
}

/// The results on good photos by attribute; empty without groups.
pub fn attribute_groups(groups: &[AttributeGroup]) -> String {
    let mut table = Table::new(&["good photos with", "false fails", "doubts"]);
    for group in groups {
        let name = format!("{} = {}", group.column, group.value);
        table.row(vec![name, share(group.false_fails, group.photos), share(group.doubts, group.photos)]);
    }
    if table.is_empty() { String::new() } else { table.to_string() }
}

/// Where the checks became unsure and failed on each degradation.
pub fn sweeps(summaries: &[SweepSummary]) -> String {
    let mut table = Table::new(&[
        "degradation",
        "check",
        "subjects",
        "unsure from",
        "fails from",
        "never failed",
        "other reason first",
    ]);
    for SweepSummary { sweep, subjects, failed_before, unsure, fail, wrong } in summaries {
        let completed = subjects - failed_before;
        table.row(vec![
            format!("{}, {} to {} {}", sweep.name, sweep.from, sweep.to, sweep.unit).trim_end().to_owned(),
            sweep.checks.join(", "),
            if *failed_before == 0 {
                completed.to_string()
            } else {
                format!("{completed} ({failed_before} failed before)")
            },
            spread(*unsure),
            spread(*fail),
            (completed - fail.map_or(0, |fail| fail.count)).to_string(),
            counts(wrong),
        ]);
    }
    table.to_string()
}

/// How many verdicts stayed the same after each change of the files.
pub fn stability(rows: &[(&str, Stability)]) -> String {
    let mut table = Table::new(&["change", "verdict kept", "through unsure", "jumped from pass to fail or back"]);
    for (name, stability) in rows {
        table.row(vec![
            (*name).to_owned(),
            share(stability.kept, stability.photos),
            stability.drifted.to_string(),
            counts(&stability.jumps),
        ]);
    }
    table.to_string()
}

/// What differs between two runs; `list` adds the names of the photos.
pub fn comparison(differences: &[Difference], flips: &[Flip], list: bool) -> String {
    if differences.is_empty() && flips.is_empty() {
        return "no difference\n".to_owned();
    }
    let mut faults = Table::new(&["fault", "hits", "unsure", "misses", "elsewhere", "passes", "doubts", "false fails"]);
    for Difference { fault, before: old, after: new } in differences {
        let cell = |of: fn(&Tally) -> usize| {
            if of(old) == of(new) { of(old).to_string() } else { format!("{} -> {}", of(old), of(new)) }
        };
        faults.row(vec![
            (*fault).to_owned(),
            cell(|t| t.hits),
            cell(|t| t.unsure),
            cell(|t| t.misses),
            cell(|t| t.elsewhere),
            cell(|t| t.passes),
            cell(|t| t.doubts),
            cell(|t| t.false_fails),
        ]);
    }
    let mut checks = Table::new(&["check", "from", "to", "photos"]);
    for flip in flips {
        let cells = [word(flip.from), word(flip.to)].map(str::to_owned);
        let [from, to] = cells;
        checks.row(vec![flip.check.clone(), from, to, flip.files.len().to_string()]);
    }
    let mut text = if faults.is_empty() { String::new() } else { format!("{faults}\n") };
    text += &checks.to_string();
    for flip in flips.iter().filter(|_| list) {
        let (from, to) = (word(flip.from), word(flip.to));
        writeln!(text, "{} {from} -> {to}: {}", flip.check, flip.files.join(", "))
            .expect("writing to a String does not fail");
    }
    text
}

/// The median, the smallest and the largest value, for example `0.31 [0.27, 0.40]`.
fn spread(spread: Option<Spread>) -> String {
    let Some(Spread { low, median, high, .. }) = spread else { return "-".to_owned() };
    let short = |value: f64| {
        let decimals = if value.abs() < 1.0 { 3 } else { 1 };
        format!("{value:.decimals$}")
    };
    if low == high { short(low) } else { format!("{} [{}, {}]", short(median), short(low), short(high)) }
}

fn counts(counts: &BTreeMap<String, usize>) -> String {
    let words: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_and_spread_format_their_numbers() {
        assert_eq!(share(3, 23), "3/23 (13 %, 5..32)");
        assert_eq!(share(0, 0), "-");
        assert_eq!(spread(Spread::of([0.25, 0.125, 16.0])), "0.250 [0.125, 16.0]");
        assert_eq!(spread(None), "-");
    }
}
