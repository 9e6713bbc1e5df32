//! Marks into the operations of a page. What is set already is not set again; every mark is labelled with the element it
//! is part of, or as decoration.

use std::collections::BTreeMap;

use printpdf::{
    Actions, BorderArray, CurTransMat, DictItem, FontId, LineDashPattern, LinePoint, LinkAnnotation, Op, PaintMode,
    PdfFontHandle, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, WindingOrder, XObjectId,
    XObjectTransform,
};

use super::flow::Page;
use super::mark::{Mark, TextMark};
use super::structure::{ElementId, Kind, Structure};
use super::tags::{self, PageContent};
use super::{logo, paper::Sheet};
use crate::report::charts::Color;
use crate::report::typeface::Face;

/// A page's operations and what they are part of.
pub(super) struct Drawn {
    pub(super) ops: Vec<Op>,
    pub(super) content: PageContent,
}

/// Draws a page.
pub(super) fn draw(page: &Page, structure: &Structure) -> Drawn {
    let mut pen = Pen {
        sheet: page.sheet,
        structure,
        ops: Vec::with_capacity(4 * page.marks.len()),
        content: PageContent::default(),
        part: None,
        open: None,
        in_text: false,
        fill: None,
        font: None,
    };
    for mark in &page.marks {
        pen.draw(mark);
    }
    pen.close();
    pen.end_text();
    Drawn { ops: pen.ops, content: pen.content }
}

struct Pen<'a> {
    sheet: Sheet,
    structure: &'a Structure,
    ops: Vec<Op>,
    content: PageContent,
    /// What the next marks are part of.
    part: Option<ElementId>,
    /// The stretch of marked content that is open.
    open: Option<Stretch>,
    in_text: bool,
    fill: Option<Color>,
    font: Option<(Face, f64)>,
}

/// A stretch of marked content. Those of texts lie inside a text object, those of shapes and figures around it.
#[derive(Clone, Copy, PartialEq)]
struct Stretch {
    element: Option<ElementId>,
    inside_text: bool,
}

