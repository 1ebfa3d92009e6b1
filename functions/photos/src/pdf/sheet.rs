//! One A4 page with drawing operations, in millimetres from its upper left corner, and its PDF.

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::codes::{Qr, runs};
use super::font::{Font, FontSubset};
use super::{PdfError, wrap};

const HEIGHT_MM: f32 = 297.0;
const WIDTH_MM: f32 = 210.0;
const PT: f32 = 72.0 / 25.4;

const FONT: Name<'static> = Name(b"F");
const PICTURE: Name<'static> = Name(b"P");
const BASE_FONT: Name<'static> = Name(b"RCPTAA+NotoSansSC-Regular");
const ADOBE_IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// The default level of zlib.
const DEFLATE_LEVEL: u8 = 6;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The type size in points.
    pub pt: f32,
    /// Whether the outlines are also stroked: the font has only one weight.
    pub bold: bool,
    /// The colour.
    pub colour: Colour,
}

/// The colour of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Colour {
    /// From black (0) to white (1).
    Grey(f32),
    /// The red of the stamp.
    Red,
}

/// Black text of `pt` points.
pub const fn plain(pt: f32) -> Style {
    Style { pt, bold: false, colour: Colour::Grey(0.0) }
}

/// Bold black text of `pt` points.
pub const fn bold(pt: f32) -> Style {
    Style { bold: true, ..plain(pt) }
}

/// A rectangle of the page: left, top, width and height in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area(pub f32, pub f32, pub f32, pub f32);

/// An A4 page.
pub struct Sheet<'a> {
    content: Content,
    font: FontSubset<'a>,
}

impl<'a> Sheet<'a> {
    /// An empty page.
    ///
    /// # Errors
    ///
    /// If the font cannot be read.
    pub fn new(font: &'a Font) -> Result<Self, PdfError> {
        Ok(Self { content: Content::new(), font: font.subset()? })
    }

    /// The width of `text` in millimetres.
    pub fn width(&self, style: Style, text: &str) -> f32 {
        self.font.width(text) / 1000.0 * style.pt / PT
    }

