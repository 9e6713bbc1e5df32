//! Placed marks into a PDF file: operations, embedded fonts, links, outline, metadata. The same pages give the same
//! bytes: names, dates and the file's identifier come from the document alone.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, StringFormat};
use printpdf::{
    Actions, BorderArray, FontId, LineDashPattern, LinePoint, LinkAnnotation, Mm, OffsetDateTime, Op, PaintMode,
    PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix,
    WindingOrder,
};
use sha2::{Digest, Sha256};

use super::flow::{PAGE_HEIGHT, PAGE_WIDTH, Page};
use super::fonts::{self, Face};
use super::mark::{Mark, TextMark};
use super::{PdfError, outline};
use crate::report::charts::Color;
use crate::report::document::Document;

/// The pages as a PDF file.
pub(super) fn write(pages: &[Page], document: &Document) -> Result<Vec<u8>, PdfError> {
    let mut pdf = PdfDocument::new(&document.title);
    let info = &mut pdf.metadata.info;
    info.author.clone_from(&document.author);
    info.subject.clone_from(&document.subtitle);
    "callbrief".clone_into(&mut info.creator);
    "callbrief".clone_into(&mut info.producer);
    if let Ok(created) = OffsetDateTime::from_unix_timestamp(document.created.timestamp()) {
        info.creation_date = created;
        info.metadata_date = created;
        info.modification_date = created;
    }
    for (face, used) in characters(pages) {
        pdf.resources.fonts.map.insert(FontId(face.name().to_owned()), fonts::embedded(face, &used)?);
    }
    pdf.pages = pages.iter().map(page).collect();

    let mut file = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    drop_standard(&mut file);
    // The language entry came with 1.4.
    "1.4".clone_into(&mut file.version);
    outline::add(&mut file, pages)?;
    let catalog = file.catalog_mut().map_err(PdfError::write)?;
    catalog.set("Lang", text_string(document.language.code()));
    catalog.set("ViewerPreferences", Dictionary::from_iter([("DisplayDocTitle", Object::Boolean(true))]));
    file.trailer.set("ID", identifier(&file));
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|error| PdfError::Write(error.to_string()))?;
    Ok(bytes)
}

/// Takes out the print standard printpdf names in every file: nobody checked that this one keeps it.
fn drop_standard(file: &mut lopdf::Document) {
    let info = file.trailer.get(b"Info").and_then(Object::as_reference);
    if let Ok(info) = info.and_then(|id| file.get_dictionary_mut(id)) {
        for key in ["GTS_PDFXVersion", "Identifier", "Keywords"] {
            info.remove(key.as_bytes());
        }
    }
}

