//! `callbrief backtest`: what an alert rule would have done in the past, also with other numbers. Nothing is sent and
//! nothing is written. How the answer looks is in `backtest_text` and `backtest_json`.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Verdict;
use super::backtest_settings::{self, Setting, combinations};
use super::session::{Session, complain, print};
use super::stretch::stretch;
use super::{backtest_json, backtest_text};
use crate::alert::{self, BacktestOutcome, set_threshold, thresholds};
use crate::diagnostics::nearest;
use crate::kpi::History;
use crate::pipeline::{BacktestRequest, Progress, Sources, Way, Workspace};
use crate::time::{Window, parse_duration};
use crate::workspace::ParameterValues;

/// How far back a backtest goes that does not say.
const USUAL_LENGTH: TimeDelta = TimeDelta::days(90);

/// The progress is drawn so often at most.
const REDRAWN_EVERY: usize = 500;

#[derive(Debug, Args)]
pub(super) struct BacktestArguments {
    /// The rule
    rule: String,
    /// From this day or instant on; 90 days back when not given
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Up to this instant, or to the end of this day; up to now when not given
    #[arg(long, value_name = "WHEN")]
    to: Option<String>,
    /// Another number, or each of several in turn: for a parameter, or for a KPI in the rule's condition
    /// (`service_level`, `critical.service_level`, `recovers_when.service_level`); may be given more than once
    #[arg(long = "set", value_name = "NAME=60..90/5", value_parser = backtest_settings::parse)]
    settings: Vec<Setting>,
    /// Each group by itself
    #[arg(long)]
    by_group: bool,
    /// Fired again within this time of its end, a rule flaps
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = length)]
    flap: TimeDelta,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What a backtest with some numbers came to.
pub(super) struct Run {
    /// The numbers that were set.
    pub(super) values: Vec<(String, f64)>,
    pub(super) outcome: BacktestOutcome,
    pub(super) way: Way,
}

/// Everything there is to show.
pub(super) struct Answer<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) rule: &'a str,
    pub(super) stretch: Window,
    pub(super) runs: Vec<Run>,
    /// How soon firing again is a flap.
    pub(super) flap: TimeDelta,
}

pub(super) async fn run(session: &Session, arguments: &BacktestArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    must_be_known(&workspace, &arguments.rule)?;
    let stretch = stretch_of(session, arguments, &workspace)?;
    let combinations = combinations(&arguments.settings)?;
    let sources = Sources::connect(&workspace.catalog).await;
    let bar = Bar::new(stretch)?;
    let mut history = History::default();
    let mut runs = Vec::with_capacity(combinations.len());
    for values in combinations {
        let varied = varied(session, &arguments.rule, &values)?;
        let progress = |progress| bar.show(&progress);
        let request = BacktestRequest {
            workspace: varied.as_ref().unwrap_or(&workspace),
            sources: &sources,
            rule: &arguments.rule,
            stretch,
            progress: &progress,
        };
        let (outcome, way) = request.run(&mut history).await?;
        runs.push(Run { values, outcome, way });
    }
    bar.clear();
    sources.close().await;
    let answer = Answer { workspace: &workspace, rule: &arguments.rule, stretch, runs, flap: arguments.flap };
    if arguments.json {
        print(&serde_json::to_string_pretty(&backtest_json::answer(&answer))?)?;
    } else {
        let detail = if arguments.by_group { backtest_text::Detail::Groups } else { backtest_text::Detail::Total };
        print(backtest_text::answer(&answer, detail).trim_end())?;
    }
    let has_failed = answer.runs.iter().any(|run| run.outcome.failed.0 > 0);
    Ok(if has_failed { Verdict::Found } else { Verdict::Fine })
}

fn length(written: &str) -> Result<TimeDelta, String> {
    parse_duration(written).ok_or_else(|| format!("`{written}` is no length of time; write it as 30m or 2h"))
}

