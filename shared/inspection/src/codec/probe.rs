//! Reads what a JPEG file declares about itself. No memory is allocated by the sizes that the file declares.

use super::editor_traces::EditorTraces;
use super::error::{DecodeError, Unsupported};
use super::exif::Exif;
use super::file_kind::FileKind;
use super::header::{ColourMode, Density, Header, Process};
use super::limits::Limits;
use super::orientation::Orientation;
use super::quality::Tables;
use super::segment::{APP0, COM, DAC, DNL, DQT, SOI, SOS, SegmentItem, SegmentIter};

/// Reads the header of a JPEG file. A file that ends after its frame header gives a header with `complete == false`.
///
/// # Errors
///
/// [`DecodeError::Empty`], [`DecodeError::NotAJpeg`] and [`DecodeError::TooLargeFile`] by the first bytes and the size;
/// [`DecodeError::TooManyPixels`] and [`DecodeError::Unsupported`] by the frame header; [`DecodeError::Truncated`] when
/// the file ends before its frame header; [`DecodeError::Corrupt`] when the segments are damaged.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Header, DecodeError> {
    check_magic(bytes, limits)?;
    let mut builder = HeaderBuilder::default();
    let mut segments = SegmentIter::after_start(bytes);
    let trailing = loop {
        match segments.next() {
            SegmentItem::Segment { marker, body } => builder.read_segment(marker, body, limits)?,
            SegmentItem::End { trailing } => break Some(trailing),
            SegmentItem::Truncated => break None,
            SegmentItem::Malformed => {
                return Err(DecodeError::Corrupt { detail: "a segment is shorter than its length field" });
            }
        }
    };
    builder.into_header(bytes.len(), trailing, limits)
}

fn check_magic(bytes: &[u8], limits: &Limits) -> Result<(), DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if bytes.len() as u64 > u64::from(limits.file_bytes) {
        return Err(DecodeError::TooLargeFile { bytes: bytes.len() as u64, limit: limits.file_bytes.into() });
    }
    match FileKind::of(bytes) {
        Some(FileKind::Jpeg) => Ok(()),
        None if b"\xFF\xD8\xFF".starts_with(bytes) => Err(DecodeError::Truncated),
        other => Err(DecodeError::NotAJpeg { looks_like: other }),
    }
}

#[derive(Debug)]
struct Frame {
    process: Process,
    width: u32,
    height: u32,
    components: Vec<Component>,
}

#[derive(Debug)]
struct Component {
    id: u8,
    sampling: (u8, u8),
    table: u8,
    scanned: bool,
}

#[derive(Debug, Default)]
struct HeaderBuilder<'a> {
    frame: Option<Frame>,
    tables: [Option<[u16; 64]>; 4],
    luma: Option<Tables>,
    jfif: Option<(u8, u16, u16)>,
    adobe_transform: Option<u8>,
    exif: Exif,
    icc_chunks: Vec<(u8, u8, &'a [u8])>,
    traces: EditorTraces,
    scans: u32,
}

impl<'a> HeaderBuilder<'a> {
    fn read_segment(&mut self, marker: u8, body: &'a [u8], limits: &Limits) -> Result<(), DecodeError> {
        match marker {
            DQT => self.quantisation_tables(body),
            0xC0..=0xC2 => self.frame_header(marker, body, limits)?,
            0xC3 => return Err(DecodeError::Unsupported(Unsupported::Lossless)),
            0xC5..=0xC7 => return Err(DecodeError::Unsupported(Unsupported::Hierarchical)),
            0xC9..=0xCB | 0xCD..=0xCF | DAC => return Err(DecodeError::Unsupported(Unsupported::Arithmetic)),
            0xF7 => return Err(DecodeError::Unsupported(Unsupported::JpegLs)),
            DNL => return Err(DecodeError::Unsupported(Unsupported::LateHeight)),
            SOI => return Err(DecodeError::Corrupt { detail: "a second start marker" }),
            SOS => self.scan_header(body, limits)?,
            APP0..=0xEF => self.application(marker, body),
            COM => self.traces.read_comment(body),
            _ => {}
        }
        Ok(())
    }

