//! What changed between two runs over the same photos.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;

use crate::run::Run;
use crate::score::{self, Tally};

/// One kind of fault, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub fault: &'static str,
    pub before: Tally,
    pub after: Tally,
}

/// Photos on which one check changed its answer; `None` where it did not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip {
    pub check: String,
    pub from: Option<Verdict>,
    pub to: Option<Verdict>,
    pub files: Vec<String>,
}

/// Every kind of fault on which the counts differ.
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

/// By check, over the photos that both runs hold.
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
    use crate::half::Half;
    use crate::judge::Answer;
    use crate::run::Judged;

    fn run(verdict: Option<Verdict>) -> Run {
        let answer = |verdict| Answer { verdict, group: Group::Expression, blocking: true, measured: None };
        let photo = Judged {
            file: "a.jpg".to_owned(),
            seen: [("eyes".to_owned(), "closed".to_owned())].into(),
            answers: verdict.map(|verdict| ("eyes.open".to_owned(), answer(verdict))).into_iter().collect(),
        };
        Run { engine: String::new(), card: Card::ResidentId, half: Half::All, photos: vec![photo], unreadable: vec![] }
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = run(Some(Verdict::Fail));
        assert_eq!(differences(&run, &run), []);
        assert_eq!(flips(&run, &run), []);
    }

    #[test]
    fn a_changed_answer_shows_in_the_counts_and_by_photo() {
        let (before, after) = (run(Some(Verdict::Unsure)), run(Some(Verdict::Fail)));
        let differences = differences(&before, &after);
        assert_eq!(differences.len(), 1);
        assert_eq!((differences[0].before.unsure, differences[0].after.hits), (1, 1));
        let flips = flips(&before, &run(None));
        assert_eq!((flips.len(), flips[0].to, flips[0].files.as_slice()), (1, None, &["a.jpg".to_owned()][..]));
    }
}
