//! The fonts a theme names into the typeface that reports are set in, and into the families mails and pages ask for. What
//! cannot be used keeps the shipped typeface and is told.

use std::sync::Arc;

use super::typeface::{Face, FontFault, Style, Typeface};
use crate::diagnostics::{Code, Diagnostic, Spanned};
use crate::workspace::{FontsDefinition, ThemeFiles};

/// So many missing characters are named.
const NAMED: usize = 5;

/// The house's typeface; none when it has none or when its files cannot be used.
pub(super) fn typeface(files: &ThemeFiles) -> (Option<&'static Typeface>, Vec<Diagnostic>) {
    let mut mistakes = Vec::new();
    let FontsDefinition { regular, bold, italic, .. } = &files.definition.fonts;
    let Some(regular) = regular else {
        let alone = bold.as_ref().or(italic.as_ref());
        mistakes.extend(alone.map(|name| {
            let message = "a typeface needs a regular face first";
            Diagnostic::error(Code::MissingKey, name.span.clone(), message).hint("add `regular:` beside it")
        }));
        return (None, mistakes);
    };
    let names = [regular, bold.as_ref().unwrap_or(regular), italic.as_ref().unwrap_or(regular)];
    let found = names.map(|name| match bytes(name, files) {
        Ok(bytes) => Some(bytes),
        Err(mistake) => {
            if !mistakes.contains(&*mistake) {
                mistakes.push(*mistake);
            }
            None
        }
    });
    let [Some(regular), Some(bold), Some(italic)] = found else { return (None, mistakes) };
    match Typeface::of([regular, bold, italic]) {
        Ok(typeface) => {
            mistakes
                .extend(Style::ALL.iter().zip(names).filter_map(|(style, name)| lacking(typeface.face(*style), name)));
            mistakes.dedup();
            (Some(typeface), mistakes)
        }
        Err((style, fault)) => {
            mistakes.push(told(names[style as usize], fault));
            (None, mistakes)
        }
    }
}

/// The families as style sheets write them; empty when the theme names none.
pub(super) fn families(definition: &FontsDefinition) -> String {
    const GENERIC: [&str; 4] = ["serif", "sans-serif", "monospace", "system-ui"];
    let quoted = |name: &String| match GENERIC.contains(&name.as_str()) {
        true => name.clone(),
        false => format!("'{name}'"),
    };
    definition.families.iter().map(quoted).collect::<Vec<_>>().join(",")
}

/// Whether a file of the theme is a font by its name.
pub(super) fn is_font(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".ttf") || name.ends_with(".otf")
}

fn bytes(name: &Spanned<String>, files: &ThemeFiles) -> Result<Arc<[u8]>, Box<Diagnostic>> {
    let mistake = |message: String| Diagnostic::error(Code::UnreadableFile, name.span.clone(), message);
    match files.assets.get(&name.value) {
        Some(asset) if asset.length > asset.bytes.len() as u64 => {
            let hint = "take one for Latin, Greek and Cyrillic only";
            Err(Box::new(mistake(format!("`{}` is larger than 5 MB", name.value)).hint(hint)))
        }
        Some(asset) if is_font(&name.value) => Ok(Arc::clone(&asset.bytes)),
        _ => {
            let known = files.assets.keys().map(String::as_str).filter(|name| is_font(name));
            let missing = mistake(format!("there is no font `{}` beside the theme", name.value));
            let hint = "put a .ttf or .otf file into report-templates/theme/";
            Err(Box::new(missing.did_you_mean(&name.value, known).hint(hint)))
        }
    }
}

fn told(name: &Spanned<String>, fault: FontFault) -> Diagnostic {
    let (message, hint) = match fault {
        FontFault::NoFont => ("is no font that can be read", "TrueType and OpenType can; WOFF and collections cannot"),
        FontFault::Variable => ("is a variable font", "take the static file of the weight you want"),
        FontFault::NoLetters => ("lacks digits or Latin letters", "take a font for text, not for symbols"),
    };
    Diagnostic::error(Code::UnreadableFile, name.span.clone(), format!("`{}` {message}", name.value)).hint(hint)
}

