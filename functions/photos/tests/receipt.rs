//! The printed receipt, read by poppler and ZXing (`tests/receipt/read`) instead of our own code.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use app::receipts::{Receipt, Unit};
use domain::card::Card;
use domain::receipt::{ReceiptText, valid_until};
use domain::region::Region;
use image::{GrayImage, ImageReader};
use jiff::Timestamp;
use photos::pdf::{Font, print};
use serde_json::Value;

const CHECK: &str = "https://photos.example.cn/verify/QUwyMDAxNjY0OThfAbCdEfGhIjKlMnOpQrSt";
const SERVICE: &str = "https://service.example.cn/yuejuma?from=receipt";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The font that `functions/photos/font/fetch` downloads.
fn font() -> Font {
    let cache = std::env::var_os("IDPHOTO_CACHE").map_or_else(|| root().join(".cache"), PathBuf::from);
    Font::in_folder(&cache.join("fonts"))
}

fn receipt(card: Card, province: &str, city: &str) -> Receipt {
    let number = "AL200166498".parse().unwrap();
    let taken_at: Timestamp = "2024-01-15T05:36:56Z".parse().unwrap();
    Receipt {
        number,
        card,
        text: ReceiptText::new(card, &Region::new(province, city).unwrap(), number),
        unit: Unit::new("TEST-IST——ZZZX", "13048958911").unwrap(),
        taken_at,
        valid_until: valid_until(taken_at),
        expired: false,
        check_url: CHECK.into(),
        service_url: SERVICE.into(),
    }
}

/// A PDF as `tests/receipt/read` sees it.
struct PrintedReceipt {
    /// Page count and size, fonts, text and codes, as JSON.
    properties: Value,
    picture: GrayImage,
}

impl PrintedReceipt {
    /// Prints `receipt` and reads the PDF; `name` is that of the temporary file.
    fn print(name: &str, receipt: &Receipt) -> Self {
        let pdf = print(&font(), receipt, &synthetic_portraits::Portrait::passing().jpeg()).unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (file, png) = (folder.join(format!("{name}.pdf")), folder.join(format!("{name}.png")));
        std::fs::write(&file, &pdf).unwrap();
        let read = Command::new(root().join("tests/receipt/read")).args([&file, &png]).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        let picture = ImageReader::open(png).unwrap().decode().unwrap().into_luma8();
        Self { properties: serde_json::from_slice(&read.stdout).unwrap(), picture }
    }

    /// The text without white space.
    fn text(&self) -> String {
        self.properties["text"].as_str().unwrap().split_whitespace().collect()
    }

