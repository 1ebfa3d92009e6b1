//! The tables that a person reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::climb::Summary;
use crate::compare::{Difference, Flip, word};
use crate::run::Run;
use crate::score::{self, Score, Tally};
use crate::split::Split;
use crate::stability::Stability;
use crate::statistics::{Spread, wilson};
use crate::table::Table;

/// `3/23 (13 %, 5..32)`: the count, its share and the 95 % interval of the share.
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

pub fn heading(run: &Run) -> String {
    let photos = run.photos.len();
    let half = format!("{:?}", run.half).to_lowercase();
    format!("{}, {}, half {half}, {photos} photos; shares with 95 % intervals (Wilson)\n", run.engine, run.card)
}

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

/// Photos whose answer contradicts their label.
pub fn wrong(scores: &[Score]) -> String {
    let mut text = String::new();
    for score in scores {
        for (file, what) in &score.wrong {
            writeln!(text, "{}: {what}: {file}", score.expectation.fault).expect("a string grows");
        }
    }
    text
}

pub fn splits(splits: &[Split]) -> String {
    let mut table = Table::new(&["good photos with", "false fails", "doubts"]);
    for split in splits {
        let name = format!("{} = {}", split.column, split.value);
        table.row(vec![name, share(split.false_fails, split.photos), share(split.doubts, split.photos)]);
    }
    if table.is_empty() { String::new() } else { table.to_string() }
}

pub fn ramps(summaries: &[Summary]) -> String {
    let mut table =
        Table::new(&["ramp", "check", "sitters", "unsure from", "fails from", "never failed", "other reason first"]);
    for Summary { ramp, sitters, unfit, unsure, fail, wrong } in summaries {
        let climbed = sitters - unfit;
        table.row(vec![
            format!("{}, {} to {} {}", ramp.name, ramp.from, ramp.to, ramp.unit).trim_end().to_owned(),
            ramp.checks.join(", "),
            if *unfit == 0 { climbed.to_string() } else { format!("{climbed} ({unfit} unfit)") },
            spread(*unsure),
            spread(*fail),
            (climbed - fail.map_or(0, |fail| fail.count)).to_string(),
            counts(wrong),
        ]);
    }
    table.to_string()
}

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
        writeln!(text, "{} {from} -> {to}: {}", flip.check, flip.files.join(", ")).expect("a string grows");
    }
    text
}

/// `0.31 [0.27, 0.40]`: the median, the smallest and the largest.
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
    fn figures_are_short() {
        assert_eq!(share(3, 23), "3/23 (13 %, 5..32)");
        assert_eq!(share(0, 0), "-");
        assert_eq!(spread(Spread::of([0.25, 0.125, 16.0])), "0.250 [0.125, 16.0]");
        assert_eq!(spread(None), "-");
    }
}
