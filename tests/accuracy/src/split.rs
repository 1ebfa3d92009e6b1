//! Does a check fail more often for some people or some light than for others? Good photos by what is labelled on them.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;

use crate::expectation::{self, Expected};
use crate::judge::strongest;
use crate::run::{Judged, Run};

/// Columns that describe the file or are faults themselves.
const NO_ATTRIBUTES: [&str; 14] = [
    "width", "height", "faces", "clean", "eyes", "mouth", "yaw", "roll", "pitch", "occluded", "sharp", "person",
    "source", "sha256",
];
const UNLABELLED: &str = "-";

/// Photos with one value of one attribute that are good in some respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub column: String,
    pub value: String,
    pub photos: usize,
    /// Those with a fault named that is not there, and with a doubt where nothing is wrong.
    pub false_fails: usize,
    pub doubts: usize,
}

/// By every attribute that has at least two values.
pub fn splits(run: &Run) -> Vec<Split> {
    let columns: BTreeSet<&String> = run.photos.iter().flat_map(|photo| photo.seen.keys()).collect();
    let attributes = columns.into_iter().filter(|column| !NO_ATTRIBUTES.contains(&column.as_str()));
    attributes.flat_map(|column| by(&run.photos, column)).collect()
}

fn by(photos: &[Judged], column: &str) -> Vec<Split> {
    let mut splits: BTreeMap<&str, Split> = BTreeMap::new();
    for photo in photos {
        let answers = on_the_good(photo);
        if answers.is_empty() {
            continue;
        }
        let value = photo.seen.get(column).map_or(UNLABELLED, String::as_str);
        let split = splits.entry(value).or_insert_with(|| Split {
            column: column.to_owned(),
            value: value.to_owned(),
            photos: 0,
            false_fails: 0,
            doubts: 0,
        });
        split.photos += 1;
        split.false_fails += usize::from(answers.contains(&Verdict::Fail));
        split.doubts += usize::from(answers.contains(&Verdict::Unsure));
    }
    if splits.len() < 2 { Vec::new() } else { splits.into_values().collect() }
}

/// What was answered wherever the labels say that nothing is wrong.
fn on_the_good(photo: &Judged) -> Vec<Verdict> {
    let row = photo.row();
    let good = expectation::ALL.iter().filter(|expectation| expectation.of(&row) == Some(Expected::Good));
    good.filter_map(|expectation| strongest(&photo.answers, expectation.checks)).collect()
}

#[cfg(test)]
mod tests {
    use domain::card::Card;
    use domain::finding::Group;

    use super::*;
    use crate::half::Half;
    use crate::judge::Answer;

    fn clean(glasses: Option<&str>, verdict: Verdict) -> Judged {
        let answer = Answer { verdict, group: Group::Occlusion, blocking: true, measured: None };
        let mut seen = BTreeMap::from([("clean".to_owned(), "yes".to_owned()), ("crop".to_owned(), "full".to_owned())]);
        seen.extend(glasses.map(|value| ("glasses".to_owned(), value.to_owned())));
        Judged { file: String::new(), seen, answers: [("occlusion.eyes".to_owned(), answer)].into() }
    }

    #[test]
    fn good_photos_are_split_by_every_attribute_that_varies() {
        let photos = vec![
            clean(Some("clear"), Verdict::Fail),
            clean(None, Verdict::Pass),
            clean(Some("clear"), Verdict::Unsure),
        ];
        let run = Run { engine: String::new(), card: Card::ResidentId, half: Half::All, photos, unreadable: vec![] };
        let found: Vec<_> =
            splits(&run).into_iter().map(|s| (s.column, s.value, s.photos, s.false_fails, s.doubts)).collect();
        let row =
            |value: &str, photos, refused, doubted| ("glasses".to_owned(), value.to_owned(), photos, refused, doubted);
        assert_eq!(found, [row("-", 1, 0, 0), row("clear", 2, 1, 1)]);
    }
}