    fn quantisation_tables(&mut self, mut body: &[u8]) {
        while let [kind, rest @ ..] = body {
            let step_bytes = if kind >> 4 == 0 { 1 } else { 2 };
            let Some((steps, rest)) = rest.split_at_checked(64 * step_bytes) else {
                return;
            };
            let mut table = [0; 64];
            for (step, bytes) in table.iter_mut().zip(steps.chunks_exact(step_bytes)) {
                *step = bytes.iter().fold(0, |value, &byte| value << 8 | u16::from(byte));
            }
            if let Some(slot) = self.tables.get_mut(usize::from(kind & 0x0F)) {
                *slot = Some(table);
            }
            body = rest;
        }
    }

    fn frame_header(&mut self, marker: u8, body: &[u8], limits: &Limits) -> Result<(), DecodeError> {
        if self.frame.is_some() {
            return Err(DecodeError::Corrupt { detail: "two frame headers" });
        }
        let [bits, h1, h0, w1, w0, count, components @ ..] = body else {
            return Err(DecodeError::Corrupt { detail: "frame header too short" });
        };
        if *bits != 8 {
            return Err(DecodeError::Unsupported(Unsupported::BitDepth(*bits)));
        }
        let (width, height) = (u16::from_be_bytes([*w1, *w0]).into(), u16::from_be_bytes([*h1, *h0]).into());
        if height == 0 {
            return Err(DecodeError::Unsupported(Unsupported::LateHeight));
        }
        if width == 0 || *count == 0 || components.len() != usize::from(*count) * 3 {
            return Err(DecodeError::Corrupt { detail: "frame header does not fit its components" });
        }
        if !limits.allow_size(width, height) {
            return Err(DecodeError::TooManyPixels { width, height });
        }
        let components = components
            .chunks_exact(3)
            .map(|c| Component { id: c[0], sampling: (c[1] >> 4, c[1] & 15), table: c[2], scanned: false })
            .collect::<Vec<_>>();
        if components.iter().any(|c| !(1..=4).contains(&c.sampling.0) || !(1..=4).contains(&c.sampling.1)) {
            return Err(DecodeError::Corrupt { detail: "sampling factor out of range" });
        }
        let process = match marker {
            0xC0 => Process::Baseline,
            0xC1 => Process::Extended,
            _ => Process::Progressive,
        };
        self.frame = Some(Frame { process, width, height, components });
        Ok(())
    }

    fn scan_header(&mut self, body: &[u8], limits: &Limits) -> Result<(), DecodeError> {
        let Some(frame) = &mut self.frame else {
            return Err(DecodeError::Corrupt { detail: "a scan before the frame header" });
        };
        let [count, rest @ ..] = body else {
            return Err(DecodeError::Corrupt { detail: "scan header too short" });
        };
        let Some((selectors, [spectral_start, ..])) = rest.split_at_checked(usize::from(*count) * 2) else {
            return Err(DecodeError::Corrupt { detail: "scan header too short" });
        };
        self.scans += 1;
        if self.scans > limits.scans {
            return Err(DecodeError::Unsupported(Unsupported::Scans(self.scans)));
        }
        // A component is present only if a scan holds the mean of each block (the DC coefficient).
        if *spectral_start == 0 {
            for selector in selectors.chunks_exact(2) {
                frame.components.iter_mut().filter(|c| c.id == selector[0]).for_each(|c| c.scanned = true);
            }
        }
        if self.luma.is_none() {
            let table = self.tables.get(usize::from(frame.components[0].table)).copied().flatten();
            self.luma = table.map(|table| Tables::of(&table));
        }
        Ok(())
    }

    fn application(&mut self, marker: u8, body: &'a [u8]) {
        match (marker - APP0, body) {
            (0, [b'J', b'F', b'I', b'F', 0, _, _, unit, x1, x0, y1, y0, ..]) => {
                self.jfif = Some((*unit, u16::from_be_bytes([*x1, *x0]), u16::from_be_bytes([*y1, *y0])));
            }
            (1, [b'E', b'x', b'i', b'f', 0, _, tiff @ ..]) if self.exif == Exif::default() => {
                self.exif = Exif::read(tiff);
                if let Some(program) = &self.exif.software {
                    self.traces.note_program("EXIF software", program);
                }
            }
            (2, [b'I', b'C', b'C', b'_', b'P', b'R', b'O', b'F', b'I', b'L', b'E', 0, number, of, data @ ..]) => {
                self.icc_chunks.push((*number, *of, data));
            }
            (14, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                self.adobe_transform = Some(*transform);
            }
            _ => self.traces.read_application(marker, body),
        }
    }

