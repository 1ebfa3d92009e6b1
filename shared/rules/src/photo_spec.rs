//! The rules of each card type, as data (`data/photo_specs.toml`), each with the source it was taken from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::card::Card;
use crate::finding::{Limit, Policy};

/// A limit together with the standard and clause it comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rule {
    /// The limit; the name of the field in [`PhotoSpec`] says its unit.
    #[serde(flatten)]
    pub limit: Limit,
    /// Standard and clause, manual and section, or `calibrated`.
    pub source: String,
}

/// The background of the standard photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// Pure white.
    White,
}

/// The rules of one card type. Lengths are pixels of the standard photo unless the field says otherwise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PhotoSpec {
    /// Name of the card type by language (`zh`, `en`).
    pub name: BTreeMap<String, String>,
    /// Width of the standard photo.
    pub width_px: u32,
    /// Height of the standard photo.
    pub height_px: u32,
    /// Resolution tag of the standard photo, in dots per inch.
    pub dpi: u16,
    /// The standard named on the receipt.
    pub standard: String,
    /// Background of the standard photo.
    pub background: Background,
    /// Size of the uploaded file, in bytes.
    pub input_bytes: Rule,
    /// Size of the standard photo's file, in bytes.
    pub output_bytes: Rule,
    /// Width of the face from ear root to ear root.
    pub face_width_px: Rule,
    /// Where `face_width_px` limits the width of the head over the ears instead: that width divided by the width of the
    /// face. 1 otherwise.
    #[serde(default = "same")]
    pub head_by_face: f32,
    /// Distance from the top of the hair to the top edge.
    pub crown_px: Rule,
    /// Distance from the mean eye centre to the bottom edge.
    pub eyes_from_bottom_px: Rule,
    /// Distance from the mean eye centre to the left edge.
    pub eye_middle_px: Rule,
    /// Distance from crown to chin; only the driving licence limits it.
    pub head_length_px: Option<Rule>,
    /// Whether the background may be whitened in the standard photo.
    pub may_whiten: bool,
    /// Whether a slightly tilted head may be straightened in the standard photo.
    pub may_straighten: bool,
    /// Policies by check code, where they differ from the check's default policy.
    #[serde(default)]
    pub policy: BTreeMap<String, Policy>,
}

impl PhotoSpec {
    /// The rules of a card type.
    pub fn of(card: Card) -> &'static Self {
        &SPECS[&card]
    }
}

/// Policies of the relaxed profile (优检) by check code (`data/relaxed.toml`).
pub fn relaxed() -> &'static BTreeMap<String, Policy> {
    static RELAXED: LazyLock<BTreeMap<String, Policy>> =
        LazyLock::new(|| toml::from_str(include_str!("../data/relaxed.toml")).expect("data/relaxed.toml is valid"));
    &RELAXED
}

const fn same() -> f32 {
    1.0
}

static SPECS: LazyLock<BTreeMap<Card, PhotoSpec>> = LazyLock::new(|| {
    let specs: BTreeMap<Card, PhotoSpec> =
        toml::from_str(include_str!("../data/photo_specs.toml")).expect("data/photo_specs.toml is valid");
    assert_eq!(specs.len(), Card::ALL.len(), "every card type has a photo spec");
    specs
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Width, height and smallest file size of every card type equal the manual's table.
    ///
    /// Covers: IC-28, IC-29, IC-30, IC-31, IC-32, IC-33, IC-34, IC-35, IC-36
    #[test]
    fn photo_spec_of_every_card_has_the_sizes_of_the_manual() {
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
    fn every_rule_has_a_source_and_every_card_has_a_name_in_both_languages() {
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
