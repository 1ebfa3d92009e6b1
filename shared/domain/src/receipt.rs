//! 回执: what the printed page of a passed and paid photo says, as data (`data/receipts.toml`), and how long it is good.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::image_number::ImageNumber;
use crate::photo_spec::PhotoSpec;
use crate::region::Region;

/// 本回执及数字相片90天内有效: from 采集时间, to the second.
pub const VALID_DAYS: i64 = 90;

/// The instant from which the receipt of a photo uploaded at `taken_at` has expired.
pub fn valid_until(taken_at: Timestamp) -> Timestamp {
    taken(taken_at) + SignedDuration::from_hours(24 * VALID_DAYS)
}

/// 采集时间 as it is printed: whole seconds.
pub fn taken(uploaded_at: Timestamp) -> Timestamp {
    Timestamp::from_second(uploaded_at.as_second()).unwrap_or(uploaded_at)
}

/// Where the right QR code leads; the deployment says which address that is.
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
    pub const ALL: [Self; 3] = [Self::Yuejuma, Self::Traffic, Self::National];
}

/// Everything printed on one receipt but its unit, its times and its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub conformity: String,
    pub validity: String,
    pub check_label: String,
    pub service: Service,
    pub service_label: String,
    pub notes: Vec<String>,
    pub common: &'static Common,
}

/// What every receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    title: String,
    conformity: String,
    validity: String,
    pub declaration: String,
    pub unit: String,
    pub phone: String,
    pub taken_at: String,
    pub valid_until: String,
    /// To be filled in by hand.
    pub signature: [String; 2],
    pub holder_part: String,
    pub office_part: String,
    pub cut: String,
    pub expired: String,
}

impl Words {
    pub fn of(card: Card, region: &Region, number: ImageNumber) -> Self {
        let number = number.to_string();
        let own = [("{province}", region.province()), ("{city}", region.city()), ("{number}", &number)];
        Self::written(card, |other| other.covers(region), &own)
    }

    /// What the card says where `here` holds; `own` is what stands for the braces that only a photo fills in.
    fn written(card: Card, here: impl Fn(&OfRegion) -> bool, own: &[(&str, &str)]) -> Self {
        let Texts { common, default, card: cards } = &*TEXTS;
        let of_card = &cards[&card];
        let here = of_card.region.iter().filter(|other| here(other)).map(|other| &other.says);
        let mut says = default.clone();
        for other in std::iter::once(&of_card.says).chain(here) {
            says.take(other);
        }
        let uses = says.uses.unwrap_or_default();
        let filled = |text: &str| {
            let text = text
                .replace("{document}", &of_card.document)
                .replace("{standard}", &PhotoSpec::of(card).standard)
                .replace("{uses}", &uses)
                .replace("{days}", &VALID_DAYS.to_string());
            own.iter().fold(text, |text, (brace, value)| text.replace(brace, value))
        };
        Self {
            title: filled(&common.title),
            conformity: filled(&common.conformity),
            validity: filled(&common.validity),
            check_label: filled(&says.check_label.unwrap_or_default()),
            service: says.service.unwrap_or(Service::National),
            service_label: filled(&says.service_label.unwrap_or_default()),
            notes: says.notes.iter().flatten().map(|note| filled(note)).collect(),
            common,
        }
    }
}

/// The words of a card type, in the whole country but for the places that have their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub card: Card,
    pub province: Option<&'static str>,
    pub city: Option<&'static str>,
    /// With braces where the photo's own place and number will stand.
    pub words: Words,
}

/// All of them: each card type's own, then those of its provinces and cities.
pub fn templates() -> Vec<Template> {
    let of_card = |card: Card| {
        let everywhere = Template { card, province: None, city: None, words: Words::written(card, |_| false, &[]) };
        let places = TEXTS.card[&card].region.iter().map(move |place| {
            let (province, city) = (place.province.as_str(), place.city.as_deref());
            let here = |other: &OfRegion| other.covers_place(province, city);
            let own = [("{province}", province), ("{city}", city.unwrap_or("{city}"))];
            Template { card, province: Some(province), city, words: Words::written(card, here, &own) }
        });
        std::iter::once(everywhere).chain(places)
    };
    Card::ALL.into_iter().flat_map(of_card).collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    common: Common,
    default: Says,
    card: BTreeMap<Card, OfCard>,
}

#[derive(Debug, Deserialize)]
struct OfCard {
    document: String,
    #[serde(flatten)]
    says: Says,
    #[serde(default)]
    region: Vec<OfRegion>,
}

#[derive(Debug, Deserialize)]
struct OfRegion {
    province: String,
    city: Option<String>,
    #[serde(flatten)]
    says: Says,
}

impl OfRegion {
    fn covers(&self, region: &Region) -> bool {
        self.covers_place(region.province(), Some(region.city()))
    }

    /// A city, or with none a whole province.
    fn covers_place(&self, province: &str, city: Option<&str>) -> bool {
        self.province == province && (self.city.is_none() || self.city.as_deref() == city)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Says {
    uses: Option<String>,
    check_label: Option<String>,
    service: Option<Service>,
    service_label: Option<String>,
    notes: Option<Vec<String>>,
}

impl Says {
    /// What the other one says, it says.
    fn take(&mut self, other: &Self) {
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
        toml::from_str(include_str!("../data/receipts.toml")).expect("the receipts in the binary are well formed");
    assert_eq!(texts.card.len(), Card::ALL.len(), "every card type has its receipt");
    texts
});

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
