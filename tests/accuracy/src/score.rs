//! Counts how often a fault is found, and how often a good photo is refused because of it.

use domain::finding::Verdict;

use crate::expectation::{self, Expectation, Expected};
use crate::judge::strongest;
use crate::run::{Judged, Run};
use crate::statistics::Spread;

/// The counts for one kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Photos with the fault on which a check fails.
    pub hits: usize,
    /// Photos with the fault on which a check is unsure.
    pub unsure: usize,
    /// Photos with the fault on which all checks pass.
    pub misses: usize,
    /// Photos with the fault on which no check applied, and another one refused the photo (for example, no face was
    /// found because it is covered).
    pub elsewhere: usize,
    /// Good photos on which all checks pass.
    pub passes: usize,
    /// Good photos on which a check is unsure.
    pub doubts: usize,
    /// Good photos on which a check fails.
    pub false_fails: usize,
}

impl Tally {
    /// Number of photos with the fault.
    pub fn faulty(&self) -> usize {
        self.hits + self.unsure + self.misses + self.elsewhere
    }

    /// Number of photos without the fault.
    pub fn good(&self) -> usize {
        self.passes + self.doubts + self.false_fails
    }
}

/// The results for one kind of fault in a run.
#[derive(Debug)]
pub struct Score {
    /// The kind of fault.
    pub expectation: &'static Expectation,
    /// The counts.
    pub tally: Tally,
    /// The values that the first of the checks measured, on faulty and on good photos.
    pub measured: [Option<Spread>; 2],
    /// Photos whose result contradicts their label, with the kind of contradiction.
    pub wrong: Vec<(String, &'static str)>,
}

/// The scores of every kind of fault for which the run has labels.
pub fn scores(run: &Run) -> Vec<Score> {
    expectation::ALL.iter().map(|expectation| score(run, expectation)).filter(Score::has_labels).collect()
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

/// Counts one photo. Returns the kind of contradiction when the result contradicts the label.
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
    fn has_labels(&self) -> bool {
        self.tally.faulty() + self.tally.good() > 0
    }
}

/// Number of clean photos, and number of those that a blocking check about the face refuses.
pub fn clean_refused(run: &Run) -> [usize; 2] {
    let clean = run.photos.iter().filter(|photo| expectation::is_clean(&photo.row()));
    let refused = |photo: &Judged| photo.answers.values().any(|answer| answer.refuses() && answer.about_the_face());
    clean.fold([0, 0], |[all, bad], photo| [all + 1, bad + usize::from(refused(photo))])
}

#[cfg(test)]
mod tests {
    use domain::finding::Group;

    use super::*;
    use crate::data_split::DataSplit;
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
            split: DataSplit::All,
            photos,
            unreadable: vec![],
        }
    }

    #[test]
    fn each_photo_is_counted_once_for_each_labelled_fault() {
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
        let eyes = scores.iter().find(|score| score.expectation.fault == "closed eyes").expect("it has labels");
        let expected = Tally { hits: 1, unsure: 1, misses: 1, elsewhere: 1, passes: 1, doubts: 1, false_fails: 1 };
        assert_eq!(eyes.tally, expected);
        let wrong: Vec<&str> = eyes.wrong.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(wrong, ["2", "3", "4", "5", "6"]);
        assert_eq!(clean_refused(&run), [2, 1]);
        assert!(scores.iter().all(|score| score.expectation.fault != "burnt out"), "it has no label");
    }
}