    /// The ICC profile from its chunks, and its size. `None` if a chunk is missing or repeated, or the profile exceeds
    /// the limit.
    fn icc(&mut self, limits: &Limits) -> (Option<Vec<u8>>, u32) {
        let bytes = self.icc_chunks.iter().map(|(_, _, data)| data.len()).sum::<usize>() as u32;
        self.icc_chunks.sort_by_key(|(number, _, _)| *number);
        let count = self.icc_chunks.len();
        let whole = self
            .icc_chunks
            .iter()
            .enumerate()
            .all(|(index, (number, of, _))| usize::from(*number) == index + 1 && usize::from(*of) == count);
        let keep = count > 0 && whole && bytes <= limits.icc_bytes;
        (keep.then(|| self.icc_chunks.iter().flat_map(|(_, _, data)| *data).copied().collect()), bytes)
    }

    fn density(&self) -> Option<Density> {
        let per_inch = |unit: u16| match unit {
            2 => Some(1.0),
            3 => Some(2.54),
            _ => None,
        };
        let jfif = self.jfif.and_then(|(unit, x, y)| {
            let scale = per_inch(u16::from(unit) + 1)?;
            (x > 0 && y > 0).then(|| Density { x_dpi: f32::from(x) * scale, y_dpi: f32::from(y) * scale })
        });
        jfif.or_else(|| {
            let scale = per_inch(self.exif.resolution_unit.unwrap_or(2))?;
            Some(Density { x_dpi: self.exif.x_resolution? * scale, y_dpi: self.exif.y_resolution? * scale })
        })
    }

    fn into_header(mut self, bytes: usize, trailing: Option<usize>, limits: &Limits) -> Result<Header, DecodeError> {
        let Some(frame) = self.frame.take() else {
            return Err(match trailing {
                Some(_) => DecodeError::Corrupt { detail: "no frame header" },
                None => DecodeError::Truncated,
            });
        };
        let (icc, icc_bytes) = self.icc(limits);
        Ok(Header {
            file_bytes: bytes as u32,
            width: frame.width,
            height: frame.height,
            process: frame.process,
            colour: colour_mode(&frame.components, self.jfif.is_some(), self.adobe_transform),
            sampling: frame.components.iter().map(|component| component.sampling).collect(),
            density: self.density(),
            orientation: self.exif.orientation.map_or(Orientation::Upright, Orientation::from_exif),
            focal_length_35mm: self.exif.focal_length_35mm.filter(|&millimetres| millimetres > 0),
            software: self.exif.software,
            icc,
            icc_bytes,
            tables: self.luma,
            editor_traces: self.traces.into_lines(),
            scans: self.scans,
            complete: trailing.is_some() && frame.components.iter().all(|component| component.scanned),
            trailing_bytes: trailing.unwrap_or(0) as u32,
        })
    }
}

/// The rules of all common decoders: JFIF means YCbCr; otherwise Adobe's transform decides, then the component names.
fn colour_mode(components: &[Component], jfif: bool, adobe_transform: Option<u8>) -> ColourMode {
    match (components, adobe_transform) {
        ([_], _) => ColourMode::Grey,
        ([_, _, _], _) if jfif => ColourMode::YCbCr,
        ([_, _, _], Some(0)) => ColourMode::Rgb,
        ([r, g, b], None) if (r.id, g.id, b.id) == (b'R', b'G', b'B') => ColourMode::Rgb,
        ([_, _, _], _) => ColourMode::YCbCr,
        ([_, _, _, _], Some(2)) => ColourMode::Ycck,
        ([_, _, _, _], _) => ColourMode::Cmyk,
        (other, _) => ColourMode::Components(other.len() as u8),
    }
}
