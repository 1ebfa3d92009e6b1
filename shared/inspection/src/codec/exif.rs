//! Reads the few EXIF tags that an inspection needs. The TIFF structure is untrusted: it can be truncated, cyclic or
//! forged.

/// Values as written. A value is absent when its tag is missing, has another type, or points outside the structure.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Exif {
    pub(super) orientation: Option<u16>,
    pub(super) x_resolution: Option<f32>,
    pub(super) y_resolution: Option<f32>,
    /// 2: per inch, 3: per centimetre.
    pub(super) resolution_unit: Option<u16>,
    pub(super) software: Option<String>,
    pub(super) focal_length_35mm: Option<u16>,
}

const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011A;
const Y_RESOLUTION: u16 = 0x011B;
const RESOLUTION_UNIT: u16 = 0x0128;
const SOFTWARE: u16 = 0x0131;
const EXIF_DIRECTORY: u16 = 0x8769;
const FOCAL_LENGTH_35MM: u16 = 0xA405;

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// Entries of a directory that are read; cameras write fewer.
const ENTRIES_MAX: u16 = 256;
/// Characters of a text that are kept.
const TEXT_MAX: usize = 80;

impl Exif {
    /// Reads the tags. `tiff` starts at the byte order mark, after `Exif\0\0`.
    pub(super) fn read(tiff: &[u8]) -> Self {
        let mut exif = Self::default();
        let Some(tiff) = Tiff::open(tiff) else {
            return exif;
        };
        let mut exif_directory = None;
        for entry in tiff.directory(tiff.u32(4)) {
            match entry.tag {
                ORIENTATION => exif.orientation = entry.short(),
                X_RESOLUTION => exif.x_resolution = entry.rational(),
                Y_RESOLUTION => exif.y_resolution = entry.rational(),
                RESOLUTION_UNIT => exif.resolution_unit = entry.short(),
                SOFTWARE => exif.software = entry.text(),
                EXIF_DIRECTORY if entry.kind == LONG => exif_directory = tiff.u32(entry.at + 8),
                _ => {}
            }
        }
        for entry in tiff.directory(exif_directory) {
            if entry.tag == FOCAL_LENGTH_35MM {
                exif.focal_length_35mm = entry.short();
            }
        }
        exif
    }
}

#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

struct Entry<'a> {
    tiff: Tiff<'a>,
    at: usize,
    tag: u16,
    kind: u16,
    count: u32,
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    fn directory(self, at: Option<u32>) -> impl Iterator<Item = Entry<'a>> {
        let at = at.map_or(usize::MAX, |at| at as usize);
        let count = self.u16(at).unwrap_or(0).min(ENTRIES_MAX);
        (0..usize::from(count)).map_while(move |index| {
            let at = at + 2 + index * 12;
            Some(Entry { tiff: self, at, tag: self.u16(at)?, kind: self.u16(at + 2)?, count: self.u32(at + 4)? })
        })
    }
}

impl Entry<'_> {
    fn short(&self) -> Option<u16> {
        (self.kind == SHORT && self.count == 1).then(|| self.tiff.u16(self.at + 8))?
    }

    fn rational(&self) -> Option<f32> {
        if self.kind != RATIONAL || self.count != 1 {
            return None;
        }
        let at = self.tiff.u32(self.at + 8)? as usize;
        let (over, under) = (self.tiff.u32(at)?, self.tiff.u32(at.checked_add(4)?)?);
        (under > 0).then(|| over as f32 / under as f32)
    }

    fn text(&self) -> Option<String> {
        if self.kind != ASCII {
            return None;
        }
        let at = if self.count <= 4 { self.at + 8 } else { self.tiff.u32(self.at + 8)? as usize };
        let bytes = self.tiff.bytes.get(at..at.checked_add(self.count as usize)?)?;
        readable(bytes)
    }
}

/// The text up to the first NUL, without control characters, at most [`TEXT_MAX`] characters; `None` if it is empty.
pub(super) fn readable(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
    let text: String = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * TEXT_MAX)])
        .chars()
        .filter(|letter| !letter.is_control())
        .take(TEXT_MAX)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(tag: u16, kind: u16, count: u32, value: [u8; 4]) -> Vec<u8> {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    }

    fn sample() -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x04\0".to_vec();
        tiff.extend(entry(ORIENTATION, SHORT, 1, [6, 0, 0, 0]));
        tiff.extend(entry(X_RESOLUTION, RATIONAL, 1, 80u32.to_le_bytes()));
        tiff.extend(entry(SOFTWARE, ASCII, 9, 88u32.to_le_bytes()));
        tiff.extend(entry(EXIF_DIRECTORY, LONG, 1, 62u32.to_le_bytes()));
        tiff.extend([0; 4]);
        tiff.extend([1, 0]);
        tiff.extend(entry(FOCAL_LENGTH_35MM, SHORT, 1, [26, 0, 0, 0]));
        tiff.extend([0; 4]);
        tiff.extend(700u32.to_le_bytes());
        tiff.extend(2u32.to_le_bytes());
        tiff.extend(b"Darkroom\0");
        tiff
    }

    #[test]
    fn read_returns_the_tags_of_both_directories() {
        let exif = Exif::read(&sample());
        assert_eq!(exif.orientation, Some(6));
        assert_eq!(exif.x_resolution, Some(350.0));
        assert_eq!(exif.software.as_deref(), Some("Darkroom"));
        assert_eq!(exif.focal_length_35mm, Some(26));
    }

    #[test]
    fn read_of_a_truncated_structure_returns_the_remaining_tags() {
        let tiff = sample();
        for length in 0..tiff.len() {
            let exif = Exif::read(&tiff[..length]);
            assert!(exif.software.is_none());
        }
        assert_eq!(Exif::read(b"II*\0\xFF\xFF\xFF\xFF"), Exif::default());
    }
}
