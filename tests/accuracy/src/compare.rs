//! Compares two runs on the same photos.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;

use crate::run::Run;
use crate::score::{self, Tally};

/// The counts of one kind of fault in both runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The kind of fault.
    pub fault: &'static str,
    /// Counts of the first run.
    pub before: Tally,
    /// Counts of the second run.
    pub after: Tally,
}

/// Photos on which the verdict of one check changed in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip {
    /// Code of the check.
    pub check: String,
    /// Verdict in the first run; `None` where the check did not apply.
    pub from: Option<Verdict>,
    /// Verdict in the second run; `None` where the check did not apply.
    pub to: Option<Verdict>,
    /// The photos.
    pub files: Vec<String>,
}

/// The kinds of fault whose counts differ.
pub fn differences(before: &Run, after: &Run) -> Vec<Difference> {
    let old: BTreeMap<&str, Tally> = tallies(before);
    let new: BTreeMap<&str, Tally> = tallies(after);
    let faults: BTreeSet<&'static str> = crate::expectation::ALL.iter().map(|expectation| expectation.fault).collect();
    let of = |tallies: &BTreeMap<&str, Tally>, fault: &str| tallies.get(fault).copied().unwrap_or_default();
    let all = faults.into_iter().map(|fault| Difference { fault, before: of(&old, fault), after: of(&new, fault) });
    all.filter(|difference| difference.before != difference.after).collect()
}

fn tallies(run: &Run) -> BTreeMap<&'static str, Tally> {
    score::scores(run).into_iter().map(|score| (score.expectation.fault, score.tally)).collect()
}

/// The changed verdicts on the photos that both runs contain, by check.
pub fn flips(before: &Run, after: &Run) -> Vec<Flip> {
    let mut flips: BTreeMap<(String, Key), Flip> = BTreeMap::new();
    let new: BTreeMap<&str, _> = after.photos.iter().map(|photo| (photo.file.as_str(), &photo.answers)).collect();
    for photo in &before.photos {
        let Some(answers) = new.get(photo.file.as_str()) else { continue };
        let checks: BTreeSet<&String> = photo.answers.keys().chain(answers.keys()).collect();
        for check in checks {
            let [from, to] = [&photo.answers, *answers].map(|answers| answers.get(check).map(|answer| answer.verdict));
            if from != to {
                let flip = || Flip { check: check.clone(), from, to, files: Vec::new() };
                let flip = flips.entry((check.clone(), [word(from), word(to)])).or_insert_with(flip);
                flip.files.push(photo.file.clone());
            }
        }
    }
    flips.into_values().collect()
}

type Key = [&'static str; 2];

/// The verdict as a word; `none` where the check did not apply.
pub fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Pass) => "pass",
        Some(Verdict::Unsure) => "unsure",
        Some(Verdict::Fail) => "fail",
        None => "none",
    }
}

#[cfg(test)]
mod tests {
    use domain::card::Card;
    use domain::finding::Group;

    use super::*;
    use crate::data_split::DataSplit;
    use crate::judge::Answer;
    use crate::run::Judged;

    fn run(verdict: Option<Verdict>) -> Run {
        let answer = |verdict| Answer { verdict, group: Group::Expression, blocking: true, measured: None };
        let photo = Judged {
            file: "a.jpg".to_owned(),
            seen: [("eyes".to_owned(), "closed".to_owned())].into(),
            answers: verdict.map(|verdict| ("eyes.open".to_owned(), answer(verdict))).into_iter().collect(),
        };
        Run {
            engine: String::new(),
            card: Card::ResidentId,
            split: DataSplit::All,
            photos: vec![photo],
            unreadable: vec![],
        }
    }

    #[test]
    fn a_run_has_no_differences_from_itself() {
        let run = run(Some(Verdict::Fail));
        assert_eq!(differences(&run, &run), []);
        assert_eq!(flips(&run, &run), []);
    }

    #[test]
    fn a_changed_verdict_changes_the_counts_and_is_listed_with_its_photo() {
        let (before, after) = (run(Some(Verdict::Unsure)), run(Some(Verdict::Fail)));
        let differences = differences(&before, &after);
        assert_eq!(differences.len(), 1);
        assert_eq!((differences[0].before.unsure, differences[0].after.hits), (1, 1));
        let flips = flips(&before, &run(None));
        assert_eq!((flips.len(), flips[0].to, flips[0].files.as_slice()), (1, None, &["a.jpg".to_owned()][..]));
    }
}