fn must_be_known(workspace: &Workspace, rule: &str) -> anyhow::Result<()> {
    if workspace.catalog.alerts.contains_key(rule) {
        return Ok(());
    }
    let near = nearest(rule, workspace.catalog.alerts.keys().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
    bail!("there is no alert rule `{rule}`{hint}")
}

fn stretch_of(session: &Session, arguments: &BacktestArguments, workspace: &Workspace) -> anyhow::Result<Window> {
    let (now, zone) = (session.clock.now(), workspace.catalog.settings.timezone);
    let (from, to) = (arguments.from.as_deref(), arguments.to.as_deref());
    let named = stretch(from, to, now, zone)?;
    // What has not happened yet cannot be looked at.
    let to = named.to.min(now);
    let from = if from.is_some() { named.from } else { to - USUAL_LENGTH };
    if from >= to {
        bail!("the stretch from {from} to {to} has not begun yet");
    }
    Ok(Window { from, to })
}

/// The workspace with these numbers; none when there are none.
fn varied(session: &Session, rule: &str, values: &[(String, f64)]) -> anyhow::Result<Option<Workspace>> {
    if values.is_empty() {
        return Ok(None);
    }
    let plain = session.workspace_quietly(&ParameterValues::new())?;
    let (parameters, numbers): (Vec<_>, Vec<_>) =
        values.iter().cloned().partition(|(name, _)| plain.catalog.parameters.contains_key(name));
    let mut workspace = session.workspace_quietly(&parameters.into_iter().collect())?;
    for (name, value) in numbers {
        let definition = workspace.catalog.alerts.get_mut(rule).context("the rule is there")?;
        if !set_threshold(definition, &name, value) {
            let kpis = workspace.alerts.get(rule).map_or(&[][..], |compiled| compiled.kpis());
            let mut known = thresholds(&workspace.catalog.alerts[rule], kpis);
            known.extend(workspace.catalog.parameters.keys().cloned());
            bail!(
                "there is no parameter `{name}`, and the rule compares no KPI `{name}` with a number\nhelp: there are: {}",
                known.join(", ")
            );
        }
    }
    let (alerts, _) = alert::compile(&workspace.catalog, &workspace.kpis);
    workspace.alerts = alerts;
    Ok(Some(workspace))
}

/// The progress on the terminal: how far the past is fetched, then how far it is looked at, with the time that is left.
struct Bar {
    bar: ProgressBar,
    stretch: Window,
    /// How many instants were looked at since it was drawn.
    since: Cell<usize>,
    told: RefCell<Vec<String>>,
}

impl Bar {
    fn new(stretch: Window) -> anyhow::Result<Self> {
        let style = ProgressStyle::with_template("{msg:10} {bar:40} {percent:>3} %  {eta} left")?;
        let bar = ProgressBar::new(1_000).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(500));
        Ok(Self { bar, stretch, since: Cell::new(0), told: RefCell::default() })
    }

    fn show(&self, progress: &Progress) {
        match progress {
            Progress::Fetching(share) => self.draw("fetching", *share),
            Progress::At(at) => {
                let since = self.since.get() + 1;
                self.since.set(since % REDRAWN_EVERY);
                // Whoever asks the sources each time has time to draw each time.
                if since == REDRAWN_EVERY || !self.told.borrow().is_empty() {
                    self.draw("evaluating", self.share(*at));
                }
            }
            Progress::Measuring(reason) => {
                let mut told = self.told.borrow_mut();
                if !told.contains(reason) {
                    let words = format!("note: {reason}; every evaluation asks the database, which takes longer");
                    self.bar.suspend(|| complain(&words));
                    told.push(reason.clone());
                }
                self.bar.reset();
            }
        }
    }

    fn share(&self, at: DateTime<Utc>) -> f64 {
        let length = (self.stretch.to - self.stretch.from).num_seconds().max(1) as f64;
        (at - self.stretch.from).num_seconds() as f64 / length
    }

    fn draw(&self, what: &'static str, share: f64) {
        if self.bar.message() != what {
            self.bar.reset();
            self.bar.set_message(what);
        }
        self.bar.set_position((share * 1_000.0) as u64);
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
