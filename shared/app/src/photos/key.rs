//! Keys of a photo's rows and objects.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;

use crate::store::{Key, Table};

/// The partition of the index `byDue` that holds every photo with a due time.
pub const DUE: &str = "PHOTO";

/// The row of photo `number`: a [`super::PhotoRow`].
pub fn photo_row(number: ImageNumber) -> Key {
    Key::new(Table::Photos, format!("PHOTO#{number}"), "PHOTO")
}

/// The row with the inspection report, as JSON text in the attribute `report`. It is a row of its own so that lists do
/// not read it.
pub fn report_row(number: ImageNumber) -> Key {
    Key::new(Table::Photos, format!("PHOTO#{number}"), "REPORT")
}

/// The row whose attribute `count` holds the number of image numbers issued so far.
pub fn counter_row() -> Key {
    Key::new(Table::Photos, "COUNTER", "IMAGE-NUMBER")
}

/// The object key of the uploaded file, in the bucket `Uploads`. Every account has its own prefix.
pub fn upload(owner: AccountId, number: ImageNumber) -> String {
    format!("{owner}/{number}.jpg")
}

/// The owner and the image number in an object key, or `None` for a key that [`upload`] cannot have made.
pub fn parse_upload(key: &str) -> Option<(AccountId, ImageNumber)> {
    let (owner, name) = key.split_once('/')?;
    let (owner, number) = (owner.parse().ok()?, name.strip_suffix(".jpg")?.parse().ok()?);
    (upload(owner, number) == key).then_some((owner, number))
}

/// The object key of the standard photo, in the bucket `Photos`.
pub fn standard_photo(owner: AccountId, number: ImageNumber) -> String {
    format!("{owner}/{number}-standard.jpg")
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn parse_upload_accepts_only_keys_made_by_upload() {
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
