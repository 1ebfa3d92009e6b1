//! Splits the people into two parts: thresholds are chosen on one part and reported on the other.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A part of the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSplit {
    /// The first part.
    A,
    /// The second part.
    B,
    /// All people.
    #[default]
    All,
}

impl DataSplit {
    /// The part of a person. It depends only on the name, so all photos of one person are in the same part.
    pub fn of(person: &str) -> Self {
        if Sha256::digest(person.as_bytes())[0] & 1 == 0 { Self::A } else { Self::B }
    }

    /// Whether the part contains a person.
    pub fn contains(self, person: &str) -> bool {
        self == Self::All || self == Self::of(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_is_in_exactly_one_part_and_both_parts_are_used() {
        let people: Vec<String> = (0..200).map(|n| format!("person {n}")).collect();
        let in_a = people.iter().filter(|person| DataSplit::A.contains(person)).count();
        assert!(people.iter().all(|person| DataSplit::A.contains(person) != DataSplit::B.contains(person)));
        assert!(people.iter().all(|person| DataSplit::All.contains(person)));
        assert!((70..130).contains(&in_a), "{in_a}");
    }

    /// Published results refer to these parts, so the assignment must not change.
    #[test]
    fn assignment_of_people_to_parts_is_fixed() {
        assert_eq!(
            ["ann", "ben", "cleo", "dan"].map(DataSplit::of),
            [DataSplit::B, DataSplit::B, DataSplit::B, DataSplit::A]
        );
    }
}
