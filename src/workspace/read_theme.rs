//! `report-templates/theme/theme.yaml` as a [`ThemeDefinition`]. The tree was compared with `shapes` before.

use super::definition::{FontsDefinition, ThemeDefinition};
use super::shape::Kind;
use super::shapes::THEME;
use super::values;
use super::yaml::Node;
use crate::diagnostics::Spanned;

/// Reads the theme.
pub(super) fn theme(node: &Node) -> ThemeDefinition {
    let colors = THEME.fields.iter().filter(|field| matches!(field.kind, Kind::Color)).filter_map(|field| {
        let value = node.get(field.name)?;
        Some((field.name.to_owned(), Spanned::new(values::color(value)?, value.span.clone())))
    });
    ThemeDefinition {
        name: node.get("name").and_then(values::localized).unwrap_or_default(),
        footer: node.get("footer").and_then(values::localized).unwrap_or_default(),
        logo: node.get("logo").and_then(values::text),
        fonts: node.get("fonts").map(fonts).unwrap_or_default(),
        colors: colors.collect(),
    }
}

fn fonts(node: &Node) -> FontsDefinition {
    let file = |key: &str| node.get(key).and_then(values::text);
    FontsDefinition {
        regular: file("regular"),
        bold: file("bold"),
        italic: file("italic"),
        families: values::one_or_more(node, "families")
            .filter_map(|it| Some(values::text(it)?.value.trim().to_owned()))
            .collect(),
    }
}
