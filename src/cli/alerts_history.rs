//! `callbrief alerts --history`: each time an alert fired, until when, and how bad it was. It reads the journal alone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::json;

use super::Verdict;
use super::session::print;
use super::table::{self, Side};
use crate::alert::{Ending, Episode};
use crate::journal::Journal;
use crate::locale::{Language, format_length, format_value};
use crate::pipeline::Workspace;
use crate::time::Window;

/// Which part of the past is asked for.
pub(super) struct HistoryRequest<'a> {
    /// The rule; all when none.
    pub(super) rule: Option<&'a str>,
    /// The stretch of time that episodes overlap.
    pub(super) stretch: Window,
    /// The present, for the length of what still fires.
    pub(super) now: DateTime<Utc>,
    /// How it is printed.
    pub(super) form: Form,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// For people.
    Table,
    /// For programs.
    Json,
}

pub(super) async fn run(workspace: &Workspace, request: HistoryRequest<'_>) -> anyhow::Result<Verdict> {
    let HistoryRequest { rule, stretch, now, form } = request;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let mut episodes = journal.episodes_between(stretch.from, stretch.to).await?;
    journal.close().await;
    episodes.retain(|episode| rule.is_none_or(|rule| rule == episode.rule));
    if form == Form::Json {
        let episodes: Vec<serde_json::Value> = episodes.iter().map(|episode| as_json(episode, now)).collect();
        print(&serde_json::to_string_pretty(&episodes)?)?;
        return Ok(Verdict::Fine);
    }
    let zone = workspace.catalog.settings.timezone;
    if episodes.is_empty() {
        print(&format!("no alert fired between {} and {}", local(stretch.from, zone), local(stretch.to, zone)))?;
        return Ok(Verdict::Fine);
    }
    let header = [
        ("rule", Side::Left),
        ("where", Side::Left),
        ("fired", Side::Left),
        ("over", Side::Left),
        ("lasted", Side::Right),
        ("worst", Side::Right),
    ];
    print(&table::render(&header, episodes.iter().map(|episode| cells(workspace, episode, now)).collect()))?;
    Ok(Verdict::Fine)
}

fn cells(workspace: &Workspace, episode: &Episode, now: DateTime<Utc>) -> Vec<String> {
    let zone = workspace.catalog.settings.timezone;
    let over = match (episode.ended_at, episode.ending) {
        (None, _) => "still fires".to_owned(),
        (Some(ended), Some(Ending::RuleChanged)) => format!("{}, the rule was changed", local(ended, zone)),
        (Some(ended), Some(Ending::RuleRemoved)) => format!("{}, the rule was removed", local(ended, zone)),
        (Some(ended), Some(Ending::HoursEnded)) => format!("{}, its hours ended", local(ended, zone)),
        (Some(ended), _) => local(ended, zone),
    };
    let kpi = episode.kpi.as_ref().and_then(|id| workspace.catalog.kpis.get(id));
    let worst = kpi.zip(episode.worst).map_or_else(
        || "–".to_owned(),
        |(kpi, worst)| {
            let decimals = kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals());
            format_value(worst, kpi.unit, decimals, Language::English)
        },
    );
    vec![
        // One below the other, so that a terminal of 80 columns has room.
        format!("{}\n{}", episode.rule, episode.severity.word()),
        episode.labels.text(),
        local(episode.fired_at, zone),
        over,
        format_length(episode.length(now), Language::English),
        worst,
    ]
}

fn local(instant: DateTime<Utc>, zone: Tz) -> String {
    instant.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

fn as_json(episode: &Episode, now: DateTime<Utc>) -> serde_json::Value {
    json!({
        "rule": episode.rule, "labels": episode.labels, "severity": episode.severity.word(),
        "began_at": episode.began_at.to_rfc3339(), "fired_at": episode.fired_at.to_rfc3339(),
        "ended_at": episode.ended_at.map(|ended| ended.to_rfc3339()), "ending": episode.ending.map(Ending::word),
        "lasted_s": episode.length(now).num_seconds(),
        "kpi": episode.kpi, "value_at_fire": episode.value_at_fire, "worst": episode.worst,
    })
}
