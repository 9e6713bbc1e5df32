//! How the mail shows how KPIs came about: what each means and what holds for all. The rest is left to the attachment,
//! because it is read when a number is doubted, and a mail is read on the way.

use super::super::markup::{cell, running};
use super::blocks::remark;
use super::style::Style;
use crate::locale;
use crate::report::document::{Document, Explained, ExplainedKpi};

/// The block's short form.
pub(super) fn short(explained: &Explained, document: &Document, style: &Style) -> String {
    let item = |kpi: &ExplainedKpi| {
        let computed = || kpi.formula.first().or(kpi.parts.first().map(|part| &part.what));
        let meaning = kpi.definition.as_ref().or_else(computed).map(|words| running(words)).unwrap_or_default();
        format!("<li style=\"margin:0 0 4px\"><strong>{}</strong>: {meaning}</li>", cell(&kpi.title))
    };
    let items: String = explained.kpis.iter().map(item).collect();
    let fact = |(name, fact): &(String, String)| match name.as_str() {
        "" => running(fact),
        name => format!("{}: {}", cell(name), running(fact)),
    };
    let facts: Vec<String> = explained.facts.iter().map(fact).collect();
    format!(
        "<ul class=\"ink\" style=\"margin:0;padding:0 0 0 22px;{}\">{items}</ul>{}{}",
        style.text(15, 23, &style.ink),
        remark(&cell(&locale::text(document.language, "explain-attached", &[])), style),
        remark(&facts.join("<br>"), style),
    )
}
