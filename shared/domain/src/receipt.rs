//! 回执: the texts of the printed receipt of a paid photo (`data/receipts.toml`), and how long the receipt is valid.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::image_number::ImageNumber;
use crate::photo_spec::PhotoSpec;
use crate::region::Region;

/// 本回执及数字相片90天内有效: the days a receipt is valid, from 采集时间, to the second.
pub const VALID_DAYS: i64 = 90;

/// 有效期至: the instant at which the receipt of a photo uploaded at `uploaded_at` expires.
pub fn valid_until(uploaded_at: Timestamp) -> Timestamp {
    taken_at(uploaded_at) + SignedDuration::from_hours(24 * VALID_DAYS)
}

/// 采集时间: the upload, in whole seconds as it is printed.
pub fn taken_at(uploaded_at: Timestamp) -> Timestamp {
    Timestamp::from_second(uploaded_at.as_second()).unwrap_or(uploaded_at)
}

/// The government service that the right QR code opens. The deployment configures its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// 粤居码
    Yuejuma,
    /// 交管12123
    Traffic,
    /// 国家政务服务平台
    National,
}

impl Service {
    /// All services.
    pub const ALL: [Self; 3] = [Self::Yuejuma, Self::Traffic, Self::National];
}

/// The texts of one receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptText {
    /// The heading.
    pub title: String,
    /// Which standard the photo conforms to, its image number, and what the receipt can be used for.
    pub conformity: String,
    /// How long the receipt is valid.
    pub validity: String,
    /// The label of the left QR code, which opens the public check.
    pub check_label: String,
    /// The service of the right QR code.
    pub service: Service,
    /// The label of the right QR code.
    pub service_label: String,
    /// Notes on the two QR codes.
    pub notes: Vec<String>,
    /// The texts that are equal on all receipts.
    pub common: &'static CommonText,
}

/// The texts that are equal on all receipts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonText {
    title: String,
    conformity: String,
    validity: String,
    /// The declaration that the holder signs.
    pub declaration: String,
    /// The label 采集单位.
    pub unit: String,
    /// The label 联系电话.
    pub phone: String,
    /// The label 采集时间.
    pub taken_at: String,
    /// The label 有效期至.
    pub valid_until: String,
    /// The labels of the two fields that the holder fills in by hand: 姓名 and 电话号码.
    pub signature: [String; 2],
    /// The caption of the part for the holder.
    pub holder_part: String,
    /// The caption of the part for the office.
    pub office_part: String,
    /// The text at the line to cut along.
    pub cut: String,
    /// The stamp on an expired receipt.
    pub expired: String,
}

impl ReceiptText {
    /// The texts of the receipt of photo `number` for `card` in `region`.
    pub fn new(card: Card, region: &Region, number: ImageNumber) -> Self {
        let number = number.to_string();
        let values = [("{province}", region.province()), ("{city}", region.city()), ("{number}", &number)];
        Self::compose(card, |place| place.covers(region), &values)
    }

    /// The texts of `card`, with the overrides of the places that `covers` selects. `values` are the placeholders that
    /// depend on the photo, with their values.
    fn compose(card: Card, covers: impl Fn(&PlaceTexts) -> bool, values: &[(&str, &str)]) -> Self {
        let Texts { common, default, card: cards } = &*TEXTS;
        let card_texts = &cards[&card];
        let places = card_texts.region.iter().filter(|place| covers(place)).map(|place| &place.overrides);
        let mut texts = default.clone();
        for overrides in std::iter::once(&card_texts.overrides).chain(places) {
            texts.apply(overrides);
        }
        let uses = texts.uses.unwrap_or_default();
        let filled = |text: &str| {
            let text = text
                .replace("{document}", &card_texts.document)
                .replace("{standard}", &PhotoSpec::of(card).standard)
                .replace("{uses}", &uses)
                .replace("{days}", &VALID_DAYS.to_string());
            values.iter().fold(text, |text, (placeholder, value)| text.replace(placeholder, value))
        };
        Self {
            title: filled(&common.title),
            conformity: filled(&common.conformity),
            validity: filled(&common.validity),
            check_label: filled(&texts.check_label.unwrap_or_default()),
            service: texts.service.unwrap_or(Service::National),
            service_label: filled(&texts.service_label.unwrap_or_default()),
            notes: texts.notes.iter().flatten().map(|note| filled(note)).collect(),
            common,
        }
    }
}

/// The texts of a card type in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// 照片类型.
    pub card: Card,
    /// The province; `None` for every place that has no template of its own.
    pub province: Option<&'static str>,
    /// The city; `None` for every city of the province that has no template of its own.
    pub city: Option<&'static str>,
    /// The texts. Placeholders that only a photo fills in stay in braces: `{number}`, and `{province}` or `{city}` if
    /// the template has none.
    pub text: ReceiptText,
}

/// All templates: those of each card type, each followed by those of its provinces and cities.
pub fn templates() -> Vec<Template> {
    let templates_of = |card: Card| {
        let text = ReceiptText::compose(card, |_| false, &[]);
        let everywhere = Template { card, province: None, city: None, text };
        let places = TEXTS.card[&card].region.iter().map(move |place| {
            let (province, city) = (place.province.as_str(), place.city.as_deref());
            let covers = |other: &PlaceTexts| other.covers_place(province, city);
            let values = [("{province}", province), ("{city}", city.unwrap_or("{city}"))];
            Template { card, province: Some(province), city, text: ReceiptText::compose(card, covers, &values) }
        });
        std::iter::once(everywhere).chain(places)
    };
    Card::ALL.into_iter().flat_map(templates_of).collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    common: CommonText,
    default: Overrides,
    card: BTreeMap<Card, CardTexts>,
}

#[derive(Debug, Deserialize)]
struct CardTexts {
    document: String,
    #[serde(flatten)]
    overrides: Overrides,
    #[serde(default)]
    region: Vec<PlaceTexts>,
}

#[derive(Debug, Deserialize)]
struct PlaceTexts {
    province: String,
    city: Option<String>,
    #[serde(flatten)]
    overrides: Overrides,
}

impl PlaceTexts {
    fn covers(&self, region: &Region) -> bool {
        self.covers_place(region.province(), Some(region.city()))
    }

    /// Whether the place includes a city, or with `None` a whole province.
    fn covers_place(&self, province: &str, city: Option<&str>) -> bool {
        self.province == province && (self.city.is_none() || self.city.as_deref() == city)
    }
}

/// Texts that override those of the level above, where they are given.
#[derive(Debug, Clone, Default, Deserialize)]
struct Overrides {
    uses: Option<String>,
    check_label: Option<String>,
    service: Option<Service>,
    service_label: Option<String>,
    notes: Option<Vec<String>>,
}

impl Overrides {
    fn apply(&mut self, other: &Self) {
        let Self { uses, check_label, service, service_label, notes } = other.clone();
        self.uses = uses.or(self.uses.take());
        self.check_label = check_label.or(self.check_label.take());
        self.service = service.or(self.service.take());
        self.service_label = service_label.or(self.service_label.take());
        self.notes = notes.or(self.notes.take());
    }
}

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let texts: Texts =
        toml::from_str(include_str!("../data/receipts.toml")).expect("data/receipts.toml is well formed");
    assert_eq!(texts.card.len(), Card::ALL.len(), "data/receipts.toml has every card type");
    texts
});

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
