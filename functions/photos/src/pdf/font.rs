//! The font of the receipt, and the subset of its glyphs that one document embeds.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use subsetter::GlyphRemapper;
use ttf_parser::{Face, RawFace, Tag};

use super::PdfError;

/// Noto Sans SC. `functions/photos/font/fetch` downloads it.
const FILE: &str = "NotoSansSC-Regular.otf";

/// The replacement for a character that the font does not have.
const UNKNOWN: char = '〓';

/// The font file. It is read when the first document is written, because most requests write none.
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
    /// The font in `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join(FILE), data: OnceLock::new() }
    }

    /// A subset without glyphs, for one document.
    ///
    /// # Errors
    ///
    /// If the file is missing, is no font or has no CFF outlines.
    pub fn subset(&self) -> Result<FontSubset<'_>, PdfError> {
        let unusable = |cause: String| PdfError::Font(self.path.clone(), cause);
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
        Ok(FontSubset { data, face, glyphs: GlyphRemapper::new(), glyphs_shown: BTreeMap::new() })
    }
}

const CFF: Tag = Tag::from_bytes(b"CFF ");

/// The glyphs that one document shows.
pub struct FontSubset<'a> {
    data: &'a [u8],
    /// The font, for its metrics.
    pub face: Face<'a>,
    glyphs: GlyphRemapper,
    /// The character and the width of every glyph, by its number in the subset.
    glyphs_shown: BTreeMap<u16, (char, f32)>,
}

impl fmt::Debug for FontSubset<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontSubset({} glyphs)", self.glyphs_shown.len())
    }
}

impl FontSubset<'_> {
    /// The width of `text` in thousandths of the type size.
    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|character| self.advance(self.glyph(character))).sum()
    }

    /// Adds the glyphs of `text` to the subset. Returns their numbers in the subset, two bytes each.
    pub fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 * text.len());
        for character in text.chars() {
            let glyph = self.glyph(character);
            let own = self.glyphs.remap(glyph.0);
            self.glyphs_shown.insert(own, (character, self.advance(glyph)));
            bytes.extend(own.to_be_bytes());
        }
        bytes
    }

    /// The subset as a bare CFF font.
    ///
    /// # Panics
    ///
    /// If the library cannot subset a font with CFF outlines, which [`Font::subset`] has checked.
    pub fn to_cff(&self) -> Vec<u8> {
        let font = subsetter::subset(self.data, 0, &self.glyphs).expect("a font with CFF outlines can be subset");
        let raw = RawFace::parse(&font, 0).expect("a subset is a font");
        raw.table(CFF).expect("a subset of CFF outlines has CFF outlines").to_vec()
    }

    /// The glyphs by number, with their characters.
    pub fn shown(&self) -> impl Iterator<Item = (u16, char)> {
        self.glyphs_shown.iter().map(|(glyph, (character, _))| (*glyph, *character))
    }

    /// The widths of the glyphs in thousandths of the type size, from number 0 on.
    pub fn widths(&self) -> Vec<f32> {
        let last = self.glyphs_shown.keys().next_back().copied().unwrap_or(0);
        (0..=last).map(|glyph| self.glyphs_shown.get(&glyph).map_or(1000.0, |(_, width)| *width)).collect()
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
