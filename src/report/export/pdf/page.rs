//! What stands on every page around the content: the brand's band on the first, the running header on the others, the
//! footer with the page's number. It needs the number of pages, so it is added last.

use super::cover::fitted;
use super::flow::Page;
use super::mark::Mark;
use super::paper::MARGIN;
use super::setup::SMALL;
use super::text::{Look, clean};
use crate::report::document::Document;
use crate::report::theme::Theme;

/// The most room of the logo in the running header, width and height.
const LOGO: (f64, f64) = (70.0, 15.0);

/// Adds header and footer to every page.
pub(super) fn frame(pages: &mut [Page], document: &Document, theme: &Theme) {
    let look = Look { face: theme.regular(), size: SMALL, color: theme.muted };
    let count = pages.len();
    let title = format!("{} · {}", document.title, document.subtitle);
    let foot = theme.footer.get(document.language).unwrap_or(&document.author);
    let logo = theme.logo.as_deref().map(|logo| fitted(logo, LOGO));
    for (index, page) in pages.iter_mut().enumerate() {
        let measure = page.sheet.measure();
        // Read by nobody: these texts are on every page.
        let mut above = vec![Mark::Part(None)];
        if index == 0 {
            above.push(Mark::rectangle(0.0, 0.0, page.sheet.width, 6.0, theme.brand));
        } else {
            let beside = logo.map_or(0.0, |(width, _)| width + 12.0);
            above.push(look.mark(MARGIN, 38.0, look.fit(&title, measure - beside)));
            above.push(Mark::rule(MARGIN, 48.0, measure, 0.4, theme.line));
            if let Some((width, height)) = logo {
                above.push(Mark::Logo { x: MARGIN + measure - width, y: 44.0 - height, width, height });
            }
        }
        // The header is read before the content, the footer after it.
        page.marks.splice(0..0, above);

        let number = document.words.page_of.replace("{page}", &(index + 1).to_string());
        let number = clean(&number.replace("{pages}", &count.to_string()), theme.typeface).into_owned();
        let middle = page.sheet.height - 34.0;
        page.marks.push(Mark::Part(None));
        page.marks.push(Mark::rule(MARGIN, page.sheet.height - 44.0, measure, 0.4, theme.line));
        page.marks.push(look.mark(MARGIN, middle, look.fit(foot, measure - look.width(&number) - 18.0)));
        page.marks.push(look.mark(MARGIN + measure - look.width(&number), middle, number));
    }
}
