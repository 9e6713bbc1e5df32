//! Whether mail programs show what a mail's HTML uses: every element, attribute, selector and property is looked up in
//! a table of what they support. What they do not, or nobody has tried, is found, unless `allowed` says why it does no
//! harm. Nothing is rendered here, and nothing is mended.

mod allowed;
mod css;
mod html;
mod table;

use std::ops::Range;

use self::css::Use;
use self::html::{Piece, pieces};

/// Something in a mail that some mail program does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    /// What it is: `<video>`, `[srcset]`, `display:flex`, `@font-face`.
    pub(super) feature: String,
    /// The programs that do not show it, or not everywhere; empty when nobody has tried.
    pub(super) programs: Vec<&'static str>,
}

/// Everything in this HTML that some mail program does not show. What is inside Outlook's conditional comments is not
/// looked at: only Outlook reads it.
pub(super) fn unsupported(html: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut look = |used: Use, element: Option<&str>| {
        let range = used.range.clone();
        if let Some((feature, programs)) = fault(&used, element) {
            findings.push(Finding { range, feature, programs });
        }
    };
    for piece in pieces(html) {
        match piece {
            Piece::Element { name, range, attributes } => {
                look(Use::plain(format!("<{name}>"), range), Some(&name));
                for attribute in attributes {
                    if attribute.name == "style" {
                        css::declarations(html, attribute.value.clone(), &mut |used| look(used, Some(&name)));
                    } else {
                        look(Use::plain(format!("[{}]", attribute.name), attribute.range), Some(&name));
                    }
                }
            }
            Piece::Sheet(range) => css::sheet(html, range, &mut |used| look(used, None)),
        }
    }
    findings
}

/// The feature that is not supported, and by whom; nothing when it is, or when that does no harm.
fn fault(used: &Use, element: Option<&str>) -> Option<(String, Vec<&'static str>)> {
    // The most exact name counts: `display:none` before `display`.
    for name in &used.names {
        if allowed::allows(name, element) {
            return None;
        }
        if let Some(programs) = table::without(name) {
            return (!programs.is_empty()).then(|| (name.clone(), programs));
        }
    }
    Some((used.written.clone(), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in this HTML, as `feature@text of the place: programs`.
    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let found: Vec<String> = unsupported(html)
            .iter()
            .map(|finding| {
                let place = &html[finding.range.clone()];
                let programs = if finding.programs.is_empty() { "nobody" } else { finding.programs[0] };
                format!("{} at {place}: {programs}", finding.feature)
            })
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn what_mail_programs_show_is_not_told() {
        check(
            "<!DOCTYPE html><table width=100% cellpadding='0'><tr><td bgcolor=\"#fff\" style='padding:4px'>x</td></table>",
            &[],
        );
        check("<style>.a b,td{color:#fff !important}@media (max-width:600px){.a{padding-top:0}}</style>", &[]);
        check("<!--[if mso]><v:rect style='flex:1'><![endif]--><p style='mso-anything:1;margin:0'>a < b</p>", &[]);
    }

    #[test]
    fn what_they_do_not_show_is_told_with_its_place() {
        check("<td style=\"color:red; display: flex\">", &["display:flex at display: flex: Outlook for Windows"]);
        check("<p style='padding:4px'>", &["padding at padding:4px: Outlook for Windows"]);
        check("<video src=x></video>", &["<video> at <video: Outlook for Windows"]);
        check("<blink>", &["<blink> at <blink: nobody"]);
        check("<p onclick='x()'>", &["[onclick] at onclick: nobody"]);
        check("<script>'<video>'</script>", &["<script> at <script: nobody"]);
        check("<img srcset=a>", &["[srcset] at srcset: Outlook for Windows"]);
        check("<td style=padding:calc(1px)>", &["calc() at padding:calc(1px): Outlook for Windows"]);
        check("<td style='padding:3vw'>", &["vw unit at padding:3vw: Outlook for Windows"]);
        check("<td style='colour:red'>", &["colour at colour:red: nobody"]);
        check(
            "<style>/* <a> } */ @font-face { font-family: x } a > b , .c:hover { border-radius: 4px }</style>",
            &[
                "@font-face at @font-face: Outlook for Windows",
                "a > b at a > b: Outlook for Windows",
                ":hover at .c:hover: Outlook for Windows",
                "border-radius at border-radius: 4px: Outlook for Windows",
            ],
        );
        check(
            "<style>@media (hover){.a{color:red}}</style>",
            &["@media (hover) at @media (hover): Outlook for Windows"],
        );
    }

    #[test]
    fn broken_html_ends() {
        for broken in [
            "<",
            "<a",
            "<a href='",
            "<!--",
            "<style>",
            "<style>a{",
            "<style>@media{",
            "<p style='a:",
            "<p style=';;:;'>",
            "<style>}}</style>",
        ] {
            unsupported(broken);
        }
    }
}
