//! The expected results of the checks for each label.

use crate::labels::Row;

/// One kind of fault, with its labels and the checks that should find it.
#[derive(Debug)]
pub struct Expectation {
    /// Name of the fault.
    pub fault: &'static str,
    /// Column of its labels.
    pub column: &'static str,
    /// Labels that mean that the fault is present.
    pub faulty: &'static [&'static str],
    /// Labels that mean that the fault is absent.
    pub good: &'static [&'static str],
    /// At least one of these checks should fail with the fault, and none without it.
    pub checks: &'static [&'static str],
    /// Whether the label `clean` = `yes` means that the fault is absent.
    pub clean: bool,
}

/// What the labels of a photo say about one kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The fault is present.
    Fault,
    /// The fault is absent.
    Good,
}

impl Expectation {
    /// What the labels say about this fault; `None` without a label, or for a label between both.
    pub fn of(&self, row: &Row) -> Option<Expected> {
        match row.seen.get(self.column).map(String::as_str) {
            Some(value) if self.faulty.contains(&value) => Some(Expected::Fault),
            Some(value) if self.good.contains(&value) => Some(Expected::Good),
            Some(_) => None,
            None => (self.clean && is_clean(row)).then_some(Expected::Good),
        }
    }
}

/// Whether the photo has the label `clean` = `yes`.
pub fn is_clean(row: &Row) -> bool {
    row.seen.get("clean").is_some_and(|value| value == "yes")
}

const fn on(
    fault: &'static str,
    column: &'static str,
    faulty: &'static [&'static str],
    good: &'static [&'static str],
    checks: &'static [&'static str],
) -> Expectation {
    Expectation { fault, column, faulty, good, checks, clean: true }
}

/// A kind of fault about which the label `clean` says nothing: background, light and framing.
const fn not_covered_by_clean(expectation: Expectation) -> Expectation {
    Expectation { clean: false, ..expectation }
}

const COLOURS: [&str; 11] =
    ["black", "blue", "brown", "coloured", "green", "grey", "orange", "pink", "red", "yellow", "dark"];

/// Every kind of fault for which there are labels.
pub static ALL: [Expectation; 19] = [
    on("no face", "faces", &["0"], &["1", "2", "3", "4", "many"], &["face.present"]),
    on("several faces", "faces", &["2", "3", "4", "many"], &["1"], &["face.single"]),
    on("turned", "yaw", &["turned", "profile"], &["frontal"], &["pose.yaw"]),
    on("tilted", "roll", &["tilted", "90", "180", "270"], &["upright"], &["pose.roll"]),
    on("raised or bowed", "pitch", &["up", "down"], &["level"], &["pose.pitch"]),
    on("closed eyes", "eyes", &["closed", "one closed"], &["open"], &["eyes.open"]),
    on("open mouth", "mouth", &["open"], &["closed"], &["mouth.closed"]),
    on("teeth", "mouth", &["teeth"], &["closed"], &["mouth.closed"]),
    on("mask", "occluded", &["mask", "scarf"], &["none"], &["occlusion.mouth"]),
    on(
        "hand at the face",
        "occluded",
        &["hand at face", "hand"],
        &["none"],
        &["occlusion.face", "occlusion.mouth", "occlusion.eyes"],
    ),
    on("dark glasses", "glasses", &["dark", "tinted", "sunglasses"], &["clear", "none"], &["occlusion.eyes"]),
    on("blurred", "sharp", &["blurred", "moved"], &["sharp"], &["image.sharp", "image.motion"]),
    not_covered_by_clean(on("glare on glasses", "glasses", &["glare"], &["clear", "none"], &["glasses.glare"])),
    not_covered_by_clean(on(
        "background not white",
        "background",
        &COLOURS,
        &["white", "near white"],
        &["background.white"],
    )),
    not_covered_by_clean(on(
        "busy background",
        "background",
        &["busy", "uneven"],
        &["white", "near white", "plain"],
        &["background.even", "background.white"],
    )),
    not_covered_by_clean(on("dark", "light", &["dark"], &["even", "good"], &["light.dark"])),
    not_covered_by_clean(on("burnt out", "light", &["bright", "burnt out"], &["even", "good"], &["light.bright"])),
    not_covered_by_clean(on("lit from one side", "light", &["side", "uneven"], &["even", "good"], &["light.uneven"])),
    not_covered_by_clean(on("head cut off", "crop", &["head cut", "cut"], &["full", "none"], &["framing.head-cut"])),
];

/// Labels of known columns that count neither as a fault nor as its absence, as `column=value`.
pub fn uncounted(row: &Row) -> Vec<String> {
    let known = |column: &str, value: &str| {
        let mut about = ALL.iter().filter(|expectation| expectation.column == column).peekable();
        about.peek().is_none() || about.any(|e| e.faulty.contains(&value) || e.good.contains(&value))
    };
    let uncounted = row.seen.iter().filter(|(column, value)| !known(column, value));
    uncounted.map(|(column, value)| format!("{column}={value}")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::labels;

    fn row(columns: &str, cells: &str) -> Row {
        let text = format!("file,{columns}\na.jpg,{cells}\n");
        labels::parse(text.as_bytes(), Path::new("labels.csv")).unwrap().remove(0)
    }

    fn expected(fault: &str, row: &Row) -> Option<Expected> {
        ALL.iter().find(|expectation| expectation.fault == fault).expect("a kind of fault").of(row)
    }

    #[test]
    fn clean_label_means_a_good_face_and_says_nothing_about_light_and_background() {
        let clean = row("clean", "yes");
        assert_eq!(expected("closed eyes", &clean), Some(Expected::Good));
        assert_eq!(expected("background not white", &clean), None);
        assert_eq!(expected("dark", &clean), None);
    }

    #[test]
    fn a_specific_label_overrides_the_clean_label() {
        let row = row("clean,eyes,background", "yes,one closed,near white");
        assert_eq!(expected("closed eyes", &row), Some(Expected::Fault));
        assert_eq!(expected("background not white", &row), Some(Expected::Good));
    }

    #[test]
    fn missing_and_intermediate_labels_expect_nothing_and_intermediate_ones_are_reported() {
        let row = row("eyes,mouth,skin", "nearly closed,,dark");
        assert_eq!(expected("closed eyes", &row), None);
        assert_eq!(expected("open mouth", &row), None);
        assert_eq!(uncounted(&row), ["eyes=nearly closed"]);
    }

    #[test]
    fn every_expectation_contains_only_known_checks() {
        let known = |code: &&&str| inspection::check::ALL.iter().any(|check| check.code == **code);
        let unknown: Vec<_> = ALL.iter().flat_map(|e| e.checks).filter(|code| !known(code)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
