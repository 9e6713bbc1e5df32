//! The files of `report-templates/theme/` into a theme. What cannot be used keeps the shipped looks and is told; colours
//! that could not be read are warned about.

use std::sync::Arc;

use super::charts::Color;
use super::contrast::{READABLE, WHITE, contrast};
use super::frame::{Frame, FrameKind};
use super::logo::logo;
use super::theme::{Logo, Theme};
use super::theme_fonts;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Spanned};
use crate::workspace::{Localized, ThemeDefinition, ThemeFiles};

/// Reads a theme. What is wrong with a colour's value was told before.
pub fn read_theme(files: &ThemeFiles) -> (Theme, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut theme = Theme::default();
    for (name, color) in &files.definition.colors {
        if let Some(place) = slot(&mut theme, name) {
            *place = Color::hex(color.value);
        }
    }
    diagnostics.extend(unreadable(&files.definition, &mut theme));
    let mut told = |mistakes: Vec<Diagnostic>| diagnostics.extend(mistakes);
    theme.logo =
        files.definition.logo.as_ref().and_then(|name| sign(name, files).map_err(|mistake| told(vec![*mistake])).ok());
    let mut frame = |kind: FrameKind, file: &Option<Arc<SourceFile>>| {
        let (frame, mistakes) = Frame::compile(file.as_ref()?, kind);
        told(mistakes);
        frame.map(Arc::new)
    };
    theme.page = frame(FrameKind::Page, &files.page);
    theme.mail = frame(FrameKind::Mail, &files.mail);
    let (typeface, mistakes) = theme_fonts::typeface(files);
    told(mistakes);
    theme.typeface = typeface.unwrap_or(theme.typeface);
    theme.families = theme_fonts::families(&files.definition.fonts);
    theme.name = files.definition.name.clone();
    theme.footer = files.definition.footer.clone();
    (theme, diagnostics)
}

/// The logo of this name.
fn sign(name: &Spanned<String>, files: &ThemeFiles) -> Result<Arc<Logo>, Box<Diagnostic>> {
    let mistake = |message: String| Diagnostic::error(Code::UnreadableFile, name.span.clone(), message);
    let Some(picture) = files.assets.get(&name.value) else {
        let known = files.assets.keys().map(String::as_str).filter(|name| !theme_fonts::is_font(name));
        let missing = mistake(format!("there is no picture `{}` beside the theme", name.value));
        let hint = "put a PNG or SVG into report-templates/theme/";
        return Err(Box::new(missing.did_you_mean(&name.value, known).hint(hint)));
    };
    let words = |words: &Localized| words.texts.values().next().cloned().unwrap_or_default();
    logo(&name.value, picture, &words(&files.definition.name))
        .map(Arc::new)
        .map_err(|fault| Box::new(mistake(format!("`{}` {}", name.value, fault.message)).hint(fault.hint)))
}

/// A text colour and the ground it stands on; none for white paper.
const PAIRS: [(&str, Option<&str>); 17] = [
    ("brand", None),
    ("ink", None),
    ("muted", None),
    ("good", None),
    ("near", None),
    ("bad", None),
    ("ink", Some("brand_tint")),
    ("ink", Some("stripe")),
    ("ink", Some("near_tint")),
    ("muted", Some("stripe")),
    ("good", Some("stripe")),
    ("near", Some("stripe")),
    ("bad", Some("stripe")),
    ("good", Some("good_tint")),
    ("near", Some("near_tint")),
    ("bad", Some("bad_tint")),
    ("ink", Some("good_tint")),
];

/// Warnings about text colours that cannot be read on their ground, at the colour the house chose; one for each colour.
fn unreadable(definition: &ThemeDefinition, theme: &mut Theme) -> Vec<Diagnostic> {
    let mut told: Vec<&str> = Vec::new();
    let mut warnings = Vec::new();
    for (text, ground) in PAIRS {
        let Some(color) = slot(theme, text).copied() else { continue };
        let Some(under) = ground.map_or(Some(WHITE), |ground| slot(theme, ground).copied()) else { continue };
        let found = contrast(color, under);
        let chosen = [Some(text), ground].into_iter().flatten().find_map(|name| definition.colors.get_key_value(name));
        let Some((name, written)) = chosen.filter(|_| found < READABLE) else { continue };
        if told.contains(&name.as_str()) {
            continue;
        }
        told.push(name);
        let on = ground.map_or("white".to_owned(), |ground| format!("`{ground}`"));
        let message = format!("`{text}` is hard to read on {on}: contrast {found:.1}, needs {READABLE}");
        let hint = if name == text { "choose a darker colour" } else { "choose a lighter ground" };
        warnings.push(Diagnostic::warning(Code::BadValue, written.span.clone(), message).hint(hint));
    }
    warnings
}

