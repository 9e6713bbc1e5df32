//! The mail around its blocks: head, preheader, title, footnotes.

use super::super::markup::{cell, running};
use super::style::{SHEET, SIDE, Style, WIDTH};
use super::{Cut, blocks};
use crate::locale;
use crate::report::document::{Block, Document};

/// The whole HTML with as much of the blocks as the cut leaves.
pub(super) fn frame(
    document: &Document,
    all: &[Block],
    pictures: &[Option<String>],
    style: &Style,
    cut: Cut,
) -> String {
    let title = cell(&document.title);
    let (line, ink, muted) = (&style.line, &style.ink, &style.muted);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n\
         <meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no,url=no\">\n\
         <meta name=\"x-apple-disable-message-reformatting\">\n<title>{title}</title>\n\
         <!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>\
         <style>td,th,p,h1,h2,h3,li{{font-family:'Segoe UI',Arial,sans-serif!important}}.data td,.data th{{font-size:14px}}.d13 td,.d13 th{{font-size:13px}}.d12 td,.d12 th{{font-size:12px}}.d11 td,.d11 th{{font-size:11px}}.d10 td,.d10 th{{font-size:10px}}</style><![endif]-->\n\
         <style>\n{SHEET}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background:{stripe}\">\n",
        document.language.code(),
        stripe = style.stripe,
    );
    html.push_str(&preheader(&document.preheader));
    html.push_str(&format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"{stripe}\">\
         <tr><td class=\"outer\" align=\"center\" style=\"padding:24px 0\">\n\
         <!--[if mso]><table role=\"presentation\" width=\"{WIDTH}\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td><![endif]-->\n\
         <table class=\"card\" role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"#ffffff\" \
         style=\"max-width:{WIDTH}px;table-layout:fixed;background:#ffffff\">\n\
         <tr><td height=\"6\" bgcolor=\"{brand}\" style=\"height:6px;font-size:0;line-height:0;background:{brand}\">&nbsp;</td></tr>\n\
         <tr><td class=\"side\" align=\"left\" style=\"padding:30px {SIDE}px 24px\">\
         <p class=\"brand\" style=\"margin:0 0 6px;{author};font-weight:600\">{}</p>\
         <h1 class=\"h1 ink\" style=\"margin:0;{heading};font-weight:700\">{title}</h1>\
         <p class=\"muted\" style=\"margin:4px 0 0;{subtitle}\">{}</p></td></tr>\n",
        cell(&document.author),
        cell(&document.subtitle),
        stripe = style.stripe,
        brand = style.brand,
        author = style.text(13, 18, &style.brand_text),
        heading = style.text(28, 35, ink),
        subtitle = style.text(16, 22, muted),
    ));
    for (block, picture) in all.iter().zip(pictures).take(cut.blocks) {
        html.push_str(&blocks::block(block, picture.as_deref(), document, style, cut));
    }
    if cut.blocks < all.len() {
        let words = locale::text(document.language, "mail-shortened", &[]);
        html.push_str(&blocks::row(0, 20, &blocks::remark(&cell(&words), style)));
    }
    let footnotes: Vec<String> = document.footnotes.iter().map(|footnote| running(footnote)).collect();
    html.push_str(&format!(
        "<tr><td class=\"side\" align=\"left\" style=\"padding:4px {SIDE}px 30px\">\
         <p class=\"muted rule\" style=\"margin:0;padding:14px 0 0;border-top:1px solid {line};{}\">{}</p></td></tr>\n\
         </table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n",
        style.text(12, 18, muted),
        footnotes.join("<br>")
    ));
    html
}

/// The line that mail programs show beside the subject. What follows it is invisible and keeps the programs from
/// filling the line with the mail's first words.
fn preheader(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    format!(
        "<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:#ffffff;opacity:0\">\
         {}{}</div>\n",
        cell(text),
        "&#847;&zwnj;&nbsp;".repeat(40)
    )
}
