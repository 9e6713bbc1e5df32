//! The mail's blocks, each a row of the one-column table.

use super::super::marks;
use super::super::markup::{InlineAttributes, cell, inlines};
use super::style::{SIDE, Style};
use super::{Cut, Prepared, chart, explained, sparkline, table};
use crate::report::document::{Block, Document, Headline, Inline, Marker, Status, Tile};

/// A block as rows.
pub(super) fn block(block: &Block, prepared: &Prepared, document: &Document, style: &Style, cut: Cut) -> String {
    let pictures = &prepared.pictures;
    let plain = |text: &[Inline]| inlines(text, &attributes(style));
    match block {
        Block::Heading { level, text } => {
            let (level, size, line) = match level {
                0 | 1 => (2, 21, 28),
                2 => (2, 20, 26),
                _ => (3, 16, 22),
            };
            let look = style.text(size, line, &style.ink);
            row(
                14,
                10,
                &format!(
                    "<h{level} class=\"ink\" style=\"margin:0;{look};font-weight:700\">{}</h{level}>",
                    plain(text)
                ),
            )
        }
        Block::Headline(content) => row(0, 20, &headline(content, style)),
        Block::Paragraph(text) => row(0, 16, &paragraph(&plain(text), style)),
        Block::List { marker, items } => {
            let name = match marker {
                Marker::Bullet => "ul",
                Marker::Number => "ol",
            };
            let look = style.text(15, 23, &style.ink);
            let items: String =
                items.iter().map(|item| format!("<li style=\"margin:0 0 4px\">{}</li>", plain(item))).collect();
            row(0, 14, &format!("<{name} class=\"ink\" style=\"margin:0;padding:0 0 0 22px;{look}\">{items}</{name}>"))
        }
        Block::Tiles(content) => tiles(content, pictures, document, style),
        Block::Table(content) => row(4, 22, &table::table(content, &prepared.setting, document, style, cut.rows)),
        Block::Chart(content) => {
            row(4, 22, &chart::figure(content, pictures.first().and_then(Option::as_deref), style))
        }
        Block::Note(text) => row(4, 22, &note(&plain(text), style)),
        Block::Explained(content) => row(0, 14, &explained::short(content, document, style)),
        Block::PageBreak => String::new(),
    }
}

/// Content between the mail's sides, with so many pixels above and below.
pub(super) fn row(above: u32, below: u32, content: &str) -> String {
    format!(
        "<tr><td class=\"side\" align=\"left\" style=\"padding:{above}px {SIDE}px {below}px\">{content}</td></tr>\n"
    )
}

/// A line of small print, such as what was left out. Long words in it, such as the hash of the rules, are broken: else they
/// make the whole mail wider than a phone.
pub(super) fn remark(escaped: &str, style: &Style) -> String {
    format!(
        "<p class=\"muted\" style=\"margin:8px 0 0;word-break:break-word;{}\">{escaped}</p>",
        style.text(13, 19, &style.muted)
    )
}

/// The looks of links and code inside running text.
fn attributes(style: &Style) -> InlineAttributes {
    InlineAttributes {
        link: format!(" class=\"brand\" style=\"color:{}\"", style.brand_text),
        code: " style=\"font-family:Consolas,Menlo,monospace;font-size:14px\"".to_owned(),
    }
}

/// A paragraph.
fn paragraph(escaped: &str, style: &Style) -> String {
    format!("<p class=\"ink\" style=\"margin:0;{}\">{escaped}</p>", style.text(15, 23, &style.ink))
}

/// What matters first: large, on a ground that says whether it is good news, with the sign of it at the side.
fn headline(headline: &Headline, style: &Style) -> String {
    let class = marks::class(headline.status);
    let (side, ground) = match headline.status {
        Status::Neutral => (style.brand.clone(), style.tint.clone()),
        known => (style.status(known), style.theme.status_tint(known).html()),
    };
    let text = inlines(&headline.text, &attributes(style));
    let remark = headline.remark.as_ref().map(|remark| {
        let look = style.text(14, 20, &style.ink);
        format!("<p class=\"ink\" style=\"margin:6px 0 0;{look}\">{}</p>", cell(remark))
    });
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
         <td width=\"30\" align=\"center\" valign=\"top\" bgcolor=\"{side}\" style=\"width:30px;padding:15px 0;background:{side};\
         {};font-size:16px;line-height:26px;color:#ffffff;font-weight:700\">{}</td>\
         <td class=\"lede-{class}\" align=\"left\" bgcolor=\"{ground}\" style=\"padding:14px 18px 15px;background:{ground}\">\
         <p class=\"lede ink\" style=\"margin:0;{};font-weight:600\">{text}</p>{}</td></tr></table>",
        style.font,
        marks::sign(headline.status),
        style.text(19, 27, &style.ink),
        remark.unwrap_or_default(),
    )
}

