//! Counts: how often a fault is named, and how often a good photo is refused for it.

use domain::finding::Verdict;

use crate::expectation::{self, Expectation, Expected};
use crate::judge::strongest;
use crate::run::{Judged, Run};
use crate::statistics::Spread;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub hits: usize,
    pub unsure: usize,
    pub misses: usize,
    /// The check could not apply, and another one refused the photo (no face found on a covered one, say).
    pub elsewhere: usize,
    pub passes: usize,
    pub doubts: usize,
    pub false_fails: usize,
}

impl Tally {
    pub fn faulty(&self) -> usize {
        self.hits + self.unsure + self.misses + self.elsewhere
    }

    pub fn good(&self) -> usize {
        self.passes + self.doubts + self.false_fails
    }
}

/// One kind of fault over a whole run.
#[derive(Debug)]
pub struct Score {
    pub expectation: &'static Expectation,
    pub tally: Tally,
    /// What the first of the checks measured on faulty and on good photos.
    pub measured: [Option<Spread>; 2],
    /// Photos whose answer contradicts their label, with what was answered.
    pub wrong: Vec<(String, &'static str)>,
}

/// Every kind of fault that the labels of the run say something about.
pub fn scores(run: &Run) -> Vec<Score> {
    expectation::ALL.iter().map(|expectation| score(run, expectation)).filter(Score::says_something).collect()
}

fn score(run: &Run, expectation: &'static Expectation) -> Score {
    let mut tally = Tally::default();
    let mut measured = [Vec::new(), Vec::new()];
    let mut wrong = Vec::new();
    for photo in &run.photos {
        let Some(expected) = expectation.of(&photo.row()) else { continue };
        if let Some(contradiction) = count(&mut tally, expected, photo, expectation.checks) {
            wrong.push((photo.file.clone(), contradiction));
        }
        let value = photo.answers.get(expectation.checks[0]).and_then(|answer| answer.measured);
        measured[usize::from(expected == Expected::Good)].extend(value);
    }
    Score { expectation, tally, measured: measured.map(Spread::of), wrong }
}

/// Counts one photo; says what is wrong where the answer contradicts the label.
fn count(tally: &mut Tally, expected: Expected, photo: &Judged, checks: &[&str]) -> Option<&'static str> {
    let (counter, wrong) = match (expected, strongest(&photo.answers, checks)) {
        (Expected::Fault, Some(Verdict::Fail)) => (&mut tally.hits, None),
        (Expected::Fault, Some(Verdict::Unsure)) => (&mut tally.unsure, Some("unsure of the fault")),
        (Expected::Fault, None) if photo.is_refused() => (&mut tally.elsewhere, Some("refused for another reason")),
        (Expected::Fault, _) => (&mut tally.misses, Some("missed")),
        (Expected::Good, Some(Verdict::Pass)) => (&mut tally.passes, None),
        (Expected::Good, Some(Verdict::Unsure)) => (&mut tally.doubts, Some("unsure of a good photo")),
        (Expected::Good, Some(Verdict::Fail)) => (&mut tally.false_fails, Some("false fail")),
        (Expected::Good, None) => return None,
    };
    *counter += 1;
    wrong
}

impl Score {
    fn says_something(&self) -> bool {
        self.tally.faulty() + self.tally.good() > 0
    }
}

/// Clean photos, and those among them that a blocking check about the face refuses.
pub fn clean_refused(run: &Run) -> [usize; 2] {
    let clean = run.photos.iter().filter(|photo| expectation::is_clean(&photo.row()));
    let refused = |photo: &Judged| photo.answers.values().any(|answer| answer.refuses() && answer.about_the_face());
    clean.fold([0, 0], |[all, bad], photo| [all + 1, bad + usize::from(refused(photo))])
}

#[cfg(test)]
mod tests {
    use domain::finding::Group;

    use super::*;
    use crate::half::Half;
    use crate::judge::Answer;

    fn photo(file: &str, column: &str, value: &str, check: &str, verdict: Verdict) -> Judged {
        let answer = Answer { verdict, group: Group::Expression, blocking: true, measured: Some(0.3) };
        Judged {
            file: file.to_owned(),
            seen: [(column.to_owned(), value.to_owned())].into(),
            answers: [(check.to_owned(), answer)].into(),
        }
    }

    fn run(photos: Vec<Judged>) -> Run {
        Run {
            engine: "test".to_owned(),
            card: domain::card::Card::ResidentId,
            half: Half::All,
            photos,
            unreadable: vec![],
        }
    }

    #[test]
    fn each_photo_is_counted_once_for_each_fault_it_was_judged_on() {
        let run = run(vec![
            photo("1", "eyes", "closed", "eyes.open", Verdict::Fail),
            photo("2", "eyes", "closed", "eyes.open", Verdict::Unsure),
            photo("3", "eyes", "one closed", "eyes.open", Verdict::Pass),
            photo("4", "eyes", "closed", "face.present", Verdict::Fail),
            photo("5", "clean", "yes", "eyes.open", Verdict::Fail),
            photo("6", "eyes", "open", "eyes.open", Verdict::Unsure),
            photo("7", "clean", "yes", "eyes.open", Verdict::Pass),
            photo("8", "mouth", "teeth", "eyes.open", Verdict::Fail),
        ]);
        let scores = scores(&run);
        let eyes = scores.iter().find(|score| score.expectation.fault == "closed eyes").expect("labels speak of it");
        let expected = Tally { hits: 1, unsure: 1, misses: 1, elsewhere: 1, passes: 1, doubts: 1, false_fails: 1 };
        assert_eq!(eyes.tally, expected);
        let wrong: Vec<&str> = eyes.wrong.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(wrong, ["2", "3", "4", "5", "6"]);
        assert_eq!(clean_refused(&run), [2, 1]);
        assert!(scores.iter().all(|score| score.expectation.fault != "burnt out"), "no label speaks of it");
    }
}