/// A warning about characters of the shipped reports that a face does not have.
fn lacking(face: Face, name: &Spanned<String>) -> Option<Diagnostic> {
    let shipped = Typeface::shipped();
    let letters = ('А'..='я').chain("Ёё«»–—…№·×≥≤\u{a0}".chars());
    let missing: Vec<char> = letters.filter(|it| shipped.knows(*it) && face.width(*it).is_none()).collect();
    let first: Vec<String> = missing.iter().take(NAMED).map(|it| format!("`{}`", it.escape_debug())).collect();
    let rest = match missing.len() {
        0 => return None,
        count if count > NAMED => format!(" and {} more", count - NAMED),
        _ => String::new(),
    };
    let message = format!("`{}` has no {}{rest}: a sign stands in their place", name.value, first.join(", "));
    Some(
        Diagnostic::warning(Code::BadValue, name.span.clone(), message)
            .hint("take a font with Cyrillic letters and signs"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fonts;
    use crate::workspace::{Asset, THEME_FILE, WorkspaceFiles, load_files};

    /// What is told about the fonts of this theme, which stands beside some font files.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) -> Option<&'static Typeface> {
        let mut files = WorkspaceFiles::from_texts("", [(THEME_FILE, text)]);
        let latin = Typeface::shipped().face(Style::Regular);
        let glyphs: Vec<u16> = std::iter::once(0).chain((' '..='~').map(|letter| latin.glyph(letter))).collect();
        let asset = |bytes: &[u8]| Asset { bytes: bytes.into(), length: bytes.len() as u64 };
        for (name, bytes) in [
            ("text.ttf", fonts::REGULAR),
            ("bold.TTF", fonts::BOLD),
            ("latin.ttf", &latin.subset(&glyphs).unwrap()),
            ("broken.otf", b"OTTO"),
            ("logo.png", b""),
        ] {
            files.assets.insert(name.to_owned(), asset(bytes));
        }
        files.assets.insert("huge.ttf".to_owned(), Asset { length: 9_000_000, ..asset(b"") });
        let (typeface, mistakes) = typeface(&load_files(&files, &Default::default()).theme);
        let shown: Vec<String> = mistakes
            .iter()
            .map(|it| {
                let at = it.span.as_ref().unwrap().position();
                format!("{} {}:{} {} {}", it.code, at.line, at.column, it.message, it.hints.join(" "))
            })
            .collect();
        assert_eq!(shown.len(), expected.len(), "{shown:#?}");
        shown.iter().zip(expected).for_each(|(shown, expected)| assert!(shown.starts_with(expected), "{shown}"));
        typeface
    }

    #[test]
    fn a_house_has_its_own_faces() {
        assert!(check("brand: '#036'", &[]).is_none());
        let own = check("fonts: { regular: text.ttf, bold: bold.TTF }", &[]).unwrap();
        assert_eq!(Style::ALL.map(|style| own.face(style).weight()), [400, 700, 400]);
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        check("fonts: { bold: bold.TTF }", &["CB104 1:16 a typeface needs a regular face first add `regular:`"]);
        check(
            "fonts: { regular: txet.ttf }",
            &["CB107 1:19 there is no font `txet.ttf` beside the theme did you mean `text.ttf`?"],
        );
        check("fonts: { regular: logo.png }", &["CB107 1:19 there is no font `logo.png` beside the theme put a .ttf"]);
        check("fonts: { regular: broken.otf }", &["CB107 1:19 `broken.otf` is no font that can be read"]);
        check("fonts: { regular: text.ttf, bold: huge.ttf }", &["CB107 1:35 `huge.ttf` is larger than 5 MB"]);
        check(
            "fonts: { regular: latin.ttf }",
            &["CB106 1:19 `latin.ttf` has no `А`, `Б`, `В`, `Г`, `Д` and 72 more: a sign stands in their place take a"],
        );
    }

    #[test]
    fn families_are_written_for_style_sheets() {
        let families = |names: &[&str]| {
            families(&FontsDefinition {
                families: names.iter().map(|it| (*it).to_owned()).collect(),
                ..Default::default()
            })
        };
        assert_eq!(families(&["PT Serif", "Georgia", "serif"]), "'PT Serif','Georgia',serif");
        assert_eq!(families(&[]), "");
    }
}
