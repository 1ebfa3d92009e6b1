//! Iterates over the marker segments of a JPEG file (ISO/IEC 10918-1 annex B) without interpreting them.

pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DQT: u8 = 0xDB;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DAC: u8 = 0xCC;
pub(super) const APP0: u8 = 0xE0;
pub(super) const COM: u8 = 0xFE;

/// What the iteration found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SegmentItem<'a> {
    /// A marker segment without its marker and length field.
    Segment { marker: u8, body: &'a [u8] },
    /// The end marker, with the number of bytes after it.
    End { trailing: usize },
    /// The file ends before its end marker.
    Truncated,
    /// The length field of a segment is smaller than the field itself.
    Malformed,
}

/// Position in the segments of a file.
#[derive(Debug)]
pub(super) struct SegmentIter<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> SegmentIter<'a> {
    /// Starts after the start-of-image marker, the first two of `bytes`.
    pub(super) fn after_start(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2 }
    }

    /// The next segment. As in decoders, everything that is not a marker is skipped: fill bytes, stray bytes between
    /// segments, and the coded data after a scan header with its stuffed zeros and restart markers.
    pub(super) fn next(&mut self) -> SegmentItem<'a> {
        let Some(marker) = self.seek_marker() else {
            return SegmentItem::Truncated;
        };
        if marker == EOI {
            return SegmentItem::End { trailing: self.bytes.len() - self.at };
        }
        let Some(length) = self.bytes.get(self.at..self.at + 2) else {
            return SegmentItem::Truncated;
        };
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            return SegmentItem::Malformed;
        }
        let Some(body) = self.bytes.get(self.at + 2..self.at + length) else {
            return SegmentItem::Truncated;
        };
        self.at += length;
        SegmentItem::Segment { marker, body }
    }

    fn seek_marker(&mut self) -> Option<u8> {
        loop {
            self.at += self.bytes.get(self.at..)?.iter().position(|&byte| byte == 0xFF)? + 1;
            self.at += self.bytes[self.at..].iter().position(|&byte| byte != 0xFF)?;
            let marker = self.bytes[self.at];
            self.at += 1;
            let standalone = matches!(marker, 0x00 | 0x01 | 0xD0..=0xD7);
            if !standalone {
                return Some(marker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_skips_coded_data_fill_bytes_and_restart_markers() {
        let bytes = b"\xFF\xD8\xFF\xDA\0\x03s\x01\xFF\0\xFF\xD3\x02\xFF\xFF\xFE\0\x04hi\xFF\xD9tail";
        let mut segments = SegmentIter::after_start(bytes);
        assert_eq!(segments.next(), SegmentItem::Segment { marker: SOS, body: b"s" });
        assert_eq!(segments.next(), SegmentItem::Segment { marker: COM, body: b"hi" });
        assert_eq!(segments.next(), SegmentItem::End { trailing: 4 });
    }

    #[test]
    fn a_truncated_file_ends_the_iteration_with_truncated() {
        let bytes = b"\xFF\xD8\xFF\xFE\0\x04hi\xFF\xD9";
        for length in 2..bytes.len() {
            let mut segments = SegmentIter::after_start(&bytes[..length]);
            let last = (0..3).map(|_| segments.next()).find(|item| !matches!(item, SegmentItem::Segment { .. }));
            assert_eq!(last, Some(SegmentItem::Truncated), "{length}");
        }
        assert_eq!(SegmentIter::after_start(b"\xFF\xD8\xFF\xFE\0\x01").next(), SegmentItem::Malformed);
    }
}
