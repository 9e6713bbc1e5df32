//! `callbrief alerts`: where each alert stands, since when, with which values, what happens next, and why an alert has no
//! answer. It reads the journal alone and evaluates nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;
use serde_json::json;

use super::Verdict;
use super::alerts_history::{self, Form, HistoryRequest};
use super::session::{Session, print};
use super::stretch::stretch;
use super::table::{self, Side};
use crate::alert::{AlertState, Labels, Phase, Rule, RuleRecord, Timing, TroubleKind, next, read_state};
use crate::journal::{AlertRow, Journal};
use crate::locale::{Language, format_value};
use crate::pipeline::Workspace;
use crate::workspace::{AlertSeverity, NoDataPolicy};

#[derive(Debug, Args)]
pub(super) struct AlertsArguments {
    /// The rule; all when none is named
    rule: Option<String>,
    /// The past instead of the present: each time an alert fired, until when, and its worst value
    #[arg(long)]
    history: bool,
    /// History from this day or instant on; a week back when not given
    #[arg(long, value_name = "WHEN", requires = "history")]
    from: Option<String>,
    /// History up to this instant, or to the end of this day; up to now when not given
    #[arg(long, value_name = "WHEN", requires = "history")]
    to: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(session: &Session, arguments: &AlertsArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    if let Some(id) = &arguments.rule
        && !workspace.catalog.alerts.contains_key(id)
    {
        anyhow::bail!("there is no alert rule `{id}`");
    }
    if arguments.history {
        let (now, zone) = (session.clock.now(), workspace.catalog.settings.timezone);
        let request = HistoryRequest {
            rule: arguments.rule.as_deref(),
            stretch: stretch(arguments.from.as_deref(), arguments.to.as_deref(), now, zone)?,
            now,
            form: if arguments.json { Form::Json } else { Form::Table },
        };
        return alerts_history::run(&workspace, request).await;
    }
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let rows = journal.alert_states().await?;
    journal.close().await;
    let wanted = |rule: &str| arguments.rule.as_ref().is_none_or(|only| only == rule);
    let mut stored: BTreeMap<&str, Vec<&AlertRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| wanted(&row.rule)) {
        stored.entry(&row.rule).or_default().push(row);
    }
    let mut lines = Vec::new();
    for id in workspace.catalog.alerts.keys().filter(|id| wanted(id)) {
        let rows = stored.remove(id.as_str()).unwrap_or_default();
        lines.extend(rule_lines(&workspace, id, &rows, session.clock.now())?);
    }
    for (id, rows) in stored {
        let removed = "the workspace no longer has this rule";
        lines.extend(rows.iter().filter(|row| row.labels.is_some()).map(|_| Line::of_rule(id, "removed", removed)));
    }
    let firing = lines.iter().any(|line| line.firing);
    if arguments.json {
        let lines: Vec<serde_json::Value> = lines.iter().map(Line::json).collect();
        print(&serde_json::to_string_pretty(&lines)?)?;
    } else if lines.is_empty() {
        print("the workspace has no alert rules")?;
    } else {
        let header = ["rule", "where", "state", "since", "values"].map(|title| (title, Side::Left));
        let zone = workspace.catalog.settings.timezone;
        // Who asks about one rule wants to see all of it.
        let shown = if arguments.rule.is_some() { lines } else { shortened(lines) };
        print(&table::render(&header, shown.iter().map(|line| line.cells(zone)).collect()))?;
    }
    Ok(if firing { Verdict::Found } else { Verdict::Fine })
}

/// So many quiet alerts of a rule are shown one by one.
const MOST_QUIET: usize = 3;

/// The lines with many quiet alerts of a rule in one of them: what fires must not drown in what does not.
fn shortened(lines: Vec<Line>) -> Vec<Line> {
    let mut quiet: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.quiet) {
        *quiet.entry((line.rule.clone(), line.state.clone())).or_default() += 1;
    }
    quiet.retain(|_, count| *count > MOST_QUIET);
    let mut shown: Vec<Line> = Vec::new();
    for line in lines {
        let many = quiet.get_mut(&(line.rule.clone(), line.state.clone())).filter(|_| line.quiet);
        match many.map(std::mem::take) {
            None => shown.push(line),
            // The first one has told.
            Some(0) => {}
            Some(count) => {
                let place = format!("{count} groups");
                shown.push(Line { place, ..Line::of_rule(&line.rule, &line.state, "") });
            }
        }
    }
    shown
}

/// One line of the table.
struct Line {
    rule: String,
    place: String,
    state: String,
    firing: bool,
    /// Neither is there anything to tell of it nor does anything come next.
    quiet: bool,
    since: Option<DateTime<Utc>>,
    values: String,
    next: Option<(&'static str, DateTime<Utc>)>,
    why: String,
}

impl Line {
    fn of_rule(rule: &str, state: &str, why: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            place: String::new(),
            state: state.to_owned(),
            firing: false,
            quiet: false,
            since: None,
            values: String::new(),
            next: None,
            why: why.to_owned(),
        }
    }