impl Pen<'_> {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Part(part) => self.part = *part,
            Mark::Text(text) => self.text(text),
            Mark::Link { x, y, width, height, address } => self.link(*x, *y, *width, *height, address),
            Mark::Rectangle { x, y, width, height, radius, color } if *radius > 0.0 => {
                let points = self.rounded(*x, *y, *width, *height, *radius);
                self.polygon(points, *color);
            }
            Mark::Rectangle { x, y, width, height, color, .. } => {
                self.begin_shape();
                self.fill(*color);
                let mut rectangle = self.rectangle(*x, *y, *width, *height);
                rectangle.mode = Some(PaintMode::Fill);
                self.ops.push(Op::DrawRectangle { rectangle });
            }
            Mark::Polygon { points, color } => {
                let points = points.iter().map(|(x, y)| self.point(*x, *y, false)).collect();
                self.polygon(points, *color);
            }
            Mark::Circle { x, y, radius, color } => {
                let points = self.rounded(x - radius, y - radius, 2.0 * radius, 2.0 * radius, *radius);
                self.polygon(points, *color);
            }
            Mark::Line { points, color, width, dash } => self.line(points, *color, *width, *dash),
            Mark::Logo { x, y, width, height } => self.logo(*x, *y, *width, *height),
        }
    }

    fn text(&mut self, mark: &TextMark) {
        let is_figure = self.is_figure();
        self.enter(Stretch { element: self.part, inside_text: !is_figure });
        self.begin_text();
        self.fill(mark.color);
        if self.font != Some((mark.face, mark.size)) {
            let font = PdfFontHandle::External(FontId(mark.face.style().name().to_owned()));
            self.ops.push(Op::SetFont { font, size: pt(mark.size) });
            self.font = Some((mark.face, mark.size));
        }
        let matrix = TextMatrix::Translate(pt(mark.x), pt(self.sheet.height - mark.y));
        self.ops.push(Op::SetTextMatrix { matrix });
        self.ops.push(Op::ShowText { items: vec![TextItem::Text(mark.text.clone())] });
    }

    fn link(&mut self, x: f64, y: f64, width: f64, height: f64, address: &str) {
        let border = Some(BorderArray::Solid([0.0; 3]));
        let place = self.rectangle(x, y, width, height);
        let link = LinkAnnotation::new(place, Actions::uri(ascii(address)), border, None, None);
        self.ops.push(Op::LinkAnnotation { link });
        self.content.links.push(self.part);
    }

    fn line(&mut self, points: &[(f64, f64)], color: Color, width: f64, dash: Option<(f64, f64)>) {
        self.begin_shape();
        self.ops.push(Op::SetOutlineColor { col: rgb(color) });
        self.ops.push(Op::SetOutlineThickness { pt: pt(width) });
        if let Some((dash, gap)) = dash {
            self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[dash as f32, gap as f32]) });
        }
        let points = points.iter().map(|(x, y)| self.point(*x, *y, false)).collect();
        self.ops.push(Op::DrawLine { line: printpdf::Line { points, is_closed: false } });
        if dash.is_some() {
            self.ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[]) });
        }
    }

    fn polygon(&mut self, points: Vec<LinePoint>, color: Color) {
        self.begin_shape();
        self.fill(color);
        let rings = vec![PolygonRing { points }];
        let polygon = Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero };
        self.ops.push(Op::DrawPolygon { polygon });
    }

    fn logo(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.begin_shape();
        let [width, height, x, y] = [width, height, x, self.sheet.height - y - height].map(|value| pt(value).0);
        let matrix = CurTransMat::Raw([width, 0.0, 0.0, height, x, y]);
        let id = XObjectId(logo::NAME.to_owned());
        self.ops.extend([
            Op::SaveGraphicsState,
            Op::SetTransformationMatrix { matrix },
            Op::UseXobject { id, transform: XObjectTransform::default() },
            Op::RestoreGraphicsState,
        ]);
    }

    fn fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.ops.push(Op::SetFillColor { col: rgb(color) });
            self.fill = Some(color);
        }
    }

    /// A shape is part of a figure, or decoration.
    fn begin_shape(&mut self) {
        let element = self.part.filter(|_| self.is_figure());
        self.enter(Stretch { element, inside_text: false });
        self.end_text();
    }

    fn is_figure(&self) -> bool {
        self.part.and_then(|part| self.structure.get(part)).is_some_and(|element| element.kind == Kind::Figure)
    }

    /// Opens a stretch of marked content unless it is the one that is open.
    fn enter(&mut self, stretch: Stretch) {
        if self.open == Some(stretch) {
            return;
        }
        self.close();
        if stretch.inside_text {
            self.begin_text();
        } else {
            self.end_text();
        }
        match stretch.element.and_then(|id| Some((id, self.structure.get(id)?))) {
            None => self.ops.push(Op::BeginMarkedContent { tag: "Artifact".to_owned() }),
            Some((id, element)) => {
                let place = DictItem::Int(self.content.marked.len() as i64);
                let properties = DictItem::Dict { map: BTreeMap::from([("MCID".to_owned(), place)]) };
                let tag = tags::name(element.kind).to_owned();
                self.ops.push(Op::BeginMarkedContentWithProperties { tag, properties });
                self.content.marked.push(id);
            }
        }
        self.open = Some(stretch);
    }

    /// Ends the open stretch. One that lies around text objects ends outside of them.
    fn close(&mut self) {
        if let Some(stretch) = self.open.take() {
            if !stretch.inside_text {
                self.end_text();
            }
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn begin_text(&mut self) {
        if !self.in_text {
            self.ops.push(Op::StartTextSection);
            self.in_text = true;
        }
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.ops.push(Op::EndTextSection);
            self.in_text = false;
        }
    }

    fn point(&self, x: f64, y: f64, bezier: bool) -> LinePoint {
        LinePoint { p: printpdf::Point { x: pt(x), y: pt(self.sheet.height - y) }, bezier }
    }

    fn rectangle(&self, x: f64, y: f64, width: f64, height: f64) -> Rect {
        let x = x.clamp(0.0, self.sheet.width);
        let y = self.sheet.height - y - height;
        Rect { x: pt(x), y: pt(y), width: pt(width), height: pt(height), mode: None, winding_order: None }
    }

    /// The outline of a rectangle with rounded corners; a circle where the radius is half its width.
    fn rounded(&self, x: f64, y: f64, width: f64, height: f64, radius: f64) -> Vec<LinePoint> {
        // How far the handles of a quarter circle reach.
        const REACH: f64 = 0.5523;
        let radius = radius.min(width / 2.0).min(height / 2.0);
        let (right, bottom, inset) = (x + width, y + height, radius * (1.0 - REACH));
        let mut points = vec![self.point(x + radius, y, false)];
        let mut corner = |from: (f64, f64), first: (f64, f64), second: (f64, f64), to: (f64, f64)| {
            points.push(self.point(from.0, from.1, false));
            points.push(self.point(first.0, first.1, true));
            points.push(self.point(second.0, second.1, true));
            points.push(self.point(to.0, to.1, false));
        };
        corner((right - radius, y), (right - inset, y), (right, y + inset), (right, y + radius));
        corner((right, bottom - radius), (right, bottom - inset), (right - inset, bottom), (right - radius, bottom));
        corner((x + radius, bottom), (x + inset, bottom), (x, bottom - inset), (x, bottom - radius));
        corner((x, y + radius), (x, y + inset), (x + inset, y), (x + radius, y));
        points
    }
}

/// Hundredths of a point are finer than any printer and keep the file small.
fn pt(value: f64) -> Pt {
    Pt(((value * 100.0).round() / 100.0) as f32)
}

fn rgb(color: Color) -> printpdf::Color {
    let [r, g, b] =
        [color.red, color.green, color.blue].map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0);
    printpdf::Color::Rgb(Rgb::new(r, g, b, None))
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