    /// Draws one line of text whose baseline begins at `x`, `y`.
    pub fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let glyphs = self.font.encode(text);
        let content = &mut self.content;
        content.save_state();
        match style.colour {
            Colour::Grey(grey) => content.set_fill_gray(grey).set_stroke_gray(grey),
            Colour::Red => content.set_fill_rgb(0.75, 0.0, 0.0).set_stroke_rgb(0.75, 0.0, 0.0),
        };
        content.begin_text().set_font(FONT, style.pt);
        if style.bold {
            content.set_line_width(style.pt * 0.03).set_text_rendering_mode(TextRenderingMode::FillStroke);
        }
        content.next_line(x * PT, (HEIGHT_MM - y) * PT).show(Str(&glyphs));
        content.end_text().restore_state();
    }

    /// Draws one line of text centred at `middle`, with its baseline at `y`.
    pub fn centred(&mut self, middle: f32, y: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(middle - width / 2.0, y, style, text);
    }

    /// Draws one line of text that ends at `edge`, with its baseline at `y`.
    pub fn right(&mut self, edge: f32, y: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(edge - width, y, style, text);
    }

    /// Draws text in lines of at most `width` that are `leading` apart, the first with its baseline at `y`. Returns the
    /// baseline of the line after the last.
    pub fn paragraph(&mut self, (x, y, width): (f32, f32, f32), leading: f32, style: Style, text: &str) -> f32 {
        let lines = wrap::wrap(text, width, |text| self.width(style, text));
        for (n, line) in lines.iter().enumerate() {
            self.text(x, y + leading * n as f32, style, line);
        }
        y + leading * lines.len() as f32
    }

    /// Draws a line.
    pub fn line(&mut self, (x1, y1): (f32, f32), (x2, y2): (f32, f32), dashed: bool) {
        let content = &mut self.content;
        content.save_state().set_line_width(0.5);
        if dashed {
            content.set_dash_pattern([4.0, 3.0], 0.0);
        }
        content.move_to(x1 * PT, (HEIGHT_MM - y1) * PT).line_to(x2 * PT, (HEIGHT_MM - y2) * PT).stroke();
        content.restore_state();
    }

    /// Draws a red frame around a word.
    pub fn stamp(&mut self, area: Area, pt: f32, word: &str) {
        let Area(x, y, width, height) = area;
        self.content.save_state().set_line_width(1.5).set_stroke_rgb(0.75, 0.0, 0.0);
        self.rectangle(area);
        self.content.stroke().restore_state();
        let style = Style { colour: Colour::Red, ..bold(pt) };
        self.centred(x + width / 2.0, y + height / 2.0 + pt * 0.37 / PT, style, word);
    }

    /// Draws a QR code as wide as the area.
    pub fn qr(&mut self, Area(x, y, width, _): Area, code: &Qr) {
        let module = width / code.size as f32;
        for (row, modules) in code.dark.chunks(code.size).enumerate() {
            for (start, length) in runs(modules) {
                let (left, top) = (x + module * start as f32, y + module * row as f32);
                self.rectangle(Area(left, top, module * length as f32, module));
            }
        }
        self.content.fill_nonzero();
    }

    /// Draws a barcode that fills the area.
    pub fn bars(&mut self, Area(x, y, width, height): Area, bars: &[bool]) {
        let module = width / bars.len() as f32;
        for (start, length) in runs(bars) {
            self.rectangle(Area(x + module * start as f32, y, module * length as f32, height));
        }
        self.content.fill_nonzero();
    }

    /// Draws the picture of the document. It can be drawn several times.
    pub fn picture(&mut self, Area(x, y, width, height): Area) {
        let content = &mut self.content;
        content.save_state();
        content.transform([width * PT, 0.0, 0.0, height * PT, x * PT, (HEIGHT_MM - y - height) * PT]);
        content.x_object(PICTURE).restore_state();
    }

    fn rectangle(&mut self, Area(x, y, width, height): Area) {
        self.content.rect(x * PT, (HEIGHT_MM - y - height) * PT, width * PT, height * PT);
    }

    /// The PDF with the picture `jpeg`. The same page gives the same bytes: there is no date and no random number in
    /// it.
    ///
    /// # Errors
    ///
    /// If `jpeg` is no picture.
    pub fn finish(self, title: &str, jpeg: &[u8]) -> Result<Vec<u8>, PdfError> {
        let size = imagesize::blob_size(jpeg).map_err(|error| PdfError::Picture(error.to_string()))?;
        let ids: [Ref; 6] = std::array::from_fn(|n| Ref::new(n as i32 + 1));
        let [catalog, pages, page, contents, picture, info] = ids;
        let font = Ref::new(ids.len() as i32 + 1);
        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(pages).lang(TextStr("zh-CN"));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        pdf.document_info(info).title(TextStr(title));
        pdf.pages(pages).kids([page]).count(1);
        let mut sheet = pdf.page(page);
        sheet.media_box(Rect::new(0.0, 0.0, WIDTH_MM * PT, HEIGHT_MM * PT)).parent(pages).contents(contents);
        let mut resources = sheet.resources();
        resources.fonts().pair(FONT, font);
        resources.x_objects().pair(PICTURE, picture);
        resources.finish();
        sheet.finish();
        let drawn = compress_to_vec_zlib(&self.content.finish(), DEFLATE_LEVEL);
        pdf.stream(contents, &drawn).filter(Filter::FlateDecode);
        let mut image = pdf.image_xobject(picture, jpeg);
        image.filter(Filter::DctDecode);
        image.width(size.width as i32).height(size.height as i32);
        image.color_space().device_rgb();
        image.bits_per_component(8);
        image.finish();
        embed(&mut pdf, font, &self.font);
        Ok(pdf.finish())
    }
}

/// Embeds the font. Its character codes are the glyph numbers of the subset; a table maps them to Unicode for search,
/// copying and screen readers.
fn embed(pdf: &mut Pdf, font: Ref, subset: &FontSubset<'_>) {
    let id = |n: i32| Ref::new(font.get() + n);
    let (descendant, descriptor, to_unicode, file) = (id(1), id(2), id(3), id(4));
    pdf.type0_font(font)
        .base_font(BASE_FONT)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(to_unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type0).base_font(BASE_FONT).system_info(ADOBE_IDENTITY).font_descriptor(descriptor);
    cid.default_width(1000.0).widths().consecutive(0, subset.widths());
    cid.finish();
    let per_mille = |units: i16| f32::from(units) * 1000.0 / f32::from(subset.face.units_per_em());
    let bounds = subset.face.global_bounding_box();
    let (left, bottom) = (per_mille(bounds.x_min), per_mille(bounds.y_min));
    let (right, top) = (per_mille(bounds.x_max), per_mille(bounds.y_max));
    pdf.font_descriptor(descriptor)
        .name(BASE_FONT)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(per_mille(subset.face.ascender()))
        .descent(per_mille(subset.face.descender()))
        .cap_height(per_mille(subset.face.capital_height().unwrap_or(733)))
        .stem_v(80.0)
        .font_file3(file);
    let mut cmap = UnicodeCmap::new(Name(b"Receipt"), ADOBE_IDENTITY);
    subset.shown().for_each(|(glyph, character)| cmap.pair(glyph, character));
    let cmap = compress_to_vec_zlib(&cmap.finish(), DEFLATE_LEVEL);
    pdf.cmap(to_unicode, &cmap).filter(Filter::FlateDecode);
    let cff = compress_to_vec_zlib(&subset.to_cff(), DEFLATE_LEVEL);
    pdf.stream(file, &cff).filter(Filter::FlateDecode).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
}
