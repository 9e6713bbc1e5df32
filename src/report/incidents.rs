//! The alerts that fired in the period: which, where, since when, how long, how bad. Whether an alert fires is decided by
//! the alert room.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::build::BuildRequest;
use super::document::{Align, Block, Cell, Inline, Status, Table, TableColumn};
use super::escape::label;
use super::figure::title;
use super::status::decimals_of;
use crate::alert::Episode;
use crate::locale::{format_date, format_day_short, format_length, format_value, text};
use crate::time::local_time;
use crate::workspace::AlertSeverity;

/// So many alerts are listed when the template does not say.
const USUALLY: usize = 12;
/// The longest name of a group; longer ones would push the numbers off the page.
const LONGEST_NAME: usize = 60;

/// The alerts as a table, the worst first; a sentence when there were none.
pub(super) fn incidents(request: &BuildRequest<'_>, limit: Option<usize>) -> Block {
    let language = request.language;
    if request.episodes.is_empty() {
        let key = if request.catalog.alerts.is_empty() { "incidents-no-rules" } else { "incidents-none" };
        return Block::Paragraph(vec![Inline::Text(text(language, key, &[]))]);
    }
    let mut episodes: Vec<&Episode> = request.episodes.iter().collect();
    episodes.sort_by_key(|episode| (Reverse(episode.severity), Reverse(lasted(request, episode)), episode.fired_at));
    let most = limit.unwrap_or(USUALLY);
    let with_places = episodes.iter().any(|episode| !episode.labels.text().is_empty());
    let column = |key: &str, align: Align| TableColumn { title: text(language, key, &[]), align, scale: None };
    let mut columns = vec![column("incident-alert", Align::Left)];
    columns.extend(with_places.then(|| column("incident-place", Align::Left)));
    columns.extend([
        column("incident-since", Align::Left),
        column("incident-lasted", Align::Right),
        column("incident-worst", Align::Right),
    ]);
    let row = |episode: &&Episode| {
        let mut cells = vec![alert(request, episode)];
        cells.extend(with_places.then(|| plain(label(&episode.labels.text(), LONGEST_NAME))));
        cells.extend([
            plain(moment(request, episode.fired_at)),
            duration(request, episode),
            plain(worst(request, episode)),
        ]);
        cells
    };
    let all = episodes.len();
    let omitted = (all > most).then(|| text(language, "first-of", &[("shown", most.into()), ("all", all.into())]));
    Block::Table(Table {
        data: Some("alerts".to_owned()),
        caption: Some(text(language, "incidents", &[("count", all.into())])),
        columns,
        rows: episodes.iter().take(most).map(row).collect(),
        total: None,
        omitted,
    })
}

/// How long an alert fired; up to the run while it still does.
pub(super) fn lasted(request: &BuildRequest<'_>, episode: &Episode) -> TimeDelta {
    episode.ended_at.unwrap_or(request.run_at) - episode.fired_at
}

/// The rule's name; its id when the rule is gone.
pub(super) fn rule_title(request: &BuildRequest<'_>, episode: &Episode) -> String {
    let rule = request.catalog.alerts.get(&episode.rule);
    rule.and_then(|rule| rule.title.get(request.language)).unwrap_or(&episode.rule).to_owned()
}

/// The rule's name with its severity.
fn alert(request: &BuildRequest<'_>, episode: &Episode) -> Cell {
    let name = rule_title(request, episode);
    let (status, severity) = match episode.severity {
        AlertSeverity::Critical => (Status::Bad, text(request.language, "incident-critical", &[])),
        AlertSeverity::Warning => (Status::Near, text(request.language, "incident-warning", &[])),
    };
    Cell { text: format!("{name} ({severity})"), status, number: None, share: None }
}

fn duration(request: &BuildRequest<'_>, episode: &Episode) -> Cell {
    let length = format_length(lasted(request, episode), request.language);
    if episode.ended_at.is_some() {
        return plain(length);
    }
    let words = text(request.language, "incident-still", &[("length", length.into())]);
    Cell { status: Status::Bad, ..plain(words) }
}

/// The worst value with the KPI's name, as the alert's mail gives it.
pub(super) fn worst(request: &BuildRequest<'_>, episode: &Episode) -> String {
    let definition = episode.kpi.as_ref().and_then(|id| request.catalog.kpis.get(id));
    let (Some(definition), Some(worst)) = (definition, episode.worst) else {
        return text(request.language, "no-data", &[]);
    };
    let value = format_value(worst, definition.unit, decimals_of(definition, worst), request.language);
    format!("{} {value}", title(definition, request.language))
}

/// A moment as short as the period allows: an alert that is older than it needs its date.
pub(super) fn moment(request: &BuildRequest<'_>, instant: DateTime<Utc>) -> String {
    let local = local_time(instant, request.period.zone);
    let inside = (request.period.first..=request.period.last).contains(&local.date());
    let day = if inside { format_day_short } else { format_date };
    format!("{}, {}", day(local.date(), request.language), local.format("%H:%M"))
}

fn plain(text: String) -> Cell {
    Cell { text, status: Status::Neutral, number: None, share: None }
}
