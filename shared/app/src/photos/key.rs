//! Where a photo's rows and objects live.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;

use crate::store::{Key, Table};

/// Everything that falls due is found under this one partition of the index `byDue`.
pub const DUE: &str = "PHOTO";

pub fn photo_row(number: ImageNumber) -> Key {
    Key::new(Table::Photos, format!("PHOTO#{number}"), "PHOTO")
}

/// Apart from the photo, so that lists do not read it.
pub fn report_row(number: ImageNumber) -> Key {
    Key::new(Table::Photos, format!("PHOTO#{number}"), "REPORT")
}

pub fn counter_row() -> Key {
    Key::new(Table::Photos, "COUNTER", "IMAGE-NUMBER")
}

/// The uploaded file. An account's uploads stand under its own prefix.
pub fn upload(owner: AccountId, number: ImageNumber) -> String {
    format!("{owner}/{number}.jpg")
}

/// The photo an uploaded file belongs to, or nothing for a key that `upload` never made.
pub fn parse_upload(key: &str) -> Option<(AccountId, ImageNumber)> {
    let (owner, name) = key.split_once('/')?;
    let (owner, number) = (owner.parse().ok()?, name.strip_suffix(".jpg")?.parse().ok()?);
    (upload(owner, number) == key).then_some((owner, number))
}

pub fn standard_photo(owner: AccountId, number: ImageNumber) -> String {
    format!("{owner}/{number}-standard.jpg")
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn only_keys_that_a_ticket_was_issued_for_name_a_photo() {
        let owner = AccountId(Ulid::from_parts(1, 2));
        let number = ImageNumber::nth(1).unwrap();
        let key = upload(owner, number);
        assert_eq!(parse_upload(&key), Some((owner, number)));
        for other in [key.to_lowercase(), format!("{key}/x"), format!("x/{key}"), format!("{owner}/我的 照片+1.jpg")]
        {
            assert_eq!(parse_upload(&other), None, "{other}");
        }
    }
}
