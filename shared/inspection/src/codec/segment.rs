//! Walks the marker segments of a JPEG file (ISO/IEC 10918-1 annex B) without looking inside them.

pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DQT: u8 = 0xDB;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DAC: u8 = 0xCC;
pub(super) const APP0: u8 = 0xE0;
pub(super) const COM: u8 = 0xFE;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Segment {
        marker: u8,
        body: &'a [u8],
    },
    End {
        trailing: usize,
    },
    /// The file ends before its end marker.
    Cut,
    /// A segment shorter than its own length field.
    Broken,
}

#[derive(Debug)]
pub(super) struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Pieces<'a> {
    /// `bytes` starts with the start-of-image marker.
    pub(super) fn after_start(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2 }
    }

    /// Skips what is not a marker, as decoders do: fill bytes, strays between segments, and after a scan header its
    /// coded data with stuffed zeros and restart markers.
    pub(super) fn next(&mut self) -> Piece<'a> {
        let Some(marker) = self.seek_marker() else {
            return Piece::Cut;
        };
        if marker == EOI {
            return Piece::End { trailing: self.bytes.len() - self.at };
        }
        let Some(length) = self.bytes.get(self.at..self.at + 2) else {
            return Piece::Cut;
        };
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            return Piece::Broken;
        }
        let Some(body) = self.bytes.get(self.at + 2..self.at + length) else {
            return Piece::Cut;
        };
        self.at += length;
        Piece::Segment { marker, body }
    }

    fn seek_marker(&mut self) -> Option<u8> {
        loop {
            self.at += self.bytes.get(self.at..)?.iter().position(|&byte| byte == 0xFF)? + 1;
            self.at += self.bytes[self.at..].iter().position(|&byte| byte != 0xFF)?;
            let marker = self.bytes[self.at];
            self.at += 1;
            let alone = matches!(marker, 0x00 | 0x01 | 0xD0..=0xD7);
            if !alone {
                return Some(marker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coded_data_fill_bytes_and_restarts_are_skipped() {
        let bytes = b"\xFF\xD8\xFF\xDA\0\x03s\x01\xFF\0\xFF\xD3\x02\xFF\xFF\xFE\0\x04hi\xFF\xD9tail";
        let mut pieces = Pieces::after_start(bytes);
        assert_eq!(pieces.next(), Piece::Segment { marker: SOS, body: b"s" });
        assert_eq!(pieces.next(), Piece::Segment { marker: COM, body: b"hi" });
        assert_eq!(pieces.next(), Piece::End { trailing: 4 });
    }

    #[test]
    fn every_cut_ends_the_walk() {
        let bytes = b"\xFF\xD8\xFF\xFE\0\x04hi\xFF\xD9";
        for length in 2..bytes.len() {
            let mut pieces = Pieces::after_start(&bytes[..length]);
            let last = (0..3).map(|_| pieces.next()).find(|piece| !matches!(piece, Piece::Segment { .. }));
            assert_eq!(last, Some(Piece::Cut), "{length}");
        }
        assert_eq!(Pieces::after_start(b"\xFF\xD8\xFF\xFE\0\x01").next(), Piece::Broken);
    }
}
