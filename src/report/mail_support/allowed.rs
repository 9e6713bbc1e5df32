//! What may stand in a mail although some program does not show it, or nobody has tried: each with the reason why a
//! reader there misses nothing.

/// A feature that does no harm: its name as in the table, the elements it may stand at (anywhere when there are none, and in a
/// style sheet always), and what a program does that does not show it.
type Allowed = (&'static str, &'static [&'static str], &'static str);

/// Elements as old as HTML 3.2, which every mail program knows and nobody tests.
const OLD_ELEMENTS: [&str; 22] = [
    "html", "head", "title", "meta", "body", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "col", "colgroup",
    "br", "b", "i", "u", "em", "a", "li", "sup",
];
/// Attributes of the same age, and those that say nothing about looks.
const OLD_ATTRIBUTES: [&str; 18] = [
    "alt",
    "bgcolor",
    "border",
    "charset",
    "class",
    "colspan",
    "content",
    "href",
    "http-equiv",
    "id",
    "name",
    "nowrap",
    "rowspan",
    "scope",
    "src",
    "summary",
    "title",
    "color",
];
/// Properties of CSS 1 that are set on single elements and that every mail program knows.
const OLD_PROPERTIES: [&str; 5] = ["color", "font-family", "font-style", "font-variant", "text-transform"];

const CELLS: &[&str] = &["td", "th"];
/// At no element, so only in a style sheet.
const NO_ELEMENT: &[&str] = &[""];

/// Whether a feature may stand at this element, or in a style sheet when there is none.
pub(super) fn allows(feature: &str, element: Option<&str>) -> bool {
    let inside = |open: char, close: char| feature.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_old = inside('<', '>').is_some_and(|name| OLD_ELEMENTS.contains(&name))
        || inside('[', ']').is_some_and(|name| OLD_ATTRIBUTES.contains(&name) || name.starts_with("xmlns"))
        || OLD_PROPERTIES.contains(&feature)
        // Only Outlook reads these.
        || feature.starts_with("mso-");
    is_old
        || ALLOWED.iter().any(|(name, elements, _)| {
            *name == feature && element.is_none_or(|element| elements.is_empty() || elements.contains(&element))
        })
}

/// What does no harm.
pub(super) const ALLOWED: &[Allowed] = &[
    ("[width]", &[], "Outlook takes it where it matters, on tables, cells and pictures"),
    ("[height]", &[], "a cell or picture is as high as what is in it"),
    ("[role]", &[], "Yahoo drops it for some elements: a table for layout is read aloud as a table"),
    ("[align]", &[], "Outlook for macOS ignores it for blocks beside text, which mails do without"),
    ("width", &["table", "td", "th", "img"], "Outlook takes the attribute that stands beside it"),
    ("height", &["td", "img"], "a cell or picture is as high as what is in it"),
    (
        "max-width",
        &["table", "img"],
        "Outlook takes the width of the table that only it gets, and the attribute of pictures",
    ),
    ("padding", CELLS, "Outlook takes it on cells, the greatest of a row's vertical ones for all of them"),
    ("padding", &["ul", "ol", "body"], "Outlook indents lists by itself, and has no room around a mail"),
    (
        "margin",
        &["p", "h1", "h2", "h3", "ul", "ol", "li", "body"],
        "whole and not negative, which is all that some refuse",
    ),
    ("background", &["body", "table", "td", "th"], "a plain colour everywhere; `bgcolor` stands beside it"),
    ("border", &["td", "th", "img"], "plain lines, which is what Outlook draws"),
    ("font-size", &[], "in pixels, which is what all understand"),
    ("font-weight", &[], "Outlook takes 600 and more for bold, Yahoo takes numbers"),
    ("line-height", &[], "in pixels; Outlook's lines are somewhat higher"),
    ("display:block", &["img"], "without it there is a gap below a picture"),
    ("display:none", &["div"], "the preheader is then a line at the top; Outlook has `mso-hide`"),
    ("display", NO_ELEMENT, "inside the style sheet, for what phones do with it"),
    ("max-height", &["div"], "the preheader is hidden three times over"),
    ("opacity", &["div"], "the preheader is hidden three times over"),
    ("overflow", &["div"], "the preheader is hidden three times over, and a table too wide widens the mail"),
    ("table-layout", &["table"], "columns are then as wide as what is in them"),
    ("word-break", &[], "a long word then widens the mail"),
    ("box-sizing", &["img"], "a chart's white edge on dark screens is then ten pixels wider"),
    ("hyphens", NO_ELEMENT, "words are then not divided"),
    ("-webkit-hyphens", NO_ELEMENT, "words are then not divided"),
    ("color-scheme", &[], "the mail is then light, or turned dark by the program itself"),
    ("supported-color-schemes", &[], "an older name of `color-scheme`"),
    ("<ul>", &[], "with the kinds of marks that all have"),
    ("<ol>", &[], "with the kinds of marks that all have"),
    ("[lang]", &[], "Yahoo reads the text aloud in the language of the reader"),
    ("<style>", &[], "the mail is then light and set for a wide screen, and shows everything"),
    ("@media", &[], "the mail is then set for a wide screen, and shows everything"),
    ("@media (prefers-color-scheme)", &[], "the mail is then light, or turned dark by the program itself"),
    ("!important", &[], "the inline style then stays, which shows everything"),
    (".a", &[], "the inline style then stays, which shows everything"),
    ("a", &[], "the inline style then stays, which shows everything"),
    ("a b", &[], "the inline style then stays, which shows everything"),
    (".a.b", &[], "the inline style then stays, which shows everything"),
    ("a, b", &[], "the inline style then stays, which shows everything"),
    (":root", &[], "an older place of `color-scheme`, which the head names too"),
];

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;

    #[test]
    fn nothing_is_excused_that_needs_no_excuse() {
        for (feature, _, why) in ALLOWED {
            assert!(
                !table::without(feature).is_some_and(|programs| programs.is_empty()),
                "{feature} is shown everywhere"
            );
            assert!(why.len() > 10 && !why.ends_with('.'), "{feature}: {why}");
        }
        for old in OLD_ELEMENTS {
            assert_eq!(table::without(&format!("<{old}>")).filter(|programs| programs.is_empty()), None, "{old}");
        }
    }
}
