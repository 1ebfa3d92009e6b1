//! Groups good photos by their labels, to find out whether a check fails more often for some people or some light.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Verdict;

use crate::expectation::{self, Expected};
use crate::judge::strongest;
use crate::run::{Judged, Run};

/// Columns that are no attributes: they describe the file or are faults.
const NO_ATTRIBUTES: [&str; 14] = [
    "width", "height", "faces", "clean", "eyes", "mouth", "yaw", "roll", "pitch", "occluded", "sharp", "person",
    "source", "sha256",
];
const UNLABELLED: &str = "-";

/// The photos with one value of one attribute that are good in at least one respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeGroup {
    /// The attribute.
    pub column: String,
    /// Its value; `-` for photos without a label.
    pub value: String,
    /// Number of photos.
    pub photos: usize,
    /// Photos on which a check fails although its property is good.
    pub false_fails: usize,
    /// Photos on which a check is unsure although its property is good.
    pub doubts: usize,
}

/// The groups of every attribute that has at least two values.
pub fn groups(run: &Run) -> Vec<AttributeGroup> {
    let columns: BTreeSet<&String> = run.photos.iter().flat_map(|photo| photo.seen.keys()).collect();
    let attributes = columns.into_iter().filter(|column| !NO_ATTRIBUTES.contains(&column.as_str()));
    attributes.flat_map(|column| by(&run.photos, column)).collect()
}

fn by(photos: &[Judged], column: &str) -> Vec<AttributeGroup> {
    let mut groups: BTreeMap<&str, AttributeGroup> = BTreeMap::new();
    for photo in photos {
        let answers = verdicts_on_good_properties(photo);
        if answers.is_empty() {
            continue;
        }
        let value = photo.seen.get(column).map_or(UNLABELLED, String::as_str);
        let group = groups.entry(value).or_insert_with(|| AttributeGroup {
            column: column.to_owned(),
            value: value.to_owned(),
            photos: 0,
            false_fails: 0,
            doubts: 0,
        });
        group.photos += 1;
        group.false_fails += usize::from(answers.contains(&Verdict::Fail));
        group.doubts += usize::from(answers.contains(&Verdict::Unsure));
    }
    if groups.len() < 2 { Vec::new() } else { groups.into_values().collect() }
}

/// The verdicts on the properties that are good according to the labels.
fn verdicts_on_good_properties(photo: &Judged) -> Vec<Verdict> {
    let row = photo.row();
    let good = expectation::ALL.iter().filter(|expectation| expectation.of(&row) == Some(Expected::Good));
    good.filter_map(|expectation| strongest(&photo.answers, expectation.checks)).collect()
}

#[cfg(test)]
mod tests {
    use domain::card::Card;
    use domain::finding::Group;

    use super::*;
    use crate::data_split::DataSplit;
    use crate::judge::Answer;

    fn clean(glasses: Option<&str>, verdict: Verdict) -> Judged {
        let answer = Answer { verdict, group: Group::Occlusion, blocking: true, measured: None };
        let mut seen = BTreeMap::from([("clean".to_owned(), "yes".to_owned()), ("crop".to_owned(), "full".to_owned())]);
        seen.extend(glasses.map(|value| ("glasses".to_owned(), value.to_owned())));
        Judged { file: String::new(), seen, answers: [("occlusion.eyes".to_owned(), answer)].into() }
    }

    #[test]
    fn good_photos_are_grouped_by_every_attribute_that_varies() {
        let photos = vec![
            clean(Some("clear"), Verdict::Fail),
            clean(None, Verdict::Pass),
            clean(Some("clear"), Verdict::Unsure),
        ];
        let run =
            Run { engine: String::new(), card: Card::ResidentId, split: DataSplit::All, photos, unreadable: vec![] };
        let found: Vec<_> =
            groups(&run).into_iter().map(|s| (s.column, s.value, s.photos, s.false_fails, s.doubts)).collect();
        let row =
            |value: &str, photos, refused, doubted| ("glasses".to_owned(), value.to_owned(), photos, refused, doubted);
        assert_eq!(found, [row("-", 1, 0, 0), row("clear", 2, 1, 1)]);
    }
}
