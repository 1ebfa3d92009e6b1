//! One page of A4 to draw on, in millimetres from its upper left corner, and its PDF.

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::codes::{Qr, runs};
use super::font::{Font, Pen};
use super::{PaperFailure, wrap};

const HEIGHT_MM: f32 = 297.0;
const WIDTH_MM: f32 = 210.0;
const PT: f32 = 72.0 / 25.4;

const FONT: Name<'static> = Name(b"F");
const PICTURE: Name<'static> = Name(b"P");
const BASE_FONT: Name<'static> = Name(b"RCPTAA+NotoSansSC-Regular");
const ADOBE_IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// As zlib's default.
const DEFLATE_LEVEL: u8 = 6;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    pub pt: f32,
    pub bold: bool,
    /// From black (0) to white (1), or red.
    pub colour: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Colour {
    Grey(f32),
    Red,
}

pub const fn plain(pt: f32) -> Style {
    Style { pt, bold: false, colour: Colour::Grey(0.0) }
}

pub const fn bold(pt: f32) -> Style {
    Style { bold: true, ..plain(pt) }
}

/// A rectangle of the page: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area(pub f32, pub f32, pub f32, pub f32);

pub struct Sheet<'a> {
    content: Content,
    pen: Pen<'a>,
}

impl<'a> Sheet<'a> {
    pub fn new(font: &'a Font) -> Result<Self, PaperFailure> {
        Ok(Self { content: Content::new(), pen: font.pen()? })
    }

    pub fn width(&self, style: Style, text: &str) -> f32 {
        self.pen.width(text) / 1000.0 * style.pt / PT
    }

    /// One line whose baseline begins at `x`, `y`.
    pub fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        let glyphs = self.pen.write(text);
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

    pub fn centred(&mut self, middle: f32, y: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(middle - width / 2.0, y, style, text);
    }

    pub fn right(&mut self, edge: f32, y: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(edge - width, y, style, text);
    }

    /// Lines `leading` apart, the first with its baseline at `y`; answers where the next line would stand.
    pub fn paragraph(&mut self, (x, y, room): (f32, f32, f32), leading: f32, style: Style, text: &str) -> f32 {
        let lines = wrap::wrap(text, room, |text| self.width(style, text));
        for (n, line) in lines.iter().enumerate() {
            self.text(x, y + leading * n as f32, style, line);
        }
        y + leading * lines.len() as f32
    }

    pub fn line(&mut self, (x1, y1): (f32, f32), (x2, y2): (f32, f32), dashed: bool) {
        let content = &mut self.content;
        content.save_state().set_line_width(0.5);
        if dashed {
            content.set_dash_pattern([4.0, 3.0], 0.0);
        }
        content.move_to(x1 * PT, (HEIGHT_MM - y1) * PT).line_to(x2 * PT, (HEIGHT_MM - y2) * PT).stroke();
        content.restore_state();
    }

    /// A red frame around a word.
    pub fn stamp(&mut self, area: Area, pt: f32, word: &str) {
        let Area(x, y, width, height) = area;
        self.content.save_state().set_line_width(1.5).set_stroke_rgb(0.75, 0.0, 0.0);
        self.rectangle(area);
        self.content.stroke().restore_state();
        let style = Style { colour: Colour::Red, ..bold(pt) };
        self.centred(x + width / 2.0, y + height / 2.0 + pt * 0.37 / PT, style, word);
    }

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

    pub fn bars(&mut self, Area(x, y, width, height): Area, bars: &[bool]) {
        let module = width / bars.len() as f32;
        for (start, length) in runs(bars) {
            self.rectangle(Area(x + module * start as f32, y, module * length as f32, height));
        }
        self.content.fill_nonzero();
    }

    /// The document's one picture.
    pub fn picture(&mut self, Area(x, y, width, height): Area) {
        let content = &mut self.content;
        content.save_state();
        content.transform([width * PT, 0.0, 0.0, height * PT, x * PT, (HEIGHT_MM - y - height) * PT]);
        content.x_object(PICTURE).restore_state();
    }

    fn rectangle(&mut self, Area(x, y, width, height): Area) {
        self.content.rect(x * PT, (HEIGHT_MM - y - height) * PT, width * PT, height * PT);
    }

    /// The same page is the same bytes: no date, no random number.
    pub fn finish(self, title: &str, jpeg: &[u8]) -> Result<Vec<u8>, PaperFailure> {
        let size = imagesize::blob_size(jpeg).map_err(|error| PaperFailure::Picture(error.to_string()))?;
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
        embed(&mut pdf, font, &self.pen);
        Ok(pdf.finish())
    }
}

/// A font whose characters are the subset's glyph numbers, with the way back to Unicode for search, copy and screen readers.
fn embed(pdf: &mut Pdf, font: Ref, pen: &Pen<'_>) {
    let id = |n: i32| Ref::new(font.get() + n);
    let (descendant, descriptor, to_unicode, file) = (id(1), id(2), id(3), id(4));
    pdf.type0_font(font)
        .base_font(BASE_FONT)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(to_unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type0).base_font(BASE_FONT).system_info(ADOBE_IDENTITY).font_descriptor(descriptor);
    cid.default_width(1000.0).widths().consecutive(0, pen.widths());
    cid.finish();
    let per_mille = |units: i16| f32::from(units) * 1000.0 / f32::from(pen.face.units_per_em());
    let bounds = pen.face.global_bounding_box();
    let (left, bottom) = (per_mille(bounds.x_min), per_mille(bounds.y_min));
    let (right, top) = (per_mille(bounds.x_max), per_mille(bounds.y_max));
    pdf.font_descriptor(descriptor)
        .name(BASE_FONT)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(per_mille(pen.face.ascender()))
        .descent(per_mille(pen.face.descender()))
        .cap_height(per_mille(pen.face.capital_height().unwrap_or(733)))
        .stem_v(80.0)
        .font_file3(file);
    let mut cmap = UnicodeCmap::new(Name(b"Receipt"), ADOBE_IDENTITY);
    pen.shown().for_each(|(glyph, character)| cmap.pair(glyph, character));
    let cmap = compress_to_vec_zlib(&cmap.finish(), DEFLATE_LEVEL);
    pdf.cmap(to_unicode, &cmap).filter(Filter::FlateDecode);
    let subset = compress_to_vec_zlib(&pen.subset(), DEFLATE_LEVEL);
    pdf.stream(file, &subset).filter(Filter::FlateDecode).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
}