    fn cells(&self, zone: Tz) -> Vec<String> {
        let local = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%a %H:%M:%S").to_string();
        let since = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
        // One below the other, so that a terminal of 80 columns has room.
        let both = |above: &str, below: &str| [above, below].join("\n").trim().to_owned();
        let next = self.next.map(|(what, at)| format!("{what} {}", local(at))).unwrap_or_default();
        vec![
            self.rule.clone(),
            self.place.clone(),
            both(&self.state, &next),
            self.since.map(since).unwrap_or_default(),
            both(&self.values, &self.why),
        ]
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "rule": self.rule, "where": self.place, "state": self.state, "firing": self.firing,
            "since": self.since.map(|since| since.to_rfc3339()), "values": self.values,
            "next": self.next.map(|(what, at)| json!({ "what": what, "at": at.to_rfc3339() })), "why": self.why,
        })
    }
}

fn rule_lines(workspace: &Workspace, id: &str, rows: &[&AlertRow], now: DateTime<Utc>) -> anyhow::Result<Vec<Line>> {
    let Some(rule) = workspace.alert_rule(id) else {
        return Ok(vec![Line::of_rule(
            id,
            "not evaluated",
            "its condition has mistakes; `callbrief check` shows them",
        )]);
    };
    let record = rows.iter().find(|row| row.labels.is_none());
    let record: RuleRecord = record.and_then(|row| read_state(&row.state).ok()).unwrap_or_default();
    if !rule.is_open(now) {
        let opening = rule.definition.active.as_ref().and_then(|hours| hours.next_opening(now));
        let line = Line::of_rule(id, "not watched", "it is outside of the rule's hours");
        return Ok(vec![Line { next: opening.map(|at| ("opens", at)), ..line }]);
    }
    let mut lines = Vec::new();
    for row in rows {
        let Some(labels) = &row.labels else { continue };
        let labels: Labels = read_state(labels).map_err(anyhow::Error::msg)?;
        let state: AlertState = read_state(&row.state).map_err(anyhow::Error::msg)?;
        lines.push(line(&rule, &labels, &state, now));
    }
    // What concerns the whole rule, such as too many alerts, is in none of its alerts' states.
    if let Some(trouble) = &record.trouble
        && !lines.iter().any(|line| line.why == trouble.reason)
    {
        lines.insert(0, Line { since: Some(trouble.since), ..Line::of_rule(id, trouble.kind.word(), &trouble.reason) });
    }
    if lines.is_empty() {
        lines.push(match record.evaluated {
            Some(_) => Line::of_rule(id, "inactive", "no group has had rows yet"),
            None => Line::of_rule(id, "not evaluated", "`callbrief serve` has not run since the rule exists"),
        });
    }
    Ok(lines)
}

fn line(rule: &Rule<'_>, labels: &Labels, state: &AlertState, now: DateTime<Utc>) -> Line {
    let timing = Timing::of(rule.definition);
    // Without data all is well, says the rule.
    let fine_without = rule.definition.no_data == NoDataPolicy::Ok;
    let trouble = state.trouble.as_ref().filter(|trouble| !(fine_without && trouble.kind == TroubleKind::NoData));
    let values = rule.compiled.kpis_of_when().iter().map(|kpi| value(rule, kpi, state.values.get(kpi).copied()));
    let mut words = Vec::new();
    if state.phase() != Phase::Inactive || trouble.is_none() {
        words.push(state.phase().word());
    }
    // Where there are two severities, which of them it is matters.
    words.extend(state.severity(&timing.severities).filter(|_| timing.severities.len() > 1).map(AlertSeverity::word));
    // What the trouble leaves open is worth a word: "firing, no_data".
    words.extend(trouble.map(|trouble| trouble.kind.word()));
    words.extend(state.muted.as_ref().map(|_| "muted"));
    Line {
        rule: rule.definition.id.value.clone(),
        place: labels.text(),
        state: words.join(", "),
        firing: state.is_firing(),
        quiet: state.phase() == Phase::Inactive
            && trouble.is_none_or(|trouble| trouble.kind == TroubleKind::TooFew)
            && state.muted.is_none(),
        since: Some(state.active_since.unwrap_or(state.since())),
        values: values.collect::<Vec<_>>().join(", "),
        next: next_change(state, rule, &timing, now),
        why: trouble.map(|trouble| trouble.reason.clone()).or(state.muted.clone()).unwrap_or_default(),
    }
}

fn value(rule: &Rule<'_>, id: &str, value: Option<f64>) -> String {
    let shown = rule.catalog.kpis.get(id).zip(value).map(|(kpi, value)| {
        let decimals = kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals());
        format_value(value, kpi.unit, decimals, Language::English)
    });
    format!("{id} {}", shown.as_deref().unwrap_or("–"))
}

/// What time alone will bring, if the next evaluations find the same.
fn next_change(
    state: &AlertState,
    rule: &Rule<'_>,
    timing: &Timing,
    now: DateTime<Utc>,
) -> Option<(&'static str, DateTime<Utc>)> {
    let evaluated = next(timing.every, now).map(|at| ("evaluated", at));
    if state.trouble.is_some() {
        return evaluated;
    }
    let worse = state.tracks.iter().rev().find(|track| track.phase == Phase::Pending);
    match (state.phase(), worse) {
        (Phase::Inactive, _) => evaluated,
        (Phase::Pending, _) => Some(("fires", state.since() + rule.definition.hold)),
        (Phase::Recovering, _) => Some(("over", state.since() + rule.definition.keep_firing_for)),
        (Phase::Firing, Some(worse)) => Some(("worse", worse.since + rule.definition.hold)),
        (Phase::Firing, None) => state.next_reminder(timing).map(|at| ("told again", at)).or(evaluated),
    }
}
