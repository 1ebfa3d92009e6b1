//! 办证地区: the place where the certificate is applied for, a province and one of its cities (`data/regions.toml`).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A province and one of its cities, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Names", into = "Names")]
pub struct Region {
    province: String,
    city: String,
}

/// The serialised form of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// 省.
    pub province: String,
    /// 市.
    pub city: String,
}

/// A province with its cities.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Province {
    /// 省, 自治区 or 直辖市.
    pub name: String,
    /// Its cities, in the order of their official codes.
    pub cities: Vec<String>,
}

/// Why two names are no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownRegion {
    /// There is no such province.
    #[error("unknown province")]
    Province,
    /// The province has no such city.
    #[error("unknown city of this province")]
    City,
}

impl Region {
    /// The region with these names.
    ///
    /// # Errors
    ///
    /// If there is no such province, or if it has no such city.
    pub fn new(province: &str, city: &str) -> Result<Self, UnknownRegion> {
        let known = PROVINCES.iter().find(|known| known.name == province).ok_or(UnknownRegion::Province)?;
        if !known.cities.iter().any(|name| name == city) {
            return Err(UnknownRegion::City);
        }
        Ok(Self { province: province.to_owned(), city: city.to_owned() })
    }

    /// 省.
    pub fn province(&self) -> &str {
        &self.province
    }

    /// 市.
    pub fn city(&self) -> &str {
        &self.city
    }
}

impl TryFrom<Names> for Region {
    type Error = UnknownRegion;

    fn try_from(names: Names) -> Result<Self, UnknownRegion> {
        Self::new(&names.province, &names.city)
    }
}

impl From<Region> for Names {
    fn from(region: Region) -> Self {
        Self { province: region.province, city: region.city }
    }
}

/// The provinces of the mainland in the order of their official codes, each with its cities.
pub fn provinces() -> &'static [Province] {
    &PROVINCES
}

static PROVINCES: LazyLock<Vec<Province>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        province: Vec<Province>,
    }
    let file: File = toml::from_str(include_str!("../data/regions.toml")).expect("data/regions.toml is well formed");
    file.province
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The sample of the manual is 广东省 / 深圳市.
    ///
    /// Covers: IC-19
    #[test]
    fn region_needs_a_city_of_its_province() {
        assert!(Region::new("广东省", "深圳市").is_ok());
        assert_eq!(Region::new("广东省", "长沙市"), Err(UnknownRegion::City));
        assert_eq!(Region::new("广东", "深圳市"), Err(UnknownRegion::Province));
        assert!(serde_json::from_str::<Region>(r#"{"province": "湖南省", "city": "深圳市"}"#).is_err());
    }

    /// Covers: IC-19
    #[test]
    fn list_has_all_31_provinces_and_no_city_twice() {
        assert_eq!(provinces().len(), 31);
        let cities: Vec<&String> = provinces().iter().flat_map(|province| &province.cities).collect();
        assert_eq!(cities.iter().collect::<BTreeSet<_>>().len(), cities.len());
        let guangdong = provinces().iter().find(|province| province.name == "广东省").unwrap();
        assert_eq!(guangdong.cities.len(), 21);
    }
}
