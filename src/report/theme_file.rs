//! `report-templates/theme/theme.yaml` into a theme. Colours that could not be read on white are warned about.

use std::sync::Arc;

use indexmap::IndexMap;

use super::charts::Color;
use super::template_errors::{clamped, offset};
use super::theme::Theme;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};

/// The contrast running text needs on white, after WCAG 2.1 AA.
const READABLE: f64 = 4.5;

/// The names of the colours that text is written in.
const TEXT_COLORS: [&str; 6] = ["brand", "ink", "muted", "good", "near", "bad"];

/// Reads a theme. What cannot be read keeps the shipped colour and is told; only errors make the file unusable.
pub fn read_theme(file: &Arc<SourceFile>) -> (Theme, Vec<Diagnostic>) {
    let mut theme = Theme::default();
    let mut diagnostics = Vec::new();
    // A file of comments alone is an empty theme.
    type Colors = Option<IndexMap<String, serde_saphyr::Spanned<String>>>;
    let colors = match serde_saphyr::from_str::<Colors>(&file.text) {
        Ok(colors) => colors.unwrap_or_default(),
        Err(error) => {
            let at = error.location().and_then(|at| offset(&file.text, at.line() as usize, at.column() as usize));
            let message = error.without_snippet().to_string();
            let reason = message.lines().next().unwrap_or("it is not YAML");
            let span = clamped(file, at.map_or(0..0, |at| at..at + 1));
            diagnostics.push(Diagnostic::error(Code::YamlSyntax, span, format!("the theme cannot be read: {reason}")));
            return (theme, diagnostics);
        }
    };
    for (name, written) in &colors {
        let at = written.referenced;
        let start = offset(&file.text, at.line() as usize, at.column() as usize).unwrap_or(0);
        let value = clamped(file, start..start + written.value.len());
        let Some(place) = slot(&mut theme, name) else {
            let known = slots().map(|(name, _)| name);
            let mistake = Diagnostic::error(Code::UnknownKey, key(file, name), format!("the theme has no `{name}`"));
            diagnostics.push(mistake.did_you_mean(name, known));
            continue;
        };
        let Some(color) = parse(&written.value) else {
            let message = format!("`{}` is not a colour", written.value);
            diagnostics
                .push(Diagnostic::error(Code::BadValue, value, message).hint("write it as \"#1f4e79\", in quotes"));
            continue;
        };
        *place = color;
        let contrast = contrast_on_white(color);
        if TEXT_COLORS.contains(&name.as_str()) && contrast < READABLE {
            let message = format!("`{name}` is hard to read on white: contrast {contrast:.1}, needs {READABLE}");
            diagnostics.push(Diagnostic::warning(Code::BadValue, value, message).hint("choose a darker colour"));
        }
    }
    (theme, diagnostics)
}

/// A colour's name and its place in the theme.
type Slot = (&'static str, fn(&mut Theme) -> &mut Color);

/// The colours by name.
fn slots() -> impl Iterator<Item = Slot> {
    let slots: [Slot; 12] = [
        ("brand", |theme| &mut theme.brand),
        ("brand_tint", |theme| &mut theme.brand_tint),
        ("ink", |theme| &mut theme.ink),
        ("muted", |theme| &mut theme.muted),
        ("line", |theme| &mut theme.line),
        ("stripe", |theme| &mut theme.stripe),
        ("good", |theme| &mut theme.good),
        ("near", |theme| &mut theme.near),
        ("bad", |theme| &mut theme.bad),
        ("good_tint", |theme| &mut theme.good_tint),
        ("near_tint", |theme| &mut theme.near_tint),
        ("bad_tint", |theme| &mut theme.bad_tint),
    ];
    slots.into_iter()
}

fn slot<'a>(theme: &'a mut Theme, name: &str) -> Option<&'a mut Color> {
    slots().find(|(known, _)| *known == name).map(|(_, place)| place(theme))
}

/// `#rrggbb` or `#rgb`.
fn parse(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        6 => Some(Color::hex(number)),
        3 => Some(Color::hex(((number & 0xf00) << 8 | (number & 0xf0) << 4 | number & 0xf) * 0x11)),
        _ => None,
    }
}

/// The contrast ratio on white, 1 to 21, after WCAG.
fn contrast_on_white(color: Color) -> f64 {
    let linear = |channel: u8| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
    1.05 / (luminance + 0.05)
}

/// Where a key stands.
fn key(file: &Arc<SourceFile>, name: &str) -> Span {
    let starts = file.text.match_indices(name).map(|(at, _)| at);
    let at = starts
        .into_iter()
        .find(|at| file.text[*at + name.len()..].trim_start_matches(['"', '\'', ' ']).starts_with(':'));
    clamped(file, at.map_or(0..0, |at| at..at + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "report-templates/theme/theme.yaml".to_owned(), text: text.to_owned() })
    }

    fn check(text: &str, expected: &[&str]) -> Theme {
        let (theme, diagnostics) = read_theme(&file(text));
        let shown = diagnostics.iter().map(|diagnostic| {
            let at = diagnostic.span.as_ref().unwrap().position();
            format!(
                "{} {}:{} {} {}",
                diagnostic.code,
                at.line,
                at.column,
                diagnostic.message,
                diagnostic.hints.join(" ")
            )
        });
        let shown: Vec<String> = shown.collect();
        assert_eq!(shown.len(), expected.len(), "{shown:#?}");
        shown.iter().zip(expected).for_each(|(shown, expected)| assert!(shown.starts_with(expected), "{shown}"));
        theme
    }

    #[test]
    fn the_shipped_file_is_the_shipped_theme() {
        assert_eq!(check(include_str!("../../report-templates/theme/theme.yaml"), &[]), Theme::default());
        assert_eq!(check("# nothing\n", &[]), Theme::default());
    }

    #[test]
    fn colours_are_read_and_mistakes_told() {
        let theme = check("brand: '#036'\nink: \"#000000\"", &[]);
        assert_eq!((theme.brand, theme.ink), (Color::hex(0x003366), Color::hex(0)));
        check(
            "brand: blue\nbrnad_tint: '#fff'\nmuted: '#cccccc'",
            &[
                "CB106 1:8 `blue` is not a colour write it as",
                "CB102 2:1 the theme has no `brnad_tint` did you mean `brand_tint`?",
                "CB106 3:8 `muted` is hard to read on white: contrast 1.6",
            ],
        );
        check("brand: [", &["CB101 "]);
        check("- a", &["CB101 1:1"]);
    }
}
