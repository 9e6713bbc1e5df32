//! The page around the views: which view, the mistakes, and the report below them as it was made last. Its script keeps
//! it up to date; nothing in the views runs.

use super::{Good, Showing};
use crate::diagnostics::{Style, render_text};
use crate::report::charts::escape;
use crate::workspace::Format;

/// A view of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Page,
    Mail,
    Pdf,
    Text,
    Files,
    Data,
    Context,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) view: View,
    /// The width of the frame, for mails.
    pub(super) width: Width,
    /// The colours mail programs are set to.
    pub(super) scheme: Scheme,
}

/// How wide a mail is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Desk,
    Phone,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Light,
    Dark,
}

impl View {
    const ALL: [Self; 7] = [Self::Page, Self::Mail, Self::Pdf, Self::Text, Self::Files, Self::Data, Self::Context];

    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Pdf => "pdf",
            Self::Text => "text",
            Self::Files => "files",
            Self::Data => "data",
            Self::Context => "context",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Mail => "Mail",
            Self::Pdf => "PDF",
            Self::Text => "Text",
            Self::Files => "Files",
            Self::Data => "Data",
            Self::Context => "Context",
        }
    }
}

impl Look {
    /// What a query such as `view=mail&width=phone&scheme=dark` asks for; the page when it says nothing we know.
    pub(super) fn of<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Self {
        let view = value("view").and_then(|name| View::ALL.into_iter().find(|view| view.name() == name));
        Self {
            view: view.unwrap_or(View::Page),
            width: if value("width") == Some("phone") { Width::Phone } else { Width::Desk },
            scheme: Scheme::of(value("scheme")),
        }
    }

    fn query(self) -> String {
        let width = if self.width == Width::Phone { "&width=phone" } else { "" };
        let scheme = if self.scheme == Scheme::Dark { "&scheme=dark" } else { "" };
        format!("view={}{width}{scheme}", self.view.name())
    }
}

impl Scheme {
    pub(super) fn of(name: Option<&str>) -> Self {
        if name == Some("dark") { Self::Dark } else { Self::Light }
    }
}

/// The page.
pub(super) fn page(showing: &Showing, look: Look) -> String {
    let title = showing.good.as_ref().map_or("preview", |good| good.report.as_str());
    let views = View::ALL.map(|view| link(view.title(), Look { view, ..look }, view == look.view));
    let mut choices = String::new();
    if look.view == View::Mail {
        let width = |title, width| link(title, Look { width, ..look }, width == look.width);
        let scheme = |title, scheme| link(title, Look { scheme, ..look }, scheme == look.scheme);
        choices = format!(
            "<nav aria-label=\"Mail program\">{}{}{}{}</nav>",
            width("640 px", Width::Desk),
            width("360 px", Width::Phone),
            scheme("light", Scheme::Light),
            scheme("dark", Scheme::Dark)
        );
    }
    let frame = showing.good.as_ref().map(|good| frame(good, look)).unwrap_or_default();
    let body = format!(
        "<header><nav aria-label=\"View\">{}</nav>{choices}</header>\n<div id=\"state\" role=\"status\">{}</div>\n{frame}\n\
         <script src=\"/shell.js\"></script>",
        views.concat(),
        state(showing)
    );
    document(title, &body)
}

/// What happened last: the mistakes, or that all is well. A part of the page that is renewed on each change.
pub(super) fn state(showing: &Showing) -> String {
    let took = format!("{} ms", showing.took.as_millis());
    let mut made = match (showing.is_made(), showing.good.is_some()) {
        (true, _) => format!("<p class=\"made\">version {}, made in {took}</p>", showing.version),
        (false, true) => "<p class=\"stale\">the report cannot be made; below it is as it was made last</p>".to_owned(),
        (false, false) => "<p class=\"stale\">the report cannot be made</p>".to_owned(),
    };
    if let Some(failure) = &showing.failure {
        made.push_str(&format!("<pre class=\"mistakes\">{}</pre>", escaped_lines(failure)));
    }
    if !showing.diagnostics.is_empty() {
        let text = render_text(&showing.diagnostics, Style::Plain);
        made.push_str(&format!("<pre class=\"mistakes\">{}</pre>", escaped_lines(&text)));
    }
    made
}

/// The list of files that can be taken away.
pub(super) fn files(names: &[(Format, String)]) -> String {
    let item = |(format, name): &(Format, String)| {
        let name = escape(name);
        format!("<li><a href=\"/file/{name}\" download>{name}</a> ({})</li>", format.name())
    };
    document("files", &format!("<main class=\"data\"><ul>{}</ul></main>", names.iter().map(item).collect::<String>()))
}

/// A page in the shell's look.
pub(super) fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <link rel=\"stylesheet\" href=\"/shell.css\">\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        escape(title)
    )
}

/// A text of several lines, escaped.
pub(super) fn escaped_lines(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

fn link(title: &str, look: Look, chosen: bool) -> String {
    let current = if chosen { " aria-current=\"page\"" } else { "" };
    format!("<a href=\"/?{}\"{current}>{title}</a>", escape(&look.query()))
}

fn frame(good: &Good, look: Look) -> String {
    let (address, class, width) = match look.view {
        View::Mail => {
            let scheme = if look.scheme == Scheme::Dark { "?scheme=dark" } else { "" };
            let width = if look.width == Width::Phone { "360" } else { "640" };
            (format!("/view/mail{scheme}"), "mail", width)
        }
        View::Pdf => (format!("/file/{}.pdf", good.base), "whole", "100%"),
        view => (format!("/view/{}", view.name()), "whole", "100%"),
    };
    let subject = if look.view == View::Mail {
        format!("<p class=\"subject\">{}</p>\n", escape(&good.subject))
    } else {
        String::new()
    };
    format!(
        "{subject}<iframe class=\"{class}\" width=\"{width}\" title=\"{}\" src=\"{}\"></iframe>",
        look.view.title(),
        escape(&address)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_and_written() {
        for (query, expected) in [
            ("", "view=page"),
            ("view=mail&width=phone&scheme=dark", "view=mail&width=phone&scheme=dark"),
            ("view=nix&width=1", "view=page"),
            ("view=pdf&scheme=light", "view=pdf"),
        ] {
            let value =
                |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
            assert_eq!(Look::of(|name| value(name).map(|(_, value)| value)).query(), expected);
        }
    }
}
