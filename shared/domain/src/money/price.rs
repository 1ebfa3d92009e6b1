//! What an inspection costs, by date. The prices are configured; an order keeps the price at which it was placed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fen;

/// `[{"from": "2024-01-01T00:00:00+08:00", "photoFen": 150}]`, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Price>", into = "Vec<Price>")]
pub struct PriceList(Vec<Price>);

/// A price and when it begins to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Price {
    /// The first instant at which it applies.
    pub from: Timestamp,
    /// For one photo that passes.
    pub photo_fen: Fen,
}

/// Why prices do not make a price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPriceList {
    /// There is none.
    #[error("a price list needs at least one price")]
    Empty,
    /// One is below zero.
    #[error("a price is negative")]
    Negative,
    /// Two apply from the same instant.
    #[error("two prices begin at the same instant")]
    Ambiguous,
}

impl TryFrom<Vec<Price>> for PriceList {
    type Error = BadPriceList;

    fn try_from(mut prices: Vec<Price>) -> Result<Self, BadPriceList> {
        prices.sort_by_key(|price| price.from);
        if prices.is_empty() {
            Err(BadPriceList::Empty)
        } else if prices.iter().any(|price| price.photo_fen.is_negative()) {
            Err(BadPriceList::Negative)
        } else if prices.windows(2).any(|pair| pair[0].from == pair[1].from) {
            Err(BadPriceList::Ambiguous)
        } else {
            Ok(Self(prices))
        }
    }
}

impl From<PriceList> for Vec<Price> {
    fn from(list: PriceList) -> Self {
        list.0
    }
}

impl PriceList {
    /// The price of one photo in force at `now`; `None` before the first one begins.
    pub fn photo_at(&self, now: Timestamp) -> Option<Fen> {
        self.0.iter().rev().find(|price| price.from <= now).map(|price| price.photo_fen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: I15
    #[test]
    fn price_in_force_is_the_last_one_that_began() {
        let text = r#"[{"from":"2025-01-01T00:00:00+08:00","photoFen":200},{"from":"2024-01-01T00:00:00+08:00","photoFen":150}]"#;
        let list: PriceList = serde_json::from_str(text).unwrap();
        let at = |text: &str| list.photo_at(text.parse().unwrap());
        assert_eq!(at("2023-12-31T15:59:59Z"), None);
        assert_eq!(at("2023-12-31T16:00:00Z"), Some(Fen::new(150)));
        assert_eq!(at("2024-12-31T15:59:59.999Z"), Some(Fen::new(150)));
        assert_eq!(at("2024-12-31T16:00:00Z"), Some(Fen::new(200)));
        let again: PriceList = serde_json::from_value(serde_json::to_value(&list).unwrap()).unwrap();
        assert_eq!(again.photo_at("2024-12-31T16:00:00Z".parse().unwrap()), Some(Fen::new(200)), "written and read");
    }

    #[test]
    fn price_list_that_is_empty_negative_or_ambiguous_is_refused() {
        let bad = [
            "[]",
            r#"[{"from":"2024-01-01T00:00:00Z","photoFen":-1}]"#,
            r#"[{"from":"2024-01-01T00:00:00Z","photoFen":1},{"from":"2024-01-01T08:00:00+08:00","photoFen":2}]"#,
            r#"[{"from":"2024-01-01T00:00:00Z","photoFen":1.5}]"#,
        ];
        for text in bad {
            assert!(serde_json::from_str::<PriceList>(text).is_err(), "{text}");
        }
    }
}