    fn codes(&self, format: &str) -> Vec<&Value> {
        self.properties["codes"].as_array().unwrap().iter().filter(|code| code["format"] == format).collect()
    }
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Covers: IC-82, IC-83, IC-84, IC-87, IC-88, IC-89, IC-90, IC-91, IC-93, IC-94, IC-95
#[test]
fn receipt_has_all_texts_of_the_manual_on_one_page() {
    let receipt = receipt(Card::ResidentId, "广东省", "深圳市");
    let printed = PrintedReceipt::print("resident-id", &receipt);
    assert_eq!(printed.properties["pages"], 1);
    let size = |name: &str| printed.properties[name].as_f64().unwrap();
    assert!(
        (size("widthPt") - 595.28).abs() < 0.1 && (size("heightPt") - 841.89).abs() < 0.1,
        "{}",
        printed.properties
    );
    let fonts = printed.properties["fonts"].as_array().unwrap();
    assert_eq!(fonts, &["RCPTAA+NotoSansSC-Regular"], "embedded, as a subset");
    let text = printed.text();
    let words = &receipt.text;
    let sentence = without_spaces(&format!("{}{}", words.conformity, words.validity));
    assert!(text.contains(&words.title));
    assert_eq!(text.matches(&words.title).count(), 2, "both parts have the title: {text}");
    assert_eq!(text.matches("请持此回执及申请材料办理").count(), 2);
    assert!(text.contains(&sentence), "{text}");
    for note in words.notes.iter().chain([&words.common.declaration]) {
        assert!(text.contains(&without_spaces(note)), "{note} in {text}");
    }
    for fact in [
        "采集单位:TEST-IST——ZZZX",
        "联系电话:13048958911",
        "采集时间:2024-01-1513:36:56",
        "有效期至:2024-04-1413:36:56",
        "姓名:",
        "电话号码:",
        "一码通办",
        "粤居码",
    ] {
        assert!(text.contains(fact), "{fact} in {text}");
    }
    assert!(!text.contains("已过期"));
}

/// Covers: IC-85, IC-86, IC-92
#[test]
fn codes_are_readable_by_an_independent_reader() {
    let printed = PrintedReceipt::print("codes", &receipt(Card::ResidentId, "广东省", "深圳市"));
    let found = printed.codes("QRCode");
    let [left, right] = found.as_slice() else { panic!("{}", printed.properties["codes"]) };
    assert_eq!((&left["text"], &right["text"]), (&CHECK.into(), &SERVICE.into()));
    assert!(left["x"].as_f64().unwrap() < 0.5 && right["x"].as_f64().unwrap() > 0.5);
    let bars = printed.codes("Code128");
    assert!(
        !bars.is_empty() && bars.iter().all(|code| code["text"] == "AL200166498"),
        "{}",
        printed.properties["codes"]
    );
    assert_eq!(bars.len(), 2, "both parts have the barcode");
    assert!(printed.text().matches("AL200166498").count() >= 4);
}

/// Covers: IC-97
#[test]
fn driving_licence_receipt_names_its_own_standard() {
    let printed = PrintedReceipt::print("driving-licence", &receipt(Card::DrivingLicence, "广东省", "深圳市"));
    let text = printed.text();
    assert!(text.contains("《GA482-2012机动车驾驶证件》") && !text.contains("GA461"), "{text}");
    assert!(text.contains("广东省机动车驾驶证数字相片采集回执"));
}

/// Covers: IC-98
#[test]
fn expired_receipt_is_stamped_on_both_parts() {
    let printed =
        PrintedReceipt::print("expired", &Receipt { expired: true, ..receipt(Card::ResidentId, "广东省", "深圳市") });
    assert_eq!(printed.text().matches("已过期").count(), 2);
    assert_eq!(printed.properties["pages"], 1);
    assert_eq!(printed.codes("QRCode").len(), 2);
}

/// Uses the longest names and texts. Codes that something overlaps cannot be read.
///
/// Covers: IC-81
#[test]
fn longest_texts_fit_on_one_page_without_overlap() {
    for card in [Card::SecurityGuard, Card::SeniorFreeRide] {
        let unit = Unit::new(&"测".repeat(30), "0755-12345678-123456").unwrap();
        let longest =
            Receipt { unit, ..receipt(card, "新疆维吾尔自治区", "克孜勒苏柯尔克孜自治州") };
        let printed = PrintedReceipt::print(&format!("longest-{card}"), &longest);
        assert_eq!((&printed.properties["pages"], printed.codes("QRCode").len()), (&1.into(), 2), "{card}");
        assert_eq!(printed.codes("Code128").len(), 2, "{card}");
    }
}

/// Compares text and picture with the golden files. `GOLDEN=write` replaces them.
///
/// Covers: IC-96
#[test]
fn page_equals_the_golden_files() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, card) in [("resident-id", Card::ResidentId), ("driving-licence", Card::DrivingLicence)] {
        let printed = PrintedReceipt::print(&format!("golden-{name}"), &receipt(card, "广东省", "深圳市"));
        let (text, png) = (golden.join(format!("{name}.txt")), golden.join(format!("{name}.png")));
        if std::env::var("GOLDEN").is_ok_and(|mode| mode == "write") {
            std::fs::create_dir_all(&golden).unwrap();
            std::fs::write(&text, printed.properties["text"].as_str().unwrap()).unwrap();
            printed.picture.save(&png).unwrap();
        }
        assert_eq!(without_spaces(&std::fs::read_to_string(text).unwrap()), printed.text(), "{name}");
        let golden_picture = ImageReader::open(png).unwrap().decode().unwrap().into_luma8();
        let difference = largest_tile_difference(&golden_picture, &printed.picture);
        assert!(difference < TILE_DIFFERENCE_MAX, "{name}: a tile differs by {difference:.1} levels");
    }
}

/// The largest allowed mean difference of a tile, in grey levels of 255. Rasterisers with different smoothing differ by
/// less, a missing line of text by far more.
const TILE_DIFFERENCE_MAX: f64 = 12.0;
const TILE: u32 = 16;

/// The largest mean difference of any tile of the two pictures.
fn largest_tile_difference(one: &GrayImage, other: &GrayImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (width, height) = one.dimensions();
    let tile = |left: u32, top: u32| {
        let pixels =
            (top..(top + TILE).min(height)).flat_map(|y| (left..(left + TILE).min(width)).map(move |x| (x, y)));
        let (sum, count) = pixels.fold((0.0, 0.0), |(sum, count), (x, y)| {
            let levels = one.get_pixel(x, y).0[0].abs_diff(other.get_pixel(x, y).0[0]);
            (sum + f64::from(levels), count + 1.0)
        });
        sum / count
    };
    let places =
        (0..height).step_by(TILE as usize).flat_map(|top| (0..width).step_by(TILE as usize).map(move |x| (x, top)));
    places.map(|(left, top)| tile(left, top)).fold(0.0, f64::max)
}