/// A remark that must be seen.
fn note(escaped: &str, style: &Style) -> String {
    let (near, tint) = (style.theme.near.html(), style.theme.near_tint.html());
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
         <td width=\"4\" bgcolor=\"{near}\" style=\"width:4px;background:{near}\"></td>\
         <td class=\"note ink\" bgcolor=\"{tint}\" style=\"padding:11px 16px;background:{tint};{}\">{escaped}</td></tr></table>",
        style.text(14, 21, &style.ink)
    )
}

/// The tiles two by two: a grid that needs neither flex nor media queries.
fn tiles(tiles: &[Tile], pictures: &[Option<String>], document: &Document, style: &Style) -> String {
    if tiles.is_empty() {
        return String::new();
    }
    let mut grid = String::from(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"table-layout:fixed\">\n",
    );
    let made: Vec<String> = tiles
        .iter()
        .enumerate()
        .map(|(index, content)| tile(content, pictures.get(index).and_then(Option::as_deref), document, style))
        .collect();
    for (index, pair) in made.chunks(2).enumerate() {
        if index > 0 {
            grid.push_str("<tr><td colspan=\"5\" height=\"12\" style=\"height:12px;font-size:0;line-height:0\">&nbsp;</td></tr>\n");
        }
        let cells = pair.join("<td width=\"12\" style=\"width:12px\"></td>\n");
        let rest = if pair.len() == 2 {
            ""
        } else {
            "<td width=\"12\" style=\"width:12px\"></td><td width=\"4\" style=\"width:4px\"></td><td></td>"
        };
        grid.push_str(&format!("<tr>{cells}{rest}</tr>\n"));
    }
    grid.push_str("</table>");
    row(4, 24, &grid)
}

/// One tile as two cells, a coloured edge and the figures with the status in words. Cells of a row are of equal height
/// in every mail program.
fn tile(tile: &Tile, picture: Option<&str>, document: &Document, style: &Style) -> String {
    let mut facts = Vec::new();
    if tile.status != Status::Neutral {
        facts.push(colored(
            tile.status,
            &format!("{}\u{a0}{}", marks::sign(tile.status), marks::words(tile.status, document.language)),
            style,
        ));
    }
    if let Some(target) = &tile.target {
        // Its words stay together: the line breaks before "target 80%", not within.
        facts.push(format!("<span class=\"target\">{}</span>", cell(&target.replace(' ', "\u{a0}"))));
    }
    let mut facts = facts.join("<span class=\"sep\"> · </span>");
    if let Some(change) = &tile.change {
        facts.push_str(&format!("<div>{}</div>", colored(change.status, &marks::change(change), style)));
    }
    let course = tile.sparkline.as_ref().zip(picture).map(|(line, id)| sparkline::element(line, id, style));
    let accent = style.accent(tile.status);
    let hair = if tile.status == Status::Neutral { " class=\"hair\"" } else { "" };
    let (class, value) = if marks::is_number(&tile.value) {
        ("value ink", format!("{};font-weight:700", style.text(26, 34, &style.ink)))
    } else {
        ("muted", style.text(19, 34, &style.muted))
    };
    format!(
        "<td{hair} width=\"4\" bgcolor=\"{accent}\" style=\"width:4px;background:{accent}\"></td>\
         <td class=\"tint\" bgcolor=\"{stripe}\" align=\"left\" valign=\"top\" style=\"padding:12px 16px 14px;background:{stripe};word-break:break-word\">\
         <p class=\"muted\" style=\"margin:0;{name}\">{}</p>\
         <p class=\"{class}\" style=\"margin:2px 0 3px;{value}\">{}</p>\
         <div class=\"muted\" style=\"{small}\">{facts}</div>{}</td>",
        cell(&tile.title),
        cell(&tile.value),
        course.unwrap_or_default(),
        stripe = style.stripe,
        name = style.text(13, 18, &style.muted),
        small = style.text(13, 19, &style.muted),
    )
}

/// A text in a status' colour; a neutral one stays as it is.
fn colored(status: Status, text: &str, style: &Style) -> String {
    match status {
        Status::Neutral => cell(text),
        known => format!(
            "<span class=\"{}\" style=\"color:{};font-weight:600\">{}</span>",
            marks::class(known),
            style.status(known),
            cell(text)
        ),
    }
}
