//! How cells look: fonts and fills from the theme. What is written into them is decided elsewhere.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::charts;
use crate::report::contrast::readable;
use crate::report::document::{Align, Status};
use crate::report::theme::Theme;

/// The looks of a workbook's cells.
pub(super) struct Look<'a> {
    theme: &'a Theme,
}

impl<'a> Look<'a> {
    pub(super) fn new(theme: &'a Theme) -> Self {
        Self { theme }
    }

    /// The report's name.
    pub(super) fn title(&self) -> Format {
        let brand = readable(self.theme.brand, self.theme.ink);
        Format::new().set_bold().set_font_size(18).set_font_color(color(brand)).set_align(FormatAlign::VerticalCenter)
    }

    /// A heading, and a table's or chart's name.
    pub(super) fn heading(&self) -> Format {
        let brand = readable(self.theme.brand, self.theme.ink);
        Format::new().set_bold().set_font_size(12).set_font_color(color(brand))
    }

    /// Running text over several lines.
    pub(super) fn text(&self) -> Format {
        self.plain().set_text_wrap().set_align(FormatAlign::Top)
    }

    /// Small print.
    pub(super) fn small(&self) -> Format {
        self.text().set_font_size(9).set_font_color(color(self.theme.muted))
    }

    /// A remark that must be seen.
    pub(super) fn note(&self) -> Format {
        self.text().set_background_color(color(self.theme.near_tint))
    }

    /// What matters first.
    pub(super) fn headline(&self, status: Status) -> Format {
        self.of_status(self.text().set_bold().set_font_size(12), status)
    }

    /// A column's heading.
    pub(super) fn column(&self, align: Align) -> Format {
        let format = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_background_color(color(self.theme.brand_tint))
            .set_font_color(color(self.theme.ink))
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(color(self.theme.brand))
            .set_align(FormatAlign::VerticalCenter);
        aligned(format, align)
    }

    /// A cell of a table.
    pub(super) fn cell(&self, align: Align) -> Format {
        let format = self.plain().set_border_bottom(FormatBorder::Hair);
        aligned(format.set_border_bottom_color(color(self.theme.line)), align)
    }

    /// A cell of the total.
    pub(super) fn total(&self, align: Align) -> Format {
        let format = self.plain().set_bold().set_border_top(FormatBorder::Medium);
        aligned(format.set_border_top_color(color(self.theme.brand)), align)
    }

    /// A format in the colours of a status.
    pub(super) fn of_status(&self, format: Format, status: Status) -> Format {
        match status {
            Status::Neutral => format,
            status => format
                .set_background_color(color(self.theme.status_tint(status)))
                .set_font_color(color(self.theme.status(status))),
        }
    }

    /// The colour of bars in cells: light enough for the figure before it.
    pub(super) fn bar(&self) -> Color {
        color(self.theme.brand.mix(charts::Color::hex(0xff_ff_ff), 0.65))
    }

    /// The colour of lines that are drawn in cells.
    pub(super) fn line(&self) -> Color {
        color(self.theme.brand)
    }

    fn plain(&self) -> Format {
        Format::new().set_font_color(color(self.theme.ink))
    }
}

/// A colour of the theme as workbooks write it.
pub(super) fn color(color: charts::Color) -> Color {
    Color::RGB(u32::from(color.red) << 16 | u32::from(color.green) << 8 | u32::from(color.blue))
}

fn aligned(format: Format, align: Align) -> Format {
    format.set_align(match align {
        Align::Left => FormatAlign::Left,
        Align::Right => FormatAlign::Right,
    })
}
