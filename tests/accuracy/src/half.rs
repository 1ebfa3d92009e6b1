//! Two halves of the people: thresholds are chosen on one and reported on the other.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Half {
    A,
    B,
    #[default]
    All,
}

impl Half {
    /// The half a person is in: all photos of one person are in the same, whatever the label file holds besides.
    pub fn of(person: &str) -> Self {
        if Sha256::digest(person.as_bytes())[0] & 1 == 0 { Self::A } else { Self::B }
    }

    pub fn holds(self, person: &str) -> bool {
        self == Self::All || self == Self::of(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_is_in_exactly_one_half_and_both_are_used() {
        let people: Vec<String> = (0..200).map(|n| format!("person {n}")).collect();
        let in_a = people.iter().filter(|person| Half::A.holds(person)).count();
        assert!(people.iter().all(|person| Half::A.holds(person) != Half::B.holds(person)));
        assert!(people.iter().all(|person| Half::All.holds(person)));
        assert!((70..130).contains(&in_a), "{in_a}");
    }

    /// A figure in the notes belongs to a half; the halves may never be dealt anew.
    #[test]
    fn the_halves_stay_as_they_are() {
        assert_eq!(["ann", "ben", "cleo", "dan"].map(Half::of), [Half::B, Half::B, Half::B, Half::A]);
    }
}
