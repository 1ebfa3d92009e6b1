//! The rules of each card type, as data (`data/photo_specs.toml`), each with the source it was taken from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::card::Card;
use crate::finding::{Limit, Policy};

/// A limit together with the standard and clause it comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rule {
    #[serde(flatten)]
    pub limit: Limit,
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    White,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PhotoSpec {
    pub name: BTreeMap<String, String>,
    pub width_px: u32,
    pub height_px: u32,
    pub dpi: u16,
    /// The standard named on the receipt.
    pub standard: String,
    pub background: Background,
    pub input_bytes: Rule,
    pub output_bytes: Rule,
    /// Cheek to cheek at the ear root, in pixels of the standard photo.
    pub face_width_px: Rule,
    /// Where `face_width_px` limits the head over the ears instead: that width by the width of the face.
    #[serde(default = "same")]
    pub head_by_face: f32,
    /// Top of the hair to the top edge, in pixels of the standard photo.
    pub crown_px: Rule,
    /// Mean eye centre to the bottom edge, in pixels of the standard photo.
    pub eyes_from_bottom_px: Rule,
    /// Mean eye centre to the left edge, in pixels of the standard photo.
    pub eye_middle_px: Rule,
    /// Crown to chin, in pixels of the standard photo; only the driving licence has it.
    pub head_length_px: Option<Rule>,
    /// May the background be whitened in the standard photo?
    pub may_whiten: bool,
    /// May a slightly leaning head be put upright in it?
    pub may_straighten: bool,
    /// Deviations from each check's own default policy.
    #[serde(default)]
    pub policy: BTreeMap<String, Policy>,
}

impl PhotoSpec {
    pub fn of(card: Card) -> &'static Self {
        &SPECS[&card]
    }
}

/// Policies of the relaxed profile (优检), where they differ from the cards' own (`data/relaxed.toml`).
pub fn relaxed() -> &'static BTreeMap<String, Policy> {
    static RELAXED: LazyLock<BTreeMap<String, Policy>> = LazyLock::new(|| {
        toml::from_str(include_str!("../data/relaxed.toml")).expect("the relaxed profile in the binary is well formed")
    });
    &RELAXED
}

const fn same() -> f32 {
    1.0
}

static SPECS: LazyLock<BTreeMap<Card, PhotoSpec>> = LazyLock::new(|| {
    let specs: BTreeMap<Card, PhotoSpec> = toml::from_str(include_str!("../data/photo_specs.toml"))
        .expect("the photo specs in the binary are well formed");
    assert_eq!(specs.len(), Card::ALL.len(), "every card type has a photo spec");
    specs
});

#[cfg(test)]
mod tests {
    use super::*;

    /// IC-28 to IC-36: width, height and smallest size of every card type as the manual's table has them.
    ///
    /// Covers: IC-28, IC-29, IC-30, IC-31, IC-32, IC-33, IC-34, IC-35, IC-36
    #[test]
    fn sizes_are_those_of_the_manual() {
        for card in Card::ALL {
            let spec = PhotoSpec::of(card);
            let (width, height, kib, dpi) =
                if card == Card::DrivingLicence { (260, 378, 30.0, 300) } else { (358, 441, 28.0, 350) };
            assert_eq!((spec.width_px, spec.height_px, spec.dpi), (width, height, dpi), "{card}");
            assert_eq!(spec.input_bytes.limit, Limit::between(kib * 1024.0, 1_048_576.0), "{card}");
            assert_eq!(spec.output_bytes.limit.max, Some(kib * 1024.0), "{card}");
        }
    }

    #[test]
    fn every_rule_names_its_source_and_every_card_both_names() {
        for card in Card::ALL {
            let spec = PhotoSpec::of(card);
            for rule in
                [&spec.input_bytes, &spec.output_bytes, &spec.face_width_px, &spec.crown_px, &spec.eye_middle_px]
            {
                assert!(!rule.source.is_empty(), "{card}");
            }
            assert!(spec.name.contains_key("zh") && spec.name.contains_key("en"), "{card}");
        }
    }
}
