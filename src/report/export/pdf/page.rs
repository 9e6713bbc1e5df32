//! What stands on every page around the content: the brand's band on the first, the running header on the others, the
//! footer with the page's number. It needs the number of pages, so it is added last.

use super::compose::SMALL;
use super::flow::{MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Page, WIDTH};
use super::fonts::Face;
use super::mark::Mark;
use super::text::{Look, clean};
use crate::report::document::Document;
use crate::report::theme::Theme;

/// Adds header and footer to every page.
pub(super) fn frame(pages: &mut [Page], document: &Document, theme: &Theme) {
    let look = Look { face: Face::Regular, size: SMALL, color: theme.muted };
    let count = pages.len();
    let running = look.fit(&format!("{} · {}", document.title, document.subtitle), WIDTH);
    let author = look.fit(&document.author, 0.6 * WIDTH);
    for (index, page) in pages.iter_mut().enumerate() {
        let mut above = Vec::new();
        if index == 0 {
            above.push(Mark::rectangle(0.0, 0.0, PAGE_WIDTH, 6.0, theme.brand));
        } else {
            above.push(look.mark(MARGIN, 38.0, running.clone()));
            above.push(Mark::rule(MARGIN, 48.0, WIDTH, 0.4, theme.line));
        }
        // The header is read before the content, the footer after it.
        page.marks.splice(0..0, above);

        let number = document.words.page_of.replace("{page}", &(index + 1).to_string());
        let number = clean(&number.replace("{pages}", &count.to_string())).into_owned();
        let middle = PAGE_HEIGHT - 34.0;
        page.marks.push(Mark::rule(MARGIN, PAGE_HEIGHT - 44.0, WIDTH, 0.4, theme.line));
        page.marks.push(look.mark(MARGIN, middle, author.clone()));
        page.marks.push(look.mark(MARGIN + WIDTH - look.width(&number), middle, number));
    }
}