/// A text in PDF's own encoding for titles.
pub(super) fn text_string(text: &str) -> Object {
    let bytes = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// The file's identifier, from what is in it.
fn identifier(file: &lopdf::Document) -> Object {
    let mut hash = Sha256::new();
    for object in file.objects.values() {
        match object {
            Object::Stream(stream) => hash.update(&stream.content),
            other => hash.update(format!("{other:?}")),
        }
    }
    let id = Object::String(hash.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    Object::Array(vec![id.clone(), id])
}

/// The characters each face draws.
fn characters(pages: &[Page]) -> BTreeMap<Face, BTreeSet<char>> {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for mark in pages.iter().flat_map(|page| &page.marks) {
        if let Mark::Text(text) = mark {
            used.entry(text.face).or_default().extend(text.text.chars());
        }
    }
    used
}

fn page(page: &Page) -> PdfPage {
    let mut pen = Pen::default();
    for mark in &page.marks {
        pen.draw(mark);
    }
    pen.end_text();
    PdfPage::new(Mm(210.0), Mm(297.0), pen.ops)
}

/// Writes operations, leaving out those that would set what is set already.
#[derive(Default)]
struct Pen {
    ops: Vec<Op>,
    in_text: bool,
    fill: Option<Color>,
    font: Option<(Face, f64)>,
}

impl Pen {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Text(text) => return self.text(text),
            Mark::Link { x, y, width, height, address } => return self.link(*x, *y, *width, *height, address),
            _ => self.end_text(),
        }
        match mark {
            Mark::Rectangle { x, y, width, height, radius, color } if *radius > 0.0 => {
                self.fill(*color);
                self.polygon(rounded(*x, *y, *width, *height, *radius));
            }
            Mark::Rectangle { x, y, width, height, color, .. } => {
                self.fill(*color);
                let mut rectangle = rectangle(*x, *y, *width, *height);
                rectangle.mode = Some(PaintMode::Fill);
                self.ops.push(Op::DrawRectangle { rectangle });
            }
            Mark::Polygon { points, color } => {
                self.fill(*color);
                self.polygon(points.iter().map(|(x, y)| point(*x, *y, false)).collect());
            }
            Mark::Circle { x, y, radius, color } => {
                self.fill(*color);
                self.polygon(rounded(x - radius, y - radius, 2.0 * radius, 2.0 * radius, *radius));
            }
            Mark::Line { points, color, width, dash } => self.line(points, *color, *width, *dash),
            Mark::Text(_) | Mark::Link { .. } => {}
        }
    }

    fn text(&mut self, mark: &TextMark) {
        if !self.in_text {
            self.ops.push(Op::StartTextSection);
            self.in_text = true;
        }
        self.fill(mark.color);
        if self.font != Some((mark.face, mark.size)) {
            let font = PdfFontHandle::External(FontId(mark.face.name().to_owned()));
            self.ops.push(Op::SetFont { font, size: pt(mark.size) });
            self.font = Some((mark.face, mark.size));
        }
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(pt(mark.x), pt(PAGE_HEIGHT - mark.y)) });
        self.ops.push(Op::ShowText { items: vec![TextItem::Text(mark.text.clone())] });
    }

    fn link(&mut self, x: f64, y: f64, width: f64, height: f64, address: &str) {
        let border = Some(BorderArray::Solid([0.0; 3]));
        let link =
            LinkAnnotation::new(rectangle(x, y, width, height), Actions::uri(ascii(address)), border, None, None);
        self.ops.push(Op::LinkAnnotation { link });
    }

    fn line(&mut self, points: &[(f64, f64)], color: Color, width: f64, dash: Option<(f64, f64)>) {
        self.ops.push(Op::SetOutlineColor { col: rgb(color) });
        self.ops.push(Op::SetOutlineThickness { pt: pt(width) });
        if let Some((dash, gap)) = dash {
            self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[dash as f32, gap as f32]) });
        }
        let points = points.iter().map(|(x, y)| point(*x, *y, false)).collect();
        self.ops.push(Op::DrawLine { line: printpdf::Line { points, is_closed: false } });
        if dash.is_some() {
            self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[]) });
        }
    }

    fn polygon(&mut self, points: Vec<LinePoint>) {
        let rings = vec![PolygonRing { points }];
        let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
        self.ops.push(Op::DrawPolygon { polygon });
    }

    fn fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.ops.push(Op::SetFillColor { col: rgb(color) });
            self.fill = Some(color);
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.ops.push(Op::EndTextSection);
            self.in_text = false;
        }
    }
}

/// Hundredths of a point are finer than any printer and keep the file small.
fn pt(value: f64) -> Pt {
    Pt(((value * 100.0).round() / 100.0) as f32)
}

fn point(x: f64, y: f64, bezier: bool) -> LinePoint {
    LinePoint { p: printpdf::Point { x: pt(x), y: pt(PAGE_HEIGHT - y) }, bezier }
}

fn rectangle(x: f64, y: f64, width: f64, height: f64) -> Rect {
    let x = x.clamp(0.0, PAGE_WIDTH);
    Rect {
        x: pt(x),
        y: pt(PAGE_HEIGHT - y - height),
        width: pt(width),
        height: pt(height),
        mode: None,
        winding_order: None,
    }
}

fn rgb(color: Color) -> printpdf::Color {
    let [r, g, b] =
        [color.red, color.green, color.blue].map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0);
    printpdf::Color::Rgb(Rgb::new(r, g, b, None))
}

/// The outline of a rectangle with rounded corners; a circle where the radius is half its width.
fn rounded(x: f64, y: f64, width: f64, height: f64, radius: f64) -> Vec<LinePoint> {
    // How far the handles of a quarter circle reach.
    const REACH: f64 = 0.5523;
    let radius = radius.min(width / 2.0).min(height / 2.0);
    let (right, bottom, inset) = (x + width, y + height, radius * (1.0 - REACH));
    let mut points = vec![point(x + radius, y, false)];
    let mut corner = |from: (f64, f64), first: (f64, f64), second: (f64, f64), to: (f64, f64)| {
        points.push(point(from.0, from.1, false));
        points.push(point(first.0, first.1, true));
        points.push(point(second.0, second.1, true));
        points.push(point(to.0, to.1, false));
    };
    corner((right - radius, y), (right - inset, y), (right, y + inset), (right, y + radius));
    corner((right, bottom - radius), (right, bottom - inset), (right - inset, bottom), (right - radius, bottom));
    corner((x + radius, bottom), (x + inset, bottom), (x, bottom - inset), (x, bottom - radius));
    corner((x, y + radius), (x, y + inset), (x + inset, y), (x + radius, y));
    points
}

/// An address in the characters PDF allows in one.
fn ascii(address: &str) -> String {
    address.bytes().fold(String::with_capacity(address.len()), |mut out, byte| {
        match byte {
            b'!'..=b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    })
}