/// The place of a colour in the theme, by its key.
fn slot<'a>(theme: &'a mut Theme, name: &str) -> Option<&'a mut Color> {
    Some(match name {
        "brand" => &mut theme.brand,
        "brand_tint" => &mut theme.brand_tint,
        "ink" => &mut theme.ink,
        "muted" => &mut theme.muted,
        "line" => &mut theme.line,
        "stripe" => &mut theme.stripe,
        "good" => &mut theme.good,
        "near" => &mut theme.near,
        "bad" => &mut theme.bad,
        "good_tint" => &mut theme.good_tint,
        "near_tint" => &mut theme.near_tint,
        "bad_tint" => &mut theme.bad_tint,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::shape::Kind;
    use crate::workspace::shapes::THEME;
    use crate::workspace::{THEME_FILE, WorkspaceFiles, load_files};

    /// The theme in this text, and what is told about it by all rooms together.
    fn check(text: &str, expected: &[&str]) -> Theme {
        let loaded = load_files(&WorkspaceFiles::from_texts("", [(THEME_FILE, text)]), &Default::default());
        let (theme, mistakes) = read_theme(&loaded.theme);
        let of_theme =
            |diagnostic: &&Diagnostic| diagnostic.span.as_ref().is_some_and(|span| span.file.path == THEME_FILE);
        let diagnostics = loaded.diagnostics.iter().chain(&mistakes).filter(of_theme);
        let shown = diagnostics.map(|diagnostic| {
            let at = diagnostic.span.as_ref().unwrap().position();
            let hints = diagnostic.hints.join(" ");
            format!("{} {}:{} {} {hints}", diagnostic.code, at.line, at.column, diagnostic.message)
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
    fn every_colour_has_a_place() {
        let mut theme = Theme::default();
        for field in THEME.fields.iter().filter(|field| matches!(field.kind, Kind::Color)) {
            assert!(slot(&mut theme, field.name).is_some(), "{}", field.name);
        }
    }

    #[test]
    fn colours_are_read_and_mistakes_told() {
        let theme = check("brand: '#036'\nink: \"#000000\"", &[]);
        assert_eq!((theme.brand, theme.ink), (Color::hex(0x003366), Color::hex(0)));
        check(
            "brand: blue\nbrnad_tint: '#fff'\nmuted: '#cccccc'\nbad_tint: '#c44'",
            &[
                "CB106 1:8 `brand` cannot be `blue` write a colour as",
                "CB102 2:1 there is no key `brnad_tint` in the theme did you mean `brand_tint`?",
                "CB106 3:8 `muted` is hard to read on white: contrast 1.6, needs 4.5 choose a darker colour",
                "CB106 4:11 `bad` is hard to read on `bad_tint`: contrast 1.4, needs 4.5 choose a lighter ground",
            ],
        );
        check(
            "fonts: { families: [PT Serif, 'a;b'] }",
            &["CB106 1:31 an item of `families` cannot be `a;b`: `;` is in no font's name"],
        );
        check("ink: #1b2430", &["CB103 1:1 `ink` must be a colour, but it is empty put it in quotes"]);
    }

    #[test]
    fn a_house_has_a_name_a_line_and_a_sign() {
        let theme = check(
            "name: { en: House, ru: Дом }\nfooter: 'House, Tverskaya 1'\nlogo: logo.png",
            &["CB107 3:7 there is no picture `logo.png` beside the theme put a PNG or SVG into"],
        );
        assert_eq!(theme.name.get(crate::locale::Language::Russian), Some("Дом"));
        assert_eq!(theme.footer.get(crate::locale::Language::Russian), Some("House, Tverskaya 1"));
    }
}
