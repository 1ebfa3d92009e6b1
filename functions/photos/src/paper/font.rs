//! The type of the paper: one OpenType font, of which a document takes the glyphs it shows.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use subsetter::GlyphRemapper;
use ttf_parser::{Face, RawFace, Tag};

use super::PaperFailure;

/// Noto Sans SC, as `functions/photos/font/fetch` brings it.
const FILE: &str = "NotoSansSC-Regular.otf";

/// 〓 stands for a character that the font does not have.
const UNKNOWN: char = '〓';

/// Read when the first document is written: most calls of the function write none.
pub struct Font {
    path: PathBuf,
    data: OnceLock<Vec<u8>>,
}

impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Font({})", self.path.display())
    }
}

impl Font {
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join(FILE), data: OnceLock::new() }
    }

    /// What one document writes with.
    pub fn pen(&self) -> Result<Pen<'_>, PaperFailure> {
        let unusable = |why: String| PaperFailure::Font(self.path.clone(), why);
        let data = match self.data.get() {
            Some(data) => data,
            None => {
                let read = std::fs::read(&self.path).map_err(|error| unusable(error.to_string()))?;
                self.data.get_or_init(|| read)
            }
        };
        let face = Face::parse(data, 0).map_err(|error| unusable(error.to_string()))?;
        if face.raw_face().table(CFF).is_none() {
            return Err(unusable("it has no CFF outlines".into()));
        }
        Ok(Pen { data, face, glyphs: GlyphRemapper::new(), shown: BTreeMap::new() })
    }
}

const CFF: Tag = Tag::from_bytes(b"CFF ");

pub struct Pen<'a> {
    data: &'a [u8],
    pub face: Face<'a>,
    glyphs: GlyphRemapper,
    /// The character and the width of every glyph written, by its number in the subset.
    shown: BTreeMap<u16, (char, f32)>,
}

impl fmt::Debug for Pen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pen({} glyphs)", self.shown.len())
    }
}

impl Pen<'_> {
    /// In thousandths of the type size.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|character| self.advance(self.glyph(character))).sum()
    }

    /// The text as the subset's glyph numbers, two bytes each.
    pub fn write(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 * text.len());
        for character in text.chars() {
            let glyph = self.glyph(character);
            let own = self.glyphs.remap(glyph.0);
            self.shown.insert(own, (character, self.advance(glyph)));
            bytes.extend(own.to_be_bytes());
        }
        bytes
    }

    /// The written glyphs alone, as a bare CFF font.
    pub fn subset(&self) -> Vec<u8> {
        let font = subsetter::subset(self.data, 0, &self.glyphs).expect("a font with outlines can be subset");
        let raw = RawFace::parse(&font, 0).expect("a subset is a font");
        raw.table(CFF).expect("a subset keeps its kind of outlines").to_vec()
    }

    pub fn shown(&self) -> impl Iterator<Item = (u16, char)> {
        self.shown.iter().map(|(glyph, (character, _))| (*glyph, *character))
    }

    /// The width of each glyph of the subset, from number 0 on.
    pub fn widths(&self) -> Vec<f32> {
        let last = self.shown.keys().next_back().copied().unwrap_or(0);
        (0..=last).map(|glyph| self.shown.get(&glyph).map_or(1000.0, |(_, width)| *width)).collect()
    }

    fn glyph(&self, character: char) -> ttf_parser::GlyphId {
        let found = self.face.glyph_index(character).or_else(|| self.face.glyph_index(UNKNOWN));
        found.unwrap_or_default()
    }

    fn advance(&self, glyph: ttf_parser::GlyphId) -> f32 {
        let units = f32::from(self.face.units_per_em());
        f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units
    }
}
